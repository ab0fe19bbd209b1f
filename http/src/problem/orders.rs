//! What an order refuses.

use souk_actors::orders::service::OrderError;
use souk_actors::runtime::error::CallError;
use souk_domain::order::command::OrderRefusal;

use super::{Code, Problem};

impl From<OrderError> for Problem {
    fn from(error: OrderError) -> Self {
        match error {
            CallError::Refused(OrderRefusal::NotFound) => Self::not_found(),
            // Ids are the server's own, so two orders never meet in one.
            CallError::Refused(OrderRefusal::AlreadyExists) => Self::new(Code::Internal),
            CallError::Refused(OrderRefusal::NotCancellable) => Self::new(Code::OrderNotCancellable),
            CallError::Unavailable(cause) => cause.into(),
        }
    }
}
