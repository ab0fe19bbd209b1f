//! The samples lie beside the repository, because they are not ours to give away.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use souk_domain::product::state::Status;

use super::*;

fn sample(name: &str) -> Option<Vec<ImportedProduct>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/shopify").join(name);
    let Ok(file) = File::open(&path) else {
        eprintln!("skipped: there is no sample at {}", path.display());
        return None;
    };
    let csv = ShopifyCsv::new(file, Currency::USD).unwrap();
    assert_eq!(csv.warnings(), [""; 0]);
    let mut products = Vec::new();
    for item in csv {
        assert_eq!(item.errors, []);
        products.extend(item.product);
    }
    Some(products)
}

/// Variants, the sum of their prices, units in stock, images and prices that are crossed out.
fn sums(products: &[ImportedProduct]) -> (usize, i64, i64, usize, usize) {
    let variants: Vec<_> = products.iter().flat_map(|product| &product.variants).collect();
    (
        variants.len(),
        variants.iter().map(|variant| variant.price.amount).sum(),
        variants.iter().filter_map(|variant| variant.inventory).sum(),
        products.iter().map(|product| product.images.len()).sum(),
        variants.iter().filter(|variant| variant.compare_at_price.is_some()).count(),
    )
}

fn categories(products: &[ImportedProduct]) -> BTreeSet<&str> {
    products.iter().flat_map(|product| &product.categories).map(String::as_str).collect()
}

#[test]
fn apparel() {
    let Some(products) = sample("apparel.csv") else { return };
    assert_eq!(products.len(), 20);
    assert_eq!(sums(&products), (22, 129_500, 22, 20, 0));
    assert_eq!(categories(&products), BTreeSet::from(["men", "women"]));
    assert!(products.iter().all(|product| product.status == Status::Active));

    let varsity = products.iter().find(|product| product.handle == "classic-varsity-top").unwrap();
    assert_eq!((varsity.line, varsity.vendor.as_str()), (3, "partners-demo"));
    assert_eq!(varsity.options[0].name, "Size");
    assert_eq!(varsity.options[0].values, ["Small", "Medium", "Large"]);
    assert!(varsity.variants.iter().all(|variant| variant.price.amount == 6_000 && variant.inventory == Some(1)));
}

#[test]
fn home_and_garden() {
    let Some(products) = sample("home-and-garden.csv") else { return };
    assert_eq!(products.len(), 20);
    assert_eq!(sums(&products), (21, 234_584, 65, 21, 16));
    assert_eq!(categories(&products), BTreeSet::from(["Indoor", "Outdoor"]));

    let pot = &products[0];
    assert_eq!((pot.handle.as_str(), pot.tags.join("|").as_str()), ("clay-plant-pot", "Pot|Plants"));
    assert_eq!(pot.description_html, "<p>Classic blown clay pot for plants</p>");
    assert_eq!(pot.variants.iter().map(|variant| variant.price.amount).collect::<Vec<_>>(), [999, 1599]);
    assert_eq!(pot.images.iter().map(|image| image.position).collect::<Vec<_>>(), [1, 2]);

    let armchair = products.iter().find(|product| product.handle == "pink-armchair").unwrap();
    assert_eq!(armchair.variants[0].inventory, Some(0), "sold out, not untracked");
}
