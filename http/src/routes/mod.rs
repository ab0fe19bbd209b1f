//! One folder for each noun, one file for each verb: its body, its description, its handler.

pub mod accounts;
pub mod addresses;
pub mod api_keys;
pub mod audit;
pub mod carts;
pub mod deliveries;
pub mod document;
pub mod health;
pub mod keys;
pub mod lines;
pub mod live;
pub mod media;
pub mod messages;
pub mod orders;
pub mod pages;
pub mod password_resets;
pub mod payments;
pub mod products;
pub mod refunds;
pub mod rooms;
pub mod sandbox;
pub mod sessions;
pub mod signing_keys;
pub mod status;
pub mod totp;
pub mod webhooks;
