//! Several marketplaces on the same stores, none of them special. The journals fence whoever writes; what is here
//! makes the nodes quick to notice each other, and spreads the work that one does for all.
//!
//! * [`parts`]: what a node needs to know of the others
//! * [`node`]: a node's leases, and its ends of the bus
//! * `kind`: a kind of entity, as notices see it
//! * `hearing`: what other nodes say, and who has to know
//! * [`erasing`]: telling that a person was erased
//! * `looking`: compares what is watched with the stores, because a notice may be lost

pub mod erasing;
mod hearing;
mod kind;
mod looking;
pub mod node;
pub mod parts;
