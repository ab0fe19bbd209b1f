//! What other nodes say, and who has to know.

use std::sync::Arc;

use souk_persistence::bus::{Heard, Listener, Notice};
use souk_persistence::journal::EntityId;
use souk_persistence::stores::PersonalData;
use tokio::sync::Notify;

use super::erasing::ERASED;
use super::kind::Kind;
use crate::catalogue::views::Views;
use crate::runtime::directory::Follow;
use crate::runtime::peers::Moved;
use crate::topics::hub::{Hub, SIGNALS};
use crate::topics::topic::Topic;

pub(super) struct Hearing {
    pub kinds: Arc<[Box<dyn Kind>]>,
    pub hub: Hub,
    pub views: Views,
    /// Wakes what follows the products.
    pub products_changed: Arc<Notify>,
    /// Wakes the relay.
    pub orders_committed: Arc<Notify>,
    /// The stores that keep keys of persons.
    pub personal: [Arc<dyn PersonalData>; 2],
    /// Told when anything may have been missed.
    pub look_now: Arc<Notify>,
}

impl Hearing {
    /// Runs until the bus is closed.
    pub async fn run(self, mut listener: Listener) {
        while let Some(heard) = listener.next().await {
            match heard {
                Heard::Notice(notice) => self.notice(notice),
                Heard::Lost => tracing::warn!("the bus is out of reach, other nodes are noticed within a second"),
                Heard::Gap => self.look_now.notify_one(),
            }
        }
    }

    fn notice(&self, notice: Notice) {
        let Notice { channel, about, seq, payload } = notice;
        if &*channel == SIGNALS {
            if let Ok(topic) = about.parse() {
                self.hub.signal_from_afar(topic, &payload);
            }
            return;
        }
        if &*channel == ERASED {
            self.erased(&about);
            return;
        }
        let Some(kind) = self.kinds.iter().find(|kind| kind.name() == &*channel) else { return };
        let id = EntityId::new(&about);
        match seq {
            None => kind.leave_a_gap(&id),
            Some(head) => self.moved(&**kind, &id, Moved { head, news: payload }),
        }
    }

    /// A person, or an entity that knows one; a cart can be both. Twice: what is alive here still knows the person
    /// until it has slept.
    fn erased(&self, id: &str) {
        let (kinds, personal, id) = (Arc::clone(&self.kinds), self.personal.clone(), id.to_owned());
        personal.iter().for_each(|store| store.forget_person(&id));
        tokio::spawn(async move {
            let entity = EntityId::new(&id);
            for kind in kinds.iter().filter(|kind| entity.kind() == kind.name()) {
                kind.put_to_sleep(&entity).await;
            }
            personal.iter().for_each(|store| store.forget_person(&id));
        });
    }

    fn moved(&self, kind: &dyn Kind, id: &EntityId, moved: Moved) {
        let topic = Topic::of_entity(id);
        match topic {
            Some(Topic::Product(product)) => {
                self.views.outdated(product, moved.head);
                self.products_changed.notify_one();
            }
            Some(Topic::Order(_)) => self.orders_committed.notify_one(),
            _ => {}
        }
        let is_followed = topic.is_some_and(|topic| self.hub.has_followers(topic));
        kind.moved(id, moved, if is_followed { Follow::Awake } else { Follow::Asleep });
    }
}
