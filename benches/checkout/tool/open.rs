//! An open loop: checkouts start by a schedule, whether earlier ones have ended or not, and their time counts from
//! the scheduled start. So a server that stalls is seen as all who came meanwhile would have seen it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::bodies::Bodies;
use super::buyer::Buyer;
use super::tally::Tally;

/// Connections that are open before the first start.
const READY: usize = 64;
/// Checkouts under way at once; one more waits, which counts as falling behind.
const MOST: usize = 2_048;
/// More than that at p99 between schedule and start, and the figures are those of the generator.
pub const MOST_LAG: Duration = Duration::from_millis(10);

pub struct Open {
    pub tally: Tally,
    /// Between the scheduled start of each checkout and its start, in microseconds.
    pub lags: Vec<u32>,
    pub elapsed: Duration,
}

/// Starts `rate` checkouts a second for a length of time and waits for their ends.
///
/// # Errors
/// When nobody answers at the address.
pub async fn run(address: SocketAddr, bodies: &Arc<Bodies>, rate: f64, length: Duration) -> anyhow::Result<Open> {
    let mut idle = Vec::with_capacity(READY);
    for number in 0..READY {
        let mut buyer = Buyer::new(number, address, bodies);
        buyer.connect().await?;
        idle.push(buyer);
    }
    let (sender, mut back) = mpsc::channel::<Done>(MOST);
    let (mut tally, mut lags) = (Tally::default(), Vec::new());
    let mut count_in = |Done { buyer, tally: seen, lag }: Done| {
        tally.add(seen);
        lags.push(u32::try_from(lag.as_micros()).unwrap_or(u32::MAX));
        buyer
    };
    let (mut made, mut under_way) = (READY, 0);
    let count = (rate * length.as_secs_f64()).ceil() as u32;
    let start = Instant::now();
    for number in 0..count {
        let scheduled = start + Duration::from_secs_f64(f64::from(number) / rate);
        tokio::time::sleep_until(scheduled.into()).await;
        while let Ok(done) = back.try_recv() {
            idle.push(count_in(done));
            under_way -= 1;
        }
        let buyer = match idle.pop() {
            Some(buyer) => buyer,
            None if under_way < MOST => {
                made += 1;
                Buyer::new(made, address, bodies)
            }
            None => match back.recv().await {
                Some(done) => {
                    under_way -= 1;
                    count_in(done)
                }
                None => break,
            },
        };
        under_way += 1;
        tokio::spawn(one(buyer, scheduled, sender.clone()));
    }
    drop(sender);
    while let Some(done) = back.recv().await {
        count_in(done);
    }
    Ok(Open { tally, lags, elapsed: start.elapsed() })
}

/// A checkout that has ended.
struct Done {
    buyer: Buyer,
    tally: Tally,
    /// Between its scheduled start and its start.
    lag: Duration,
}

async fn one(mut buyer: Buyer, scheduled: Instant, back: mpsc::Sender<Done>) {
    let lag = scheduled.elapsed();
    let mut tally = Tally::default();
    buyer.buy(scheduled, &mut tally).await;
    // An error: the loop has ended early, and with it whoever counts.
    let _ = back.send(Done { buyer, tally, lag }).await;
}
