//! How an account goes. Orders stay, for the books; whatever names its owner is erased by deleting the keys that it is
//! sealed with.

use std::collections::BTreeSet;

use souk_domain::id::AccountId;
use souk_domain::personal::Personal;
use souk_persistence::accounts::AccountRecord;
use souk_persistence::journal::EntityId;

use crate::accounts::AccountError;
use crate::marketplace::Marketplace;
use crate::runtime::error::Unavailable;

const PAGE: usize = 100;

impl Marketplace {
    /// # Errors
    /// `WrongPassword`; a store that cannot be asked, and then the same call again goes on.
    pub async fn delete_account(&self, id: AccountId, password: String) -> Result<(), AccountError> {
        let account = self.accounts.confirmed_by_password(id, password).await?;
        let (persons, entities) = self.what_names(&account).await?;
        // Twice: what is alive still knows the person and may seal again, under a new key, until it has slept.
        self.erase(&persons).await?;
        self.tell_erased(&persons, &entities);
        for entity in &entities {
            self.orders.directory.put_to_sleep(entity).await;
            self.carts.directory.put_to_sleep(entity).await;
        }
        self.erase(&persons).await?;
        self.tell_erased(&persons, &entities);
        self.accounts.delete(id).await
    }

    /// The persons that the account's data is sealed as (itself, and the guest or cart that it was when it placed an
    /// order), and the orders and the cart that know them.
    async fn what_names(&self, account: &AccountRecord) -> Result<(BTreeSet<String>, Vec<EntityId>), AccountError> {
        let owner = account.id.to_string();
        let (mut persons, mut entities) = (BTreeSet::from([owner.clone()]), Vec::new());
        let unavailable = |_| AccountError::Unavailable(Unavailable::Store);
        if let Some(cart) = account.cart_id {
            let entity = EntityId::new(cart);
            let of = self.carts.directory.read(&entity, |cart, _| cart.email.as_ref().and_then(of)).await;
            persons.extend(of.map_err(unavailable)?);
            entities.push(entity);
        }
        let mut before = None;
        loop {
            let (page, next) = self.orders_of(&owner, before, PAGE).await?;
            for order in page {
                let entity = EntityId::new(order.id);
                let seen = self.orders.directory.read(&entity, |order, _| {
                    let placement = order.placement.as_ref()?;
                    Some((of(&placement.email), placement.cart_id))
                });
                if let Some((person, cart)) = seen.await.map_err(unavailable)? {
                    persons.extend(person);
                    entities.push(EntityId::new(cart));
                }
                entities.push(entity);
            }
            before = next;
            if before.is_none() {
                return Ok((persons, entities));
            }
        }
    }

    /// Other nodes forget them, too.
    fn tell_erased(&self, persons: &BTreeSet<String>, entities: &[EntityId]) {
        if let Some(node) = &self.node {
            node.tell_erased(persons.iter().map(String::as_str).chain(entities.iter().map(EntityId::as_str)));
        }
    }

    async fn erase(&self, persons: &BTreeSet<String>) -> Result<(), AccountError> {
        for person in persons {
            self.orders.store.erase_person(person).await?;
            self.rooms.store.erase_person(person).await?;
            self.accounts.store.delete_guest(person).await?;
        }
        Ok(())
    }
}

fn of(value: &Personal<String>) -> Option<String> {
    match value {
        Personal::Known { of, .. } => of.clone(),
        Personal::Erased => None,
    }
}
