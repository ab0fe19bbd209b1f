//! What a client writes: `{"id":1,"op":"subscribe","topic":"room:ID","since":41}`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use souk_actors::topics::topic::Topic;
use souk_domain::aggregate::Seq;
use souk_domain::room::state::MAX_TEXT_CHARS;

use crate::extract::Text;
use crate::extract::json::parse;
use crate::problem::{Code, FieldError, Problem};
use crate::realtime::session::op::Op;
use crate::realtime::session::refusal::Refusal;

/// As over HTTP.
const MAX_CLIENT_ID_CHARS: usize = 100;

/// What is asked for, and the number that its answer carries, where that can be read.
#[derive(Debug, PartialEq)]
pub struct Request {
    pub id: Option<u64>,
    pub op: Result<Op, Refusal>,
}

/// What every request has. The rest depends on the operation.
#[derive(Deserialize)]
struct Head {
    id: Option<Box<RawValue>>,
    op: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Authenticate {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(rename = "op")]
    _op: IgnoredAny,
    token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subscribe {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(rename = "op")]
    _op: IgnoredAny,
    topic: String,
    since: Option<Seq>,
    key: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Publish {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(rename = "op")]
    _op: IgnoredAny,
    topic: String,
    client_id: Text<1, MAX_CLIENT_ID_CHARS>,
    data: PublishData,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishData {
    text: Text<1, MAX_TEXT_CHARS>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signal {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(rename = "op")]
    _op: IgnoredAny,
    topic: String,
    data: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unsubscribe {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(rename = "op")]
    _op: IgnoredAny,
    topic: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ping {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(rename = "op")]
    _op: IgnoredAny,
}

impl Request {
    pub fn read(text: &[u8]) -> Self {
        let head = match head(text) {
            Ok(head) => head,
            Err(problem) => return Self { id: None, op: Err(problem.into()) },
        };
        match id(&head) {
            Ok(id) => Self { id: Some(id), op: name(&head).and_then(|name| op(&name, text)) },
            Err(refusal) => Self { id: None, op: Err(refusal) },
        }
    }

    /// Only the number of a request that is not read any further.
    pub fn id_of(text: &[u8]) -> Option<u64> {
        head(text).ok().and_then(|head| id(&head).ok())
    }
}

fn head(text: &[u8]) -> Result<Head, Problem> {
    // Serde would take an array for a struct too.
    if text.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::new(Code::MalformedJson).detail("a message is a JSON object"));
    }
    parse(text)
}

fn id(head: &Head) -> Result<u64, Refusal> {
    let Some(id) = &head.id else { return Err(missing("/id", "every message has a number")) };
    serde_json::from_str(id.get()).map_err(|_| {
        let detail = "must be a whole number, not below 0".to_owned();
        Refusal::invalid(vec![FieldError { pointer: "/id".into(), code: "wrong_type", detail }])
    })
}

fn name(head: &Head) -> Result<String, Refusal> {
    let Some(op) = &head.op else { return Err(missing("/op", "says what is asked for")) };
    serde_json::from_str(op.get()).map_err(|_| {
        let detail = "must be a string".to_owned();
        Refusal::invalid(vec![FieldError { pointer: "/op".into(), code: "wrong_type", detail }])
    })
}

fn op(name: &str, text: &[u8]) -> Result<Op, Refusal> {
    match name {
        "authenticate" => authenticate(parse(text)?),
        "subscribe" => subscribe(parse(text)?),
        "publish" => publish(parse(text)?),
        "signal" => signal(parse(text)?),
        "unsubscribe" => unsubscribe(parse(text)?),
        "ping" => ping(parse(text)?),
        _ => Err(Code::UnknownOp.into()),
    }
}

fn authenticate(Authenticate { token, .. }: Authenticate) -> Result<Op, Refusal> {
    Ok(Op::Authenticate { token })
}

fn subscribe(Subscribe { topic: name, since, key, .. }: Subscribe) -> Result<Op, Refusal> {
    Ok(Op::Subscribe { topic: topic(&name)?, since, key })
}

fn publish(Publish { topic: name, client_id, data, .. }: Publish) -> Result<Op, Refusal> {
    Ok(Op::Publish { topic: topic(&name)?, client_id: client_id.0, text: data.text.0 })
}

fn signal(Signal { topic: name, data, .. }: Signal) -> Result<Op, Refusal> {
    Ok(Op::Signal { topic: topic(&name)?, data })
}

fn unsubscribe(Unsubscribe { topic: name, .. }: Unsubscribe) -> Result<Op, Refusal> {
    Ok(Op::Unsubscribe { topic: topic(&name)? })
}

#[expect(clippy::unnecessary_wraps, reason = "one of the operations above")]
fn ping(Ping { .. }: Ping) -> Result<Op, Refusal> {
    Ok(Op::Ping)
}

fn topic(name: &str) -> Result<Topic, Refusal> {
    name.parse().map_err(|error| Refusal::invalid(vec![FieldError::invalid("/topic", format!("{error}"))]))
}

fn missing(pointer: &str, detail: &str) -> Refusal {
    Refusal::invalid(vec![FieldError::missing(pointer, detail)])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Request {
        Request::read(text.as_bytes())
    }

    /// The code of a refusal, and of the field at fault.
    fn fault(text: &str) -> (Option<u64>, String) {
        let Request { id, op } = read(text);
        let refusal = serde_json::to_value(op.expect_err(text)).unwrap();
        let part = |pointer: &str| refusal.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned();
        (id, [part("/code"), part("/errors/0/code"), part("/errors/0/pointer")].join(" "))
    }

    #[test]
    fn every_operation_is_read() {
        let room = souk_domain::id::room_id("product", "x");
        let topic = Topic::Room(room);
        let ask = |rest: &str| read(&format!(r#"{{"id":7,{rest}}}"#)).op.unwrap();
        assert_eq!(ask(r#""op":"ping""#), Op::Ping);
        assert_eq!(ask(r#""op":"authenticate","token":"t""#), Op::Authenticate { token: "t".into() });
        assert_eq!(
            ask(&format!(r#""topic":"{topic}","op":"subscribe","since":41,"key":"k""#)),
            Op::Subscribe { topic, since: Some(41), key: Some("k".into()) }
        );
        assert_eq!(
            ask(r#""op":"subscribe","topic":"status""#),
            Op::Subscribe { topic: Topic::Status, since: None, key: None }
        );
        assert_eq!(
            ask(&format!(r#""op":"publish","topic":"{topic}","client_id":"c","data":{{"text":"hi"}}"#)),
            Op::Publish { topic, client_id: "c".into(), text: "hi".into() }
        );
        let data = json!({"typing": true}).as_object().cloned().unwrap();
        assert_eq!(
            ask(&format!(r#""op":"signal","topic":"{topic}","data":{{"typing":true}}"#)),
            Op::Signal { topic, data }
        );
        assert_eq!(ask(&format!(r#""op":"unsubscribe","topic":"{topic}""#)), Op::Unsubscribe { topic });
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for (text, expected) in [
            ("", (None, "malformed_json - -")),
            ("[1]", (None, "malformed_json - -")),
            (r#"{"id":1"#, (None, "malformed_json - -")),
            (r#"{"op":"ping"}"#, (None, "invalid_body missing /id")),
            (r#"{"id":-1,"op":"ping"}"#, (None, "invalid_body wrong_type /id")),
            (r#"{"id":1}"#, (Some(1), "invalid_body missing /op")),
            (r#"{"id":1,"op":5}"#, (Some(1), "invalid_body wrong_type /op")),
            (r#"{"id":1,"op":"explode"}"#, (Some(1), "unknown_op - -")),
            (r#"{"id":1,"op":"ping","loud":true}"#, (Some(1), "invalid_body unknown /loud")),
            (r#"{"id":1,"op":"subscribe"}"#, (Some(1), "invalid_body missing /topic")),
            (r#"{"id":1,"op":"subscribe","topic":"room:x"}"#, (Some(1), "invalid_body invalid /topic")),
            (r#"{"id":1,"op":"subscribe","topic":"status","since":-1}"#, (Some(1), "invalid_body out_of_range /since")),
            (r#"{"id":1,"op":"subscribe","topic":"status","since":"1"}"#, (Some(1), "invalid_body wrong_type /since")),
            (
                r#"{"id":1,"op":"publish","topic":"status","client_id":"c","data":{"text":"x","html":"y"}}"#,
                (Some(1), "invalid_body unknown /data/html"),
            ),
            (
                r#"{"id":1,"op":"publish","topic":"status","client_id":"","data":{"text":"x"}}"#,
                (Some(1), "invalid_body out_of_range /client_id"),
            ),
        ] {
            let (id, code) = fault(text);
            assert_eq!((id, code.as_str()), expected, "{text}");
        }
    }

    #[test]
    fn deep_json_is_refused() {
        let deep = format!(
            r#"{{"id":1,"op":"signal","topic":"status","data":{}1{}}}"#,
            r#"{"a":"#.repeat(5_000),
            "}".repeat(5_000)
        );
        assert_eq!(fault(&deep), (Some(1), "malformed_json - -".to_owned()));
    }
}
