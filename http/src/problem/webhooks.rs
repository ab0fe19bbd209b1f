//! What the outbox refuses.

use souk_actors::marketplace::Marketplace;
use souk_actors::outbox::endpoints::EndpointError;
use souk_actors::outbox::service::Outbox;

use super::{Code, FieldError, Problem};

impl From<EndpointError> for Problem {
    fn from(error: EndpointError) -> Self {
        match error {
            EndpointError::NotFound => Self::not_found(),
            EndpointError::InvalidUrl(fault) => Self::invalid_body(vec![FieldError::invalid("/url", fault)]),
            EndpointError::UnknownEvent(event) => invalid_events(format!("there is no event {event:?}")),
            EndpointError::TooMany { most } => {
                Self::new(Code::TooManyWebhooks).detail(format!("there can be {most} endpoints"))
            }
            EndpointError::Unavailable(cause) => cause.into(),
        }
    }
}

pub fn invalid_events(fault: String) -> Problem {
    Problem::invalid_body(vec![FieldError::invalid("/events", fault)])
}

/// # Errors
/// A shop without an outbox has nothing of all this.
pub fn outbox(market: &Marketplace) -> Result<&Outbox, Problem> {
    market.outbox.as_ref().ok_or_else(|| Problem::not_found().detail("this shop tells nobody of its orders"))
}
