//! What differs from one order to the next, and the texts that it stands in.

use souk_domain::id::{CartId, OrderId, PaymentId};
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Names {
    pub cart: CartId,
    pub order: OrderId,
    pub payment: PaymentId,
    pub number: u64,
    pub access_key: String,
    /// The provider's own name for the payment.
    pub intent: String,
}

/// An event with gaps where names stand.
#[derive(Debug)]
pub struct Text {
    /// What stands before each name, and which name it is.
    pieces: Vec<(String, usize)>,
    end: String,
}

impl Names {
    /// Names that nobody has; the provider gives its own later.
    pub fn new(number: u64) -> Self {
        Self {
            // As the shop makes them: ids sort by time where they are no secret.
            cart: CartId::from_uuid(Uuid::new_v4()),
            order: OrderId::from_uuid(Uuid::now_v7()),
            payment: PaymentId::from_uuid(Uuid::now_v7()),
            number,
            access_key: Uuid::new_v4().simple().to_string(),
            intent: format!("sbx_{}", Uuid::new_v4().simple()),
        }
    }

    /// As they stand in an event. A number alone could be any number, so it goes with its field's name.
    pub fn texts(&self) -> [String; 6] {
        let Self { cart, order, payment, number, access_key, intent } = self;
        let number = format!("\"number\":{number},");
        [cart.to_string(), order.to_string(), payment.to_string(), number, access_key.clone(), intent.clone()]
    }
}

impl Text {
    pub fn new(event: &str, names: &[String; 6]) -> Self {
        let (mut pieces, mut rest) = (Vec::new(), event);
        let next = |rest: &str| (0..names.len()).filter_map(|name| Some((rest.find(&names[name])?, name))).min();
        while let Some((at, name)) = next(rest) {
            pieces.push((rest[..at].to_owned(), name));
            rest = &rest[at + names[name].len()..];
        }
        Self { pieces, end: rest.to_owned() }
    }

    pub fn with(&self, names: &[String; 6]) -> String {
        let mut event = String::new();
        for (before, name) in &self.pieces {
            event.push_str(before);
            event.push_str(&names[*name]);
        }
        event.push_str(&self.end);
        event
    }
}
