//! The calls on rooms, and who may be where: a product's room is read by anyone and written by anyone
//! with a token; an order's belongs to its buyer; support to one customer; direct to two people.

use std::sync::Arc;

use souk_domain::aggregate::Seq;
use souk_domain::id::{MessageId, OrderId, ProductId, RoomId, room_id};
use souk_domain::room::command::{RoomAnswer, RoomCommand, RoomRefusal};
use souk_domain::room::event::RoomEvent;
use souk_domain::room::state::{Author, Opening, Room, RoomKind};
use souk_persistence::journal::EntityId;
use souk_persistence::stores::ChatStore;

use super::entity::RoomEntity;
use super::view::{AuthorView, MessageView, RoomView};
use crate::catalogue::views::Views;
use crate::orders::service::Orders;
use crate::runtime::directory::Directory;
use crate::runtime::error::{CallError, Unavailable};
use crate::runtime::world::Chance;
use crate::viewer::{Identity, Viewer};

/// Messages of one answer, at most.
pub const MAX_MESSAGES: usize = 100;

#[derive(Clone)]
pub struct Rooms {
    pub directory: Directory<RoomEntity>,
    pub store: Arc<dyn ChatStore>,
    pub views: Views,
    pub orders: Orders,
    pub chance: Arc<dyn Chance>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomError {
    Refused(RoomRefusal),
    /// Only somebody with a token can do this.
    TokenNeeded,
    /// The kind needs a subject of another form: what it has to be.
    SubjectInvalid(&'static str),
    Unavailable(Unavailable),
}

impl From<CallError<RoomRefusal>> for RoomError {
    fn from(error: CallError<RoomRefusal>) -> Self {
        match error {
            CallError::Refused(refusal) => Self::Refused(refusal),
            CallError::Unavailable(cause) => Self::Unavailable(cause),
        }
    }
}

impl From<Unavailable> for RoomError {
    fn from(cause: Unavailable) -> Self {
        Self::Unavailable(cause)
    }
}

impl Rooms {
    /// Opens the room of a kind and subject, or finds it. Tells whether it is new.
    ///
    /// # Errors
    /// A subject that does not fit or that the viewer may not see.
    pub async fn open(
        &self,
        kind: RoomKind,
        subject: Option<&str>,
        viewer: &Viewer,
    ) -> Result<(RoomView, bool), RoomError> {
        let person = viewer.person.as_ref().ok_or(RoomError::TokenNeeded)?;
        let opening = match kind {
            RoomKind::Product => self.product_room(subject).await?,
            RoomKind::Order => self.order_room(subject, person, viewer).await?,
            RoomKind::Support => support_room(person),
            RoomKind::Direct => direct_room(subject, person)?,
        };
        let entity = EntityId::new(opening.id);
        let is_new = self.directory.read(&entity, |room, _| room.opening.is_none()).await?;
        match self.directory.call(&entity, RoomCommand::Open(opening)).await? {
            RoomAnswer::Room(room) => {
                RoomView::of(&room).map(|view| (view, is_new)).ok_or(RoomError::Refused(RoomRefusal::NotFound))
            }
            RoomAnswer::Posted { .. } | RoomAnswer::PostedBefore { .. } => {
                Err(RoomError::Refused(RoomRefusal::NotFound))
            }
        }
    }

    /// A room for whoever may read it.
    ///
    /// # Errors
    /// `NotFound` for one that is not there or not theirs.
    pub async fn room(&self, id: RoomId, viewer: &Viewer) -> Result<Room, RoomError> {
        let room = self.directory.read(&EntityId::new(id), |room, _| room.clone()).await?;
        if room.may_read(viewer.person_id()) { Ok(room) } else { Err(RoomError::Refused(RoomRefusal::NotFound)) }
    }

    /// Messages with numbers above `since`, oldest first, up to `limit`.
    ///
    /// # Errors
    /// As for [`Rooms::room`].
    pub async fn messages(
        &self,
        id: RoomId,
        viewer: &Viewer,
        since: Seq,
        limit: usize,
    ) -> Result<Vec<MessageView>, RoomError> {
        self.visible(id, viewer).await?;
        let (entity, limit) = (EntityId::new(id), limit.clamp(1, MAX_MESSAGES));
        let (mut messages, mut after) = (Vec::new(), since);
        while messages.len() < limit {
            let recorded = self.store.events_after(&entity, after, limit).await.map_err(|_| Unavailable::Store)?;
            let Some(last) = recorded.last() else { break };
            after = last.seq;
            for recorded in &recorded {
                if let Ok(RoomEvent::Message { message }) = serde_json::from_str(&recorded.event) {
                    messages.push(MessageView::of(id, &message));
                }
            }
        }
        messages.truncate(limit);
        Ok(messages)
    }

    /// Posts a message; the same author and `client_id` within a day is one message.
    ///
    /// # Errors
    /// A rule of the room, or why nobody knows whether it was taken: send it again with the same `client_id`.
    pub async fn post(
        &self,
        id: RoomId,
        author: &Identity,
        text: String,
        client_id: String,
    ) -> Result<MessageView, RoomError> {
        let message_id = MessageId::from_uuid(self.chance.sortable());
        let named = Author { id: author.id.clone(), name: author.name.clone().into() };
        let entity = EntityId::new(id);
        let (sent_text, sent_client_id) = (text.clone(), client_id.clone());
        let command = RoomCommand::Post { id: message_id, author: named, text, client_id };
        let seq = match self.directory.call(&entity, command).await? {
            RoomAnswer::Posted { seq, at } => {
                let author = AuthorView { id: author.id.clone(), name: author.name.clone() };
                let (text, client_id) = (sent_text, sent_client_id);
                return Ok(MessageView { id: message_id, room_id: id, seq, author, text, client_id, sent_at: at });
            }
            RoomAnswer::PostedBefore { seq } => seq,
            RoomAnswer::Room(_) => return Err(RoomError::Refused(RoomRefusal::NotFound)),
        };
        // A message that was sent before answers with what was taken then.
        let recorded =
            self.store.events_after(&entity, seq.saturating_sub(1), 1).await.map_err(|_| Unavailable::Store)?;
        match recorded.first().map(|recorded| serde_json::from_str(&recorded.event)) {
            Some(Ok(RoomEvent::Message { message })) => Ok(MessageView::of(id, &message)),
            _ => Err(RoomError::Unavailable(Unavailable::Store)),
        }
    }

    /// Whether somebody may write there, without writing.
    ///
    /// # Errors
    /// As for [`Rooms::room`].
    pub async fn may_write(&self, id: RoomId, person: &Identity) -> Result<bool, RoomError> {
        let person = person.id.clone();
        Ok(self.directory.read(&EntityId::new(id), move |room, _| room.may_write(&person)).await?)
    }

    /// # Errors
    /// `NotFound` for a room that is not there or not theirs.
    pub async fn visible(&self, id: RoomId, viewer: &Viewer) -> Result<Seq, RoomError> {
        let person = viewer.person_id().map(str::to_owned);
        let seen = move |room: &Room, seq| room.may_read(person.as_deref()).then_some(seq);
        self.directory.read(&EntityId::new(id), seen).await?.ok_or(RoomError::Refused(RoomRefusal::NotFound))
    }

    async fn product_room(&self, subject: Option<&str>) -> Result<Opening, RoomError> {
        let invalid = RoomError::SubjectInvalid("the id of a product");
        let product: ProductId = subject.and_then(|id| id.parse().ok()).ok_or(invalid)?;
        let known = self.views.product(product).await.map_err(|_| Unavailable::Store)?;
        known.ok_or(RoomError::Refused(RoomRefusal::NotFound))?;
        Ok(opening(RoomKind::Product, product.to_string(), vec![]))
    }

    async fn order_room(
        &self,
        subject: Option<&str>,
        person: &Identity,
        viewer: &Viewer,
    ) -> Result<Opening, RoomError> {
        let invalid = RoomError::SubjectInvalid("the id of an order");
        let order: OrderId = subject.and_then(|id| id.parse().ok()).ok_or(invalid)?;
        match self.orders.order(order, viewer).await {
            Ok(_) => Ok(opening(RoomKind::Order, order.to_string(), vec![person.id.clone()])),
            Err(CallError::Refused(_)) => Err(RoomError::Refused(RoomRefusal::NotFound)),
            Err(CallError::Unavailable(cause)) => Err(cause.into()),
        }
    }
}

fn support_room(person: &Identity) -> Opening {
    opening(RoomKind::Support, person.id.clone(), vec![person.id.clone()])
}

fn direct_room(subject: Option<&str>, person: &Identity) -> Result<Opening, RoomError> {
    let is_person = |id: &&str| id.starts_with("acct_") || id.starts_with("guest_");
    let other = subject.filter(is_person).filter(|other| *other != person.id);
    let other = other.ok_or(RoomError::SubjectInvalid("the id of another person"))?;
    let mut pair = vec![person.id.clone(), other.to_owned()];
    pair.sort_unstable();
    Ok(opening(RoomKind::Direct, pair.join(","), pair))
}

fn opening(kind: RoomKind, subject: String, members: Vec<String>) -> Opening {
    Opening { id: room_id(kind.as_str(), &subject), kind, subject_id: Some(subject), members }
}
