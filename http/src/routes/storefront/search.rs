//! What a listing's URL asks for. It is the API's own question; what is not understood is left out, because links
//! come from anywhere and carry anything.

use axum::extract::Query;
use axum::http::Uri;
use souk_domain::money::Currency;
use souk_persistence::search::{ProductQuery, Sort};

/// Products on one page of a listing.
pub const PER_PAGE: usize = 24;

/// Prices are as people type them, `12.50`, because a form without script sends them so.
pub fn read(uri: &Uri, currency: Currency) -> ProductQuery {
    let amount = |value: &str| currency.parse_decimal(&value.replace(',', ".")).ok();
    let mut query = ProductQuery { limit: PER_PAGE, ..ProductQuery::default() };
    let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else { return query };
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        match name.as_str() {
            "query" => query.query = Some(value),
            "category" => query.categories.push(value),
            "vendor" => query.vendor = Some(value),
            "price_from" => query.min_price = amount(&value),
            "price_to" => query.max_price = amount(&value),
            "in_stock" => query.in_stock = (value == "true").then_some(true),
            "sort" => query.sort = sort(&value),
            "cursor" => query.cursor = Some(value),
            _ => {}
        }
    }
    query
}

fn sort(value: &str) -> Sort {
    match value {
        "price" => Sort::Price,
        "-price" => Sort::PriceDescending,
        "newest" => Sort::Newest,
        "title" => Sort::Title,
        _ => Sort::Relevance,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_it_knows_and_leaves_the_rest() {
        let uri =
            "/products?query=mug&category=a&category=b&price_from=-3&price_to=9,5&in_stock=true&sort=-price&utm=1";
        let query = read(&uri.parse().unwrap(), Currency::USD);
        assert_eq!((query.query.as_deref(), query.categories.len()), (Some("mug"), 2));
        assert_eq!((query.min_price, query.max_price, query.in_stock), (None, Some(950), Some(true)));
        assert_eq!(query.sort, Sort::PriceDescending);
        assert_eq!(read(&"/products?query=&in_stock=false".parse().unwrap(), Currency::USD).query, None);
    }
}
