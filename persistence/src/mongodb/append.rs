//! Writes a batch of commits and answers each.

use std::collections::HashMap;
use std::time::Duration;

use futures::future::join_all;
use mongodb::bson::doc;
use tokio::time::{Instant, sleep, timeout_at};

use super::commands::Reply;
use super::documents::commit_id;
use super::errors::{Fault, code};
use super::queue::Append;
use super::store::{COMMITS, Shared};
use crate::error::{AppendError, StoreError};

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// A commit that is still to be written.
struct Open {
    append: Append,
    /// An attempt of ours may have been, or may yet be, carried out.
    unsure: bool,
}

impl Shared {
    /// Writes until each commit has an outcome or time is up. A commit that may have been written is sent again as it
    /// is: the index lets it in once, and its id says whether it was ours.
    pub(super) async fn write(&self, batch: Vec<Append>) {
        let deadline = Instant::now() + self.commands.timeout;
        let mut open = self.with_known_predecessors(batch, deadline).await;
        let mut pause = FIRST_PAUSE;
        while !open.is_empty() {
            let documents = open.iter().map(|open| open.append.commit.document.clone()).collect();
            let sent = timeout_at(deadline, self.commands.insert(COMMITS, documents)).await;
            let reason = match sent.unwrap_or_else(|_| Err(Fault::Unknown("MongoDB did not answer in time".to_owned())))
            {
                Ok(reply) => {
                    let concern = reply.concern.clone();
                    open = self.settle(open, reply).await;
                    concern.unwrap_or_else(|| "another writer's commit is not acknowledged yet".to_owned())
                }
                Err(Fault::NotDone(reason)) => reason,
                Err(Fault::Unknown(reason)) => {
                    open.iter_mut().for_each(|open| open.unsure = true);
                    reason
                }
            };
            if open.is_empty() {
                break;
            }
            if Instant::now() + pause >= deadline {
                give_up(open, &reason);
                break;
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Answers those whose predecessor is not there.
    async fn with_known_predecessors(&self, batch: Vec<Append>, deadline: Instant) -> Vec<Open> {
        let checked = batch.into_iter().map(async |append| {
            let refusal = self.refusal(&append.commit.entity, append.commit.predecessor);
            let refusal = timeout_at(deadline, refusal).await;
            match refusal.unwrap_or_else(|_| Err(StoreError::Unavailable("MongoDB did not answer in time".to_owned())))
            {
                Ok(None) => return Some(Open { append, unsure: false }),
                Ok(Some(head)) => answer(append, Err(AppendError::Conflict { head })),
                Err(error) => answer(append, Err(AppendError::NotDone(error.to_string()))),
            }
            None
        });
        join_all(checked).await.into_iter().flatten().collect()
    }

    /// Answers what the server has decided, and returns what is to be sent again.
    async fn settle(&self, open: Vec<Open>, reply: Reply) -> Vec<Open> {
        let Reply { errors, concern } = reply;
        let errors: HashMap<usize, (i32, String)> =
            errors.into_iter().map(|error| (error.index, (error.code, error.message))).collect();
        let settled = open.into_iter().enumerate().map(async |(index, mut open)| match errors.get(&index) {
            // Also of a duplicate: without a majority, the other one may vanish with its server.
            None | Some((code::DUPLICATE_KEY, _)) if concern.is_some() => {
                open.unsure = true;
                Some(open)
            }
            None => {
                self.written(open.append).await;
                None
            }
            Some((code::DUPLICATE_KEY, _)) => self.settle_duplicate(open).await,
            Some((code, message)) => {
                let reason = format!("{message} ({code})");
                let error = if open.unsure { AppendError::Unknown(reason) } else { AppendError::NotDone(reason) };
                answer(open.append, Err(error));
                None
            }
        });
        join_all(settled).await.into_iter().flatten().collect()
    }

    /// The number is taken: by an attempt of ours, or by another writer.
    async fn settle_duplicate(&self, open: Open) -> Option<Open> {
        let commit = &open.append.commit;
        if open.unsure {
            let place = doc! { "entity": commit.entity.as_str(), "first": commit.predecessor.cast_signed() + 1 };
            let commits = self.collection(COMMITS);
            match self.commands.read(async { commits.find_one(place).await }).await {
                Ok(Some(found)) if commit_id(&found) == uuid::Uuid::parse_str(&commit.id).ok() => {
                    self.written(open.append).await;
                    return None;
                }
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => return Some(open),
            }
        }
        match self.newest_head(&commit.entity).await {
            Ok(head) if head > commit.predecessor => {
                answer(open.append, Err(AppendError::Conflict { head }));
                None
            }
            Ok(_) => Some(open),
            Err(error) => {
                answer(open.append, Err(AppendError::NotDone(error.to_string())));
                None
            }
        }
    }

    async fn written(&self, append: Append) {
        let Append { commit, answer } = append;
        self.heads.learn(&commit.entity, commit.last);
        self.follower.send(commit.follow).await;
        // An error: nobody waits any more.
        let _ = answer.send(Ok(()));
    }
}

fn give_up(open: Vec<Open>, reason: &str) {
    tracing::warn!(store = "mongodb", reason, commits = open.len(), "could not write");
    for Open { append, unsure } in open {
        let reason = reason.to_owned();
        answer(append, Err(if unsure { AppendError::Unknown(reason) } else { AppendError::NotDone(reason) }));
    }
}

fn answer(append: Append, outcome: Result<(), AppendError>) {
    // An error: nobody waits any more.
    let _ = append.answer.send(outcome);
}
