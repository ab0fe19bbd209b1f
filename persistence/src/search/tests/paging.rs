//! Orders and cursors.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::*;
use crate::search::SearchError;
use proptest::prelude::*;

/// Follows the cursors to the end and returns the pages' products in order.
fn walk(shop: &Shop, query: &ProductQuery) -> Vec<u64> {
    let mut seen = Vec::new();
    let mut query = query.clone();
    loop {
        let page = shop.page(&query);
        assert!(page.ids.len() <= query.limit);
        seen.extend(numbers(&page));
        let Some(next) = page.next else { return seen };
        assert_eq!(page.ids.len(), query.limit, "only the last page is short");
        query.cursor = Some(next);
    }
}

/// Many ties in every order, in several segments with dead documents in them.
static THOUSAND: LazyLock<Shop> = LazyLock::new(|| {
    let view = |number: u64| {
        let mut view =
            product(number, ["Blue mug", "Blue vase", "Blue mug with lid", "Bluish scarf"][number as usize % 4]);
        view.variants[0].price.amount = (number as i64 * 7919) % 13 * 100;
        view.created_at = Timestamp::from_millis((number as i64 * 31) % 17);
        view.vendor = format!("Vendor {}", number % 5);
        view
    };
    let shop = Shop::with([]);
    for start in [1, 401, 701, 951] {
        shop.change((start..=1000).map(view).take(400));
    }
    shop.change((1..=1000).step_by(9).map(|number| {
        let mut changed = view(number);
        (changed.seq, changed.version) = (2, 2);
        changed
    }));
    shop
});

#[test]
fn each_order() {
    let priced = |number, title: &str, price, created| {
        let mut view = product(number, title);
        view.variants[0].price.amount = price;
        view.created_at = Timestamp::from_millis(created);
        view
    };
    let shop = Shop::with([
        priced(1, "Éclair", 300, 50),
        priced(2, "apple", 100, 70),
        priced(3, "Zebra", 300, 60),
        priced(4, "\"Banana\"", 200, 60),
    ]);
    let order = |sort| numbers(&shop.page(&ProductQuery { sort, ..all() }));
    assert_eq!(order(Sort::Price), [2, 4, 1, 3]);
    assert_eq!(order(Sort::PriceDescending), [1, 3, 4, 2]);
    assert_eq!(order(Sort::Newest), [2, 3, 4, 1]);
    assert_eq!(order(Sort::Title), [2, 4, 1, 3]);
    assert_eq!(order(Sort::Relevance), order(Sort::Newest));
}

#[test]
fn deep_paging_gives_each_product_once() {
    let everyone: Vec<_> = (1..=1000).collect();
    for sort in SORTS {
        // `blue` is exact, `blu` a prefix, `bleu mgu` a typo, `blue mug glove` any of its words.
        for text in ["", "blue", "blu", "bluee", "blue mug glove"] {
            let query = ProductQuery { sort, limit: 7, ..text_query(text) };
            let walked = walk(&THOUSAND, &query);
            let set: BTreeSet<_> = walked.iter().copied().collect();
            assert_eq!(set.len(), walked.len(), "{sort:?} {text:?} repeats");
            assert_eq!(walked.len(), THOUSAND.page(&query).total, "{sort:?} {text:?} skips");
            let first = numbers(&THOUSAND.page(&ProductQuery { limit: 100, ..query.clone() }));
            assert_eq!(walked[..100.min(walked.len())], first, "{sort:?} {text:?}: the limit changes the order");
            if text.is_empty() {
                assert_eq!(set.into_iter().collect::<Vec<_>>(), everyone);
            }
        }
    }
}

#[test]
fn order_and_cursor_survive_merges_and_other_products_changes() {
    let view = |number: u64| product(number, if number.is_multiple_of(3) { "Red mug" } else { "Red mug with lid" });
    let shop = Shop::with((1..=60).map(view));
    for sort in SORTS {
        let query = ProductQuery { sort, limit: 20, ..text_query("red mug") };
        let before = walk(&shop, &query);
        let first = shop.page(&query);
        // Seen ones are re-written, and documents come that shift every statistic of the words.
        for round in 0..8 {
            let rewritten = numbers(&first).into_iter().map(|number| {
                let mut view = view(number);
                view.seq = shop.index.position() as u64 + 100;
                view.version = view.seq;
                view
            });
            let others = (0..30).map(|i| product(10_000 + shop.index.position() as u64 * 50 + i + round, "Red tray"));
            shop.change(rewritten.chain(others).collect::<Vec<_>>());
        }
        let mut walked = numbers(&first);
        walked.extend(walk(&shop, &ProductQuery { cursor: first.next, ..query }));
        assert_eq!(walked, before, "{sort:?}");
    }
}

#[test]
fn a_cursor_outlives_its_product() {
    for sort in SORTS {
        // Higher ids have lower titles, and the second page is another segment, without the cursor's title.
        let mug = |number: u64| product(number, &format!("Mug {:02}", 11 - number));
        let shop = Shop::with((6..=10).map(mug));
        shop.change((1..=5).map(mug));
        let query = ProductQuery { sort, limit: 5, ..all() };
        let first = shop.page(&query);
        let rest = walk(&shop, &ProductQuery { cursor: first.next.clone(), ..query.clone() });
        assert_eq!(rest.len(), 5, "{sort:?}");
        let mut last = product(*numbers(&first).last().unwrap(), "gone");
        (last.status, last.seq) = (Status::Archived, 2);
        shop.change([last]);
        assert_eq!(walk(&shop, &ProductQuery { cursor: first.next, ..query }), rest, "{sort:?}");
    }
}

#[test]
fn pages_stay_with_what_the_first_forgave() {
    let shop = Shop::with((1..=6).map(|number| product(number, "Desk lamp")));
    let query = ProductQuery { limit: 4, ..text_query("dexk lamp") };
    let first = shop.page(&query);
    shop.change([product(9, "Dexk lamp")]);
    assert_eq!(shop.page(&query).total, 1);
    let second = shop.page(&ProductQuery { cursor: first.next.clone(), ..query });
    assert_eq!(numbers(&first), [1, 2, 3, 4]);
    assert_eq!(numbers(&second), [5, 6]);
}

#[test]
fn a_cursor_is_of_one_question() {
    let query = ProductQuery { limit: 3, ..text_query("blue") };
    let cursor = THOUSAND.page(&query).next;
    let asked = |query: ProductQuery| THOUSAND.index.search(&ProductQuery { cursor: cursor.clone(), ..query });
    // Another limit and another way to write the same are fine.
    assert!(asked(ProductQuery { limit: 50, ..query.clone() }).is_ok());
    assert!(asked(ProductQuery { query: Some(" BLUE ".to_owned()), ..query.clone() }).is_ok());
    for other in [
        text_query("blu"),
        all(),
        ProductQuery { sort: Sort::Price, ..query.clone() },
        ProductQuery { sort: Sort::Title, ..query.clone() },
        ProductQuery { vendor: Some("x".to_owned()), ..query.clone() },
        ProductQuery { categories: vec!["x".to_owned()], ..query.clone() },
        ProductQuery { min_price: Some(1), ..query.clone() },
        ProductQuery { max_price: Some(1), ..query.clone() },
        ProductQuery { in_stock: Some(true), ..query.clone() },
    ] {
        assert!(matches!(asked(other.clone()), Err(SearchError::BadCursor(_))), "{other:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_cursor_is_read_or_refused(noise in "\\PC{0,120}", at in any::<prop::sample::Index>(), byte in "[0-9a-zA-Z_-]", sort in 0..5usize) {
        let query = ProductQuery { sort: SORTS[sort], limit: 9, ..text_query("blue") };
        let refused = THOUSAND.index.search(&ProductQuery { cursor: Some(noise), ..query.clone() });
        prop_assert!(matches!(refused, Err(SearchError::BadCursor(_))));
        // A tampered one is refused or stands for another place of the same list.
        let mut cursor = THOUSAND.page(&query).next.unwrap();
        let at = at.index(cursor.len());
        cursor.replace_range(at..=at, &byte);
        match THOUSAND.index.search(&ProductQuery { cursor: Some(cursor), ..query }) {
            Ok(_) | Err(SearchError::BadCursor(_)) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn paging_is_the_list_in_pieces(limit in 1..=100usize, sort in 0..5usize, vendor in 0..6u64, max_price in 0..1300i64) {
        let query = ProductQuery {
            sort: SORTS[sort],
            limit,
            vendor: (vendor < 5).then(|| format!("vendor-{vendor}")),
            max_price: Some(max_price),
            ..text_query("blue")
        };
        let pieces = walk(&THOUSAND, &query);
        prop_assert_eq!(&pieces, &walk(&THOUSAND, &ProductQuery { limit: 100, ..query.clone() }));
        prop_assert_eq!(pieces.len(), THOUSAND.page(&query).total);
    }
}
