//! What all routes have in common: the problems that any request can meet, and how problems look.

use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr, Response, ResponseBuilder};

use crate::problem::answer::{MEDIA_TYPE, ProblemBody};

/// Adds it to every operation.
pub fn finish(mut document: OpenApi) -> OpenApi {
    for (path, item) in &mut document.paths.paths {
        let PathItem { get, put, post, delete, patch, .. } = item;
        for operation in [get, put, post, delete, patch].into_iter().flatten() {
            add_common_problems(operation, path);
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && status.starts_with(['4', '5'])
                {
                    describe_problem(response);
                }
            }
        }
    }
    document
}

fn add_common_problems(operation: &mut Operation, path: &str) {
    if operation.request_body.is_some() {
        add(operation, "400", "`malformed_json`, `malformed_request`");
        add(operation, "408", "`body_timed_out`");
        add(operation, "413", "`body_too_large`");
        add(operation, "415", "`unsupported_media_type`");
    }
    let is_query = |parameter: &RefOr<Parameter>| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
        RefOr::Ref(_) => false,
    };
    if operation.parameters.iter().flatten().any(is_query) {
        add(operation, "422", "`invalid_parameter`");
    }
    let takes_token = operation.security.as_ref().is_some_and(|schemes| !schemes.is_empty());
    if takes_token && !operation.responses.responses.contains_key("401") {
        add(operation, "401", "`token_expired`, `token_invalid`");
    }
    if path.starts_with("/api/v1/") || path.starts_with("/sandbox/") {
        add(operation, "429", "`rate_limited`");
        add(operation, "500", "`internal`");
        add(operation, "503", "`overloaded`, `restarting`, `stopping`, `store_unavailable`, `timed_out`");
    }
}

fn add(operation: &mut Operation, status: &str, codes: &str) {
    let responses = &mut operation.responses.responses;
    match responses.get_mut(status) {
        Some(RefOr::T(response)) if response.description.contains(codes) => {}
        Some(RefOr::T(response)) => response.description = format!("{}, {codes}", response.description),
        Some(RefOr::Ref(_)) => {}
        None => {
            responses.insert(status.to_owned(), ResponseBuilder::new().description(codes).build().into());
        }
    }
}

fn describe_problem(response: &mut Response) {
    let schema = RefOr::Ref(Ref::from_schema_name(ProblemBody::name()));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    response.content.insert(MEDIA_TYPE.to_owned(), content.into());
}
