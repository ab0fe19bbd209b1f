//! What happens around every request.
//!
//! * [`boundary`]: the way of a request through all of the below, in one place
//! * [`request_id`]: its name
//! * [`client_address`]: who sent it, behind proxies too
//! * [`forwarded`]: what proxies say about it
//! * [`client_key`]: whose calls are counted together
//! * [`rate_limit`]: how often a client may call
//! * [`endpoint_class`]: which limit counts for which URL
//! * [`cors`]: pages of other origins
//! * [`origin`]: which pages may act with a cookie or open a socket
//! * [`compression`]: gzip and br
//! * [`security_headers`]: what browsers must not do with an answer
//! * [`access_log`]: one line for each request

pub mod access_log;
pub mod boundary;
pub mod client_address;
pub mod client_key;
pub mod compression;
pub mod cors;
pub mod endpoint_class;
pub mod forwarded;
pub mod origin;
pub mod rate_limit;
mod rate_table;
pub mod request_id;
pub mod security_headers;
