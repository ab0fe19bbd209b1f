//! What a client reads. Entries, states and signals come as whole frames already; the rest is written here.

use bytes::Bytes;
use serde_json::{Value, json};
use souk_actors::topics::topic::Topic;
use souk_domain::aggregate::Seq;

use crate::realtime::session::outcome::Outcome;

/// `{"id":2,"ok":{...}}` or `{"id":2,"error":{...}}`. The id is null where none could be read.
pub fn reply(id: Option<u64>, outcome: &Outcome) -> Bytes {
    let id = id.map_or(Value::Null, Value::from);
    match outcome {
        Outcome::Authenticated(person) => {
            json!({"id": id, "ok": {"id": person.id, "name": person.name}}).to_string().into()
        }
        Outcome::Log { seq, entries, .. } => log(&id, *seq, entries),
        Outcome::State { seq, state, .. } => started(&id, *seq, "state", |frame| frame.extend_from_slice(state)),
        Outcome::Posted(message) => json!({"id": id, "ok": message}).to_string().into(),
        Outcome::Done => json!({"id": id, "ok": {}}).to_string().into(),
        Outcome::Refused(refusal) => json!({"id": id, "error": refusal}).to_string().into(),
    }
}

/// An entry in an answer is the same object as the frame of a live one.
fn log(id: &Value, seq: Seq, entries: &[(Seq, Bytes)]) -> Bytes {
    started(id, seq, "entries", |frame| {
        frame.push(b'[');
        for (index, (_, entry)) in entries.iter().enumerate() {
            if index > 0 {
                frame.push(b',');
            }
            frame.extend_from_slice(entry);
        }
        frame.push(b']');
    })
}

fn started(id: &Value, seq: Seq, what: &str, write: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut frame = format!("{{\"id\":{id},\"ok\":{{\"seq\":{seq},\"{what}\":").into_bytes();
    write(&mut frame);
    frame.extend_from_slice(b"}}");
    frame.into()
}

/// `{"topic":"room:ID","resume_from":58}`: the last number that was sent, to be passed as `since`.
pub fn resume(topic: Topic, since: Seq) -> Bytes {
    json!({"topic": topic.to_string(), "resume_from": since}).to_string().into()
}

#[cfg(test)]
mod tests {
    use souk_domain::id::room_id;

    use super::*;
    use crate::realtime::session::follows::Follows;
    use crate::realtime::session::refusal::Refusal;

    fn json(frame: &Bytes) -> Value {
        serde_json::from_slice(frame).unwrap()
    }

    #[test]
    fn answers_have_the_forms_of_the_contract() {
        let topic = Topic::Room(room_id("product", "x"));
        let generation = Follows::new(1).begin(topic, None, std::sync::Arc::default());
        let entry = |seq: Seq| (seq, Bytes::from(json!({"topic": "t", "seq": seq, "event": {}}).to_string()));
        let log = Outcome::Log { topic, generation, seq: 9, entries: vec![entry(8), entry(9)] };
        let entries = json!([{"topic": "t", "seq": 8, "event": {}}, {"topic": "t", "seq": 9, "event": {}}]);
        assert_eq!(json(&reply(Some(2), &log)), json!({"id": 2, "ok": {"seq": 9, "entries": entries}}));
        let state = Outcome::State { topic, generation, seq: 3, state: Bytes::from_static(b"{\"a\":1}") };
        assert_eq!(json(&reply(Some(2), &state)), json!({"id": 2, "ok": {"seq": 3, "state": {"a": 1}}}));
        assert_eq!(json(&reply(Some(2), &Outcome::Done)), json!({"id": 2, "ok": {}}));
        let error = json(&reply(None, &Outcome::Refused(Refusal::since_ahead(7))));
        assert_eq!(
            (&error["id"], &error["error"]["code"], &error["error"]["head"]),
            (&Value::Null, &json!("since_ahead"), &json!(7))
        );
        assert_eq!(json(&resume(topic, 58)), json!({"topic": topic.to_string(), "resume_from": 58}));
    }
}
