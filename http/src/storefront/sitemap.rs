//! Which pages search engines find (sitemaps.org protocol).

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use souk_actors::catalogue::listing::{ListError, Listing};
use souk_persistence::search::{ProductQuery, Sort};
use tokio::sync::Mutex;

use super::catalogue::Collection;

/// The protocol's own bound is 50,000 addresses in a file.
const PER_FILE: usize = 10_000;
/// Products that are listed at most; the newest.
const MAX_PRODUCTS: usize = 200_000;
const FRESH: Duration = Duration::from_secs(600);

type Kept = Option<(Instant, Arc<Vec<String>>)>;

/// The handles of the newest products, collected once in a while.
#[derive(Default)]
pub struct Sitemap(Mutex<Kept>);

impl Sitemap {
    /// # Errors
    /// The index cannot be read.
    pub async fn handles(&self, listing: &Listing) -> Result<Arc<Vec<String>>, ListError> {
        let mut kept = self.0.lock().await;
        if let Some((since, handles)) = &*kept
            && since.elapsed() < FRESH
        {
            return Ok(Arc::clone(handles));
        }
        let mut handles = Vec::new();
        let mut cursor = None;
        loop {
            let query = ProductQuery { sort: Sort::Newest, cursor, limit: 100, ..ProductQuery::default() };
            let page = listing.list(query).await?;
            handles.extend(page.items.into_iter().map(|product| product.handle));
            cursor = page.next;
            if cursor.is_none() || handles.len() >= MAX_PRODUCTS {
                break;
            }
        }
        let handles = Arc::new(handles);
        *kept = Some((Instant::now(), Arc::clone(&handles)));
        Ok(handles)
    }
}

/// One file where all fits into one, else an index of many.
pub fn first(base: &str, collections: &[Collection], handles: &[String]) -> String {
    if handles.len() <= PER_FILE {
        return urls(base, Some(collections), handles);
    }
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for number in 1..=handles.len().div_ceil(PER_FILE) {
        let _ = writeln!(xml, "<sitemap><loc>{}/sitemaps/{number}.xml</loc></sitemap>", escaped(base));
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

/// File `number`, from 1. None beyond the last.
pub fn part(base: &str, collections: &[Collection], handles: &[String], number: usize) -> Option<String> {
    let chunk = handles.chunks(PER_FILE).nth(number.checked_sub(1)?)?;
    Some(urls(base, (number == 1).then_some(collections), chunk))
}

fn urls(base: &str, collections: Option<&[Collection]>, handles: &[String]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let base = escaped(base);
    if let Some(collections) = collections {
        for path in ["/", "/products", "/delivery", "/returns"] {
            let _ = writeln!(xml, "<url><loc>{base}{path}</loc></url>");
        }
        for collection in collections {
            let _ = writeln!(xml, "<url><loc>{base}/collections/{}</loc></url>", escaped(&collection.slug));
        }
    }
    for handle in handles {
        let _ = writeln!(xml, "<url><loc>{base}/products/{}</loc></url>", escaped(handle));
    }
    xml.push_str("</urlset>\n");
    xml
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_products_make_an_index() {
        let few = first("https://shop.example", &[], &["a&b".to_owned()]);
        assert!(few.contains("<loc>https://shop.example/products/a&amp;b</loc>") && few.contains("<urlset"));
        let handles: Vec<String> = (0..PER_FILE * 2 + 1).map(|n| format!("p{n}")).collect();
        let index = first("https://shop.example", &[], &handles);
        assert_eq!(index.matches("<sitemap>").count(), 3);
        let last = part("https://shop.example", &[], &handles, 3).unwrap();
        assert_eq!(last.matches("<url>").count(), 1);
        assert!(part("https://shop.example", &[], &handles, 1).unwrap().contains("/delivery"));
        for none in [0, 4] {
            assert!(part("https://shop.example", &[], &handles, none).is_none());
        }
    }
}
