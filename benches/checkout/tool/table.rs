//! How it is shown.

use super::measured::{Cost, Level, Quantiles, Round};
use super::open::MOST_LAG;
use super::tally::Call;

/// A filled store may be slower than an empty one by so much.
const WANTED_RATIO: f64 = 0.85;

pub fn closed(name: &str, levels: &[Level]) {
    println!("\nClosed loop, {name}: the round with the median rate");
    println!(
        "{:>8} {:>12} {:>17} {:>9} {:>9} {:>9} {:>9} {:>7} {:>7}",
        "clients", "checkouts/s", "slowest-fastest", "p50 ms", "p90 ms", "p99 ms", "max ms", "503", "wrong"
    );
    for Level { clients, median, slowest, fastest, faults, floor: _ } in levels {
        let range = format!("{slowest:.1}-{fastest:.1}");
        print!("{clients:>8} {:>12.1} {range:>17} ", median.rate);
        quantiles(median.checkout);
        println!(" {:>7} {:>7}", faults.unavailable, faults.wrong());
    }
    for Level { clients, median, .. } in levels {
        calls(&format!("{clients} clients"), median);
    }
    costs(levels);
}

fn calls(name: &str, round: &Round) {
    if round.complete == 0 {
        println!("\n  {name}: nothing was bought");
        return;
    }
    println!("\n  {name}, by call      {:>9} {:>9} {:>9} {:>9}", "p50 ms", "p90 ms", "p99 ms", "max ms");
    for (call, times) in Call::ALL.into_iter().zip(round.calls) {
        print!("  {:<24} ", call.name());
        quantiles(times);
        println!();
    }
    let each = round.requests as f64 / round.complete as f64;
    println!("  {each:.2} requests for each checkout");
}

fn costs(levels: &[Level]) {
    println!("\n  CPU of one checkout, in microseconds");
    for Level { clients, median, floor, .. } in levels {
        let Some(cost) = Cost::of(median, floor) else {
            println!("  {clients} clients: nothing was bought");
            continue;
        };
        println!("  {clients} clients");
        let line = |part: &str, micros: f64| println!("    {part:<34} {micros:>9.1}");
        line("client (this process)", cost.client);
        line("edge (floor: route that does nothing)", cost.edge);
        line("actors (runtime less the floor)", cost.actors);
        for (file, micros) in &cost.stores {
            line(&format!("store {file}"), *micros);
        }
        line("payment provider", cost.provider);
        line("search index and the rest", cost.rest);
        line("shop in all, without the client", cost.shop());
    }
}

pub fn open(rate: f64, round: &Round, lag: Quantiles) {
    println!("\nOpen loop, {rate:.1} checkouts a second by schedule, time from the scheduled start");
    let void = lag.p99.is_nan() || lag.p99 > MOST_LAG.as_secs_f64() * 1e3;
    if void {
        println!("  VOID: the generator itself fell behind, so these are not the server's figures");
    }
    println!("  {:.1} checkouts/s, {} times 503, {} wrong", round.rate, round.faults.unavailable, round.faults.wrong());
    println!("  {:<24} {:>9} {:>9} {:>9} {:>9}", "", "p50 ms", "p90 ms", "p99 ms", "max ms");
    for (name, times) in [("whole checkout", round.checkout), ("start behind schedule", lag)] {
        print!("  {name:<24} ");
        quantiles(times);
        println!();
    }
    calls("open loop", round);
}

pub fn compared(orders: u32, empty: &[Level], filled: &[Level]) {
    println!("\nEmpty store and one with {orders} finished orders, checkouts a second");
    println!("{:>8} {:>12} {:>12} {:>8}", "clients", "empty", "filled", "ratio");
    for (empty, filled) in empty.iter().zip(filled) {
        let ratio = filled.median.rate / empty.median.rate;
        let verdict = if ratio >= WANTED_RATIO { "" } else { "  less than wanted" };
        println!("{:>8} {:>12.1} {:>12.1} {ratio:>8.2}{verdict}", empty.clients, empty.median.rate, filled.median.rate);
    }
}

fn quantiles(Quantiles { p50, p90, p99, max }: Quantiles) {
    print!("{p50:>9.2} {p90:>9.2} {p99:>9.2} {max:>9.2}");
}
