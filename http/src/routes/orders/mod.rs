pub mod cancel;
pub mod get;
pub mod list;
pub mod place;
pub mod timeline;
