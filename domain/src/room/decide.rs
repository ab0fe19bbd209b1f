use std::collections::BTreeMap;

use super::command::{RoomAnswer, RoomCommand, RoomRefusal};
use super::event::RoomEvent;
use super::state::{Author, CLIENT_ID_LIFE, MAX_CLIENT_IDS, MAX_MEMBERS, MAX_TEXT_CHARS, Message, Opening, Room, Sent};
use crate::aggregate::Aggregate;
use crate::id::MessageId;
use crate::personal::Personal;
use crate::planted::{self, Bug};
use crate::time::Timestamp;

impl Aggregate for Room {
    const SNAPSHOT_VERSION: u32 = 1;
    type Command = RoomCommand;
    type Event = RoomEvent;
    type Refusal = RoomRefusal;
    type Answer = RoomAnswer;

    fn decide(&self, command: &RoomCommand, now: Timestamp) -> Result<Vec<RoomEvent>, RoomRefusal> {
        match command {
            RoomCommand::Open(opening) => self.decide_open(opening),
            RoomCommand::Post { id, author, text, client_id } => self.decide_post(*id, author, text, client_id, now),
        }
    }

    fn evolve(&mut self, event: &RoomEvent) {
        self.seq += 1;
        match event {
            RoomEvent::Opened { opening } => {
                self.members.clone_from(&opening.members);
                self.opening = Some(opening.clone());
            }
            RoomEvent::Joined { person } => self.members.push(person.clone()),
            RoomEvent::Message { message } => self.remember(message),
        }
    }

    fn answer(&self, command: &RoomCommand) -> RoomAnswer {
        match command {
            RoomCommand::Open(_) => RoomAnswer::Room(Box::new(self.clone())),
            RoomCommand::Post { id, author, client_id, .. } => match self.sent_with(&author.id, client_id) {
                Some(sent) if sent.id == *id => RoomAnswer::Posted { seq: sent.seq, at: sent.at },
                Some(sent) => RoomAnswer::PostedBefore { seq: sent.seq },
                None => RoomAnswer::PostedBefore { seq: self.seq },
            },
        }
    }
}

impl Room {
    fn decide_open(&self, opening: &Opening) -> Result<Vec<RoomEvent>, RoomRefusal> {
        if self.opening.is_none() {
            return Ok(vec![RoomEvent::Opened { opening: opening.clone() }]);
        }
        let newcomers: Vec<_> = opening.members.iter().filter(|member| !self.is_member(member)).collect();
        if self.members.len() + newcomers.len() > MAX_MEMBERS {
            return Err(RoomRefusal::TooManyMembers);
        }
        Ok(newcomers.into_iter().map(|person| RoomEvent::Joined { person: person.clone() }).collect())
    }

    fn decide_post(
        &self,
        id: MessageId,
        author: &Author,
        text: &str,
        client_id: &str,
        now: Timestamp,
    ) -> Result<Vec<RoomEvent>, RoomRefusal> {
        if self.opening.is_none() {
            return Err(RoomRefusal::NotFound);
        }
        if !self.may_write(&author.id) {
            return Err(RoomRefusal::NotAMember);
        }
        let sent_before = self.sent_with(&author.id, client_id);
        if sent_before.is_some_and(|sent| now.since(sent.at) < CLIENT_ID_LIFE) && !planted::is(Bug::ClientIdIgnored) {
            return Ok(vec![]);
        }
        if text.trim().is_empty() {
            return Err(RoomRefusal::TextEmpty);
        }
        if text.chars().count() > MAX_TEXT_CHARS {
            return Err(RoomRefusal::TextTooLong);
        }
        let message = Message {
            id,
            seq: self.seq + 1,
            author: Author { id: author.id.clone(), name: author.name.clone().belonging_to(&author.id) },
            text: Personal::from(text.to_owned()).belonging_to(&author.id),
            client_id: client_id.to_owned(),
            sent_at: now,
        };
        Ok(vec![RoomEvent::Message { message }])
    }

    fn remember(&mut self, message: &Message) {
        let sent = Sent { id: message.id, seq: message.seq, at: message.sent_at };
        let known = self.sent.entry(message.author.id.clone()).or_default().insert(message.client_id.clone(), sent);
        self.sent_count += usize::from(known.is_none());
        if self.sent_count > MAX_CLIENT_IDS {
            self.forget_older_half();
        }
    }

    /// Halving keeps the cost of forgetting small for each message.
    fn forget_older_half(&mut self) {
        let mut numbers: Vec<_> = self.sent.values().flat_map(BTreeMap::values).map(|sent| sent.seq).collect();
        numbers.sort_unstable();
        let middle = numbers[numbers.len() / 2];
        for by_author in self.sent.values_mut() {
            by_author.retain(|_, sent| sent.seq >= middle);
        }
        self.sent.retain(|_, by_author| !by_author.is_empty());
        self.sent_count = self.sent.values().map(BTreeMap::len).sum();
    }
}
