//! The customer store as the edge serves it: the built app (`web/store`), and the first paint of the pages that
//! everybody meets, written as HTML so that it is there before any script runs and for whoever runs none.

pub mod assets;
pub mod catalogue;
pub mod config;
pub mod document;
pub mod front;
pub mod language;
pub mod money;
pub mod shop;
pub mod sitemap;
pub mod templates;
