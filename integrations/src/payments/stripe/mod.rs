//! Stripe, through its PaymentIntents API (<https://docs.stripe.com/api/payment_intents>).
//!
//! The card's data goes from the buyer's browser straight to Stripe; what arrives here is the name of a payment
//! method. An intent is confirmed on the server and captured by Stripe at once.
//!
//! * `provider`: [`Stripe`], the port's implementation
//! * `object`: what of Stripe's objects is read
//! * `errors`: what Stripe's errors mean
//! * `money`: Stripe's own minor units

mod errors;
mod money;
mod object;
mod provider;

pub use provider::{Stripe, StripeOptions};
