use proptest::prelude::*;
use uuid::Uuid;

use super::command::{RoomAnswer, RoomCommand, RoomRefusal};
use super::event::RoomEvent;
use super::state::{Author, CLIENT_ID_LIFE, Opening, Room, RoomKind};
use crate::aggregate::{Aggregate, handle};
use crate::id::{MessageId, room_id};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_000);

fn room(kind: RoomKind, members: &[&str]) -> Room {
    let mut room = Room::default();
    let id = room_id(kind.as_str(), "subject");
    let members = members.iter().map(|&member| member.to_owned()).collect();
    let opening = Opening { id, kind, subject_id: Some("subject".into()), members };
    handle(&mut room, &RoomCommand::Open(opening), NOW).unwrap();
    room
}

fn post(author: &str, client_id: &str, text: &str) -> RoomCommand {
    RoomCommand::Post {
        id: MessageId::from_uuid(Uuid::from_u128(3)),
        author: Author { id: author.into(), name: author.to_owned().into() },
        text: text.into(),
        client_id: client_id.into(),
    }
}

fn number(room: &Room, command: &RoomCommand) -> u64 {
    match room.answer(command) {
        RoomAnswer::Posted { seq, .. } | RoomAnswer::PostedBefore { seq } => seq,
        RoomAnswer::Room(_) => panic!("a post is answered with its number"),
    }
}

#[test]
fn a_client_id_is_one_message_for_a_day() {
    let mut room = room(RoomKind::Product, &[]);
    let (first, second) = (post("ada", "c1", "hello"), post("bob", "c1", "hi"));
    handle(&mut room, &first, NOW).unwrap();
    handle(&mut room, &second, NOW).unwrap();
    assert_eq!(handle(&mut room, &first, NOW).unwrap(), vec![]);
    assert_eq!((number(&room, &first), number(&room, &second)), (2, 3));
    assert_eq!(handle(&mut room, &first, NOW.plus(CLIENT_ID_LIFE)).unwrap().len(), 1);
}

#[test]
fn only_members_write_where_a_room_is_not_public() {
    let mut order = room(RoomKind::Order, &["ada"]);
    assert_eq!(handle(&mut order, &post("eve", "c", "hi"), NOW), Err(RoomRefusal::NotAMember));
    assert!(order.may_read(Some("ada")) && !order.may_read(Some("eve")) && !order.may_read(None));
    handle(&mut order, &post("ada", "c", "hi"), NOW).unwrap();
    let product = room(RoomKind::Product, &[]);
    assert!(product.may_read(None) && product.may_write("anyone"));
}

#[test]
fn empty_and_endless_texts_are_refused() {
    let mut room = room(RoomKind::Product, &[]);
    assert_eq!(handle(&mut room, &post("ada", "c", " \n"), NOW), Err(RoomRefusal::TextEmpty));
    assert_eq!(handle(&mut room, &post("ada", "c", &"x".repeat(4_001)), NOW), Err(RoomRefusal::TextTooLong));
}

#[test]
fn a_busy_room_forgets_the_oldest_client_ids_only() {
    let mut room = room(RoomKind::Product, &[]);
    for number in 0..=super::state::MAX_CLIENT_IDS {
        handle(&mut room, &post("ada", &number.to_string(), "x"), NOW).unwrap();
    }
    assert!(room.sent_count <= super::state::MAX_CLIENT_IDS);
    assert!(room.sent_with("ada", &super::state::MAX_CLIENT_IDS.to_string()).is_some());
    assert!(room.sent_with("ada", "0").is_none());
}

proptest! {
    #[test]
    fn numbers_have_no_gaps_and_no_message_comes_twice(posts in prop::collection::vec((0..3_u8, 0..10_u8), 1..80)) {
        let mut room = room(RoomKind::Product, &[]);
        let mut seen = std::collections::BTreeMap::new();
        let mut newest = room.seq;
        for (author, client) in posts {
            let command = post(&author.to_string(), &client.to_string(), "x");
            for event in handle(&mut room, &command, NOW).unwrap() {
                let RoomEvent::Message { message } = event else { continue };
                prop_assert_eq!(message.seq, newest + 1);
                newest = message.seq;
            }
            let seq = number(&room, &command);
            prop_assert_eq!(*seen.entry((author, client)).or_insert(seq), seq);
        }
        prop_assert_eq!(room.seq, newest);
    }
}
