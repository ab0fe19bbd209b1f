//! One dispatcher for each endpoint that is enabled, so that a slow or dead one holds up nobody else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use souk_domain::id::EndpointId;
use souk_integrations::webhooks::WebhookSender;
use souk_persistence::outbox::{Consumer, EndpointRecord, OutboxStore};
use tokio::sync::{broadcast, watch};
use tokio::task::{AbortHandle, JoinSet};

use super::dispatcher::Dispatcher;
use super::endpoints::Endpoints;
use super::settings::Pace;
use super::teller::Teller;
use crate::runtime::tenure::Tenure;
use crate::runtime::world::{Chance, Clock};

/// Looks without a notice that often.
const WITHOUT_NOTICE: Duration = Duration::from_secs(5);

pub(super) struct Lines {
    pub store: Arc<dyn OutboxStore>,
    pub sender: Arc<dyn WebhookSender>,
    pub endpoints: Endpoints,
    pub pace: Pace,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub news: broadcast::Sender<()>,
    pub tenure: Tenure,
}

struct Line {
    endpoint: watch::Sender<EndpointRecord>,
    task: AbortHandle,
}

impl Lines {
    /// Runs until it is aborted; its dispatchers end with it.
    pub(super) async fn run(self) {
        let mut tasks = JoinSet::new();
        let mut lines: BTreeMap<EndpointId, Line> = BTreeMap::new();
        loop {
            match self.store.endpoints().await {
                Ok(records) => self.follow(records, &mut lines, &mut tasks),
                Err(error) => tracing::warn!(%error, "the endpoints could not be read, trying again"),
            }
            // The ended ones leave the set.
            while tasks.try_join_next().is_some() {}
            let _ = tokio::time::timeout(WITHOUT_NOTICE, self.endpoints.changed.notified()).await;
        }
    }

    fn follow(&self, records: Vec<EndpointRecord>, lines: &mut BTreeMap<EndpointId, Line>, tasks: &mut JoinSet<()>) {
        let enabled: BTreeMap<EndpointId, EndpointRecord> = records
            .into_iter()
            .filter(|record| record.disabled_because.is_none())
            .map(|record| (record.id, record))
            .collect();
        lines.retain(|id, line| {
            let stays = enabled.contains_key(id) && !line.task.is_finished();
            if !stays {
                line.task.abort();
            }
            stays
        });
        for (id, record) in enabled {
            match lines.get(&id) {
                Some(line) => drop(line.endpoint.send_replace(record)),
                None => drop(lines.insert(id, self.line(record, tasks))),
            }
        }
    }

    fn line(&self, record: EndpointRecord, tasks: &mut JoinSet<()>) -> Line {
        let consumer = Consumer::Webhook(record.id);
        let (endpoint, current) = watch::channel(record);
        let dispatcher = Dispatcher {
            consumer,
            teller: Teller::Webhook { sender: Arc::clone(&self.sender), endpoint: current },
            store: Arc::clone(&self.store),
            endpoints: self.endpoints.clone(),
            pace: self.pace.clone(),
            clock: Arc::clone(&self.clock),
            chance: Arc::clone(&self.chance),
            news: self.news.subscribe(),
            tenure: self.tenure.clone(),
        };
        Line { endpoint, task: tasks.spawn(dispatcher.run()) }
    }
}
