//! `souk seed`: loads the demo catalogue that comes with the program. A second time it changes nothing.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::Deserialize;
use souk_actors::catalogue::import::ImportCounts;
use souk_actors::catalogue::products::ImportOutcome;
use souk_actors::runtime::error::CallError;
use souk_domain::id::VariantId;
use souk_domain::money::{Currency, Money};
use souk_domain::product::command::{ImportedProduct, ImportedVariant};
use souk_domain::product::state::{Details, Status};
use souk_domain::product::view::{Image, ProductOption};

use crate::config::Config;
use crate::stores::{House, Telling};

const CATALOGUE: &str = include_str!("../../demo/catalogue.json");

#[derive(Debug, Args)]
pub struct SeedArguments {
    /// Do nothing when there are products already.
    #[arg(long)]
    if_empty: bool,
}

#[derive(Deserialize)]
struct Catalogue {
    currency: Currency,
    products: Vec<Product>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Product {
    handle: String,
    title: String,
    vendor: String,
    product_type: String,
    categories: Vec<String>,
    tags: Vec<String>,
    status: Status,
    description_html: String,
    images: Vec<Picture>,
    options: Vec<ProductOption>,
    variants: Vec<Variant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Picture {
    file: String,
    alt: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    sku: String,
    title: String,
    options: BTreeMap<String, String>,
    price: i64,
    compare_at_price: Option<i64>,
    on_hand: Option<i64>,
    grams: u32,
}

pub async fn run(config: &Config, arguments: SeedArguments) -> anyhow::Result<ExitCode> {
    let catalogue: Catalogue = serde_json::from_str(CATALOGUE).context("the demo catalogue")?;
    if catalogue.currency != config.shop.currency {
        anyhow::bail!(
            "the demo catalogue is in {}, the shop sells in {} (shop.currency)",
            catalogue.currency,
            config.shop.currency
        );
    }
    let house = House::start(config, None, Telling::Nobody).await?;
    let loaded = load(&house, catalogue, arguments.if_empty).await;
    house.stop().await;
    println!("demo catalogue: {}", loaded?);
    Ok(ExitCode::SUCCESS)
}

async fn load(house: &House, catalogue: Catalogue, if_empty: bool) -> anyhow::Result<ImportCounts> {
    let mut counts = ImportCounts::default();
    let products = &house.market.products;
    if if_empty && products.store.count_products().await? > 0 {
        counts.unchanged = products.store.count_products().await?;
        return Ok(counts);
    }
    for product in catalogue.products {
        let handle = product.handle.clone();
        let product = product.imported(catalogue.currency, || VariantId::from_uuid(products.chance.sortable()));
        let imported = products.import(product).await.map_err(|error| match error {
            CallError::Refused(refusal) => anyhow::anyhow!("{handle}: {refusal:?}"),
            CallError::Unavailable(cause) => anyhow::anyhow!("{handle}: {cause}"),
        })?;
        match imported.outcome {
            ImportOutcome::Created => counts.created += 1,
            ImportOutcome::Changed => counts.changed += 1,
            ImportOutcome::Unchanged => counts.unchanged += 1,
        }
    }
    Ok(counts)
}

impl Product {
    fn imported(self, currency: Currency, new_id: impl Fn() -> VariantId) -> ImportedProduct {
        let Self {
            handle,
            title,
            vendor,
            product_type,
            categories,
            tags,
            status,
            description_html,
            images,
            options,
            variants,
        } = self;
        let image = |Picture { file, alt }| Image { url: format!("/media/{file}"), alt };
        let images = images.into_iter().map(image).collect();
        let variant = |Variant { sku, title, options, price, compare_at_price, on_hand, grams }| ImportedVariant {
            candidate: new_id(),
            sku: Some(sku),
            title,
            options,
            grams,
            price: Money::new(price, currency),
            compare_at_price: compare_at_price.map(|amount| Money::new(amount, currency)),
            inventory: on_hand,
        };
        let variants = variants.into_iter().map(variant).collect();
        let details = Details {
            handle,
            title,
            description_html,
            vendor,
            product_type,
            categories,
            tags,
            status,
            images,
            options,
        };
        ImportedProduct { details, variants }
    }
}
