//! Posts messages into the room of a product. What was not answered is sent again under the same client id.

use std::sync::Mutex;

use futures::future::join_all;
use souk_actors::rooms::service::RoomError;
use souk_domain::room::state::RoomKind;

use super::{Visit, person};
use crate::history::Message;
use crate::world::lock;

pub struct Chatter {
    name: String,
    posted: Mutex<u64>,
}

impl Chatter {
    pub fn new(number: usize) -> Self {
        Self { name: format!("chatter{number}"), posted: Mutex::new(0) }
    }

    pub async fn live(&self, visit: &Visit) {
        loop {
            // Now and then there is silence, in which nobody learns by the next message that one was missed.
            let most = if visit.site.world.happens(300) { 25_000 } else { 900 };
            visit.think(most).await;
            let number = *lock(&self.posted);
            if number >= 30 {
                return;
            }
            // Several at once share a commit, or a part of them does.
            let burst = number..number + visit.site.world.one_of(&[1, 1, 1, 4]);
            let posted = join_all(burst.clone().map(|number| self.post(visit, number))).await;
            if posted.into_iter().all(|posted| posted) {
                // Now and then a client sends again what it has the answer to.
                if visit.site.world.happens(100) {
                    self.post(visit, number).await;
                }
                *lock(&self.posted) = burst.end;
            }
        }
    }

    /// Whether there was an answer that counts.
    async fn post(&self, visit: &Visit, number: u64) -> bool {
        let (client_id, text) = (format!("{}-{number}", self.name), format!("message {number} of {}", self.name));
        let (author, rooms) = (person(&self.name), &visit.market.rooms);
        match rooms.post(visit.room, &author, text, client_id.clone()).await {
            Ok(posted) => {
                let message = Message { seq: posted.seq, id: posted.id.to_string(), text: posted.text };
                visit.site.world.note(format_args!("{client_id} is message {}", message.seq));
                visit.site.world.history().posted(visit.room, &author.id, &client_id, message);
                true
            }
            Err(RoomError::Refused(_)) => {
                // The room is not open yet: whoever comes first opens it.
                let viewer = souk_actors::viewer::Viewer { person: Some(author), key: None };
                let subject = visit.goods[0].product.to_string();
                let _ = rooms.open(RoomKind::Product, Some(&subject), &viewer).await;
                false
            }
            Err(_) => false,
        }
    }
}
