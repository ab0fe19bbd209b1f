pub mod claim;
pub mod create;
pub mod current;
pub mod get;
pub mod shipping_options;
pub mod update;
