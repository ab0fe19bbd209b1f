//! Words, prefixes, typos, and their ranks.

use super::*;
use proptest::prelude::*;
use souk_domain::product::view::ProductOption;

#[test]
fn every_searched_field_is_found() {
    let mut mug = product(1, "Crème Teacup");
    mug.description_html = "<p>Fired in a <b>wood</b> kiln &amp; glazed</p>".to_owned();
    mug.vendor = "O'Neil Pottery".to_owned();
    mug.product_type = "Drinkware".to_owned();
    mug.categories = vec!["Kitchen".to_owned()];
    mug.tags = vec!["gift-idea".to_owned()];
    mug.options = vec![ProductOption { name: "Glaze".to_owned(), values: vec!["Turquoise".to_owned()] }];
    mug.variants[0].sku = Some("TC-4711/B".to_owned());
    let shop = Shop::with([mug, product(2, "Something else")]);
    for text in [
        "teacup",
        "TEACUP",
        "creme",
        "crème",
        "wood kiln",
        "neil",
        "pottery",
        "drinkware",
        "kitchen",
        "gift",
        "idea",
        "turquoise",
        "TC-4711/B",
        "tc4711b",
        "4711",
        "glazed creme kitchen",
    ] {
        assert_eq!(shop.found(text), [1], "{text}");
    }
    for text in ["strong", "nbsp", "amp", "!?", "\u{1f525}", "xylophone"] {
        assert!(shop.found(text).is_empty(), "{text}");
    }
    assert_eq!(shop.found("  "), [1, 2]);
}

#[test]
fn the_last_word_may_be_half_typed() {
    let shop = Shop::with([product(1, "Ceramic vase"), product(2, "Cerulean scarf"), product(3, "Steel vase")]);
    assert_eq!(shop.found("c"), [1, 2]);
    assert_eq!(shop.found("cer"), [1, 2]);
    assert_eq!(shop.found("ceram"), [1]);
    assert_eq!(shop.found("ceramic va"), [1]);
    // Only the last one: `ste` and `va` are not both typed now.
    assert_eq!(shop.found("vase ste"), [3]);
}

#[test]
fn a_typo_is_forgiven() {
    let shop = Shop::with([product(1, "Ceramic vase"), product(2, "Steel lamp"), product(3, "Mountain bicycle")]);
    for text in ["cermaic", "ceramc", "ceramicc", "keramic", "eramic", "cermai", "cermaic vsae", "steel ceramik"] {
        let expected: &[u64] = if text.starts_with("steel") { &[1, 2] } else { &[1] };
        assert_eq!(shop.found(text), expected, "{text}");
    }
    // Two in eight letters, none in three.
    assert_eq!(shop.found("muontian"), [3]);
    assert_eq!(shop.found("mauntaan"), [3]);
    assert!(shop.found("lmp").is_empty());
    assert!(shop.found("xxramic").is_empty());
}

#[test]
fn a_word_that_the_catalogue_knows_is_no_typo() {
    let shop = Shop::with([product(1, "Desk lamp"), product(2, "Camp chair")]);
    assert_eq!(shop.found("lamp"), [1]);
    assert_eq!(shop.found("lxmp"), [1]);
    assert_eq!(shop.found("camp"), [2]);
}

#[test]
fn singular_and_plural_are_one_word() {
    let shop = Shop::with([product(1, "Coffee mug"), product(2, "Mugs, set of four"), product(3, "Berry bowl")]);
    assert_eq!(shop.found("mug"), [1, 2]);
    assert_eq!(shop.found("mugs"), [1, 2]);
    assert_eq!(shop.found("berries bowls"), [3]);
}

#[test]
fn exact_ranks_above_prefix_above_typo() {
    let mut described = product(1, "Tray");
    described.description_html = "holds a lamp".to_owned();
    let shop = Shop::with([described, product(2, "Lampshade"), product(3, "Lamp"), product(4, "Lamp, tall and blue")]);
    // The shorter title first, a title before a description, an exact word before a longer one.
    assert_eq!(shop.numbers("lamp"), [3, 4, 1, 2]);

    // A typo in the first word lets typos in for both.
    let shop = Shop::with([product(1, "Blue lxmp"), product(2, "Blue lampshade"), product(3, "Blue lamp, tall")]);
    assert_eq!(shop.numbers("bule lamp"), [3, 2, 1]);
}

#[test]
fn words_are_anded_and_ored_when_nothing_has_all() {
    let shop = Shop::with([product(1, "Red wool scarf"), product(2, "Red cap"), product(3, "Green wool socks")]);
    assert_eq!(shop.found("red wool"), [1]);
    assert_eq!(shop.found("green cap"), [2, 3]);
    // More words that are found rank higher.
    assert_eq!(shop.numbers("red wool submarine")[0], 1);
    assert_eq!(shop.found("red wool submarine"), [1, 2, 3]);
}

#[test]
fn filters_do_not_change_what_a_text_means() {
    let mut lamp = product(1, "Desk lamp");
    lamp.categories = vec!["Light".to_owned()];
    let mut chair = product(2, "Camp chair");
    chair.categories = vec!["Garden".to_owned()];
    let shop = Shop::with([lamp, chair]);
    let page = shop.page(&ProductQuery { categories: vec!["garden".to_owned()], ..text_query("lamp") });
    assert!(page.ids.is_empty());
    assert_eq!(page.facets.categories, counts(&[("Light", 1)]));
}

#[test]
fn long_queries_are_cut() {
    let shop = Shop::with([product(1, "Ceramic vase")]);
    let repeated = "ceramic ".repeat(10_000);
    assert_eq!(shop.found(&repeated), [1]);
    assert!(shop.found(&"c".repeat(10_000)).is_empty());
    let mut words: Vec<_> = vec!["vase"; 16];
    words.push("missing");
    assert_eq!(shop.found(&words.join(" ")), [1]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_query_is_answered(texts in prop::collection::vec("\\PC{0,60}|[a-z\"+*:()\\[\\]^~ -]{0,60}", 8), name in "x\\PC{0,40}") {
        thread_local! {
            static SHOP: Shop = Shop::with([product(1, "Ceramic \"vase\" +x -y"), product(2, "title:lamp AND (x)"), {
                let mut gone = product(3, "Gone");
                gone.status = Status::Archived;
                gone
            }]);
        }
        SHOP.with(|shop| {
            for (text, sort) in texts.iter().zip(SORTS.iter().cycle()) {
                let page = shop.page(&ProductQuery {
                    query: Some(text.clone()),
                    categories: vec![name.clone()],
                    vendor: Some(name.clone()),
                    sort: *sort,
                    limit: 0,
                    ..ProductQuery::default()
                });
                assert_eq!(page.total, 0);
                assert!(shop.page(&ProductQuery { sort: *sort, ..text_query(text) }).total <= 2);
            }
        });
    }
}
