//! No answer, for now.

use std::time::Duration;

use souk_actors::runtime::error::Unavailable;

use super::{Code, Problem};

const SOON: Duration = Duration::from_secs(1);

impl From<Unavailable> for Problem {
    fn from(cause: Unavailable) -> Self {
        let code = match cause {
            Unavailable::Busy => Code::Overloaded,
            Unavailable::Crashed => Code::Restarting,
            Unavailable::TimedOut => Code::TimedOut,
            Unavailable::Stopping => Code::Stopping,
            Unavailable::Store => Code::StoreUnavailable,
        };
        Self::new(code).retry_after(SOON)
    }
}
