//! Tells whoever listens that an intent changed.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::broadcast;

use super::super::port::IntentChanged;

/// How many announcements a listener may lag behind, and how many wait for the first one.
const CAPACITY: usize = 4_096;

pub(super) struct Webhook {
    listeners: broadcast::Sender<IntentChanged>,
    /// What was announced while nobody listened: after a start, captures may come before the listener does.
    unheard: Mutex<VecDeque<IntentChanged>>,
}

impl Webhook {
    pub fn new() -> Self {
        Self { listeners: broadcast::Sender::new(CAPACITY), unheard: Mutex::default() }
    }

    pub fn announce(&self, changes: Vec<IntentChanged>) {
        let mut unheard = self.unheard.lock().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            if let Err(broadcast::error::SendError(change)) = self.listeners.send(change) {
                if unheard.len() == CAPACITY {
                    unheard.pop_front();
                }
                unheard.push_back(change);
            }
        }
    }

    pub fn subscribe(&self) -> broadcast::Receiver<IntentChanged> {
        let mut unheard = self.unheard.lock().unwrap_or_else(PoisonError::into_inner);
        let listener = self.listeners.subscribe();
        for change in unheard.drain(..) {
            // There is a listener, so it can't fail.
            let _ = self.listeners.send(change);
        }
        listener
    }
}
