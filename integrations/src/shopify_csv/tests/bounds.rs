use std::io::Read;

use proptest::prelude::*;

use super::*;
use crate::shopify_csv::block::{MAX_IMAGES, MAX_VARIANTS};
use crate::shopify_csv::reader::MAX_PENDING_ERRORS;
use crate::shopify_csv::records::{MAX_FIELDS, MAX_RECORD_BYTES};

/// A file that is made while it is read.
struct Generated<F> {
    rows: u64,
    next: u64,
    row: F,
    ready: Vec<u8>,
    given: usize,
}

impl<F: FnMut(u64) -> String> Generated<F> {
    fn new(rows: u64, row: F) -> Self {
        Self { rows, next: 0, row, ready: format!("{HEADER}\n").into_bytes(), given: 0 }
    }
}

impl<F: FnMut(u64) -> String> Read for Generated<F> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.ready.len() && self.next < self.rows {
            self.ready = format!("{}\n", (self.row)(self.next)).into_bytes();
            (self.given, self.next) = (0, self.next + 1);
        }
        let count = buffer.len().min(self.ready.len() - self.given);
        buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[test]
fn a_long_file_streams_block_by_block() {
    let file = Generated::new(200_000, |n| {
        let (handle, size) = (format!("p{}", n / 4), format!("Size {}", n % 4));
        let variant = [("Handle", handle.as_str()), ("Option1 Value", &size), ("Variant Price", "9.99")];
        let first = [("Title", "Product"), ("Option1 Name", "Size")];
        let first = first.into_iter().filter(|_| n.is_multiple_of(4));
        row(&variant.into_iter().chain(first).collect::<Vec<_>>())
    });
    let mut csv = ShopifyCsv::new(file, Currency::USD).unwrap();
    let mut products = 0;
    while let Some(item) = csv.next() {
        assert_eq!(item.errors, []);
        assert_eq!(item.product.unwrap().variants.len(), 4);
        assert!(csv.record_capacity() < 16 << 10, "the buffer of a record doesn't grow with the file");
        products += 1;
    }
    assert_eq!(products, 50_000);
}

#[test]
fn one_endless_product_is_bounded() {
    let rows = 3 * MAX_VARIANTS as u64;
    let file = Generated::new(rows, |n| {
        let (size, image) = (format!("Size {n}"), format!("https://a.test/{n}.jpg"));
        first_row(&[("Option1 Name", "Size"), ("Option1 Value", &size), ("Image Src", &image)])
    });
    let items: Vec<_> = ShopifyCsv::new(file, Currency::USD).unwrap().collect();
    let products: Vec<_> = items.iter().filter_map(|item| item.product.as_ref()).collect();
    assert_eq!(products.len(), 1);
    assert_eq!((products[0].variants.len(), products[0].images.len()), (MAX_VARIANTS, MAX_IMAGES));
    let errors: usize = items.iter().map(|item| item.errors.len()).sum();
    assert_eq!(errors as u64, (rows - MAX_VARIANTS as u64) + (rows - MAX_IMAGES as u64));
    assert!(items.iter().all(|item| item.errors.len() <= MAX_PENDING_ERRORS + 1), "errors don't pile up");
}

#[test]
fn a_record_that_is_too_long_is_skipped() {
    let long = format!("a,{},1", "x".repeat(2 * MAX_RECORD_BYTES));
    let wide = ",".repeat(3 * MAX_FIELDS);
    let file =
        format!("Handle,Title,Variant Price\n{long}\nb,B,2\n{wide}x\nc,C,3\nd,\"{}", "y\n".repeat(MAX_RECORD_BYTES));
    let (products, errors) = read(file.as_bytes());
    assert_eq!(products.iter().map(|product| product.handle.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    assert_eq!(places(&errors), [(2, ""), (4, ""), (6, "")]);
}

#[test]
fn a_header_that_never_ends_is_refused() {
    let file = vec![b'x'; 2 * MAX_RECORD_BYTES];
    assert!(matches!(refusal(&file), FileError::Header(_)));
}

fn drain(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(csv) = ShopifyCsv::new(bytes, Currency::USD) else { return Ok(()) };
    let mut items = 0;
    for item in csv {
        items += 1;
        prop_assert!(item.product.is_some() || !item.errors.is_empty());
        prop_assert!(items <= bytes.len());
        if let Some(product) = item.product {
            prop_assert!(!product.variants.is_empty());
            prop_assert!(!product.title.is_empty());
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        drain(&bytes)?;
    }

    #[test]
    fn any_bytes_after_a_header_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        drain(&[b"Handle,Title,Variant Price\na,A,1\n", &bytes[..]].concat())?;
    }

    #[test]
    fn any_fields_are_read_or_refused(
        rows in prop::collection::vec(prop::collection::vec("[a-zé0-9 .,\"\r\n-]{0,6}", 24), 0..12),
    ) {
        let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
        let rows: Vec<_> = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(",")).collect();
        drain(format!("{HEADER}\n{}", rows.join("\n")).as_bytes())?;
    }

    /// The line of a row doesn't depend on what stands in the fields above it.
    #[test]
    fn lines_are_physical(titles in prop::collection::vec("[ab,\"\n]{0,8}", 1..8)) {
        let mut file = "Handle,Title,Variant Price\n".to_owned();
        for (n, title) in titles.iter().enumerate() {
            let line = 1 + file.matches('\n').count() as u64;
            let start = file.clone();
            file.push_str(&format!("p{n},\"x{}\",1\n", title.replace('"', "\"\"")));
            let (products, errors) = read(format!("{start}bad,Bad,x\n").as_bytes());
            prop_assert_eq!(products.len(), n);
            prop_assert_eq!(errors[0].line, line);
        }
    }
}
