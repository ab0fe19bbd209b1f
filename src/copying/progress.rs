//! What is told meanwhile, on standard error: for each domain how many records of how many, how fast, and how long it
//! will take.

use std::time::Duration;

use tokio::time::Instant;

/// Between two lines.
const EVERY: Duration = Duration::from_secs(2);

pub struct Progress {
    what: String,
    done: u64,
    all: u64,
    /// What was done before this run.
    before: u64,
    started: Instant,
    told: Instant,
}

impl Progress {
    /// `what` begins each line. `before` of `all` were done by a run before.
    pub fn new(what: String, before: u64, all: u64) -> Self {
        let now = Instant::now();
        if before > 0 {
            eprintln!("{what}: goes on after {} of {} records", grouped(before), grouped(all));
        }
        Self { what, done: before, all, before, started: now, told: now }
    }

    pub fn add(&mut self, records: u64) {
        self.done += records;
        if self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            eprintln!("{}", self.line());
        }
    }

    pub fn finish(&self) {
        let seconds = self.started.elapsed().as_secs_f64();
        let (done, rate) = (grouped(self.done - self.before), grouped(self.rate()));
        eprintln!("{}: {done} records in {seconds:.1} s, {rate} a second", self.what);
    }

    fn line(&self) -> String {
        // Some sections are counted about, and a page may come twice.
        let all = self.all.max(self.done);
        let rate = self.rate();
        let left = (all - self.done).checked_div(rate).map_or("?".to_owned(), |seconds| format!("{seconds} s"));
        let percent = self.done * 100 / all.max(1);
        let (done, all, rate) = (grouped(self.done), grouped(all), grouped(rate));
        format!("{}: {done} of {all} records ({percent} %), {rate} a second, about {left} left", self.what)
    }

    fn rate(&self) -> u64 {
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        ((self.done - self.before) as f64 / seconds) as u64
    }
}

/// `1234567` as `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_tells_how_far_how_fast_and_how_long() {
        let mut progress = Progress::new("orders".to_owned(), 100, 1_100);
        tokio::time::advance(Duration::from_secs(1)).await;
        progress.add(200);
        assert_eq!(progress.line(), "orders: 300 of 1,100 records (27 %), 200 a second, about 4 s left");
        // More than were counted.
        progress.add(2_000);
        assert!(progress.line().starts_with("orders: 2,300 of 2,300 records (100 %)"), "{}", progress.line());
    }
}
