//! Where webhooks go: made, changed and removed by staff.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use souk_domain::id::EndpointId;
use souk_domain::order::notice::Notice;
use souk_domain::time::Timestamp;
use souk_integrations::webhooks::{Secret, WebhookSender};
use souk_persistence::error::StoreError;
use souk_persistence::outbox::{EndpointRecord, EndpointSecret, OutboxStore};
use tokio::sync::Notify;

use crate::runtime::error::Unavailable;
use crate::runtime::world::{Chance, Clock};

/// Secrets that sign at a time, the newest and those whose end is near.
const MOST_SECRETS: usize = 3;
/// How often a change is tried again when others change the same endpoint.
const TRIES: usize = 5;
pub const DISABLED_BY_STAFF: &str = "disabled by staff";

#[derive(Clone)]
pub struct Endpoints {
    pub(super) store: Arc<dyn OutboxStore>,
    pub(super) sender: Arc<dyn WebhookSender>,
    /// Told after every change.
    pub(super) changed: Arc<Notify>,
    pub(super) most: usize,
    pub(super) rotation: Duration,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) chance: Arc<dyn Chance>,
}

#[derive(Debug, Clone)]
pub struct NewEndpoint {
    pub url: String,
    pub description: String,
    /// Empty: all.
    pub events: Vec<String>,
}

/// What is none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct EndpointChange {
    pub url: Option<String>,
    pub description: Option<String>,
    pub events: Option<Vec<String>>,
    pub enabled: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointError {
    NotFound,
    /// Why nothing can be sent to the URL.
    InvalidUrl(String),
    /// There is no such event: its name.
    UnknownEvent(String),
    TooMany {
        most: usize,
    },
    Unavailable(Unavailable),
}

impl From<StoreError> for EndpointError {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "the outbox could not be asked");
        Self::Unavailable(Unavailable::Store)
    }
}

impl Endpoints {
    /// Returns it with its secret, which nobody is shown again.
    ///
    /// # Errors
    /// What is wrong with it, or that there are too many.
    pub async fn create(&self, new: NewEndpoint) -> Result<(EndpointRecord, String), EndpointError> {
        let NewEndpoint { url, description, events } = new;
        self.check(Some(&url), Some(&events))?;
        let (secret, now) = (self.secret(), self.clock.now());
        let record = EndpointRecord {
            id: EndpointId::from_uuid(self.chance.sortable()),
            version: 1,
            url,
            description,
            events,
            secrets: vec![EndpointSecret { secret: secret.clone(), ends_at: None }],
            disabled_because: None,
            created_at: now,
            changed_at: now,
        };
        if !self.store.insert_endpoint(record.clone(), self.most).await? {
            return Err(EndpointError::TooMany { most: self.most });
        }
        self.changed.notify_one();
        Ok((record, secret))
    }

    /// # Errors
    /// When the store cannot be asked.
    pub async fn list(&self) -> Result<Vec<EndpointRecord>, EndpointError> {
        Ok(self.store.endpoints().await?)
    }

    /// # Errors
    /// When there is no such one.
    pub async fn get(&self, id: EndpointId) -> Result<EndpointRecord, EndpointError> {
        self.store.endpoint(id).await?.ok_or(EndpointError::NotFound)
    }

    /// # Errors
    /// When there is no such one, or what is wrong with the change.
    pub async fn update(&self, id: EndpointId, change: EndpointChange) -> Result<EndpointRecord, EndpointError> {
        let EndpointChange { url, description, events, enabled } = change;
        self.check(url.as_deref(), events.as_deref())?;
        self.replace(id, |record, _| {
            record.url = url.clone().unwrap_or_else(|| record.url.clone());
            record.description = description.clone().unwrap_or_else(|| record.description.clone());
            record.events = events.clone().unwrap_or_else(|| record.events.clone());
            match enabled {
                Some(true) => record.disabled_because = None,
                Some(false) if record.disabled_because.is_none() => {
                    record.disabled_because = Some(DISABLED_BY_STAFF.to_owned());
                }
                Some(false) | None => {}
            }
        })
        .await
    }

    /// A new secret signs at once; the one before it signs beside it for a while, so that the receiver can change
    /// over. Returns the new one, which nobody is shown again.
    ///
    /// # Errors
    /// When there is no such endpoint.
    pub async fn rotate(&self, id: EndpointId) -> Result<(EndpointRecord, String), EndpointError> {
        let secret = self.secret();
        let record = self
            .replace(id, |record, now| {
                let ends_at = now.plus(self.rotation);
                record.secrets.retain(|secret| secret.ends_at.is_none_or(|end| now < end));
                for old in &mut record.secrets {
                    old.ends_at = Some(old.ends_at.unwrap_or(ends_at));
                }
                record.secrets.insert(0, EndpointSecret { secret: secret.clone(), ends_at: None });
                record.secrets.truncate(MOST_SECRETS);
            })
            .await?;
        Ok((record, secret))
    }

    /// # Errors
    /// When there is no such one.
    pub(super) async fn disable(&self, id: EndpointId, because: &str) -> Result<EndpointRecord, EndpointError> {
        self.replace(id, |record, _| record.disabled_because = Some(because.to_owned())).await
    }

    /// With its deliveries.
    ///
    /// # Errors
    /// When there is no such one.
    pub async fn remove(&self, id: EndpointId) -> Result<(), EndpointError> {
        let removed = self.store.remove_endpoint(id).await?;
        self.changed.notify_one();
        if removed { Ok(()) } else { Err(EndpointError::NotFound) }
    }

    async fn replace(
        &self,
        id: EndpointId,
        change: impl Fn(&mut EndpointRecord, Timestamp),
    ) -> Result<EndpointRecord, EndpointError> {
        for _ in 0..TRIES {
            let mut record = self.get(id).await?;
            let now = self.clock.now();
            change(&mut record, now);
            record.version += 1;
            record.changed_at = now;
            if self.store.replace_endpoint(record.clone()).await? {
                self.changed.notify_one();
                return Ok(record);
            }
        }
        Err(EndpointError::Unavailable(Unavailable::Busy))
    }

    fn check(&self, url: Option<&str>, events: Option<&[String]>) -> Result<(), EndpointError> {
        if let Some(url) = url {
            self.sender.check(url).map_err(EndpointError::InvalidUrl)?;
        }
        let unknown = events.unwrap_or_default().iter().find(|event| Notice::of_name(event).is_none());
        unknown.map_or(Ok(()), |event| Err(EndpointError::UnknownEvent(event.clone())))
    }

    /// A version 4 UUID has six bits that are not random; a digest of three spreads the rest over the key.
    fn secret(&self) -> String {
        let random = [self.chance.random(), self.chance.random(), self.chance.random()].map(uuid::Uuid::into_bytes);
        Secret::new(Sha256::digest(random.concat()).into()).to_string()
    }
}
