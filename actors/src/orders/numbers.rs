//! Order numbers come from a counter in the store, taken in blocks: unique, never reused, gaps allowed.

use std::sync::Arc;

use souk_persistence::error::StoreError;
use souk_persistence::stores::OrderStore;
use tokio::sync::Mutex;

const BLOCK: u32 = 100;

pub struct OrderNumbers {
    store: Arc<dyn OrderStore>,
    free: Mutex<std::ops::Range<u64>>,
}

impl OrderNumbers {
    pub fn new(store: Arc<dyn OrderStore>) -> Self {
        Self { store, free: Mutex::new(0..0) }
    }

    pub async fn next(&self) -> Result<u64, StoreError> {
        let mut free = self.free.lock().await;
        if free.is_empty() {
            let first = self.store.take_order_numbers(BLOCK).await?;
            *free = first..first + u64::from(BLOCK);
        }
        free.next().ok_or_else(|| StoreError::Damaged("the counter of order numbers gave none".into()))
    }
}
