pub mod answer;
pub mod create;
pub mod end;
pub mod end_all;
pub mod end_current;
pub mod guest;
pub mod list;
pub mod refresh;
