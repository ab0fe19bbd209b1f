pub mod cancel;
pub mod get;
pub mod place;
pub mod timeline;
