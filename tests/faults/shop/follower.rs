//! One who listens to a room all the time, and comes back where it stood when its session ends.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::super::support::live::Live;

/// Longer than any test.
const ALWAYS: Duration = Duration::from_secs(3_600);
const AGAIN: Duration = Duration::from_millis(100);

pub struct Follower {
    /// Number and text, as they came.
    seen: watch::Receiver<Vec<(u64, String)>>,
    task: JoinHandle<()>,
}

impl Follower {
    pub fn start(base: &str, room: &str, token: &str) -> Self {
        let (tell, seen) = watch::channel(Vec::new());
        let (base, topic, token) = (base.to_owned(), format!("room:{room}"), token.to_owned());
        Self { seen, task: tokio::spawn(follow(base, topic, token, tell)) }
    }

    /// What it saw, once it has come to this number.
    pub async fn seen_to(mut self, seq: u64, within: Duration) -> Vec<(u64, String)> {
        let came = self.seen.wait_for(|seen| seen.last().is_some_and(|(last, _)| *last >= seq));
        let came = tokio::time::timeout(within, came).await.map(|seen| seen.expect("the follower goes on").clone());
        came.unwrap_or_else(|_| panic!("event {seq} does not come; the last was {:?}", self.seen.borrow().last()))
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn follow(base: String, topic: String, token: String, tell: watch::Sender<Vec<(u64, String)>>) {
    let mut last = 0;
    loop {
        let mut live = Live::connect(&base).await;
        live.authenticate(&token).await;
        let asked = live.ask_unless_lost(json!({"op": "subscribe", "topic": topic, "since": last})).await;
        if let Some(entries) = asked.as_ref().and_then(|reply| reply["ok"]["entries"].as_array()) {
            entries.iter().for_each(|entry| take(&mut last, entry, &tell));
            // Ends with the session.
            while let Ok(frame) = live.receive(ALWAYS).await {
                if frame.get("resume_from").is_some() {
                    break;
                }
                if frame["topic"] == topic && frame.get("event").is_some() {
                    take(&mut last, &frame, &tell);
                }
            }
        }
        tokio::time::sleep(AGAIN).await;
    }
}

fn take(last: &mut u64, entry: &Value, tell: &watch::Sender<Vec<(u64, String)>>) {
    let seq = entry["seq"].as_u64().unwrap_or_else(|| panic!("no number: {entry}"));
    assert_eq!(seq, *last + 1, "after {last} came {entry}");
    *last = seq;
    let text = entry["event"]["message"]["text"].as_str().unwrap_or_default().to_owned();
    tell.send_modify(|seen| seen.push((seq, text)));
}
