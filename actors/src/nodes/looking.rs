//! Compares what is watched here with the stores, every second and whenever a notice may have been missed: the
//! topics that somebody follows, and the entities that a caller waits for. One question for each kind, whatever their
//! number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use souk_domain::aggregate::Seq;
use souk_persistence::journal::EntityId;
use tokio::sync::Notify;

use super::kind::Kind;
use crate::runtime::directory::Follow;
use crate::runtime::peers::Moved;
use crate::topics::hub::Hub;

const EVERY: Duration = Duration::from_secs(1);
/// Asked for at once.
const MOST: usize = 2_000;

pub(super) struct Looking {
    pub kinds: Arc<[Box<dyn Kind>]>,
    pub hub: Hub,
    pub now: Arc<Notify>,
}

impl Looking {
    /// Runs until it is aborted.
    pub async fn run(self) {
        // What was told of those that sleep here; of the others their actors know it.
        let mut told: BTreeMap<EntityId, Seq> = BTreeMap::new();
        loop {
            let _ = tokio::time::timeout(EVERY, self.now.notified()).await;
            let followed = self.hub.followed().into_iter().filter_map(|topic| topic.entity());
            let followed: BTreeSet<EntityId> = followed.collect();
            told.retain(|id, _| followed.contains(id));
            for kind in self.kinds.iter() {
                self.look(&**kind, &followed, &mut told).await;
            }
        }
    }

    async fn look(&self, kind: &dyn Kind, followed: &BTreeSet<EntityId>, told: &mut BTreeMap<EntityId, Seq>) {
        let mut ids: BTreeSet<EntityId> = kind.watched().into_iter().collect();
        ids.extend(followed.iter().filter(|id| id.kind() == kind.name()).cloned());
        let ids: Vec<EntityId> = ids.into_iter().collect();
        for ids in ids.chunks(MOST) {
            let heads = match kind.heads(ids).await {
                Ok(heads) => heads,
                Err(error) => {
                    tracing::warn!(kind = kind.name(), %error, "what is watched could not be compared with the store");
                    return;
                }
            };
            for (id, head) in ids.iter().zip(heads) {
                let known = kind.known(id).or_else(|| told.get(id).copied()).unwrap_or(0);
                if head > known {
                    kind.moved(id, Moved::to(head), Follow::Awake);
                }
                if followed.contains(id) {
                    told.insert(id.clone(), head.max(known));
                }
            }
        }
    }
}
