//! One line for each request. Paths are logged as the URL table has them, so neither ids that are
//! capabilities nor keys in the query ever get into a log.

use std::time::Instant;

use axum::extract::MatchedPath;
use axum::http::{Method, StatusCode};

use super::request_id::RequestId;

/// A request that is under way. Dropping it unfinished tells that its client did not wait.
pub struct AccessLog {
    method: Method,
    path: Option<MatchedPath>,
    request_id: RequestId,
    started: Instant,
    finished: bool,
}

impl AccessLog {
    pub fn start(method: &Method, path: Option<MatchedPath>, request_id: RequestId) -> Self {
        Self { method: method.clone(), path, request_id, started: Instant::now(), finished: false }
    }

    pub fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// `problem` is the code of a refusal; `bytes` is none where the length is not known beforehand. Gives back the
    /// request's name, which goes with the answer.
    pub fn finish(mut self, status: StatusCode, bytes: Option<u64>, problem: Option<&'static str>) -> RequestId {
        self.finished = true;
        if tracing::enabled!(tracing::Level::WARN) {
            self.tell(status, bytes, problem);
        }
        std::mem::take(&mut self.request_id)
    }

    fn tell(&self, status: StatusCode, bytes: Option<u64>, problem: Option<&'static str>) {
        let (method, path, request_id, duration_ms) = self.fields();
        let status = status.as_u16();
        if status >= 500 {
            tracing::warn!(%method, path, status, duration_ms, bytes, problem, request_id, "answered with a fault");
        } else {
            tracing::info!(%method, path, status, duration_ms, bytes, problem, request_id, "answered");
        }
    }

    fn fields(&self) -> (&Method, &str, &str, f64) {
        let path = self.path.as_ref().map_or("(none)", MatchedPath::as_str);
        let micros = self.started.elapsed().as_micros();
        #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^52 microseconds")]
        let duration_ms = micros as f64 / 1_000.0;
        (&self.method, path, self.request_id.as_str(), duration_ms)
    }
}

impl Drop for AccessLog {
    fn drop(&mut self) {
        if !self.finished {
            let (method, path, request_id, duration_ms) = self.fields();
            tracing::info!(%method, path, duration_ms, request_id, "the client went away");
        }
    }
}
