//! A product's page.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use souk_actors::runtime::error::Unavailable;
use souk_domain::id::ProductId;
use souk_domain::money::{Currency, Money};
use souk_domain::product::state::Status;
use souk_domain::product::view::{ProductView, VariantView};

use crate::extract::PathIds;
use crate::problem::Problem;
use crate::state::App;
use crate::storefront::document::{Page, render};

/// Characters of a description that search engines show.
const DESCRIPTION: usize = 160;

#[utoipa::path(
    get, path = "/products/{handle}", operation_id = "getProductPage", tag = "pages",
    summary = "The store's page of a product",
    params(("handle" = String, Path, example = "ember-stoneware-mug")),
    responses(
        (status = 200, body = String, description = "A page", content_type = "text/html"),
        (status = 404, body = String, description = "`not_found`: a page that says so", content_type = "text/html"),
    ),
)]
pub async fn product(
    State(app): State<App>,
    PathIds(handle): PathIds<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shop = app.storefront.shop(&app.market).await?;
    let found = match handle.parse::<ProductId>() {
        Ok(id) => app.market.views.product(id).await,
        Err(_) => app.market.views.by_handle(&handle).await,
    };
    let published = found.map_err(|_| Unavailable::Store)?.filter(|published| published.view.status == Status::Active);
    let path = format!("/products/{handle}");
    let Some(published) = published else {
        let page = Page { status: StatusCode::NOT_FOUND, ..Page::shell() };
        return render(&app.storefront, &shop, &headers, &path, page);
    };
    let product = &published.view;
    let canonical = format!("/products/{}", product.handle);
    let base = &app.storefront.place.public_url;
    let text = plain(&product.description_html);
    let page = Page {
        template: "product.html",
        sources: &["src/catalogue/ProductPage.tsx"],
        title: Some(&product.title),
        description: Some(shortened(&text, DESCRIPTION)),
        json_ld: Some(json_ld(product, &text, base, &format!("{base}{canonical}"))),
        canonical: Some(canonical),
        image: product.images.first().map(|image| image.url.as_str()),
        data: json!({ "product": product }),
        ..Page::shell()
    };
    render(&app.storefront, &shop, &headers, &path, page)
}

/// <https://schema.org/Product>, as search engines read it.
fn json_ld(product: &ProductView, text: &str, base: &str, url: &str) -> Value {
    let image = |url: &String| if url.starts_with('/') { format!("{base}{url}") } else { url.clone() };
    let offer = |variant: &VariantView| {
        let VariantView { id: _, sku, title, options: _, price, compare_at_price: _, grams: _, available } = variant;
        let available = available.is_none_or(|units| units > 0);
        json!({
            "@type": "Offer", "url": url, "name": title, "sku": sku, "priceCurrency": price.currency,
            "price": decimal(*price),
            "availability": if available { "https://schema.org/InStock" } else { "https://schema.org/OutOfStock" },
        })
    };
    json!({
        "@context": "https://schema.org", "@type": "Product", "name": product.title, "description": text,
        "url": url, "image": product.images.iter().map(|i| image(&i.url)).collect::<Vec<_>>(),
        "brand": { "@type": "Brand", "name": product.vendor },
        "category": product.categories.first(), "offers": product.variants.iter().map(offer).collect::<Vec<_>>(),
    })
}

/// `26.00`
fn decimal(Money { amount, currency }: Money) -> String {
    let digits = Currency::exponent(currency) as usize;
    let text = format!("{amount:0>width$}", width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// The text of sanitised HTML.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => {
                inside = true;
                text.push(' ');
            }
            '>' => inside = false,
            _ if inside => {}
            _ => text.push(character),
        }
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ").replace("&amp;", "&")
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most - 1).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_plain_and_short() {
        assert_eq!(plain("<p>A mug &amp; a <b>lid</b>.</p><ul><li>350 ml</li></ul>"), "A mug & a lid . 350 ml");
        assert_eq!(shortened("one two three", 9), "one two…");
        assert_eq!(shortened("one", 9), "one");
        assert_eq!(decimal(Money::new(5, Currency::USD)), "0.05");
    }
}
