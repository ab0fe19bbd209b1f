//! What hyper is told about bounds.

use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto;

use crate::config::ServerConfig;

pub type Protocol = auto::Builder<TokioExecutor>;

/// An HTTP/2 client that does not answer a ping for so long is gone.
const PING_EVERY: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(10);
const SEND_BUFFER_BYTES: usize = 256 * 1024;
/// Streams that a client opened and took back before they were looked at; one more ends the connection. What is
/// called rapid reset (CVE-2023-44487) opens and takes back as fast as it can.
const MOST_RESETS: usize = 20;
/// Streams that were reset for a client's faults; one more ends the connection.
const MOST_FAULTS: usize = 100;
/// What hyper has room for without an allocation for each request.
const DEFAULT_MAX_HEADERS: u32 = 100;

pub fn protocol(config: &ServerConfig) -> Protocol {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // hyper's own header timeout sets a timer for each request, which costs more than the request's
    // routing. `connection` keeps the same deadline with one timer for each connection.
    let mut http1 = builder.http1();
    http1.header_read_timeout(None).max_buf_size(config.max_header_bytes as usize);
    if config.max_headers != DEFAULT_MAX_HEADERS {
        http1.max_headers(config.max_headers as usize);
    }
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(config.max_http2_streams)
        .max_header_list_size(config.max_header_bytes)
        .max_send_buf_size(SEND_BUFFER_BYTES)
        .max_pending_accept_reset_streams(MOST_RESETS)
        .max_local_error_reset_streams(MOST_FAULTS)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_TIMEOUT);
    builder
}
