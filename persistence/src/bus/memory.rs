//! Nodes of one process: for tests and the simulation. Whatever is published is heard at once, in order, unless the
//! bus was cut.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::listener::{Listener, Speaker, listener};
use super::port::{Bus, Notice};

/// What the nodes of a [`MemoryHub`] are joined by.
#[derive(Debug, Clone, Default)]
pub struct MemoryHub {
    hub: Arc<Mutex<Hub>>,
}

#[derive(Debug, Default)]
struct Hub {
    nodes: BTreeMap<u64, Node>,
    next: u64,
    cut: bool,
}

#[derive(Debug)]
struct Node {
    speaker: Speaker,
    channels: BTreeSet<Arc<str>>,
}

/// A node's end of a [`MemoryHub`].
#[derive(Debug)]
pub struct MemoryBus {
    hub: MemoryHub,
    node: u64,
}

impl MemoryHub {
    /// Another node.
    pub fn node(&self) -> (MemoryBus, Listener) {
        let (speaker, listener) = listener();
        let mut hub = self.lock();
        if hub.cut {
            speaker.lost()
        } else {
            speaker.gap()
        }
        let node = hub.next;
        hub.next += 1;
        hub.nodes.insert(node, Node { speaker, channels: BTreeSet::new() });
        (MemoryBus { hub: self.clone(), node }, listener)
    }

    /// From here on nobody hears anything.
    pub fn cut(&self) {
        let mut hub = self.lock();
        hub.cut = true;
        hub.nodes.values().for_each(|node| node.speaker.lost());
    }

    /// What is published from here on is heard again.
    pub fn mend(&self) {
        let mut hub = self.lock();
        hub.cut = false;
        hub.nodes.values().for_each(|node| node.speaker.gap());
    }

    /// A hub is never half changed, so a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, Hub> {
        self.hub.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Bus for MemoryBus {
    fn publish(&self, notices: Vec<Notice>) {
        let hub = self.hub.lock();
        if hub.cut {
            return;
        }
        for notice in notices {
            let others =
                hub.nodes.iter().filter(|(id, node)| **id != self.node && node.channels.contains(&notice.channel));
            others.for_each(|(_, node)| node.speaker.notice(notice.clone()));
        }
    }

    async fn join(&self, channels: Vec<Arc<str>>) {
        if let Some(node) = self.hub.lock().nodes.get_mut(&self.node) {
            node.channels.extend(channels);
        }
    }

    async fn leave(&self, channels: Vec<Arc<str>>) {
        if let Some(node) = self.hub.lock().nodes.get_mut(&self.node) {
            channels.iter().for_each(|channel| {
                node.channels.remove(channel);
            });
        }
    }

    async fn close(&self) {
        if let Some(node) = self.hub.lock().nodes.remove(&self.node) {
            node.speaker.close();
        }
    }
}

impl Drop for MemoryBus {
    fn drop(&mut self) {
        if let Some(node) = self.hub.lock().nodes.remove(&self.node) {
            node.speaker.close();
        }
    }
}
