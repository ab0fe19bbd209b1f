//! What a customer has across the shop: calls that concern an account and its carts, orders and rooms together.
//!
//! * [`carts`]: the cart of an account, and how one becomes it
//! * [`orders`]: own orders, and those that were placed as a guest
//! * [`inbox`]: own rooms
//! * [`export`]: all that is kept; [`leaving`]: and how it goes

pub mod carts;
pub mod export;
pub mod inbox;
pub mod leaving;
pub mod orders;
