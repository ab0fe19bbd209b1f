pub mod create;
pub mod get;
pub mod shipping_options;
pub mod update;
