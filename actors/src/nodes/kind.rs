//! A kind of entity, as notices see it: the same for all kinds, whatever their rules.

use async_trait::async_trait;
use souk_domain::aggregate::Seq;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;

use crate::runtime::directory::{Directory, Follow};
use crate::runtime::entity::Entity;
use crate::runtime::peers::Moved;

#[async_trait]
pub(super) trait Kind: Send + Sync {
    /// The prefix of its ids, which is also its channel.
    fn name(&self) -> &'static str;
    fn moved(&self, id: &EntityId, moved: Moved, follow: Follow);
    fn leave_a_gap(&self, id: &EntityId);
    /// Once what it has taken in is durable and answered.
    async fn put_to_sleep(&self, id: &EntityId);
    /// Up to where it is known here, if it is alive here.
    fn known(&self, id: &EntityId) -> Option<Seq>;
    /// Those that callers wait for.
    fn watched(&self) -> Vec<EntityId>;
    async fn heads(&self, ids: &[EntityId]) -> Result<Vec<Seq>, StoreError>;
}

#[async_trait]
impl<E: Entity> Kind for Directory<E> {
    fn name(&self) -> &'static str {
        E::KIND
    }

    fn moved(&self, id: &EntityId, moved: Moved, follow: Follow) {
        Directory::moved(self, id, moved, follow);
    }

    fn leave_a_gap(&self, id: &EntityId) {
        Directory::leave_a_gap(self, id);
    }

    async fn put_to_sleep(&self, id: &EntityId) {
        Directory::put_to_sleep(self, id).await;
    }

    fn known(&self, id: &EntityId) -> Option<Seq> {
        Directory::known(self, id)
    }

    fn watched(&self) -> Vec<EntityId> {
        Directory::watched(self)
    }

    async fn heads(&self, ids: &[EntityId]) -> Result<Vec<Seq>, StoreError> {
        self.journal().heads(ids).await
    }
}
