//! How many complete checkouts the real binary carries, and what each costs. See `benches/README.md`.
//!
//! `cargo bench --bench checkout -- --help`

mod tool;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match tool::run::run(&tool::options::Options::parse()) {
        Ok(outcome) if outcome.is_clean() => ExitCode::SUCCESS,
        Ok(outcome) => {
            eprintln!("\nFAILED: the figures above are worth nothing.\n{outcome}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("checkout: {error:#}");
            ExitCode::FAILURE
        }
    }
}
