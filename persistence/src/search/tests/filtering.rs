//! Filters, facet counts, and how changes move them.

use super::*;
use crate::search::{Facets, PriceRange};

fn sold(number: u64, title: &str, vendor: &str, category: &str, price: i64, available: Option<i64>) -> ProductView {
    let mut view = product(number, title);
    view.vendor = vendor.to_owned();
    view.categories = vec![category.to_owned(), "All".to_owned()];
    view.variants = vec![variant(price + 500, Some(0)), variant(price, available)];
    view
}

fn shop() -> Shop {
    Shop::with([
        sold(1, "Red mug", "Kiln", "Home & Kitchen", 900, Some(3)),
        sold(2, "Blue mug", "Kiln", "home & kitchen", 1500, Some(0)),
        sold(3, "Blue vase", "Ada", "Home & Kitchen", 4000, None),
        sold(4, "Blue scarf", "Ada", "Clothing", 2500, Some(1)),
    ])
}

#[test]
fn each_filter_alone() {
    let shop = shop();
    let found = |query: ProductQuery| {
        let page = shop.page(&query);
        let mut numbers = numbers(&page);
        numbers.sort_unstable();
        assert_eq!(page.total, numbers.len());
        numbers
    };
    for name in ["Home & Kitchen", "HOME & KITCHEN", "home-kitchen"] {
        assert_eq!(found(ProductQuery { categories: vec![name.to_owned()], ..all() }), [1, 2, 3], "{name}");
    }
    let both = vec!["clothing".to_owned(), "home-kitchen".to_owned()];
    assert_eq!(found(ProductQuery { categories: both, ..all() }), [1, 2, 3, 4]);
    assert!(found(ProductQuery { categories: vec!["Home".to_owned()], ..all() }).is_empty());
    let blank = ProductQuery { categories: vec![String::new()], vendor: Some(" ".to_owned()), ..all() };
    assert_eq!(found(blank), [1, 2, 3, 4]);
    assert_eq!(found(ProductQuery { vendor: Some("ADA".to_owned()), ..all() }), [3, 4]);
    assert_eq!(found(ProductQuery { min_price: Some(1500), ..all() }), [2, 3, 4]);
    assert_eq!(found(ProductQuery { max_price: Some(1500), ..all() }), [1, 2]);
    assert_eq!(found(ProductQuery { min_price: Some(1000), max_price: Some(2500), ..all() }), [2, 4]);
    assert!(found(ProductQuery { min_price: Some(2), max_price: Some(1), ..all() }).is_empty());
    // Stock that is not tracked never runs out.
    assert_eq!(found(ProductQuery { in_stock: Some(true), ..all() }), [1, 3, 4]);
    assert_eq!(found(ProductQuery { in_stock: Some(false), ..all() }), [2]);
    assert_eq!(found(ProductQuery { vendor: Some("kiln".to_owned()), ..text_query("blue") }), [2]);
}

#[test]
fn a_facet_ignores_its_own_filter_and_respects_the_others() {
    let shop = shop();
    let facets = |query: ProductQuery| shop.page(&query).facets;

    let unfiltered = facets(all());
    // Two ways to write a name are one value, under the commonest.
    assert_eq!(unfiltered.categories, counts(&[("All", 4), ("Home & Kitchen", 3), ("Clothing", 1)]));
    assert_eq!(unfiltered.vendors, counts(&[("Ada", 2), ("Kiln", 2)]));
    assert_eq!(unfiltered.price, Some(PriceRange { min: 900, max: 4000 }));
    assert_eq!(unfiltered.in_stock, 3);

    let by_vendor = facets(ProductQuery { vendor: Some("Kiln".to_owned()), ..all() });
    assert_eq!(by_vendor.vendors, unfiltered.vendors);
    assert_eq!(by_vendor.categories, counts(&[("All", 2), ("Home & Kitchen", 2)]));
    assert_eq!(by_vendor.price, Some(PriceRange { min: 900, max: 1500 }));
    assert_eq!(by_vendor.in_stock, 1);

    let by_category = facets(ProductQuery { categories: vec!["clothing".to_owned()], ..all() });
    assert_eq!(by_category.categories, unfiltered.categories);
    assert_eq!(by_category.vendors, counts(&[("Ada", 1)]));

    let by_price = facets(ProductQuery { max_price: Some(1500), ..text_query("blue") });
    assert_eq!(by_price.price, Some(PriceRange { min: 1500, max: 4000 }));
    assert_eq!(by_price.vendors, counts(&[("Kiln", 1)]));
    assert_eq!(by_price.in_stock, 0);

    let by_stock = facets(ProductQuery { in_stock: Some(false), ..all() });
    assert_eq!(by_stock.in_stock, 3);
    assert_eq!(by_stock.vendors, counts(&[("Kiln", 1)]));
    assert_eq!(by_stock.price, Some(PriceRange { min: 1500, max: 1500 }));

    assert_eq!(facets(text_query("zzzz")), Facets::default());
}

#[test]
fn an_update_replaces() {
    let shop = shop();
    let mut renamed = sold(1, "Green beaker", "Kiln", "Clothing", 700, Some(3));
    (renamed.seq, renamed.version) = (2, 2);
    assert_eq!(shop.change([renamed.clone()]), 1);
    assert!(shop.found("red").is_empty());
    assert_eq!(shop.found("beaker"), [1]);
    let page = shop.page(&all());
    assert_eq!(page.total, 4);
    assert_eq!(page.facets.price, Some(PriceRange { min: 700, max: 4000 }));

    // Given again, or older: nothing happens, within a commit and after it.
    assert_eq!(shop.change([renamed, sold(1, "Red mug", "Kiln", "All", 900, Some(3))]), 0);
    assert_eq!(shop.found("beaker"), [1]);
    let step = |seq| {
        let mut view = sold(9, &format!("Step {seq}"), "Kiln", "All", 900, Some(3));
        (view.seq, view.version) = (seq, seq);
        view
    };
    assert_eq!(shop.change([step(1), step(3), step(2)]), 2);
    assert_eq!(numbers(&shop.page(&text_query("step 3"))), [9]);
    assert_eq!(shop.page(&all()).total, 5);
}

#[test]
fn stock_moves_its_facet_and_only_when_it_runs_out() {
    let shop = shop();
    let with_stock = |seq, available| {
        let mut view = sold(1, "Red mug", "Kiln", "Home & Kitchen", 900, Some(available));
        view.seq = seq;
        view
    };
    assert_eq!(shop.change([with_stock(2, 2)]), 0);
    assert_eq!(shop.change([with_stock(3, 0)]), 1);
    assert_eq!(shop.page(&all()).facets.in_stock, 2);
    assert_eq!(shop.change([with_stock(4, 1)]), 1);
    assert_eq!(shop.page(&all()).facets.in_stock, 3);
    assert_eq!(shop.index.position(), 7);
}

#[test]
fn an_archived_product_is_gone_and_stays_gone() {
    let shop = shop();
    let mut archived = sold(1, "Red mug", "Kiln", "Home & Kitchen", 900, Some(3));
    (archived.status, archived.seq, archived.version) = (Status::Archived, 5, 2);
    let mut draft = product(20, "Red draft");
    draft.status = Status::Draft;
    assert_eq!(shop.change([archived.clone(), draft]), 2);
    assert!(shop.found("red").is_empty());
    let page = shop.page(&all());
    assert_eq!((page.total, page.facets.in_stock, shop.index.count().unwrap()), (3, 2, 3));

    let mut older = sold(1, "Red mug", "Kiln", "Home & Kitchen", 900, Some(3));
    older.seq = 4;
    assert_eq!(shop.change([older]), 0);
    (archived.status, archived.seq, archived.version) = (Status::Active, 6, 3);
    assert_eq!(shop.change([archived]), 1);
    assert_eq!(shop.found("red"), [1]);
}

#[test]
fn an_index_of_nothing_but_inactive_products_answers() {
    let mut draft = product(1, "Draft");
    draft.status = Status::Draft;
    let shop = Shop::with([draft]);
    for sort in SORTS {
        assert_eq!(shop.page(&ProductQuery { sort, ..all() }), Page::default());
        assert_eq!(shop.page(&ProductQuery { sort, ..text_query("draft") }), Page::default());
    }
}

#[test]
fn a_product_without_variants_is_last_by_price_and_in_no_range() {
    let mut bare = product(5, "Bare");
    bare.variants.clear();
    let shop = Shop::with([bare, product(6, "Priced")]);
    for sort in [Sort::Price, Sort::PriceDescending] {
        assert_eq!(numbers(&shop.page(&ProductQuery { sort, ..all() })), [6, 5]);
    }
    assert_eq!(numbers(&shop.page(&ProductQuery { min_price: Some(0), ..all() })), [6]);
}

#[test]
fn sorts_are_named_as_in_the_url() {
    let names = ["relevance", "price", "-price", "newest", "title"];
    for (sort, name) in SORTS.iter().zip(names) {
        assert_eq!(serde_json::from_str::<Sort>(&format!("{name:?}")).unwrap(), *sort);
    }
}
