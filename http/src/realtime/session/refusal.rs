//! Why something that a client asked for was not done: the problems of the edge, without what is
//! about an HTTP request.

use serde::Serialize;
use serde_json::{Map, Value};
use souk_actors::topics::start::TopicError;
use souk_domain::aggregate::Seq;

use crate::problem::{Code, FieldError, Problem};

/// `{"code","title"}`, and what the code has to say beside them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Refusal(Map<String, Value>);

impl Refusal {
    pub fn since_ahead(head: Seq) -> Self {
        let Self(mut members) = Self::from(Code::SinceAhead);
        members.insert("head".to_owned(), head.into());
        Self(members)
    }

    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Problem::invalid_body(errors).into()
    }

    pub fn code(&self) -> &str {
        self.0.get("code").and_then(Value::as_str).unwrap_or_default()
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Problem::new(code).into()
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        let mut body: Map<String, Value> = serde_json::from_slice(&problem.body("")).unwrap_or_default();
        body.retain(|name, _| !matches!(name.as_str(), "type" | "status" | "instance" | "request_id"));
        Self(body)
    }
}

impl From<TopicError> for Refusal {
    fn from(error: TopicError) -> Self {
        match error {
            TopicError::NotFound => Problem::not_found().into(),
            TopicError::SinceAhead { head } => Self::since_ahead(head),
            TopicError::Unavailable(cause) => Problem::from(cause).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_problem_keeps_what_is_not_about_a_request() {
        let refusal = Refusal::invalid(vec![FieldError::missing("/topic", "must be there")]);
        let errors = json!([{"pointer": "/topic", "code": "missing", "detail": "must be there"}]);
        assert_eq!(refusal.code(), "invalid_body");
        assert_eq!(refusal.0["errors"], errors);
        assert_eq!(refusal.0.keys().collect::<Vec<_>>(), ["code", "errors", "title"]);
    }

    #[test]
    fn a_number_from_the_future_is_told_where_the_topic_stands() {
        let Refusal(members) = Refusal::since_ahead(7);
        assert_eq!((&members["code"], &members["head"]), (&json!("since_ahead"), &json!(7)));
    }
}
