//! The access matrix: every route of the URL table against every kind of caller. The table is in `table.txt`.

mod row;
mod stage;

use std::collections::BTreeSet;

use souk_http::router::declared;

use row::{CALLERS, Row, rows};
use stage::Stage;

use crate::shop::Shop;

/// `/api/v1/orders/{id}` and `/api/v1/orders/{order}` are the same place.
fn shape(path: &str) -> Vec<&str> {
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect()
}

fn is_of(row: &Row, method: &str, path: &str) -> bool {
    let (given, pattern) = (shape(&row.path), shape(path));
    row.method == method
        && given.len() == pattern.len()
        && given.iter().zip(&pattern).all(|(given, pattern)| given == pattern || *pattern == "{}")
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let (rows, declared) = (rows(), declared());
    let missing: Vec<String> = declared
        .iter()
        .filter(|line| !rows.iter().any(|row| is_of(row, line.method, &line.path)))
        .map(|line| format!("{} {}", line.method, line.path))
        .collect();
    assert!(missing.is_empty(), "http/tests/edge/matrix/table.txt has no row for: {missing:#?}");
    for row in &rows {
        let known = declared.iter().any(|line| is_of(row, line.method, &line.path));
        assert!(known, "no route for {} {}", row.method, row.path);
    }
    let lines: BTreeSet<_> = declared.iter().map(|line| (line.method, line.path.as_str())).collect();
    assert_eq!(lines.len(), declared.len(), "a route is declared twice");
}

#[tokio::test]
async fn every_caller_is_let_in_where_the_table_says_so() {
    let shop = Shop::open().await;
    let mut stage = Stage::new(&shop).await;
    let mut wrong = Vec::new();
    for row in rows() {
        for (caller, expected) in CALLERS.into_iter().zip(row.statuses) {
            let answer = stage.call(caller, &row).await;
            if answer.status.as_u16() != expected {
                let code = answer.code_or_nothing();
                wrong.push(format!(
                    "{} {} by {caller:?}: {} {code}, the table says {expected}",
                    row.method,
                    row.path,
                    answer.status.as_u16()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are otherwise: {wrong:#?}", wrong.len());
}
