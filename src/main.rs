//! Souk: parse, wire, run, drain.

mod cli;
mod config;
mod copying;
mod payments;
mod stores;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

/// Many small allocations from many threads: about a tenth less time for each request than the system's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    // The one implementation of TLS in the program; an error would say that there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match cli::run(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("souk: {error:#}");
            ExitCode::FAILURE
        }
    }
}
