//! The outbox as a whole: started with the marketplace, and asked by staff.

use std::sync::Arc;

use arc_swap::ArcSwap;
use souk_domain::id::{DeliveryId, EndpointId};
use souk_integrations::mail::MailSender;
use souk_persistence::outbox::{Backlog, Consumer, Delivery, OutboxStore};
use tokio::sync::{Notify, broadcast};
use tokio::task::JoinHandle;

use super::dispatcher::Dispatcher;
use super::endpoints::{EndpointError, Endpoints};
use super::keeper::Keeper;
use super::lines::Lines;
use super::relay::{Mails, Relay};
use super::settings::{OutboxParts, OutboxSettings};
use super::teller::Teller;
use crate::runtime::tenure::Tenure;
use crate::runtime::world::{Chance, Clock};

pub struct Outbox {
    pub endpoints: Endpoints,
    store: Arc<dyn OutboxStore>,
    mail: Option<Arc<dyn MailSender>>,
    settings: OutboxSettings,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    committed: Arc<Notify>,
    news: broadcast::Sender<()>,
    backlog: Arc<ArcSwap<Backlog>>,
}

impl Outbox {
    /// `committed` wakes the relay.
    pub fn new(parts: OutboxParts, committed: Arc<Notify>, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        let OutboxParts { store, mail, webhooks, settings } = parts;
        let endpoints = Endpoints {
            store: Arc::clone(&store),
            sender: webhooks,
            changed: Arc::new(Notify::new()),
            most: settings.max_endpoints,
            rotation: settings.rotation,
            clock: Arc::clone(&clock),
            chance: Arc::clone(&chance),
        };
        let (news, backlog) = (broadcast::Sender::new(1), Arc::new(ArcSwap::from_pointee(Backlog::default())));
        Self { endpoints, store, mail, settings, clock, chance, committed, news, backlog }
    }

    /// Its tasks, to be aborted: whatever they are at is done again at the next start.
    pub(crate) fn start(&self, tenure: &Tenure) -> Vec<JoinHandle<()>> {
        let relay = Relay {
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            mails: if self.mail.is_some() { Mails::Sent } else { Mails::Off },
            batch: self.settings.relay_batch,
            committed: Arc::clone(&self.committed),
            news: self.news.clone(),
            tenure: tenure.clone(),
        };
        let lines = Lines {
            store: Arc::clone(&self.store),
            sender: Arc::clone(&self.endpoints.sender),
            endpoints: self.endpoints.clone(),
            pace: self.settings.webhooks.clone(),
            clock: Arc::clone(&self.clock),
            chance: Arc::clone(&self.chance),
            news: self.news.clone(),
            tenure: tenure.clone(),
        };
        let keeper = Keeper {
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            settings: self.settings.clone(),
            backlog: Arc::clone(&self.backlog),
            tenure: tenure.clone(),
        };
        let mails = self.mail.iter().map(|sender| tokio::spawn(self.mails(Arc::clone(sender), tenure).run()));
        let mut tasks: Vec<JoinHandle<()>> = mails.collect();
        tasks.extend([tokio::spawn(relay.run()), tokio::spawn(lines.run()), tokio::spawn(keeper.run())]);
        tasks
    }

    fn mails(&self, sender: Arc<dyn MailSender>, tenure: &Tenure) -> Dispatcher {
        Dispatcher {
            consumer: Consumer::Mail,
            teller: Teller::Mail(sender),
            store: Arc::clone(&self.store),
            endpoints: self.endpoints.clone(),
            pace: self.settings.mail.clone(),
            clock: Arc::clone(&self.clock),
            chance: Arc::clone(&self.chance),
            news: self.news.subscribe(),
            tenure: tenure.clone(),
        }
    }

    /// As it was counted a moment ago.
    pub fn backlog(&self) -> Backlog {
        **self.backlog.load()
    }

    /// The deliveries to an endpoint, the newest first, and where the next page begins.
    ///
    /// # Errors
    /// When there is no such endpoint.
    pub async fn deliveries(
        &self,
        endpoint: EndpointId,
        before: Option<i64>,
        limit: usize,
    ) -> Result<(Vec<Delivery>, Option<i64>), EndpointError> {
        self.endpoints.get(endpoint).await?;
        let deliveries = self.store.log(endpoint, before, limit).await?;
        let next = deliveries.last().filter(|_| deliveries.len() == limit).map(|delivery| delivery.position);
        Ok((deliveries, next))
    }

    /// Sends a delivery again, under the same name, with all its attempts before it.
    ///
    /// # Errors
    /// When there is no such one.
    pub async fn resend(&self, id: DeliveryId) -> Result<Delivery, EndpointError> {
        let delivery = self.store.resend(id, self.clock.now()).await?.ok_or(EndpointError::NotFound)?;
        // An error: nobody sends at the moment.
        let _ = self.news.send(());
        Ok(delivery)
    }
}
