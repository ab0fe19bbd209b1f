//! Every call with its parameters, bodies, answers and problems, from the description of the API. Plain HTML: a
//! call opens by `<details>`, so the page needs no script.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::layout::page;
use super::markup::{code, escape, prose};
use crate::openapi::WRITTEN;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

static MAIN: LazyLock<String> = LazyLock::new(|| main(&WRITTEN.value));

#[utoipa::path(
    get, path = "/api/docs", operation_id = "getDocs", tag = "pages",
    summary = "Every call, for people",
    responses((status = 200, body = String, description = "A page", content_type = "text/html")),
)]
pub async fn docs() -> Response {
    page("The API", &MAIN)
}

#[utoipa::path(
    get, path = "/docs", operation_id = "getOldDocs", tag = "pages",
    summary = "Where the page of the API was",
    responses((status = 308, description = "To `/api/docs`")),
)]
pub async fn old() -> Response {
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, "/api/docs")]).into_response()
}

fn main(document: &Value) -> String {
    let mut by_tag: BTreeMap<&str, String> = BTreeMap::new();
    for (path, item) in members(&document["paths"]) {
        for method in METHODS {
            let operation = &item[method];
            if operation.is_object() {
                let tag = operation["tags"][0].as_str().unwrap_or("other");
                write_call(by_tag.entry(tag).or_default(), method, path, operation);
            }
        }
    }
    let mut text = format!(
        "<p class=\"lead\">{}</p>\n<p><a href=\"/api/openapi.json\">The OpenAPI document</a> says the same to machines. \
         <a href=\"/errors\">Problems</a> explains every code.</p>\n<p class=\"tags\">",
        prose(document["info"]["description"].as_str().unwrap_or_default())
    );
    for tag in by_tag.keys() {
        let _ = write!(text, "<a href=\"#{tag}\">{tag}</a> ");
    }
    text.push_str("<a href=\"#schemas\">schemas</a></p>\n");
    for (tag, calls) in &by_tag {
        let described = members(&document["tags"]).find(|(_, value)| value["name"] == *tag);
        let described = described.and_then(|(_, value)| value["description"].as_str()).unwrap_or_default();
        let _ = write!(text, "<h2 id=\"{tag}\">{tag}</h2>\n<p>{}</p>\n{calls}", prose(described));
    }
    text.push_str("<h2 id=\"schemas\">Schemas</h2>\n");
    for (name, schema) in members(&document["components"]["schemas"]) {
        write_schema(&mut text, name, schema);
    }
    text
}

fn write_call(text: &mut String, method: &str, path: &str, operation: &Value) {
    let id = operation["operationId"].as_str().unwrap_or_default();
    let summary = prose(operation["summary"].as_str().unwrap_or_default());
    let _ = writeln!(
        text,
        "<details id=\"{id}\"><summary><b class=\"method {method}\">{}</b> <code>{}</code> <span>{summary}</span></summary>",
        method.to_uppercase(),
        escape(path)
    );
    if let Some(description) = operation["description"].as_str() {
        let _ = writeln!(text, "<p>{}</p>", prose(description));
    }
    if operation["security"].as_array().is_some_and(|schemes| !schemes.is_empty()) {
        let is_optional = operation["security"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one == &Value::Object(serde_json::Map::new())));
        let _ = writeln!(
            text,
            "<p>{} an access token: <code>Authorization: Bearer …</code></p>",
            if is_optional { "Takes" } else { "Needs" }
        );
    }
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !parameters.is_empty() {
        text.push_str("<div class=\"table\"><table><tr><th>Parameter<th>In<th>Type<th>Meaning\n");
        for parameter in parameters {
            let must = if parameter["required"] == true { " (required)" } else { "" };
            let _ = writeln!(
                text,
                "<tr><td>{}<td>{}{must}<td>{}<td>{}",
                code(parameter["name"].as_str().unwrap_or_default()),
                escape(parameter["in"].as_str().unwrap_or_default()),
                kind(&parameter["schema"]),
                prose(parameter["description"].as_str().unwrap_or_default())
            );
        }
        text.push_str("</table></div>\n");
    }
    write_contents(text, "Body", &operation["requestBody"]["content"]);
    for (status, response) in members(&operation["responses"]) {
        write_answer(text, status, response);
    }
    text.push_str("</details>\n");
}

fn write_answer(text: &mut String, status: &str, response: &Value) {
    let description = response["description"].as_str().unwrap_or_default();
    if status.starts_with(['4', '5']) {
        let codes: Vec<_> = description.split('`').skip(1).step_by(2).map(escape).collect();
        let links = codes.iter().map(|code| format!("<a href=\"/errors#{code}\"><code>{code}</code></a>"));
        let _ = writeln!(text, "<p><b>{status}</b> {}</p>", links.collect::<Vec<_>>().join(", "));
    } else {
        let _ = writeln!(text, "<p><b>{status}</b> {}</p>", prose(description));
        write_contents(text, "Answer", &response["content"]);
    }
}

fn write_contents(text: &mut String, what: &str, contents: &Value) {
    for (media_type, content) in members(contents) {
        let _ = writeln!(text, "<p>{what}: {} {}</p>", code(media_type), kind(&content["schema"]));
        if let Some(example) = content.get("example") {
            let example = serde_json::to_string_pretty(example).unwrap_or_default();
            let _ = writeln!(text, "<pre>{}</pre>", escape(&example));
        }
    }
}

fn write_schema(text: &mut String, name: &str, schema: &Value) {
    let _ = writeln!(text, "<details id=\"schema-{name}\"><summary><code>{name}</code></summary>");
    if let Some(description) = schema["description"].as_str() {
        let _ = writeln!(text, "<p>{}</p>", prose(description));
    }
    let parts = schema["allOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
    for part in &parts {
        if !part["properties"].is_object() {
            let _ = writeln!(text, "<p>{}</p>", kind(part));
            continue;
        }
        text.push_str("<div class=\"table\"><table><tr><th>Field<th>Type<th>Meaning\n");
        let required = part["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (field, schema) in members(&part["properties"]) {
            let must = if required.iter().any(|name| name == field) { "" } else { " (optional)" };
            let meaning = prose(schema["description"].as_str().unwrap_or_default());
            let _ = writeln!(text, "<tr><td>{}{must}<td>{}<td>{meaning}", code(field), kind(schema));
        }
        text.push_str("</table></div>\n");
    }
    text.push_str("</details>\n");
}

/// A schema in a few words.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    if let Some(choices) = schema.get("oneOf").or_else(|| schema.get("anyOf")).or_else(|| schema.get("allOf")) {
        let choices: Vec<_> = members(choices).map(|(_, choice)| kind(choice)).collect();
        return choices.join(" or ");
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<_> = values.iter().map(|value| code(value.as_str().unwrap_or_default())).collect();
        return values.join(", ");
    }
    let name = match &schema["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ if schema["properties"].is_object() => "object".to_owned(),
        _ => "anything".to_owned(),
    };
    let of = if schema["items"].is_object() { format!(" of {}", kind(&schema["items"])) } else { String::new() };
    let bounds = [("minimum", "from"), ("maximum", "to"), ("minLength", "from"), ("maxLength", "to"), ("format", "as")];
    let bounds = bounds.iter().filter_map(|(key, word)| {
        let value = schema.get(*key)?;
        Some(format!(" {word} {}", escape(&value.as_str().map_or_else(|| value.to_string(), str::to_owned))))
    });
    format!("{name}{of}{}", bounds.collect::<String>())
}

/// Name and value of each member of an object; of an array with empty names.
fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let object = value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value));
    object.chain(value.as_array().into_iter().flatten().map(|value| ("", value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_all_that_the_document_says() {
        let text = main(&WRITTEN.value);
        for (path, item) in members(&WRITTEN.value["paths"]) {
            for (_, operation) in members(item) {
                let id = operation["operationId"].as_str().unwrap();
                assert!(text.contains(&format!("<details id=\"{id}\">")), "{path} {id}");
            }
        }
        for (name, _) in members(&WRITTEN.value["components"]["schemas"]) {
            assert!(text.contains(&format!("id=\"schema-{name}\"")), "{name}");
        }
        assert!(text.contains("href=\"/errors#out_of_stock\"") && text.contains("ada@example.com"));
    }

    #[test]
    fn has_nothing_that_the_content_policy_forbids() {
        let text = main(&WRITTEN.value);
        for forbidden in ["<script", "style=", "onclick", "javascript:", "<style", "<iframe"] {
            assert!(!text.contains(forbidden), "{forbidden}");
        }
    }
}
