//! The way of a request, from the router to the handler and back.
//!
//! It is one layer and not ten, because each layer of a router costs an allocation and a virtual call,
//! and because the order of the steps is then something to read.

use std::any::Any;
use std::convert::Infallible;
use std::future::{Future, ready};
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::{Layer, Service};

use super::access_log::AccessLog;
use super::client_address::{Proxies, client_address};
use super::compression::{self, Compress};
use super::cors::{self, Cors};
use super::origin::Origins;
use super::rate_limit::{RateLimits, Verdict};
use super::request_id::{self, RequestId};
use super::security_headers::SecurityHeaders;
use crate::config::EdgeConfig;
use crate::problem::{Code, Problem};

const SOON: Duration = Duration::from_secs(1);

/// Put around the whole router with `Router::layer`: then the pattern of the path is known already.
#[derive(Clone)]
pub struct Boundary(Arc<Shared>);

struct Shared {
    proxies: Proxies,
    limits: Option<Arc<RateLimits>>,
    cors: Option<Cors>,
    origins: Origins,
    security_headers: SecurityHeaders,
    compress: Compress,
    in_flight: Arc<Semaphore>,
    request_timeout: Duration,
}

impl Boundary {
    pub fn new(config: &EdgeConfig, limits: Option<Arc<RateLimits>>) -> Self {
        let trusted = config.trusted_proxies.iter().filter_map(|network| network.parse().ok()).collect();
        Self(Arc::new(Shared {
            proxies: Proxies { trusted, header: config.proxy_header },
            limits,
            cors: Cors::new(&config.cors_origins),
            origins: Origins::new(&config.cors_origins, &config.public_url),
            security_headers: SecurityHeaders::new(config),
            compress: compression::layer(),
            in_flight: Arc::new(Semaphore::new(config.server.max_requests_in_flight as usize)),
            request_timeout: config.server.request_timeout(),
        }))
    }
}

impl<S> Layer<S> for Boundary {
    type Service = BoundaryService<S>;

    fn layer(&self, inner: S) -> BoundaryService<S> {
        BoundaryService { shared: Arc::clone(&self.0), inner }
    }
}

#[derive(Clone)]
pub struct BoundaryService<S> {
    shared: Arc<Shared>,
    inner: S,
}

impl<S> Service<Request> for BoundaryService<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let way = Way::begin(&self.shared, &request);
        let permit = match self.shared.admit(&request, &way) {
            Ok(permit) => permit,
            Err(refused) => return Box::pin(ready(Ok(way.end(refused)))),
        };
        let timeout = self.shared.request_timeout;
        // The handler starts when its future is polled; here it is only made ready.
        if compression::negotiate(request.headers_mut()) {
            let answer = self.shared.compress.layer(&mut self.inner).call(request);
            let answer = answer.map(|Ok(response)| compression::finish(response));
            return Box::pin(run(way, permit, timeout, answer));
        }
        let answer = self.inner.call(request).map(|Ok(response)| response);
        Box::pin(run(way, permit, timeout, answer))
    }
}

async fn run(
    way: Way,
    permit: OwnedSemaphorePermit,
    timeout: Duration,
    answer: impl Future<Output = Response>,
) -> Result<Response, Infallible> {
    let response = match AssertUnwindSafe(within(timeout, answer)).catch_unwind().await {
        Ok(Some(response)) => response,
        Ok(None) => Problem::new(Code::TimedOut).retry_after(SOON).into_response(),
        Err(panic) => {
            tracing::error!(
                message = panic_message(&*panic),
                request_id = way.log.request_id().as_str(),
                "a handler panicked"
            );
            Problem::new(Code::Internal).into_response()
        }
    };
    drop(permit);
    Ok(way.end(response))
}

/// The answer, if it comes in time. What is there at once, as a published view is, needs no timer.
async fn within(timeout: Duration, answer: impl Future<Output = Response>) -> Option<Response> {
    let mut answer = pin!(answer);
    match futures::poll!(answer.as_mut()) {
        Poll::Ready(response) => Some(response),
        Poll::Pending => Box::pin(tokio::time::timeout(timeout, answer)).await.ok(),
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

impl Shared {
    /// A place among the requests that are being answered, or the answer at once.
    #[expect(clippy::result_large_err, reason = "the error is the response itself and is sent right away")]
    fn admit(&self, request: &Request, way: &Way) -> Result<OwnedSemaphorePermit, Response> {
        if let Some(preflight) = self.cors.as_ref().and_then(|cors| cors.preflight(request.method(), request.headers()))
        {
            return Err(preflight);
        }
        if let Some(wait) = way.verdict.as_ref().and_then(|verdict| verdict.wait) {
            return Err(Problem::new(Code::RateLimited).retry_after(wait).into_response());
        }
        if self.origins.is_forged(request.method(), request.uri(), request.headers()) {
            return Err(Problem::new(Code::OriginRefused).into_response());
        }
        let permit = Arc::clone(&self.in_flight).try_acquire_owned();
        permit.map_err(|_| Problem::new(Code::Overloaded).retry_after(SOON).into_response())
    }
}

/// What has to be said at the end.
struct Way {
    shared: Arc<Shared>,
    log: AccessLog,
    verdict: Option<Verdict>,
    /// What to allow a page of another origin, where any origin is allowed anything.
    cors: Option<Box<Option<HeaderValue>>>,
}

impl Way {
    fn begin(shared: &Arc<Shared>, request: &Request) -> Self {
        let (method, headers, extensions) = (request.method(), request.headers(), request.extensions());
        let request_id = RequestId::of(headers);
        let path = extensions.get::<MatchedPath>().cloned();
        let verdict = shared.limits.as_ref().and_then(|limits| {
            let path = path.as_ref().map_or_else(|| request.uri().path(), MatchedPath::as_str);
            let client = client_address(extensions, headers, &shared.proxies);
            limits.check_address(method, path, client.into())
        });
        let cors = shared.cors.as_ref().map(|cors| Box::new(cors.allowed(headers)));
        let log = AccessLog::start(method, path, request_id);
        Self { shared: Arc::clone(shared), log, verdict, cors }
    }

    fn end(self, mut response: Response) -> Response {
        let problem = response.extensions_mut().remove::<Problem>();
        if let Some(problem) = &problem {
            *response.body_mut() = Body::from(problem.body(self.log.request_id().as_str()));
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        let (status, bytes) = (response.status(), response.body().size_hint().exact());
        let headers: &mut HeaderMap = response.headers_mut();
        self.shared.security_headers.apply(headers);
        // Where the account's allowance is used up, that is what there is to tell.
        if let Some(verdict) = problem.as_ref().and_then(Problem::limit).or(self.verdict.as_ref()) {
            verdict.tell(headers);
        }
        if let Some(allowed) = self.cors {
            cors::tell(*allowed, headers);
        }
        let request_id = self.log.finish(status, bytes, problem.map(|problem| problem.entry().name));
        headers.insert(request_id::HEADER, request_id.into_header());
        response
    }
}
