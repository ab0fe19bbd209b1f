//! `souk import`: what a file may look like, what is told about it, and what a second one changes.

mod support;

use serde_json::Value;
use support::catalogue::Csv;
use support::shop::Shop;
use support::wait::{SOON, eventually};

const HEADER: &str = "Handle,Title,Variant Inventory Qty,Variant Price";

/// A product by handle, title, price and what is available of its first variant.
type Good = (String, String, i64, Option<i64>);

/// The shop has these products and no others. Opens and closes it.
async fn assert_goods(shop: &mut Shop, expected: &[Good]) {
    shop.open().await;
    let client = shop.client();
    let mut handles: Vec<_> = expected.iter().map(|good| good.0.as_str()).collect();
    handles.sort_unstable();
    eventually(&format!("the list has {handles:?}"), SOON, async || {
        let list = client.get("/api/v1/products?limit=100").await.expect(200);
        let items = list["items"].as_array().cloned().unwrap_or_default();
        let mut listed: Vec<_> = items.iter().map(|item| item["handle"].as_str().unwrap_or_default()).collect();
        listed.sort_unstable();
        if listed == handles { Ok(()) } else { Err(format!("it has {listed:?}")) }
    })
    .await;
    for good in expected {
        assert_eq!(shown(&client.product(&good.0).await), *good);
    }
    shop.close().await;
}

fn shown(product: &Value) -> Good {
    let text = |name: &str| product[name].as_str().unwrap_or_else(|| panic!("no {name}: {product}")).to_owned();
    let variant = &product["variants"][0];
    let price = variant["price"]["amount"].as_i64().unwrap_or_else(|| panic!("no price: {product}"));
    (text("handle"), text("title"), price, variant["available"].as_i64())
}

fn product(handle: &str, title: &str, price: i64, available: i64) -> Good {
    (handle.to_owned(), title.to_owned(), price, Some(available))
}

#[tokio::test]
async fn a_byte_order_mark_windows_line_ends_quotes_and_line_breaks_in_fields_are_all_read() {
    let mut shop = Shop::new();
    let file = format!(
        "\u{FEFF}{HEADER}\r\nlamp,\"The \"\"Lamp\"\", big\r\nand bright\",3,19.99\r\n\r\nmug,\"Mug, red\",\"4\",\"5\"\r\npen,5\" pen,1,0.5"
    );
    shop.import_bytes(file.as_bytes()).await.assert_succeeded();
    let goods = [
        product("lamp", "The \"Lamp\", big\r\nand bright", 1999, 3),
        product("mug", "Mug, red", 500, 4),
        product("pen", "5\" pen", 50, 1),
    ];
    assert_goods(&mut shop, &goods).await;
    shop.check().await;
}

#[tokio::test]
async fn bad_rows_are_told_with_line_column_and_reason_and_the_rest_goes_in() {
    let mut shop = Shop::new();
    let file = [
        HEADER,
        "lamp,Lamp,3,19.99",
        "sofa,Sofa,1,\"1,299.00\"",
        "chair,Chair,1,abc",
        "table,Table,many,5.00",
        "\"multi\",\"A title",
        "on two lines\",1,x",
        "mug,Mug,4,5.00",
        "short,Row",
        "pen,Pen,-3,1.00",
        ",No handle,1,1.00",
        "",
    ];
    let finished = shop.import_bytes(file.join("\n").as_bytes()).await;
    finished.assert_failed();
    finished.assert_line(&["line 3", "Variant Price", "1,299.00"]);
    finished.assert_line(&["line 4", "Variant Price", "abc"]);
    finished.assert_line(&["line 5", "Variant Inventory Qty", "many"]);
    finished.assert_line(&["line 6", "Variant Price", "\"x\""]);
    finished.assert_line(&["line 9", "2 fields"]);
    finished.assert_line(&["line 10", "Variant Inventory Qty", "-3"]);
    finished.assert_line(&["line 11", "Handle"]);
    assert_goods(&mut shop, &[product("lamp", "Lamp", 1999, 3), product("mug", "Mug", 500, 4)]).await;
    shop.check().await;
}

#[tokio::test]
async fn missing_columns_are_named_and_unknown_ones_only_mentioned() {
    let mut shop = Shop::new();
    let missing = shop.import_bytes(b"Title,Vendor\nLamp,Me\n").await;
    missing.assert_failed().assert_says(&["Handle", "Variant Price"]);
    let semicolons = shop.import_bytes(b"Handle;Title;Variant Price\nlamp;Lamp;5\n").await;
    semicolons.assert_failed().assert_says(&["comma"]);
    let unknown = format!("{HEADER},Shoe size\nlamp,Lamp,3,19.99,42\n");
    shop.import_bytes(unknown.as_bytes()).await.assert_succeeded().assert_says(&["Shoe size"]);
    assert_goods(&mut shop, &[product("lamp", "Lamp", 1999, 3)]).await;
}

#[tokio::test]
async fn an_sku_that_comes_twice_in_a_product_is_refused_with_both_lines() {
    let mut shop = Shop::new();
    let variant = |handle: &'static str, size: &'static str, sku: &'static str| {
        [
            ("Handle", handle),
            ("Title", handle),
            ("Option1 Name", "Size"),
            ("Option1 Value", size),
            ("Variant SKU", sku),
            ("Variant Inventory Qty", "2"),
            ("Variant Price", "9.99"),
        ]
    };
    let csv = Csv::new().row(&variant("shirt", "S", "A-1")).row(&variant("shirt", "M", "A-1"));
    let csv = csv.row(&variant("shirt", "L", "A-3")).row(&variant("hat", "S", "B-1"));
    let finished = shop.import(&csv).await;
    finished.assert_failed().assert_line(&["line 3", "Variant SKU", "line 2"]);
    shop.open().await;
    let shirt = shop.client().product("shirt").await;
    let skus: Vec<_> =
        shirt["variants"].as_array().into_iter().flatten().map(|variant| variant["sku"].clone()).collect();
    assert_eq!(skus, ["A-1", "A-3"], "{shirt}");
    shop.client().product("hat").await;
    shop.close_and_check().await;
}

#[tokio::test]
async fn files_that_are_no_csv_are_refused_and_change_nothing() {
    let mut shop = Shop::new();
    shop.import(&Csv::new().product("lamp", 3, "19.99")).await.assert_succeeded();
    let utf_16: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf_16 = [&[0xFF, 0xFE][..], &utf_16].concat();
    let files: [(&[u8], &str); 6] = [
        (b"", "empty"),
        (b"\xEF\xBB\xBF\r\n", "empty"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "text"),
        (&utf_16, "UTF-16"),
        (b"{\"products\": []}", "column"),
    ];
    for (bytes, word) in files {
        shop.import_bytes(bytes).await.assert_failed().assert_says(&[word]);
    }
    let nowhere = shop.folder().join("no-such-file.csv");
    shop.import_file(&nowhere).await.assert_failed().assert_says(&["no-such-file.csv"]);
    let folder = shop.folder().to_owned();
    shop.import_file(&folder).await.assert_failed();
    let format = shop.run(&["import", "products", "x.csv", "--format", "tablets-of-clay"]).await;
    format.assert_failed().assert_says(&["shopify-csv"]);
    assert_goods(&mut shop, &[product("lamp", "lamp", 1999, 3)]).await;
}

#[tokio::test]
async fn a_dry_run_tells_what_would_happen_and_changes_nothing() {
    let mut shop = Shop::new();
    shop.import(&Csv::new().product("lamp", 3, "19.99")).await.assert_succeeded();
    let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file");
    let next = Csv::new().product("lamp", 9, "24.99").product("mug", 4, "5.00");
    std::fs::write(file.path(), next.bytes()).expect("the CSV is written");
    let path = file.path().to_str().expect("a path in UTF-8");
    let dry = shop.run(&["import", "products", path, "--format", "shopify-csv", "--dry-run"]).await;
    assert_eq!((dry.assert_succeeded().count_of("created"), dry.count_of("changed")), (1, 1));
    assert_goods(&mut shop, &[product("lamp", "lamp", 1999, 3)]).await;

    let real = shop.import(&next).await;
    assert_eq!((real.assert_succeeded().count_of("created"), real.count_of("changed")), (1, 1));
    assert_goods(&mut shop, &[product("lamp", "lamp", 2499, 9), product("mug", "mug", 500, 4)]).await;

    std::fs::write(file.path(), format!("{HEADER}\nlamp,Lamp,3,abc\n")).expect("the CSV is written");
    let bad = shop.run(&["import", "products", path, "--format", "shopify-csv", "--dry-run"]).await;
    bad.assert_failed().assert_line(&["line 2", "Variant Price", "abc"]);
    shop.check().await;
}

#[tokio::test]
async fn after_sales_an_unchanged_file_changes_nothing_and_a_changed_number_counts_as_a_difference() {
    let mut shop = Shop::new().opened_with(&Csv::new().product("lamp", 10, "19.99").product("mug", 5, "5.00")).await;
    let client = shop.client();
    let order = client.ordered(&[(&client.variant("lamp").await, 4)]).await;
    client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    client.until_status(&order, "confirmed").await;
    let (lamp, mug) = (client.product("lamp").await, client.product("mug").await);
    shop.close().await;

    let same = shop.import(&Csv::new().product("lamp", 10, "19.99").product("mug", 5, "5.00")).await;
    let counts = ["created", "changed", "unchanged", "rows"].map(|word| same.assert_succeeded().count_of(word));
    assert_eq!(counts, [0, 0, 2, 0]);
    shop.open().await;
    assert_eq!(shop.client().product("lamp").await, lamp, "neither stock nor version");
    assert_eq!(shop.client().product("mug").await, mug);
    shop.close().await;

    // Three more than the file before it, whatever was sold meanwhile.
    shop.import(&Csv::new().product("lamp", 13, "19.99").product("mug", 5, "6.00")).await.assert_succeeded();
    shop.open().await;
    let client = shop.client();
    assert_eq!(client.available("lamp").await, 9);
    let repriced = client.product("mug").await;
    assert_eq!(shown(&repriced).2, 600);
    assert!(repriced["version"].as_u64() > mug["version"].as_u64(), "a new price is a new version");
    assert_eq!(client.product("lamp").await["version"], lamp["version"], "stock alone is none");
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_number_below_what_is_held_is_refused_with_its_row_and_the_rest_goes_in() {
    let mut shop = Shop::new().opened_with(&Csv::new().product("lamp", 10, "19.99").product("mug", 5, "5.00")).await;
    let client = shop.client();
    let order = client.ordered(&[(&client.variant("lamp").await, 6)]).await;
    shop.close().await;

    let finished = shop.import(&Csv::new().product("lamp", 3, "24.99").product("mug", 8, "5.00")).await;
    finished.assert_failed().assert_line(&["line 2", "Variant Inventory Qty", "6"]);
    shop.open().await;
    let client = shop.client();
    assert_eq!(client.available("lamp").await, 4, "its stock stays");
    assert_eq!(client.variant("lamp").await.price, 2499, "its price is taken");
    assert_eq!(client.available("mug").await, 8);
    client.until_status(&order, "awaiting_payment").await;
    shop.close().await;

    // Just what is held is enough.
    shop.import(&Csv::new().product("lamp", 6, "24.99")).await.assert_succeeded();
    shop.open().await;
    assert_eq!(shop.client().available("lamp").await, 0);
    shop.close_and_check().await;
}

#[tokio::test]
async fn what_is_sanitised_is_sanitised() {
    let mut shop = Shop::new();
    let csv = Csv::new().row(&[
        ("Handle", "lamp"),
        ("Title", "Lamp <b>"),
        ("Body (HTML)", "<p onclick=\"steal()\">Bright</p><script>steal()</script><img src=x onerror=steal()>"),
        ("Variant Price", "5"),
    ]);
    shop.import(&csv).await.assert_succeeded();
    shop.open().await;
    let page = shop.client().product("lamp").await;
    let html = page["description_html"].as_str().unwrap_or_else(|| panic!("no description: {page}"));
    assert!(html.contains("<p>Bright</p>"), "{html}");
    assert!(!html.contains("steal"), "{html}");
    assert_eq!(page["variants"][0]["available"], Value::Null, "no number, no tracking");
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_long_file_goes_in_whole() {
    let mut shop = Shop::new();
    let csv = (0..2_000).fold(Csv::new(), |csv, number| csv.product(&format!("thing-{number}"), 5, "9.99"));
    assert_eq!(shop.import(&csv).await.assert_succeeded().count_of("created"), 2_000);
    assert_eq!(shop.import(&csv).await.assert_succeeded().count_of("unchanged"), 2_000);
    shop.open().await;
    let client = shop.client();
    eventually("the list has them all", SOON, async || {
        let list = client.get("/api/v1/products?limit=1").await.expect(200);
        if list["total"] == 2_000 { Ok(()) } else { Err(list["total"].to_string()) }
    })
    .await;
    let (mut count, mut cursor) = (0, String::new());
    loop {
        let page = client.get(&format!("/api/v1/products?limit=100&sort=title{cursor}")).await.expect(200);
        count += page["items"].as_array().map_or(0, Vec::len);
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(count, 2_000);
    shop.close_and_check().await;
}
