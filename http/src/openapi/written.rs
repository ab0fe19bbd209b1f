//! The finished document. It depends on nothing but the code, so it is written once.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use bytes::Bytes;
use serde_json::Value;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{OpenApi, PathItem};

use super::{common, examples};

pub struct Written {
    pub document: OpenApi,
    /// The same with examples, as it is served.
    pub value: Value,
    pub json: Bytes,
    pub etag: String,
    /// Fields of bodies that no example is known for; a test keeps it empty.
    pub without_example: Vec<String>,
}

pub static WRITTEN: LazyLock<Written> = LazyLock::new(|| {
    let document = common::finish(crate::router::table().into_openapi());
    let mut value = serde_json::to_value(&document).expect("the document serialises to JSON");
    let without_example = examples::add(&mut value);
    let json: Bytes = serde_json::to_vec(&value).expect("a value serialises to JSON").into();
    let mut hasher = DefaultHasher::new();
    json.hash(&mut hasher);
    Written { document, value, etag: format!("\"{:016x}\"", hasher.finish()), json, without_example }
});

/// Method, path and operation of every route.
pub fn operations(document: &OpenApi) -> impl Iterator<Item = (&'static str, &str, &Operation)> {
    document.paths.paths.iter().flat_map(|(path, item)| {
        let PathItem { get, put, post, delete, patch, .. } = item;
        let methods = [("GET", get), ("PUT", put), ("POST", post), ("PATCH", patch), ("DELETE", delete)];
        methods.into_iter().filter_map(|(method, operation)| Some((method, path.as_str(), operation.as_ref()?)))
    })
}

/// The text of `docs/api/openapi.json`, which the apps' client is generated from.
pub fn file() -> String {
    let text = serde_json::to_string_pretty(&WRITTEN.value).expect("a value serialises to JSON");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_body_has_an_example() {
        let unknown = &WRITTEN.without_example;
        assert!(unknown.is_empty(), "give these a word in openapi/vocabulary.rs or an example: {unknown:?}");
    }

    #[test]
    fn openapi_json_is_current() {
        crate::problem::document::check_or_write("docs/api/openapi.json", &file());
    }
}
