//! A limited discount as its journal tells it. The state is bounded: at most [`MAX_OPEN_CLAIMS`] claims,
//! [`MAX_TOMBSTONES`] ended ones and [`MAX_CUSTOMERS`] customers; a settled claim leaves it but for the counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{DiscountId, OrderId};
use crate::time::Timestamp;

/// Orders that may hold a use at once; one more is told to try again later.
pub const MAX_OPEN_CLAIMS: usize = 100_000;
/// Ended claims whose late repetition is refused. Beyond that the oldest order's is forgotten.
pub const MAX_TOMBSTONES: usize = 100_000;
/// Different customers whose uses are counted, where they are limited; for one more the discount is used up.
pub const MAX_CUSTOMERS: usize = 100_000;

/// A use set aside for an order. Only the order ends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The customer's digest, where the uses of one are limited.
    pub customer: Option<String>,
    pub until: Timestamp,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitedDiscount {
    /// None: nobody asked for it yet.
    pub id: Option<DiscountId>,
    pub claims: BTreeMap<OrderId, Claim>,
    /// Orders that used it for good.
    pub redeemed: u64,
    /// Open and redeemed uses of each customer, by digest.
    pub customers: BTreeMap<String, u32>,
    /// Orders whose claim has ended or must not come any more: it is refused until then.
    pub tombstones: BTreeMap<OrderId, Timestamp>,
}

impl LimitedDiscount {
    /// Open and redeemed uses.
    pub fn used(&self) -> u64 {
        self.redeemed.saturating_add(self.claims.len() as u64)
    }

    /// What must hold whatever happened: the customers' uses are those of claims and redemptions.
    ///
    /// # Errors
    /// A sentence with the numbers.
    pub fn check(&self) -> Result<(), String> {
        let by_customers: u64 = self.customers.values().map(|uses| u64::from(*uses)).sum();
        if by_customers > self.used() {
            return Err(format!("customers used it {by_customers} times, orders {} times", self.used()));
        }
        let mut open: BTreeMap<&str, u32> = BTreeMap::new();
        for customer in self.claims.values().filter_map(|claim| claim.customer.as_deref()) {
            *open.entry(customer).or_default() += 1;
        }
        match open.iter().find(|(customer, open)| self.customers.get(**customer).is_none_or(|uses| uses < *open)) {
            Some((customer, open)) => Err(format!("customer {customer} has {open} open claims and fewer uses")),
            None => Ok(()),
        }
    }
}
