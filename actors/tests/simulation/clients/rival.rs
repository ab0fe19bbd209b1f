//! Another writer on the same stores: a process that should not be there, or a second node. It decides by the same
//! rules on what it loads, and appends; the actors notice by a conflict and decide again.

use souk_actors::runtime::world::{Chance, Clock};
use souk_domain::aggregate::{Aggregate, handle};
use souk_domain::cart::command::{CartCommand, CartRequest, Requester};
use souk_domain::cart::state::Cart;
use souk_domain::id::MessageId;
use souk_domain::room::command::RoomCommand;
use souk_domain::room::state::{Author, Room};
use souk_persistence::journal::{Commit, EntityId, Journal, Relay};

use super::Visit;
use crate::stores::{MemoryStore, Writer};

pub struct Rival;

impl Rival {
    pub async fn live(&self, visit: &Visit) {
        for number in 0.. {
            visit.think(2_500).await;
            let world = &visit.site.world;
            if world.happens(600) {
                let author = Author { id: "guest_rival".into(), name: "rival".to_owned().into() };
                let (text, client_id) = (format!("rival {number}"), world.random().to_string());
                let post = RoomCommand::Post { id: MessageId::from_uuid(world.sortable()), author, text, client_id };
                write::<Room>(visit, &visit.site.stores.chat, &EntityId::new(visit.room), &post).await;
            } else if let Some(cart) = any_cart(visit) {
                let email = Some(format!("rival{number}@example.com"));
                let update = souk_domain::cart::command::CartUpdate {
                    email,
                    shipping_option_ids: vec!["standard".into()],
                    ..Default::default()
                };
                let request = CartRequest { by: Requester::Shop, command: CartCommand::Update(Box::new(update)) };
                write::<Cart>(visit, &visit.site.stores.orders, &cart, &request).await;
            }
        }
    }
}

fn any_cart(visit: &Visit) -> Option<EntityId> {
    let books = visit.site.stores.orders.books();
    let carts: Vec<&EntityId> = books.entities.keys().filter(|id| id.kind() == "cart").collect();
    let place = visit.site.world.below(carts.len() as u64) as usize;
    carts.get(place).map(|cart| (*cart).clone())
}

/// For aggregates whose commits carry no rows that anybody reads.
async fn write<A: Aggregate>(visit: &Visit, store: &MemoryStore, entity: &EntityId, command: &A::Command) {
    let world = &visit.site.world;
    let Ok(loaded) = store.load(entity, u32::MAX).await else { return };
    let mut state = A::default();
    for recorded in &loaded.tail {
        let Ok(event) = serde_json::from_str(&recorded.event) else { return };
        state.evolve(&event);
    }
    let now = world.now().max(loaded.at);
    let Ok(events) = handle(&mut state, command, now) else { return };
    if events.is_empty() {
        return;
    }
    let events = events.iter().map(|event| serde_json::to_string(event).expect("events serialise"));
    let commit = Commit {
        entity: entity.clone(),
        predecessor: loaded.head,
        commit_id: world.random(),
        at: now,
        events: events.collect(),
        snapshot: None,
        due_at: state.due_at(),
        relay: Relay::Nobody,
        rows: vec![],
    };
    let outcome = store.append(commit).await;
    store.written_by(entity, Writer::Unnoticed);
    world.note(format_args!("the rival writes {entity}: {}", outcome.is_ok()));
}
