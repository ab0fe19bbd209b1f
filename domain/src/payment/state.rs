//! A payment as its journal tells it.

use serde::{Deserialize, Serialize};

use crate::id::{OrderId, PaymentId, RefundId};
use crate::money::Money;
use crate::time::Timestamp;

/// How the buyer pays. What it names is the provider's own token, never a card number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PaymentMethod {
    SandboxCard {
        token: String,
    },
    /// What Stripe's code in the browser made of the buyer's card: `pm_...`.
    Stripe {
        payment_method: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub id: PaymentId,
    pub order_id: OrderId,
    pub amount: Money,
}

/// The provider's side of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    pub provider: String,
    /// The provider's own name for it.
    pub reference: String,
    /// What the buyer's page needs to go on, as the provider gave it.
    pub client: serde_json::Value,
}

/// A confirmation that was asked for and whose outcome is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub number: u32,
    pub method: PaymentMethod,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Standing {
    /// The buyer has not paid yet.
    #[default]
    RequiresMethod,
    Declined {
        reason: String,
    },
    RequiresAction {
        action_url: String,
    },
    /// The provider will tell, or can be asked from then on.
    Processing {
        ask_at: Timestamp,
    },
    Captured,
    Voided,
    /// The provider speaks of another sum than it was asked for. That is never a payment: what it took is
    /// given back where the provider allows it, and the order ends by its own clock.
    Mismatched {
        reported: Money,
        /// What the provider took, in minor units of `reported`.
        captured: i64,
        /// Nothing is left to do about it: voided, given back, or refused by the provider.
        closed: bool,
    },
}

/// Money that goes back, or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// None for those from before refunds had names of their own.
    pub id: Option<RefundId>,
    /// Minor units.
    pub amount: i64,
    pub outcome: RefundOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundOutcome {
    Running,
    Done,
    /// The provider will not do it, now or later.
    Refused {
        reason: String,
    },
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub opening: Option<Opening>,
    pub intent: Option<Intent>,
    pub standing: Standing,
    pub attempts: u32,
    pub attempt: Option<Attempt>,
    /// The provider is to be asked how it stands.
    pub refresh: bool,
    pub void_requested: bool,
    /// Minor units.
    pub captured: i64,
    pub refunded: i64,
    /// All that were asked for, oldest first; at most one of them runs.
    pub refunds: Vec<Refund>,
    pub order_told: bool,
}

impl Payment {
    pub fn is_captured(&self) -> bool {
        self.standing == Standing::Captured
    }

    /// The refund that is on its way.
    pub fn running_refund(&self) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.outcome == RefundOutcome::Running)
    }

    pub fn refund(&self, id: RefundId) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.id == Some(id))
    }

    /// Whether no money will come of it any more, late money apart.
    pub fn is_closed(&self) -> bool {
        matches!(self.standing, Standing::Voided | Standing::Mismatched { closed: true, .. })
    }

    /// Whether nothing is being asked of the provider: its standing is an answer.
    pub fn is_at_rest(&self) -> bool {
        super::process::next_step(self).is_none_or(|step| step == super::process::Step::TellOrder)
    }

    /// What the world calls its standing.
    pub fn status(&self) -> &'static str {
        match self.standing {
            _ if self.captured > 0 && self.refunded >= self.captured => "refunded",
            Standing::RequiresMethod => "requires_method",
            Standing::Declined { .. } => "declined",
            Standing::RequiresAction { .. } => "requires_action",
            Standing::Processing { .. } => "processing",
            Standing::Captured => "captured",
            Standing::Voided => "voided",
            Standing::Mismatched { .. } => "mismatched",
        }
    }
}
