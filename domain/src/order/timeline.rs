//! An order's history in words, as the buyer reads it.

use super::event::OrderEvent;
use super::state::Ending;

/// The title of an entry.
pub fn title(event: &OrderEvent) -> &'static str {
    match event {
        OrderEvent::Placed { .. } => "Order placed",
        OrderEvent::StockHeld => "Items reserved",
        OrderEvent::PaymentOpened => "Waiting for payment",
        OrderEvent::Paid { .. } => "Payment received",
        OrderEvent::StockSold { .. } => "Order confirmed",
        OrderEvent::EndingBegun { ending: Ending::OutOfStock(_) } => "Some items are sold out",
        OrderEvent::EndingBegun { ending: Ending::DiscountUsedUp(_) } => "A discount is used up",
        OrderEvent::EndingBegun { ending: Ending::Cancelled } => "Cancellation requested",
        OrderEvent::EndingBegun { ending: Ending::Expired } => "Reservation expired",
        OrderEvent::StockReleased => "Items released",
        OrderEvent::PaidTooLate { .. } => "Payment arrived too late and is being refunded",
        OrderEvent::RefundRequested { .. } => "Refund requested",
        OrderEvent::RefundRefused { .. } => "Refund refused",
        OrderEvent::RefundFailed { .. } => "Refund failed",
        OrderEvent::Refunded { .. } => "Payment refunded",
        OrderEvent::PaymentVoided | OrderEvent::VoidGivenUp => "Payment closed",
        OrderEvent::Settled => "Order completed",
        OrderEvent::Claimed { .. } => "Added to your account",
    }
}

/// The machine's name of an event: its tag without the version.
pub fn code(event: &OrderEvent) -> &'static str {
    match event {
        OrderEvent::Placed { .. } => "placed",
        OrderEvent::StockHeld => "stock_held",
        OrderEvent::PaymentOpened => "payment_opened",
        OrderEvent::Paid { .. } => "paid",
        OrderEvent::StockSold { .. } => "confirmed",
        OrderEvent::EndingBegun { ending: Ending::OutOfStock(_) } => "out_of_stock",
        OrderEvent::EndingBegun { ending: Ending::DiscountUsedUp(_) } => "discount_used_up",
        OrderEvent::EndingBegun { ending: Ending::Cancelled } => "cancelling",
        OrderEvent::EndingBegun { ending: Ending::Expired } => "expiring",
        OrderEvent::PaymentVoided => "payment_voided",
        OrderEvent::VoidGivenUp => "void_given_up",
        OrderEvent::StockReleased => "stock_released",
        OrderEvent::Settled => "settled",
        OrderEvent::Claimed { .. } => "claimed",
        OrderEvent::PaidTooLate { .. } => "paid_too_late",
        OrderEvent::RefundRequested { .. } => "refund_requested",
        OrderEvent::RefundRefused { .. } => "refund_refused",
        OrderEvent::RefundFailed { .. } => "refund_failed",
        OrderEvent::Refunded { .. } => "refunded",
    }
}
