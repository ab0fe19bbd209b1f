//! One connection to a server, made when it is needed and made again when it was lost.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{AsyncConnectionConfig, Client, Cmd, Pipeline, PushInfo, PushKind, Value};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::access::{RedisAccess, address};
use super::errors::{Fault, OpenError, answer};

/// After a failure nobody tries again for this long, doubled each time up to the second.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Looks at the server before a new connection is used: it may be another one than before.
pub(crate) type Inspect =
    Box<dyn Fn(MultiplexedConnection, String) -> BoxFuture<'static, Result<(), OpenError>> + Send + Sync>;

pub(crate) struct Link {
    client: Client,
    config: AsyncConnectionConfig,
    connect_timeout: Duration,
    open_timeout: Duration,
    inspect: Inspect,
    state: Mutex<State>,
}

enum State {
    Idle,
    Open(Open),
    /// Calls are told at once and do not try, until the pause is over.
    Failed {
        until: Instant,
        pause: Duration,
        reason: String,
    },
}

/// A connection, and whether it is known to be gone.
#[derive(Clone)]
struct Open {
    connection: MultiplexedConnection,
    gone: Arc<AtomicBool>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("address", &address(&self.client)).finish_non_exhaustive()
    }
}

impl Link {
    /// # Errors
    /// When the URL is not usable.
    pub fn new(access: &RedisAccess, inspect: Inspect) -> Result<Self, OpenError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(access.connect_timeout))
            .set_response_timeout(Some(access.answer_timeout));
        Ok(Self {
            client: access.client()?,
            config,
            connect_timeout: access.connect_timeout,
            open_timeout: access.open_timeout,
            inspect,
            state: Mutex::new(State::Idle),
        })
    }

    pub fn address(&self) -> String {
        address(&self.client)
    }

    /// Makes the first connection; waits a while for a server that is not there yet.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub async fn open(&self) -> Result<(), OpenError> {
        let give_up = Instant::now() + self.open_timeout;
        let mut pause = FIRST_PAUSE;
        loop {
            match self.connect().await {
                Ok(open) => {
                    *self.state.lock().await = State::Open(open);
                    return Ok(());
                }
                Err(error) if error.is_passing() && Instant::now() + pause < give_up => {
                    tracing::warn!(%error, "waiting for redis");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends the commands together and returns the answer of each, which may be an error of its own.
    ///
    /// # Errors
    /// When the connection could not be made, or was lost before all answers came.
    pub async fn send(&self, commands: &Pipeline) -> Result<Vec<Value>, Fault> {
        let mut open = self.connection().await?;
        let answers = open.connection.req_packed_commands(commands, 0, commands.len()).await;
        self.check(&open, answers)
    }

    /// # Errors
    /// When the connection could not be made or was lost, and what the server refuses.
    pub async fn call(&self, command: &Cmd) -> Result<Value, Fault> {
        let mut open = self.connection().await?;
        let value = open.connection.req_packed_command(command).await;
        answer(self.check(&open, value)?)
    }

    /// Lets the connection go. The next call makes a new one.
    pub async fn close(&self) {
        *self.state.lock().await = State::Idle;
    }

    async fn connection(&self) -> Result<Open, Fault> {
        let mut state = self.state.lock().await;
        let pause = match &*state {
            State::Open(open) if !open.gone.load(Ordering::Acquire) => return Ok(open.clone()),
            State::Failed { until, reason, .. } if Instant::now() < *until => {
                return Err(Fault::NotDone(reason.clone()));
            }
            State::Failed { pause, .. } => (*pause * 2).min(LONGEST_PAUSE),
            State::Idle | State::Open(_) => FIRST_PAUSE,
        };
        match self.connect().await {
            Ok(open) => {
                *state = State::Open(open.clone());
                Ok(open)
            }
            Err(error) => {
                let reason = error.to_string();
                tracing::warn!(reason, pause_ms = pause.as_millis(), "no connection to redis");
                *state = State::Failed { until: Instant::now() + pause, pause, reason: reason.clone() };
                Err(Fault::NotDone(reason))
            }
        }
    }

    async fn connect(&self) -> Result<Open, OpenError> {
        let gone = Arc::new(AtomicBool::new(false));
        let tell = Arc::clone(&gone);
        let config = self.config.clone().set_push_sender(move |push: PushInfo| {
            if push.kind == PushKind::Disconnection {
                tell.store(true, Ordering::Release);
            }
            Ok::<(), redis::aio::SendError>(())
        });
        let address = self.address();
        // The library's own bound covers the socket; this one also TLS and the greeting.
        let connecting = self.client.get_multiplexed_async_connection_with_config(&config);
        let connected = tokio::time::timeout(self.connect_timeout * 2, connecting).await;
        let connection = match connected {
            Ok(connected) => connected.map_err(|error| OpenError::connecting(address.clone(), &error))?,
            Err(_) => {
                let reason = "it does not answer".to_owned();
                return Err(OpenError::Unreachable { address, reason });
            }
        };
        (self.inspect)(connection.clone(), address).await?;
        Ok(Open { connection, gone })
    }

    /// An error here is one of the connection: it is used no more. What was sent may have arrived.
    fn check<T>(&self, open: &Open, outcome: Result<T, redis::RedisError>) -> Result<T, Fault> {
        outcome.map_err(|error| {
            open.gone.store(true, Ordering::Release);
            let address = self.address();
            let cause = if error.is_timeout() { "did not answer in time" } else { "broke the connection" };
            Fault::Unknown(format!("Redis at {address} {cause}: {error}"))
        })
    }
}
