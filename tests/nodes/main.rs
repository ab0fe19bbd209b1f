//! Two nodes on the same stores, requests to either by chance. Run by `scripts/nodes`, on real engines.
//!
//! * `cluster`: the nodes, their sandbox, and what stands in front of them
//! * `selling`: a hot SKU, and what each node shows of it
//! * `talking`: one order of messages for all, also across a cut bus
//! * `dying`: a node is killed under load, or paused and wakes

#[path = "../support/mod.rs"]
mod support;

mod cluster;
mod dying;
mod selling;
mod talking;
