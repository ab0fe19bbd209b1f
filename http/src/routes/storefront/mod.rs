//! The store that buyers see. What is drawn here first is taken over by the app (`web/store`).

pub mod app;
pub mod asset;
pub mod cart;
pub mod collection;
pub mod home;
pub mod listing;
pub mod product;
pub mod robots;
pub mod search;
pub mod shop;
pub mod sitemap;
