//! Rows of the read models as they are read, from any SQL database.

use std::fmt::Display;
use std::str::FromStr;

use souk_domain::id::{DiscountId, OrderId};
use souk_domain::time::Timestamp;
use sqlx::FromRow;

use super::rows::claim_state;
use crate::error::StoreError;
use crate::rows::{ClaimState, DiscountClaimRow, OrderRow, PaymentRow};

#[derive(FromRow)]
pub(crate) struct StoredOrder {
    id: String,
    seq: i64,
    number: i64,
    cart_id: String,
    owner: Option<String>,
    payment_id: Option<String>,
    status: String,
    total: i64,
    currency: String,
    placed_at: i64,
    items_count: Option<i64>,
    email_digest: Option<Vec<u8>>,
}

impl StoredOrder {
    pub(crate) fn decode(self) -> Result<OrderRow, StoreError> {
        let Self {
            id,
            seq,
            number,
            cart_id,
            owner,
            payment_id,
            status,
            total,
            currency,
            placed_at,
            items_count,
            email_digest,
        } = self;
        let damaged = |_| StoreError::Damaged(format!("the digest of order {id} has not 32 bytes"));
        Ok(OrderRow {
            id: parse(&id)?,
            seq: seq.cast_unsigned(),
            number: number.cast_unsigned(),
            cart_id: parse(&cart_id)?,
            owner,
            payment_id: payment_id.as_deref().map(parse).transpose()?,
            status,
            total,
            currency,
            items_count: items_count.and_then(|count| u32::try_from(count).ok()),
            email_digest: email_digest.map(|digest| digest.try_into().map_err(damaged)).transpose()?,
            placed_at: Timestamp::from_millis(placed_at),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct StoredPayment {
    id: String,
    seq: i64,
    order_id: String,
    status: String,
    amount: i64,
    captured: i64,
    refunded: i64,
    currency: String,
    pub(crate) provider_ref: Option<String>,
}

impl StoredPayment {
    pub(crate) fn decode(self) -> Result<PaymentRow, StoreError> {
        let Self { id, seq, order_id, status, amount, captured, refunded, currency, provider_ref } = self;
        Ok(PaymentRow {
            id: parse(&id)?,
            seq: seq.cast_unsigned(),
            order_id: parse(&order_id)?,
            status,
            amount,
            captured,
            refunded,
            currency,
            provider_ref,
        })
    }
}

/// # Errors
/// A state that no claim has.
pub(crate) fn discount_claim(
    discount: DiscountId,
    order: OrderId,
    state: &str,
) -> Result<DiscountClaimRow, StoreError> {
    let states = [ClaimState::Claimed, ClaimState::Redeemed, ClaimState::Released];
    let known = states.into_iter().find(|known| claim_state(*known) == state);
    let state = known.ok_or_else(|| StoreError::Damaged(format!("the claim of {order} has an unknown state")))?;
    Ok(DiscountClaimRow { discount_id: discount, order_id: order, state })
}

pub(crate) fn parse<T>(text: &str) -> Result<T, StoreError>
where
    T: FromStr<Err: Display>,
{
    text.parse().map_err(|error| StoreError::Damaged(format!("{text:?} is no id: {error}")))
}
