//! The description of the API says what is there, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use serde_json::Value;
use souk_http::openapi::{WRITTEN, operations};
use souk_http::problem::table::TABLE;

use super::shop::Shop;

const SERVICES: [&str; 6] = ["gateway", "products", "accounts", "orders", "payments", "chat"];

fn document() -> Value {
    serde_json::from_slice(&WRITTEN.json).unwrap()
}

/// Method and path of each line of the URL table, as its comments have them.
fn table_of_comments() -> BTreeSet<(String, String)> {
    let source = include_str!("../../src/router.rs");
    let comments = source.lines().filter_map(|line| line.split_once(" // ")?.1.split_once(' '));
    let mut table = BTreeSet::new();
    for (method, path) in comments {
        let services: &[&str] = if path.contains("<service>") { &SERVICES } else { &[""] };
        for service in services {
            table.insert((method.to_owned(), path.trim().replace("<service>", service)));
        }
    }
    table
}

#[test]
fn every_route_is_described_and_the_table_says_the_same() {
    let described: BTreeSet<_> =
        operations(&WRITTEN.document).map(|(method, path, _)| (method.to_owned(), path.to_owned())).collect();
    assert_eq!(table_of_comments(), described);
    assert!(described.len() > 40);
}

#[tokio::test]
async fn every_described_route_is_there() {
    let shop = Shop::open().await;
    for (method, path, _) in operations(&WRITTEN.document) {
        let filled = path.replace("{file}", "none.svg").replace(['{', '}'], "");
        let answer = shop.ask(Method::from_bytes(method.as_bytes()).unwrap(), &filled).send().await;
        let is_unrouted = answer.status == 405
            || answer.status == 404
                && !answer.header("content-type").starts_with("text/html")
                && answer.json()["detail"] == "no such URL";
        assert!(!is_unrouted, "{method} {path}: {answer:?}");
    }
    assert_eq!(shop.get("/api/v1/nothing").await.expect(404).json()["detail"], "no such URL");
}

#[test]
fn operation_ids_are_unique() {
    let mut seen = BTreeSet::new();
    for (method, path, operation) in operations(&WRITTEN.document) {
        let id = operation.operation_id.clone().unwrap_or_default();
        assert!(!id.is_empty() && seen.insert(id.clone()), "{method} {path} {id}");
        assert!(operation.summary.is_some() && operation.tags.as_ref().is_some_and(|tags| tags.len() == 1), "{id}");
    }
}

#[test]
fn every_problem_that_is_described_is_one_of_the_table_with_its_status() {
    let codes: BTreeMap<&str, u16> = TABLE.iter().map(|entry| (entry.name, entry.status)).collect();
    for (method, path, _) in operations(&WRITTEN.document) {
        let responses = document()["paths"][path][method.to_lowercase()]["responses"].clone();
        for (status, response) in responses.as_object().unwrap() {
            if !status.starts_with(['4', '5']) {
                continue;
            }
            let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/Problem", "{method} {path} {status}");
            let description = response["description"].as_str().unwrap();
            let named: Vec<_> = description.split('`').skip(1).step_by(2).collect();
            assert!(!named.is_empty(), "{method} {path} {status} names no code");
            for code in named {
                assert_eq!(codes.get(code).map(u16::to_string).as_ref(), Some(status), "{method} {path} {code}");
            }
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    let names_of = |kind: &str| {
        let names = document["components"][kind].as_object().unwrap().keys();
        names.map(|name| format!("#/components/{kind}/{name}")).collect::<Vec<_>>()
    };
    let known: BTreeSet<_> = names_of("schemas").into_iter().chain(names_of("examples")).collect();
    assert_eq!(found.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "references that lead nowhere");
    assert_eq!(known.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "what nobody uses");
}

#[tokio::test]
async fn it_is_served_as_openapi_3_1() {
    let shop = Shop::open().await;
    let answer = shop.get("/api/openapi.json").await.expect(200);
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let body =
        &document["paths"]["/api/v1/carts/{id}/lines"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(body["$ref"], "#/components/schemas/AddLine");
    let quantity = &document["components"]["schemas"]["AddLine"]["properties"]["quantity"];
    assert_eq!((&quantity["minimum"], &quantity["maximum"]), (&1.into(), &999.into()));
    assert_eq!(document["components"]["schemas"]["AddLine"]["additionalProperties"], false);
    let tag = answer.header("etag");
    shop.ask(Method::GET, "/api/openapi.json").header("if-none-match", tag).send().await.expect(304);
}

#[test]
fn types_of_one_name_do_not_hide_each_other() {
    let schemas = document()["components"]["schemas"].clone();
    assert_eq!(schemas["ProductView"]["properties"]["status"]["$ref"], "#/components/schemas/Status");
    assert_eq!(schemas["Status"]["enum"], serde_json::json!(["draft", "active", "archived"]));
}

/// The names of all functions in the sources of Rust below a folder.
fn functions(folder: &std::path::Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap_or_default());
        if path.is_dir() {
            if !["target", "node_modules", ".git"].contains(&name.as_str()) {
                functions(&path, found);
            }
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let names = text.lines().filter_map(|line| line.split_once("fn ")?.1.split_once('(')).map(|(name, _)| name);
            found.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn every_test_that_the_page_of_security_names_is_there() {
    let house = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(house.join("docs/security.md")).unwrap();
    let mut known = BTreeSet::new();
    functions(&house, &mut known);
    let mut named = 0;
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        for test in tests.split('`').skip(1).step_by(2) {
            assert!(known.contains(test), "{test} is named in docs/security.md, and there is no such function: {row}");
            named += 1;
        }
    }
    assert!(named > 50, "{named}");
}
