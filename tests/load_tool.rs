//! The load that measures checkouts, on a small scale: it must see what goes wrong, or its figures mean nothing.

#[path = "../benches/checkout/tool/mod.rs"]
mod tool;

use clap::Parser;
use tool::options::Options;
use tool::run::{Outcome, run};

/// The shortest run, with what else is asked for.
fn short(more: &[&str]) -> Outcome {
    let least = ["checkout", "--clients", "2", "--seconds", "1", "--rounds", "1", "--products", "3", "--rate", "20"];
    let options = Options::parse_from(least.iter().chain(more));
    run(&options).expect("the load runs")
}

#[test]
fn a_shop_that_has_enough_is_bought_from_without_a_wrong_answer() {
    let outcome = short(&[]);
    assert!(outcome.is_clean() && outcome.faults.unavailable == 0, "{outcome}");
}

#[test]
fn a_shop_that_is_sold_out_is_no_success() {
    let outcome = short(&["--stock", "1"]);
    assert!(!outcome.is_clean());
    assert!(outcome.faults.wrong.contains_key("place the order: 409 out_of_stock"), "{outcome}");
    assert_eq!(outcome.faults.wrong.len(), 1, "{outcome}");
    assert!(outcome.broken.is_empty(), "{outcome}");
}

#[test]
fn a_filled_folder_is_one_that_check_finds_nothing_in() {
    let outcome = short(&["--fill", "700"]);
    assert!(outcome.is_clean(), "{outcome}");
}
