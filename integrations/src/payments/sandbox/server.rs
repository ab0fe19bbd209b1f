//! The sandbox's HTTP side.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::super::port::{ChallengeDesk, CreateIntent, IntentRef, Method, PaymentProvider, ProviderError};
use super::connections::BoundedListener;
use super::faults::{CallFault, FaultRates, Faults};
use super::provider::Sandbox;
use super::wire::{self, BooksPage, ChallengeBody, ConfirmBody, CreateBody, ErrorBody, RefundBody};

const MAX_BODY_BYTES: usize = 16 << 10;
const MAX_PAGE: usize = 1_000;
/// How long a call that is never answered is held before its connection is given up.
const SILENCE: Duration = Duration::from_secs(60);
/// How long open connections may take to end.
const DRAIN: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct ServerOptions {
    pub api_key: String,
    /// How long a slow answer takes.
    pub slow: Duration,
    pub faults: FaultRates,
}

/// A running server.
pub struct SandboxServer {
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Desk(Arc<Parts>);

struct Parts {
    sandbox: Arc<Sandbox>,
    api_key: [u8; 32],
    slow: Duration,
    faults: Faults,
    stopping: watch::Receiver<bool>,
}

impl SandboxServer {
    /// Serves a sandbox until it is stopped.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn start(sandbox: Arc<Sandbox>, listener: TcpListener, options: ServerOptions) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (stop, stopping) = watch::channel(false);
        let ServerOptions { api_key, slow, faults } = options;
        let api_key = Sha256::digest(&api_key).into();
        let desk =
            Desk(Arc::new(Parts { sandbox, api_key, slow, faults: Faults::new(faults), stopping: stopping.clone() }));
        let serving = axum::serve(BoundedListener::new(listener), router(desk))
            .with_graceful_shutdown(told(stopping.clone()))
            .into_future();
        let task = tokio::spawn(async move {
            let overdue = async {
                told(stopping).await;
                tokio::time::sleep(DRAIN).await;
            };
            tokio::select! {
                served = serving => {
                    if let Err(error) = served {
                        tracing::error!(%error, "the payment sandbox stopped serving");
                    }
                }
                () = overdue => tracing::warn!("the payment sandbox cut off calls that did not end"),
            }
        });
        Ok(Self { address, stop, task })
    }

    /// Takes no new calls, answers the running ones, and ends.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // It fails only when the task has panicked, which is logged where it happened.
        let _ = self.task.await;
    }
}

async fn told(mut stopping: watch::Receiver<bool>) {
    // A sender that is gone stops it too.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

fn router(desk: Desk) -> Router {
    Router::new()
        .route("/v1/intents", post(create))
        .route("/v1/intents/{intent}", get(retrieve))
        .route("/v1/intents/{intent}/confirm", post(confirm))
        .route("/v1/intents/{intent}/cancel", post(cancel))
        .route("/v1/intents/{intent}/refunds", post(refund))
        .route("/v1/challenges/{intent}", post(challenge))
        .route("/v1/books", get(books))
        .layer(middleware::from_fn_with_state(desk.clone(), with_key))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(desk)
}

/// Compares digests, so that the time it takes tells nothing about the key.
async fn with_key(State(Desk(parts)): State<Desk>, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if <[u8; 32]>::from(Sha256::digest(given)) == parts.api_key {
        return next.run(request).await;
    }
    problem(StatusCode::UNAUTHORIZED, "unauthorised", "this is not the sandbox's API key")
}

async fn create(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> Response {
    let CreateBody { amount, merchant_reference } = match read(&body) {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let request = CreateIntent { key: key(&headers), amount, merchant_reference };
    desk.act(desk.0.faults.of_call(), desk.0.sandbox.create_intent(request)).await
}

async fn retrieve(State(desk): State<Desk>, Path(intent): Path<String>) -> Response {
    let intent = IntentRef(intent);
    desk.act(desk.0.faults.of_call(), desk.0.sandbox.retrieve(&intent)).await
}

async fn confirm(State(desk): State<Desk>, Path(intent): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let ConfirmBody { token } = match read(&body) {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let (intent, key) = (IntentRef(intent), key(&headers));
    let fault = desk.0.faults.of_confirm(&token, &key);
    let method = Method::SandboxCard { token };
    desk.act(fault, desk.0.sandbox.confirm(&intent, &key, &method)).await
}

async fn cancel(State(desk): State<Desk>, Path(intent): Path<String>, headers: HeaderMap) -> Response {
    let (intent, key) = (IntentRef(intent), key(&headers));
    desk.act(desk.0.faults.of_call(), desk.0.sandbox.cancel(&intent, &key)).await
}

async fn refund(State(desk): State<Desk>, Path(intent): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let RefundBody { amount } = match read(&body) {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let (intent, key) = (IntentRef(intent), key(&headers));
    desk.act(desk.0.faults.of_call(), desk.0.sandbox.refund(&intent, &key, amount)).await
}

async fn challenge(State(desk): State<Desk>, Path(intent): Path<String>, body: Bytes) -> Response {
    let ChallengeBody { outcome } = match read(&body) {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    desk.act(CallFault::None, desk.0.sandbox.resolve_challenge(&IntentRef(intent), outcome)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BooksQuery {
    after: Option<String>,
    limit: Option<usize>,
}

async fn books(State(desk): State<Desk>, Query(BooksQuery { after, limit }): Query<BooksQuery>) -> Response {
    let limit = limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE);
    let after = after.map(IntentRef);
    let page = async {
        let items = desk.0.sandbox.books_after(after.as_ref(), limit).await?;
        let next = items.last().filter(|_| items.len() == limit).map(|last| last.reference.clone());
        Ok(BooksPage { items, next })
    };
    desk.act(CallFault::None, page).await
}

impl Desk {
    /// Does what is asked, unless the fault is that it does not, and answers as the fault has it.
    async fn act<T: Serialize>(
        &self,
        fault: CallFault,
        work: impl Future<Output = Result<T, ProviderError>>,
    ) -> Response {
        if fault == CallFault::Fails {
            return answer::<T>(Err(ProviderError::NotDone("the sandbox fails on purpose".to_owned())));
        }
        let done = work.await;
        match fault {
            CallFault::None | CallFault::Fails => answer(done),
            CallFault::Slow => {
                self.wait(self.0.slow).await;
                answer(done)
            }
            CallFault::Silent => {
                self.wait(SILENCE).await;
                answer::<T>(Err(ProviderError::Unknown("the sandbox does not tell".to_owned())))
            }
        }
    }

    /// Less when the process stops.
    async fn wait(&self, time: Duration) {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = told(self.0.stopping.clone()) => {}
        }
    }
}

fn answer<T: Serialize>(done: Result<T, ProviderError>) -> Response {
    match done {
        Ok(value) => Json(value).into_response(),
        Err(error) => {
            let (status, body) = wire::of_error(error);
            (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Json(body)).into_response()
        }
    }
}

fn problem(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(ErrorBody { code: code.to_owned(), message: message.to_owned() })).into_response()
}

#[expect(clippy::result_large_err, reason = "the error is the response itself and is sent right away")]
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Response> {
    let invalid = |error: serde_json::Error| problem(StatusCode::BAD_REQUEST, "request_invalid", &error.to_string());
    serde_json::from_slice(body).map_err(invalid)
}

/// A missing key is an empty one, which the ledger refuses.
fn key(headers: &HeaderMap) -> String {
    let value = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}
