//! A closed loop: each client starts its next checkout when the last one has ended.

use std::time::{Duration, Instant};

use super::buyer::Buyer;
use super::tally::Tally;

/// Runs for a length of time and lets everybody finish. Returns what was seen and how long it took in all.
///
/// # Errors
/// When a client crashed.
pub async fn round(buyers: &mut Vec<Buyer>, length: Duration) -> anyhow::Result<(Tally, Duration)> {
    let start = Instant::now();
    let until = start + length;
    let running: Vec<_> = buyers.drain(..).map(|buyer| tokio::spawn(shop(buyer, until))).collect();
    let mut all = Tally::default();
    for client in running {
        let (buyer, tally) = client.await?;
        buyers.push(buyer);
        all.add(tally);
    }
    Ok((all, start.elapsed()))
}

async fn shop(mut buyer: Buyer, until: Instant) -> (Buyer, Tally) {
    let mut tally = Tally::default();
    while Instant::now() < until {
        buyer.buy(Instant::now(), &mut tally).await;
    }
    (buyer, tally)
}
