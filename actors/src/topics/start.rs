//! Where a follower begins: what a topic is now, for whoever may see it.

use bytes::Bytes;
use souk_domain::aggregate::Seq;
use souk_domain::cart::command::CartRefusal;
use souk_domain::id::{CartId, OrderId, ProductId, RoomId};
use souk_domain::order::event::OrderEvent;
use souk_domain::room::event::RoomEvent;
use souk_persistence::journal::{EntityId, Journal, Recorded};

use super::hub::entry_frame;
use super::topic::Topic;
use crate::carts::service::CartError;
use crate::carts::view::CartView;
use crate::marketplace::Marketplace;
use crate::orders::entity::TimelineEntry;
use crate::rooms::service::RoomError;
use crate::rooms::view::RoomEventView;
use crate::runtime::error::{CallError, Unavailable};
use crate::viewer::Viewer;

#[derive(Debug, Clone)]
pub enum TopicStart {
    /// The newest number, and entries after the one asked for, oldest first: whole frames. When the
    /// last of them is not the newest, there are more to be asked for.
    Log { seq: Seq, entries: Vec<(Seq, Bytes)> },
    /// The newest state as JSON, with its number.
    State { seq: Seq, state: Bytes },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TopicError {
    /// Not there, or not theirs to see.
    NotFound,
    /// The number asked for was never written.
    SinceAhead {
        head: Seq,
    },
    Unavailable(Unavailable),
}

impl From<Unavailable> for TopicError {
    fn from(cause: Unavailable) -> Self {
        Self::Unavailable(cause)
    }
}

impl Marketplace {
    /// What a topic is now. Of a log topic up to `limit` entries after `since`; none without it.
    ///
    /// # Errors
    /// Why it cannot be followed.
    pub async fn topic(
        &self,
        topic: Topic,
        since: Option<Seq>,
        limit: usize,
        viewer: &Viewer,
    ) -> Result<TopicStart, TopicError> {
        match topic {
            Topic::Room(id) => self.room_topic(id, since, limit, viewer).await,
            Topic::Order(id) => self.order_topic(id, since, limit, viewer).await,
            Topic::Product(id) => self.product_topic(id).await,
            Topic::Cart(id) => self.cart_topic(id, viewer).await,
            Topic::Status => Ok(TopicStart::State { seq: self.board.seq(), state: self.board.body() }),
        }
    }

    async fn room_topic(
        &self,
        id: RoomId,
        since: Option<Seq>,
        limit: usize,
        viewer: &Viewer,
    ) -> Result<TopicStart, TopicError> {
        let seq = self.rooms.visible(id, viewer).await.map_err(|error| match error {
            RoomError::Unavailable(cause) => TopicError::Unavailable(cause),
            RoomError::Refused(_) | RoomError::TokenNeeded | RoomError::SubjectInvalid(_) => TopicError::NotFound,
        })?;
        let frame = |recorded: &Recorded| {
            let event: RoomEvent = serde_json::from_str(&recorded.event).ok()?;
            Some(entry_frame(Topic::Room(id), recorded.seq, &RoomEventView::of(id, &event)))
        };
        log(&*self.rooms.store, &EntityId::new(id), seq, since, limit, frame).await
    }

    async fn order_topic(
        &self,
        id: OrderId,
        since: Option<Seq>,
        limit: usize,
        viewer: &Viewer,
    ) -> Result<TopicStart, TopicError> {
        self.orders.order(id, viewer).await.map_err(|error| match error {
            CallError::Refused(_) => TopicError::NotFound,
            CallError::Unavailable(cause) => TopicError::Unavailable(cause),
        })?;
        let entity = EntityId::new(id);
        let seq = self.orders.directory.read(&entity, |_, seq| seq).await?;
        let frame = |recorded: &Recorded| {
            let event: OrderEvent = serde_json::from_str(&recorded.event).ok()?;
            Some(entry_frame(Topic::Order(id), recorded.seq, &TimelineEntry::of(&event, recorded.at)))
        };
        log(&*self.orders.store, &entity, seq, since, limit, frame).await
    }

    async fn product_topic(&self, id: ProductId) -> Result<TopicStart, TopicError> {
        let published = self.views.product(id).await.map_err(|_| Unavailable::Store)?.ok_or(TopicError::NotFound)?;
        Ok(TopicStart::State { seq: published.view.seq, state: published.body().clone() })
    }

    async fn cart_topic(&self, id: CartId, viewer: &Viewer) -> Result<TopicStart, TopicError> {
        let cart = self.carts.cart(id, viewer.person_id()).await.map_err(|error| match error {
            CartError::Refused(CartRefusal::NotFound) => TopicError::NotFound,
            CartError::Unavailable(cause) => TopicError::Unavailable(cause),
            _ => TopicError::NotFound,
        })?;
        let seq = cart.version;
        let view = CartView::of(&cart, &self.carts.rules, self.clock.now()).ok_or(TopicError::NotFound)?;
        Ok(TopicStart::State { seq, state: serde_json::to_vec(&view).expect("a view serialises to JSON").into() })
    }
}

async fn log<J: Journal + ?Sized>(
    journal: &J,
    entity: &EntityId,
    seq: Seq,
    since: Option<Seq>,
    limit: usize,
    frame: impl Fn(&Recorded) -> Option<Bytes>,
) -> Result<TopicStart, TopicError> {
    let Some(since) = since else { return Ok(TopicStart::Log { seq, entries: vec![] }) };
    if since > seq {
        return Err(TopicError::SinceAhead { head: seq });
    }
    let recorded = journal.events_after(entity, since, limit).await.map_err(|_| Unavailable::Store)?;
    // What was written since the head was read comes as a live entry.
    let entries = recorded.iter().filter(|recorded| recorded.seq <= seq);
    let entries = entries.filter_map(|recorded| Some((recorded.seq, frame(recorded)?))).collect();
    Ok(TopicStart::Log { seq, entries })
}
