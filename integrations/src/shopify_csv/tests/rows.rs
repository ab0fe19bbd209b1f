use souk_domain::product::state::Status;

use super::*;

#[test]
fn rows_of_one_handle_are_one_product_with_variants_and_images() {
    let (products, errors) = read_rows(&[
        first_row(&[
            ("Option1 Name", "Size"),
            ("Option1 Value", "Small"),
            ("Option2 Name", "Colour"),
            ("Option2 Value", "Red"),
            ("Image Src", "https://a.test/2.jpg"),
            ("Image Position", "2"),
        ]),
        row(&[
            ("Handle", "SHIRT "),
            ("Option1 Value", "Large"),
            ("Option2 Value", "Red"),
            ("Variant Price", "12"),
            ("Variant Image", "https://a.test/3.jpg"),
        ]),
        row(&[
            ("Handle", "shirt"),
            ("Image Src", "https://a.test/1.jpg"),
            ("Image Position", "1"),
            ("Image Alt Text", "Front"),
        ]),
    ]);
    assert_eq!(errors, []);
    let [product] = &products[..] else { panic!("{products:?}") };
    let images: Vec<_> = product.images.iter().map(|image| (image.url.as_str(), image.position)).collect();
    assert_eq!(images, [("https://a.test/1.jpg", 1), ("https://a.test/2.jpg", 2), ("https://a.test/3.jpg", 3)]);
    assert_eq!(product.images[0].alt, "Front");
    let options: Vec<_> = product.options.iter().map(|option| (option.name.as_str(), option.values.clone())).collect();
    assert_eq!(options, [("Size", vec!["Small".into(), "Large".into()]), ("Colour", vec!["Red".into()])]);
    let titles: Vec<_> = product.variants.iter().map(|variant| variant.title.as_str()).collect();
    assert_eq!(titles, ["Small / Red", "Large / Red"]);
    assert_eq!(product.variants[1].options["Size"], "Large");
    assert_eq!(product.variants[1].image.as_deref(), Some("https://a.test/3.jpg"));
}

#[test]
fn the_pseudo_option_means_no_options() {
    let (products, errors) = read_rows(&[first_row(&[("Option1 Name", "Title"), ("Option1 Value", "Default Title")])]);
    assert_eq!(errors, []);
    assert_eq!(products[0].options, []);
    assert!(products[0].variants[0].options.is_empty());
    assert_eq!(products[0].variants[0].title, "");
}

#[test]
fn prices_are_plain_decimals() {
    for price in ["1,299.00", "abc", "-1", "1.999", "$5", "", "1e3", "9999999999999999"] {
        let (products, errors) = read_rows(&[first_row(&[("Variant Price", price)])]);
        assert_eq!(products, [], "{price:?}");
        assert_eq!(places(&errors), [(2, "Variant Price"), (2, "")], "{price:?}");
    }
    for (price, amount) in [("19.99", 1999), ("5", 500), ("0", 0), ("7.500", 750)] {
        let (products, _) = read_rows(&[first_row(&[("Variant Price", price)])]);
        assert_eq!(products[0].variants[0].price.amount, amount, "{price:?}");
    }
}

#[test]
fn a_compare_at_price_counts_only_above_the_price() {
    for (compare_at, kept) in [("12.50", Some(1250)), ("10", None), ("8", None), ("0", None), ("", None)] {
        let (products, errors) = read_rows(&[first_row(&[("Variant Compare At Price", compare_at)])]);
        assert_eq!(errors, []);
        assert_eq!(products[0].variants[0].compare_at_price.map(|price| price.amount), kept, "{compare_at:?}");
    }
    let (_, errors) = read_rows(&[first_row(&[("Variant Compare At Price", "1,299.00")])]);
    assert_eq!(places(&errors)[0], (2, "Variant Compare At Price"));
}

#[test]
fn a_bad_variant_drops_that_variant_only() {
    let variant = |value, price| row(&[("Handle", "shirt"), ("Option1 Value", value), ("Variant Price", price)]);
    let (products, errors) = read_rows(&[
        first_row(&[("Option1 Name", "Size"), ("Option1 Value", "S")]),
        variant("M", "abc"),
        variant("L", "12"),
        variant("", "13"),
    ]);
    let titles: Vec<_> = products[0].variants.iter().map(|variant| variant.title.as_str()).collect();
    assert_eq!(titles, ["S", "L"]);
    assert_eq!(products[0].options[0].values, ["S", "L"]);
    assert_eq!(places(&errors), [(3, "Variant Price"), (5, "Option1 Value")]);
}

#[test]
fn all_that_is_wrong_with_a_row_is_told_at_once() {
    let (_, errors) = read_rows(&[first_row(&[
        ("Variant Price", "abc"),
        ("Variant Grams", "heavy"),
        ("Variant Inventory Qty", "-3"),
        ("Image Src", "picture.jpg"),
    ])]);
    let columns = ["Variant Price", "Variant Grams", "Variant Inventory Qty", "Image Src", ""];
    assert_eq!(places(&errors), columns.map(|column| (2, column)));
}

#[test]
fn without_a_title_there_is_no_product() {
    let (products, errors) = read_rows(&[
        first_row(&[("Title", ""), ("Option1 Name", "Size"), ("Option1 Value", "S")]),
        row(&[("Handle", "shirt"), ("Option1 Value", "M"), ("Variant Price", "x")]),
        first_row(&[("Handle", "hat")]),
    ]);
    assert_eq!(products.len(), 1);
    assert_eq!(products[0].handle, "hat");
    assert_eq!(places(&errors), [(2, "Title"), (3, "Variant Price")], "the other rows are still checked");
}

#[test]
fn an_sku_and_a_choice_of_options_are_there_once_in_a_product() {
    let variant = |value, sku| {
        row(&[("Handle", "shirt"), ("Option1 Value", value), ("Variant SKU", sku), ("Variant Price", "1")])
    };
    let (products, errors) = read_rows(&[
        first_row(&[("Option1 Name", "Size"), ("Option1 Value", "S"), ("Variant SKU", "A")]),
        variant("M", "A"),
        variant("S", "B"),
        variant("M", ""),
        variant("L", ""),
        first_row(&[("Handle", "hat"), ("Variant SKU", "A")]),
    ]);
    assert_eq!(products[0].variants.len(), 3);
    assert_eq!(products[1].variants[0].sku.as_deref(), Some("A"), "another product's SKUs are not remembered");
    assert_eq!(places(&errors), [(3, "Variant SKU"), (4, "Option1 Value")]);
    assert_eq!(errors[0].reason, "line 2 has the same SKU");
}

#[test]
fn stock_is_tracked_by_tracker_or_quantity_unless_sales_go_on() {
    let cases = [
        (("shopify", "5", "deny"), Some(5)),
        (("shopify", "", ""), Some(0)),
        (("", "5", "deny"), Some(5)),
        (("", "0", "deny"), Some(0)),
        (("", "", "deny"), None),
        (("shopify", "5", "continue"), None),
    ];
    for ((tracker, quantity, policy), inventory) in cases {
        let (products, errors) = read_rows(&[first_row(&[
            ("Variant Inventory Tracker", tracker),
            ("Variant Inventory Qty", quantity),
            ("Variant Inventory Policy", policy),
        ])]);
        assert_eq!(errors, []);
        assert_eq!(products[0].variants[0].inventory, inventory, "{tracker:?} {quantity:?} {policy:?}");
    }
    for (column, value) in
        [("Variant Inventory Qty", "-1"), ("Variant Inventory Qty", "many"), ("Variant Inventory Policy", "maybe")]
    {
        let (products, errors) = read_rows(&[first_row(&[(column, value)])]);
        assert_eq!((products.len(), places(&errors)[0]), (0, (2, column)));
    }
}

#[test]
fn grams_are_rounded_to_whole_ones() {
    for (text, grams) in [("", 0), ("0", 0), ("200", 200), ("453.592", 454), ("453.2", 453), ("12.", 12)] {
        let (products, _) = read_rows(&[first_row(&[("Variant Grams", text)])]);
        assert_eq!(products[0].variants[0].grams, grams, "{text:?}");
    }
    for text in ["-1", "1,000", "NaN", "1e3", "99999999999", "+5", "1.x"] {
        let (products, errors) = read_rows(&[first_row(&[("Variant Grams", text)])]);
        assert_eq!((products.len(), places(&errors)[0]), (0, (2, "Variant Grams")), "{text:?}");
    }
}

#[test]
fn handles_are_normalised_or_refused() {
    let (products, _) = read_rows(&[first_row(&[("Handle", "  Blue-Shirt-2 ")])]);
    assert_eq!(products[0].handle, "blue-shirt-2");
    for handle in ["", "blue shirt", "été", "a/b", "--"] {
        let (products, errors) = read_rows(&[first_row(&[("Handle", handle)])]);
        assert_eq!((products.len(), places(&errors)), (0, vec![(2, "Handle")]), "{handle:?}");
    }
}

#[test]
fn a_handle_that_comes_back_is_another_block() {
    let rows = [first_row(&[]), first_row(&[("Handle", "hat")]), first_row(&[("Title", "Again")])];
    let (products, errors) = read_rows(&rows);
    assert_eq!(errors, []);
    assert_eq!(products.iter().map(|product| product.title.as_str()).collect::<Vec<_>>(), ["Shirt", "Shirt", "Again"]);
}

#[test]
fn the_status_decides_who_sees_a_product() {
    let cases = [
        (("active", ""), Status::Active),
        (("Draft", "true"), Status::Draft),
        (("archived", "true"), Status::Archived),
        (("unlisted", "true"), Status::Draft),
        (("", "TRUE"), Status::Active),
        (("", "false"), Status::Draft),
        (("", ""), Status::Active),
    ];
    for ((status, published), expected) in cases {
        let (products, errors) = read_rows(&[first_row(&[("Status", status), ("Published", published)])]);
        assert_eq!((products[0].status, errors), (expected, vec![]), "{status:?} {published:?}");
    }
    for (column, value) in [("Status", "live"), ("Published", "maybe")] {
        let (products, errors) = read_rows(&[first_row(&[(column, value)])]);
        assert_eq!((products[0].status, places(&errors)), (Status::Draft, vec![(2, column)]));
    }
}

#[test]
fn categories_come_from_type_and_category_or_else_the_first_tag() {
    type Fields = &'static [(&'static str, &'static str)];
    let cases: [(Fields, &[&str]); 5] = [
        (&[("Type", "Outdoor"), ("Tags", "Pot, Plants")], &["Outdoor"]),
        (&[("Product Category", "Apparel & Accessories > Clothing > Shirts"), ("Type", "Tops")], &["Tops", "Shirts"]),
        (&[("Product Category", "Apparel > Shirts"), ("Type", "shirts")], &["shirts"]),
        (&[("Tags", "men, new")], &["men"]),
        (&[], &[]),
    ];
    for (fields, expected) in cases {
        let (products, _) = read_rows(&[first_row(fields)]);
        assert_eq!(products[0].categories, expected);
    }
}

#[test]
fn tags_are_trimmed_and_there_once() {
    let (products, _) = read_rows(&[first_row(&[("Tags", " Pot,Plants ,, Pot")])]);
    assert_eq!(products[0].tags, ["Pot", "Plants"]);
}

#[test]
fn descriptions_are_sanitised_or_left_out() {
    let (products, errors) = read_rows(&[
        first_row(&[("Body (HTML)", "<p onclick=\"steal()\">Blue</p><script>steal()</script>")]),
        first_row(&[("Handle", "hat"), ("Body (HTML)", &"<div>".repeat(30_000))]),
    ]);
    assert_eq!(products[0].description_html, "<p>Blue</p>");
    assert_eq!((products[1].description_html.as_str(), places(&errors)), ("", vec![(3, "Body (HTML)")]));
}

#[test]
fn a_bad_image_drops_that_image_only() {
    let (products, errors) = read_rows(&[
        first_row(&[("Image Src", "javascript:alert(1)"), ("Variant Image", "ftp://a.test/x.jpg")]),
        row(&[("Handle", "shirt"), ("Image Src", "HTTPS://a.test/1.jpg"), ("Image Position", "first")]),
        row(&[("Handle", "shirt"), ("Vendor", "Me")]),
    ]);
    assert_eq!(products[0].images.len(), 1);
    assert_eq!(products[0].variants[0].image, None);
    assert_eq!(places(&errors), [(2, "Variant Image"), (2, "Image Src"), (3, "Image Position"), (4, "Handle")]);
}

#[test]
fn texts_have_a_greatest_length() {
    let long = "x".repeat(256);
    let (products, errors) = read_rows(&[first_row(&[("Title", &long)])]);
    assert_eq!((products.len(), places(&errors)), (0, vec![(2, "Title")]));
    let (products, errors) = read_rows(&[first_row(&[("Vendor", &long)])]);
    assert_eq!((products[0].vendor.as_str(), places(&errors)), ("", vec![(2, "Vendor")]));
}

#[test]
fn options_keep_their_names_through_a_product() {
    let (products, errors) = read_rows(&[
        first_row(&[("Option1 Name", "Size"), ("Option1 Value", "S")]),
        row(&[("Handle", "shirt"), ("Option1 Name", "Colour"), ("Option1 Value", "Red"), ("Variant Price", "1")]),
        row(&[("Handle", "shirt"), ("Option1 Value", "M"), ("Option2 Value", "Red"), ("Variant Price", "1")]),
        first_row(&[
            ("Handle", "hat"),
            ("Option1 Name", "Size"),
            ("Option1 Value", "S"),
            ("Option2 Name", "size"),
            ("Option2 Value", "S"),
        ]),
    ]);
    assert_eq!((products.len(), products[0].variants.len()), (1, 1));
    assert_eq!(places(&errors), [(3, "Option1 Name"), (4, "Option2 Value"), (5, "Option2 Name")]);
}
