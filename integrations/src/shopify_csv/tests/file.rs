use super::*;

const SMALL: &str = "Handle,Title,Variant Price";

#[test]
fn a_byte_order_mark_is_not_part_of_the_first_column() {
    let file = format!("\u{FEFF}{SMALL}\nshirt,Shirt,10\n");
    let (products, errors) = read(file.as_bytes());
    assert_eq!((products.len(), errors), (1, vec![]));
}

#[test]
fn every_kind_of_line_end_is_counted_as_one_line() {
    for end in ["\n", "\r\n", "\r"] {
        let file = format!("{SMALL}{end}{end}a,\"A{end}B\",1{end}b,B,x{end}{end}{end}c,C,3{end}d,D,y");
        let (products, errors) = read(file.as_bytes());
        let lines: Vec<_> = products.iter().map(|product| (product.handle.as_str(), product.line)).collect();
        assert_eq!(lines, [("a", 3), ("c", 8)], "{end:?}");
        assert_eq!(places(&errors), [(5, "Variant Price"), (5, ""), (9, "Variant Price"), (9, "")], "{end:?}");
    }
}

#[test]
fn quotes_commas_and_line_breaks_stand_inside_quoted_fields() {
    let file = format!("{SMALL}\nshirt,\"The \"\"Shirt\"\", new\nand blue\",\"10.50\"\nhat,Hat,5\n");
    let (products, errors) = read(file.as_bytes());
    assert_eq!(errors, []);
    assert_eq!(products[0].title, "The \"Shirt\", new\nand blue");
    assert_eq!(products[0].variants[0].price.amount, 1050);
    assert_eq!(products[1].line, 4);
}

#[test]
fn a_quote_that_is_never_closed_is_found() {
    let (products, errors) = read(format!("{SMALL}\nhat,Hat,5\nshirt,\"Shirt,10\nx,X,1\n").as_bytes());
    assert_eq!(products.len(), 1);
    assert_eq!(places(&errors), [(3, "")]);
    assert!(errors[0].reason.contains("quote"), "{}", errors[0]);
}

#[test]
fn a_stray_quote_at_the_end_is_text() {
    let (products, errors) = read(b"Variant Price,Handle,Title\n10,pot,5\" pot");
    assert_eq!((products[0].title.as_str(), errors), ("5\" pot", vec![]));
}

#[test]
fn missing_columns_are_named() {
    let error = refusal(b"Title,Vendor\nShirt,Me\n");
    assert!(matches!(&error, FileError::MissingColumns { missing } if *missing == ["Handle", "Variant Price"]));
    assert_eq!(error.to_string(), "the file has no column Handle, Variant Price");
}

#[test]
fn unknown_columns_are_warned_about_and_unused_ones_are_not() {
    let known = "SEO Title,Cost per item,Gift Card,Google Shopping / MPN,Price / International,\
                 Included / United States,Color (product.metafields.shopify.color-pattern),Variant Barcode";
    let file = format!("{SMALL},Shoe size,{known},\nshirt,Shirt,10,42{}\n", ",".repeat(9));
    let csv = ShopifyCsv::new(file.as_bytes(), Currency::USD).unwrap();
    assert_eq!(
        csv.warnings(),
        ["the column \"Shoe size\" is not known and not read", "column 13 has no name and is not read"]
    );
    assert!(csv.map(|item| item.product).all(|product| product.is_some()));
}

#[test]
fn a_column_may_be_there_once() {
    for twice in ["title", "URL handle", "Colour,colour"] {
        let error = refusal(format!("{SMALL},{twice}\n").as_bytes());
        assert!(matches!(error, FileError::DuplicateColumn { .. }), "{twice}: {error}");
    }
}

#[test]
fn header_names_are_trimmed_and_in_any_case() {
    let (products, errors) = read(b" HANDLE , title,\"variant price \"\nshirt,Shirt,10\n");
    assert_eq!((products.len(), errors), (1, vec![]));
}

#[test]
fn the_newest_column_names_are_understood() {
    let file = "Title,URL handle,Description,Published on online store,Status,SKU,Option1 name,Option1 value,Price,\
                Compare-at price,Inventory tracker,Inventory quantity,Continue selling when out of stock,\
                Weight value (grams),Product image URL,Image position,Image alt text,Variant image URL,\
                Option1 Linked To\n\
                Shirt,shirt,<p>Blue</p>,TRUE,Active,S-1,Size,Small,10,12,shopify,5,DENY,200,\
                https://a.test/1.jpg,1,Front,,\n";
    let mut csv = ShopifyCsv::new(file.as_bytes(), Currency::USD).unwrap();
    assert_eq!(csv.warnings(), [""; 0]);
    let item = csv.next().unwrap();
    let product = item.product.unwrap();
    let variant = &product.variants[0];
    assert_eq!(item.errors, []);
    assert_eq!(product.images[0].alt, "Front");
    assert_eq!((variant.sku.as_deref(), variant.grams, variant.inventory), (Some("S-1"), 200, Some(5)));
    assert_eq!((variant.price.amount, variant.compare_at_price.map(|price| price.amount)), (1000, Some(1200)));
}

#[test]
fn an_empty_file_is_refused() {
    for empty in ["", "\u{FEFF}", "\n\r\n", ",,,\n"] {
        assert!(matches!(refusal(empty.as_bytes()), FileError::Empty), "{empty:?}");
    }
}

#[test]
fn a_header_alone_gives_nothing() {
    assert_eq!(read(SMALL.as_bytes()), (vec![], vec![]));
    assert_eq!(read(format!("{SMALL}\r\n").as_bytes()), (vec![], vec![]));
}

#[test]
fn a_binary_file_is_refused_with_the_place() {
    let cases: [(&[u8], u64, u64); 3] =
        [(b"PK\x03\x04\x14\0\x06\0", 1, 5), (b"\x89PNG\r\n\x1a\n", 1, 0), (b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", 2, 10)];
    for (bytes, line, offset) in cases {
        match refusal(bytes) {
            FileError::NotText { line: found_line, offset: found } => assert_eq!((found_line, found), (line, offset)),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn utf_16_is_refused() {
    let text: Vec<u16> = format!("\u{FEFF}{SMALL}\n").encode_utf16().collect();
    let little: Vec<u8> = text.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = text.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    assert!(matches!(refusal(&little), FileError::Utf16));
    assert!(matches!(refusal(&big), FileError::Utf16));
    assert!(matches!(refusal(&little[2..]), FileError::NotText { .. }), "without a mark");
}

#[test]
fn another_separator_is_named() {
    assert!(matches!(refusal(b"Handle;Title;Variant Price\n"), FileError::Delimiter { found: ';' }));
    assert!(matches!(refusal(b"Handle\tTitle\tVariant Price\n"), FileError::Delimiter { found: '\t' }));
}

#[test]
fn a_row_with_another_number_of_fields_is_left_out() {
    let (products, errors) = read(format!("{SMALL}\na,A\nb,B,2\nc,C,3,4\nd,D,4\n,,,,\n").as_bytes());
    assert_eq!(products.iter().map(|product| product.handle.as_str()).collect::<Vec<_>>(), ["b", "d"]);
    assert_eq!(places(&errors), [(2, ""), (4, "")]);
    assert_eq!(errors[0].to_string(), "line 2: the row has 2 fields, the header has 3");
}

#[test]
fn bytes_that_are_not_text_spoil_only_their_row() {
    let mut file = format!("{SMALL}\na,A,1\nb,").into_bytes();
    file.extend(b"caf\xE9,2\nc,C\0,3\n\xC3,\xA9,4\nd,D,4\n");
    let (products, errors) = read(&file);
    assert_eq!(products.iter().map(|product| product.handle.as_str()).collect::<Vec<_>>(), ["a", "d"]);
    assert_eq!(places(&errors), [(3, "Title"), (4, "Title"), (5, "Handle")]);
}

#[test]
fn a_file_that_breaks_off_says_so() {
    struct Broken(Vec<u8>);
    impl std::io::Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Err(std::io::Error::other("the disk is gone"));
            }
            let count = self.0.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }
    let rows: String = (0..2_000).map(|n| format!("p{n},Product {n},1\n")).collect();
    let csv = ShopifyCsv::new(Broken(format!("{SMALL}\n{rows}").into_bytes()), Currency::USD).unwrap();
    let items: Vec<_> = csv.collect();
    assert_eq!(items.len(), 2_000);
    let last = &items[1_999];
    assert_eq!(places(&last.errors), [(2_002, "")]);
    assert!(last.errors[0].reason.contains("the disk is gone"));
}

#[test]
fn progress_ends_at_the_length_of_the_file() {
    let file = format!("\u{FEFF}{SMALL}\r\na,A,1\r\nb,B,2");
    let mut csv = ShopifyCsv::new(file.as_bytes(), Currency::USD).unwrap();
    let before = csv.bytes_read();
    assert_eq!(csv.by_ref().count(), 2);
    assert!(before < csv.bytes_read());
    assert_eq!(csv.bytes_read(), file.len() as u64);
}
