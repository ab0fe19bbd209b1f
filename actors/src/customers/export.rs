//! All that is kept of an account.

use serde::Serialize;
use souk_domain::time::Timestamp;
use souk_persistence::journal::EntityId;
use utoipa::ToSchema;

use crate::accounts::AccountError;
use crate::accounts::service::SignedIn;
use crate::accounts::view::{AccountView, SessionItem};
use crate::carts::view::{AddressView, CartView};
use crate::marketplace::Marketplace;
use crate::orders::view::OrderView;
use crate::rooms::view::MessageView;
use crate::runtime::error::Unavailable;
use crate::viewer::{Identity, Viewer};
use souk_domain::room::event::RoomEvent;

/// Orders, rooms and messages of one room that an export has, at most.
const MOST: usize = 1_000;
/// Read at a time.
const PAGE: usize = 100;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Export {
    #[schema(value_type = String, format = DateTime)]
    pub exported_at: Timestamp,
    pub account: AccountView,
    pub addresses: Vec<AddressView>,
    pub sessions: Vec<SessionItem>,
    pub cart: Option<CartView>,
    /// The newest 1,000.
    pub orders: Vec<OrderView>,
    /// What the account's owner wrote: the newest 1,000 rooms, the first 1,000 events of each.
    pub messages: Vec<MessageView>,
}

impl Marketplace {
    /// # Errors
    /// When the account is gone, or a store cannot be asked.
    pub async fn export(&self, who: SignedIn) -> Result<Export, AccountError> {
        let account = self.accounts.account(who.account).await?;
        let (id, name, role) = (account.id.to_string(), account.name.clone(), account.role);
        let identity = Identity { id: id.clone(), name, role };
        let addresses = self.accounts.addresses(who.account).await?;
        Ok(Export {
            exported_at: self.clock.now(),
            account: self.accounts.view(&account),
            addresses: addresses.iter().map(|record| AddressView::of(&record.address)).collect(),
            sessions: self.accounts.sessions(who).await?,
            cart: self.current_cart(who.account).await.ok(),
            orders: self.all_orders(&identity).await?,
            messages: self.all_messages(&id).await?,
        })
    }

    async fn all_orders(&self, identity: &Identity) -> Result<Vec<OrderView>, AccountError> {
        let viewer = Viewer { person: Some(identity.clone()), key: None };
        let (mut orders, mut before) = (Vec::new(), None);
        loop {
            let (page, next) = self.orders_of(&identity.id, before, PAGE).await?;
            for order in page {
                let view = self.orders.view(order.id, &viewer).await;
                orders.push(view.map_err(|_| AccountError::Unavailable(Unavailable::Store))?);
            }
            before = next;
            if before.is_none() || orders.len() >= MOST {
                return Ok(orders);
            }
        }
    }

    async fn all_messages(&self, person: &str) -> Result<Vec<MessageView>, AccountError> {
        let rooms = self.rooms.store.rooms_of(person, None, MOST).await?;
        let mut messages = Vec::new();
        for row in rooms {
            let events = self.rooms.store.events_after(&EntityId::new(row.room.id), 0, MOST).await?;
            for recorded in events {
                if let Ok(RoomEvent::Message { message }) = serde_json::from_str(&recorded.event)
                    && message.author.id == person
                {
                    messages.push(MessageView::of(row.room.id, &message));
                }
            }
        }
        Ok(messages)
    }
}
