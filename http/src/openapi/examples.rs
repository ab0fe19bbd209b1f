//! An example of every body, made from its schema and the vocabulary, and of every problem, made from the
//! table of codes. Made and not written by hand, so that none can disagree with the schema it stands beside.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::vocabulary;
use crate::problem::answer::MEDIA_TYPE;
use crate::problem::code::Code;
use crate::problem::table::TABLE;

/// Deeper than any schema here nests; a schema that contains itself ends there.
const MOST_DEPTH: usize = 12;

/// Adds examples to all bodies. Returns the fields that none is known for.
pub fn add(document: &mut Value) -> Vec<String> {
    let components = document["components"]["schemas"].clone();
    let mut examples = Examples { components: &components, unknown: BTreeSet::new() };
    let mut codes = BTreeSet::new();
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (_, item) in paths {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            examples.add_to_contents(operation.pointer_mut("/requestBody/content"));
            let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { continue };
            for (status, response) in responses {
                if status.starts_with(['4', '5']) {
                    codes.extend(add_problems(response));
                } else {
                    examples.add_to_contents(response.get_mut("content"));
                }
            }
        }
    }
    for (_, item) in document["webhooks"].as_object_mut().into_iter().flatten() {
        examples.add_to_contents(item.pointer_mut("/post/requestBody/content"));
    }
    let unknown = examples.unknown.into_iter().collect();
    document["components"]["examples"] = codes.into_iter().map(|name| (name.to_owned(), problem(name))).collect();
    unknown
}

struct Examples<'a> {
    components: &'a Value,
    unknown: BTreeSet<String>,
}

impl Examples<'_> {
    fn add_to_contents(&mut self, contents: Option<&mut Value>) {
        for (media_type, content) in contents.and_then(Value::as_object_mut).into_iter().flatten() {
            if !media_type.ends_with("json") || content.get("example").is_some() {
                continue;
            }
            if let Some(schema) = content.get("schema").cloned() {
                content["example"] = self.of(&schema, "", "", 0);
            }
        }
    }

    /// `owner` is the name of the schema that the field is in, `name` the field's own.
    fn of(&mut self, schema: &Value, owner: &str, name: &str, depth: usize) -> Value {
        if let Some(example) = schema.get("example").or_else(|| schema.pointer("/examples/0")) {
            return example.clone();
        }
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = reference.rsplit('/').next().unwrap_or_default();
            let schema = self.components[target].clone();
            return if depth > MOST_DEPTH { Value::Null } else { self.of(&schema, target, name, depth + 1) };
        }
        if let Some(value) = schema.get("const").or_else(|| schema.pointer("/enum/0")) {
            return vocabulary::of(owner, name)
                .filter(|word| schema["enum"].as_array().is_some_and(|all| all.contains(word)))
                .unwrap_or_else(|| value.clone());
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            return parts.iter().map(|part| self.of(part, owner, name, depth)).fold(json!({}), merged);
        }
        let choices = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
        if let Some(choice) = choices.and_then(|all| all.iter().find(|choice| choice["type"] != "null")) {
            return self.of(choice, owner, name, depth);
        }
        self.of_type(schema, owner, name, depth)
    }

    fn of_type(&mut self, schema: &Value, owner: &str, name: &str, depth: usize) -> Value {
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").and_then(Value::as_str),
            kind => kind.as_str(),
        };
        match kind {
            Some("object") if schema["properties"].is_object() => {
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                let field = |(name, schema): (String, Value)| {
                    let value = self.of(&schema, owner, &name, depth + 1);
                    (name, value)
                };
                Value::Object(properties.into_iter().map(field).collect())
            }
            Some("array") => vocabulary::of(owner, name)
                .filter(|words| words.is_array() && schema["items"]["type"] == "string")
                .unwrap_or_else(|| Value::Array(vec![self.of(&schema["items"], owner, name, depth + 1)])),
            Some("boolean") => Value::Bool(true),
            Some("integer" | "number") => vocabulary::of(owner, name)
                .filter(Value::is_number)
                .or_else(|| schema.get("minimum").filter(|least| **least != 0).cloned())
                .unwrap_or_else(|| json!(1)),
            Some("string") if schema["format"] == "date-time" => json!("2026-03-01T12:00:00Z"),
            Some("object") => vocabulary::of(owner, name).filter(Value::is_object).unwrap_or_else(|| json!({})),
            _ => vocabulary::of(owner, name).filter(Value::is_string).unwrap_or_else(|| {
                self.unknown.insert(if owner.is_empty() { name.to_owned() } else { format!("{owner}.{name}") });
                json!("text")
            }),
        }
    }
}

fn merged(all: Value, part: Value) -> Value {
    match (all, part) {
        (Value::Object(mut all), Value::Object(part)) => {
            all.extend(part);
            Value::Object(all)
        }
        (all, _) => all,
    }
}

/// Names an example for each code that a response speaks of, and gives their names.
fn add_problems(response: &mut Value) -> Vec<&'static str> {
    let description = response["description"].as_str().unwrap_or_default().to_owned();
    let is_named = |name: &str| description.split('`').skip(1).step_by(2).any(|code| code == name);
    let names: Vec<_> = TABLE.iter().map(|entry| entry.name).filter(|name| is_named(name)).collect();
    if let Some(content) = response["content"].get_mut(MEDIA_TYPE) {
        let reference = |name: &&str| ((*name).to_owned(), json!({ "$ref": format!("#/components/examples/{name}") }));
        content["examples"] = Value::Object(names.iter().map(reference).collect::<Map<_, _>>());
    }
    names
}

fn problem(name: &str) -> Value {
    let entry = TABLE.iter().find(|entry| entry.name == name).unwrap_or(Code::Internal.entry());
    let request_id = "5f1d7a84a3b94f3e9c1f0b9a4c7f2b11";
    let value = json!({
        "type": format!("/errors#{name}"), "title": entry.title, "status": entry.status, "code": name,
        "instance": format!("urn:souk:request:{request_id}"), "request_id": request_id,
    });
    json!({ "summary": entry.meaning, "value": value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::WRITTEN;

    /// What of a value is not what its schema says: a small part of JSON Schema, enough for what is made here.
    fn misfits(schema: &Value, value: &Value, at: &str) -> Vec<String> {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = reference.trim_start_matches('#');
            return misfits(WRITTEN.value.pointer(target).expect("a schema"), value, at);
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return parts.iter().flat_map(|part| misfits(part, value, at)).collect();
        }
        if let Some(choices) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
            let fits = choices.iter().any(|choice| misfits(choice, value, at).is_empty());
            return if fits { vec![] } else { vec![format!("{at}: {value} is none of its choices")] };
        }
        let kinds = match &schema["type"] {
            Value::Array(kinds) => kinds.clone(),
            Value::Null => vec![],
            kind => vec![kind.clone()],
        };
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !kinds.is_empty() && !kinds.iter().any(|one| one == kind || one == "number" && kind == "integer") {
            return vec![format!("{at}: {value} is no {kinds:?}")];
        }
        if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
            return vec![format!("{at}: {value} is not one of {}", schema["enum"])];
        }
        let required = schema["required"].as_array().into_iter().flatten();
        let missing = required.filter(|name| value.get(name.as_str().unwrap_or_default()).is_none());
        let mut faults: Vec<_> = missing.map(|name| format!("{at}: {name} is missing")).collect();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(value) = value.get(name) {
                faults.extend(misfits(schema, value, &format!("{at}/{name}")));
            }
        }
        for item in value.as_array().into_iter().flatten() {
            faults.extend(misfits(&schema["items"], item, &format!("{at}/-")));
        }
        faults
    }

    #[test]
    fn every_example_fits_its_schema() {
        fn contents<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
            if let Some(object) = value.as_object() {
                if object.contains_key("schema") && object.contains_key("example") {
                    found.push(value);
                }
                object.values().for_each(|value| contents(value, found));
            }
            value.as_array().into_iter().flatten().for_each(|value| contents(value, found));
        }
        let mut found = Vec::new();
        contents(&WRITTEN.value["paths"], &mut found);
        assert!(found.len() > 40, "{}", found.len());
        let faults: Vec<_> =
            found.iter().flat_map(|content| misfits(&content["schema"], &content["example"], "")).collect();
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(!misfits(&json!({ "type": "string" }), &json!(1), "").is_empty(), "the test itself can fail");
    }

    #[test]
    fn every_json_body_has_an_example_and_every_refusal_names_its_codes() {
        for (path, item) in WRITTEN.value["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                let body = operation.pointer("/requestBody/content/application~1json");
                assert!(body.is_none_or(|body| body["example"].is_object()), "{method} {path}: the body");
                for (status, response) in operation["responses"].as_object().expect("responses") {
                    let json = response.pointer("/content/application~1json");
                    assert!(json.is_none_or(|json| json.get("example").is_some()), "{method} {path} {status}");
                    if status.starts_with(['4', '5']) {
                        let examples = &response["content"][MEDIA_TYPE]["examples"];
                        assert!(examples.as_object().is_some_and(|all| !all.is_empty()), "{method} {path} {status}");
                    }
                }
            }
        }
    }
}
