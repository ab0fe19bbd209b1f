//! Random histories for the model of the contract.

use proptest::prelude::*;
use souk_persistence::contract::model::Step;

pub fn step() -> impl Strategy<Value = Step> {
    // Most appends name the right predecessor, or histories would stay short.
    let distance = prop_oneof![6 => Just(0_i8), 1 => -6..=-1_i8, 1 => 1..=6_i8];
    let append = (0..3_u8, distance, 1..5_u8, prop::bool::weighted(0.3), any::<bool>())
        .prop_map(|(entity, distance, events, snapshot, due)| Step::Append { entity, distance, events, snapshot, due });
    let archive = (0..3_u8, -9..=2_i8).prop_map(|(entity, distance)| Step::Archive { entity, distance });
    let relay = (0..3_u8, -9..=2_i8).prop_map(|(entity, distance)| Step::Relay { entity, distance });
    prop_oneof![8 => append, 1 => archive, 1 => relay]
}
