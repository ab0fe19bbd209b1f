//! The whole marketplace in a simulated world: domain, actors and topics as they are, on stores and a payment provider
//! in memory, with one thread, a clock that only moves when everybody waits, and everything else from one number. The
//! same seed is the same story, event for event.
//!
//! `SOUK_SEED=123` plays one seed and prints its story. `SOUK_SEEDS=N` plays so many, `SOUK_SEED_MINUTES=60` plays new
//! ones for so long. With the feature `souk-domain/planted` each planted bug has to be found too; `SOUK_BUG=name`
//! together with `SOUK_SEED` plays a seed with that bug.
//!
//! What it can't see: races between threads, faults of the adapters and of their SQL, of the disk and of the network
//! edge (those have the contract suite, the kill tests and the tests of the routes), two nodes that serve the same
//! entities at once (a rival only posts and edits carts), the search index, how long real work takes, and whatever the
//! clients here never do.
//!
//! * [`world`]: time, chance, weather, the trace
//! * [`stores`], [`provider`], [`receiver`]: what outlives the process
//! * [`house`]: the process
//! * [`clients`]: one file for each kind
//! * [`history`]: what clients were told; [`checks`]: what has to hold
//! * [`run`]: one seed from beginning to end

mod checks;
mod clients;
mod history;
mod house;
mod provider;
mod receiver;
mod run;
mod stores;
mod suite;
mod world;
