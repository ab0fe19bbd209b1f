//! What an order refuses.

use std::time::Duration;

use souk_actors::orders::refunds::RefundError;
use souk_actors::orders::service::OrderError;
use souk_actors::runtime::error::CallError;
use souk_domain::order::command::OrderRefusal;

use super::{Code, FieldError, Problem};

const SOON: Duration = Duration::from_secs(1);

impl From<OrderError> for Problem {
    fn from(error: OrderError) -> Self {
        match error {
            CallError::Refused(OrderRefusal::NotFound) => Self::not_found(),
            // Ids are the server's own, so two orders never meet in one.
            CallError::Refused(OrderRefusal::StockNotHeld) => Self::new(Code::Internal),
            CallError::Refused(OrderRefusal::NotCancellable) => Self::new(Code::OrderNotCancellable),
            CallError::Refused(OrderRefusal::KeyReused) => Self::new(Code::IdempotencyKeyReused),
            CallError::Refused(OrderRefusal::TooManyRefunds) => Self::new(Code::TooManyRefunds),
            CallError::Unavailable(cause) => cause.into(),
        }
    }
}

impl From<RefundError> for Problem {
    fn from(error: RefundError) -> Self {
        match error {
            RefundError::Order(error) => error.into(),
            RefundError::CurrencyDiffers(currency) => {
                let detail = format!("the order is in {currency}");
                Self::invalid_body(vec![FieldError::invalid("/amount/currency", detail)])
            }
            RefundError::TooLarge(left) => Self::new(Code::RefundTooLarge).detail(format!("{left} can be given back")),
            RefundError::Failed(reason) => Self::new(Code::RefundFailed).detail(reason),
            RefundError::InProgress => Self::new(Code::InProgress).retry_after(SOON),
        }
    }
}
