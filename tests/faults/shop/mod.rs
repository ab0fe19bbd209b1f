//! The whole shop on engines that fail, under load.
//!
//! * `calls`: what clients ask, and which engines it needs; `tally`: what they were answered
//! * `load`: clients that never give up, and what they were told
//! * `follower`: one who listens to a room all the time
//! * `trouble`: what is done to an engine
//! * `storm`: the test; `verify`: what clients were told, against what is there

mod calls;
mod follower;
mod load;
mod storm;
mod tally;
mod trouble;
mod verify;
