//! The keys that are in use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::Value;
use uuid::Uuid;

use super::key::PersonKey;
use super::walk;
use crate::journal::{Commit, EntityId, Snapshot};

const MOST_KEYS: u64 = 100_000;

/// How long a key is used before it is looked up again, where other nodes may erase its person.
const SHARED_FOR: Duration = Duration::from_secs(60);

/// Keys by their id, and for each person one that new values are sealed with.
pub(crate) struct Keyring {
    by_id: Cache<Uuid, Arc<PersonKey>>,
    by_person: Cache<String, Arc<PersonKey>>,
}

/// A commit as it is kept, with the keys that have to be written with it.
pub(crate) struct Sealed {
    pub commit: Commit,
    pub new_keys: Vec<Arc<PersonKey>>,
}

impl Default for Keyring {
    fn default() -> Self {
        Self { by_id: Cache::new(MOST_KEYS), by_person: Cache::new(MOST_KEYS) }
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").finish_non_exhaustive()
    }
}

impl Keyring {
    /// For a store that other nodes use too: what one of them erased is forgotten here within a minute.
    pub fn shared() -> Self {
        Self {
            by_id: Cache::builder().max_capacity(MOST_KEYS).time_to_live(SHARED_FOR).build(),
            by_person: Cache::builder().max_capacity(MOST_KEYS).time_to_live(SHARED_FOR).build(),
        }
    }

    /// Seals the personal values of a commit. A person who has no key in use gets a new one, which is
    /// in use once the commit is written: see [`Keyring::written`].
    ///
    /// # Errors
    /// What cannot be sealed.
    pub fn seal(&self, commit: Commit) -> Result<Sealed, String> {
        let mut new_keys = BTreeMap::new();
        let entity = commit.entity.clone();
        let mut seal = |text: String| self.seal_text(text, &entity, &mut new_keys);
        let events = commit.events.into_iter().map(&mut seal).collect::<Result<_, _>>()?;
        let snapshot = match commit.snapshot {
            Some(Snapshot { version, state }) => Some(Snapshot { version, state: seal(state)? }),
            None => None,
        };
        Ok(Sealed { commit: Commit { events, snapshot, ..commit }, new_keys: new_keys.into_values().collect() })
    }

    fn seal_text(
        &self,
        text: String,
        entity: &EntityId,
        new_keys: &mut BTreeMap<String, Arc<PersonKey>>,
    ) -> Result<String, String> {
        if !walk::may_have_personal(&text) {
            return Ok(text);
        }
        // What is no JSON is refused with a better word where it is written.
        let Ok(mut value) = serde_json::from_str::<Value>(&text) else { return Ok(text) };
        walk::seal(&mut value, &mut |person, personal| {
            let key = match self.by_person.get(person).or_else(|| new_keys.get(person).cloned()) {
                Some(key) => key,
                None => {
                    let key = Arc::new(PersonKey::random(person)?);
                    new_keys.insert(person.to_owned(), Arc::clone(&key));
                    key
                }
            };
            Ok((key.seal(personal, entity.as_str())?, key.id.simple().to_string()))
        })?;
        Ok(value.to_string())
    }

    /// The keys are durable now: what belongs to their persons is sealed with them from here on.
    pub fn written(&self, keys: Vec<Arc<PersonKey>>) {
        for key in keys {
            self.by_id.insert(key.id, Arc::clone(&key));
            self.by_person.insert(key.person.clone(), key);
        }
    }

    /// Keys that were read from the store.
    pub fn learned(&self, keys: impl IntoIterator<Item = PersonKey>) {
        for key in keys {
            self.by_id.insert(key.id, Arc::new(key));
        }
    }

    /// The keys of a person are gone from the store.
    pub fn forget(&self, person: &str) {
        self.by_person.invalidate(person);
        let theirs: Vec<Uuid> = self.by_id.iter().filter(|(_, key)| key.person == person).map(|(id, _)| *id).collect();
        theirs.iter().for_each(|id| self.by_id.invalidate(id));
    }

    /// The keys that these texts need and that are not at hand.
    pub fn missing<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<Uuid> {
        let mut found = Vec::new();
        for text in texts.filter(|text| walk::may_have_sealed(text)) {
            if let Ok(mut value) = serde_json::from_str::<Value>(text) {
                walk::keys(&mut value, &mut found);
            }
        }
        let ids: BTreeSet<Uuid> = found.iter().filter_map(|id| Uuid::try_parse(id).ok()).collect();
        ids.into_iter().filter(|id| !self.by_id.contains_key(id)).collect()
    }

    /// Opens what can be opened; the rest is erased.
    pub fn open(&self, text: &mut String, entity: &EntityId) {
        if !walk::may_have_sealed(text) {
            return;
        }
        let Ok(mut value) = serde_json::from_str::<Value>(text) else { return };
        walk::open(&mut value, &mut |sealed, key| {
            let key = self.by_id.get(&Uuid::try_parse(key).ok()?)?;
            let personal = serde_json::from_str(&key.open(sealed, entity.as_str())?).ok()?;
            Some((personal, key.person.clone()))
        });
        *text = value.to_string();
    }
}
