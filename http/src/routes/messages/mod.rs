pub mod list;
pub mod post;
