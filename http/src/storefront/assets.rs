//! The built app: files with their hash in the name, compressed when they were built.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use rust_embed::Embed;
use serde::Deserialize;

#[derive(Embed)]
#[folder = "../web/store/dist"]
struct Dist;

pub struct Asset {
    pub bytes: Bytes,
    /// How the bytes are compressed.
    pub encoding: Option<&'static str>,
    pub media_type: &'static str,
}

impl Asset {
    /// A file of the app. `accepted` is what the client takes, one coding at most.
    pub fn find(path: &str, accepted: &str) -> Option<Self> {
        // The compressed ones have no URL of their own.
        if path.ends_with(".br") || path.ends_with(".gz") || path.contains("..") {
            return None;
        }
        let media_type = media_type(path)?;
        let compressed = match accepted {
            "br" => Dist::get(&format!("{path}.br")).map(|file| (file, Some("br"))),
            "gzip" => Dist::get(&format!("{path}.gz")).map(|file| (file, Some("gzip"))),
            _ => None,
        };
        let (file, encoding) = compressed.or_else(|| Some((Dist::get(path)?, None)))?;
        Some(Self { bytes: whole(file.data), encoding, media_type })
    }
}

fn whole(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    }
}

/// None for what is no part of a page, such as the manifest.
fn media_type(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "woff2" => "font/woff2",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        _ => return None,
    })
}

/// What a document has to load: Vite's manifest, followed from the entry.
#[derive(Debug, Default)]
pub struct Manifest(BTreeMap<String, Chunk>);

#[derive(Debug, Deserialize)]
struct Chunk {
    file: String,
    #[serde(default)]
    imports: Vec<String>,
    #[serde(default)]
    css: Vec<String>,
}

/// Paths without a slash in front.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    pub script: String,
    pub styles: Vec<String>,
    pub preloads: Vec<String>,
}

const ENTRY: &str = "index.html";

impl Manifest {
    /// None where the app was not built.
    pub fn read() -> Option<Self> {
        let file = Dist::get("manifest.json")?;
        serde_json::from_slice(&file.data).map(Self).ok()
    }

    /// What the entry and the chunks of a page load. An unknown page loads what the entry does.
    pub fn load(&self, page: &[&str], language: &str) -> Loaded {
        let mut loaded = Loaded::default();
        let mut seen = Vec::new();
        if let Some(entry) = self.0.get(ENTRY) {
            loaded.script.clone_from(&entry.file);
        }
        let messages = format!("src/i18n/{language}.json");
        for name in [ENTRY].iter().chain(page).chain([&messages.as_str()]) {
            self.follow(name, &mut seen, &mut loaded);
        }
        loaded.preloads.retain(|file| *file != loaded.script);
        loaded
    }

    /// Files of fonts for the first paint: the latin part of each.
    pub fn fonts(&self) -> Vec<&str> {
        let latin = |(name, chunk): (&String, &Chunk)| {
            let wanted = name.ends_with("-latin-wght-normal.woff2");
            wanted.then_some(chunk.file.as_str().to_owned())
        };
        let files: Vec<String> = self.0.iter().filter_map(latin).collect();
        self.0.values().map(|chunk| chunk.file.as_str()).filter(|file| files.iter().any(|f| f == file)).collect()
    }

    fn follow(&self, name: &str, seen: &mut Vec<String>, loaded: &mut Loaded) {
        if seen.iter().any(|known| known == name) {
            return;
        }
        seen.push(name.to_owned());
        let Some(chunk) = self.0.get(name) else { return };
        loaded.preloads.push(chunk.file.clone());
        for style in &chunk.css {
            if !loaded.styles.contains(style) {
                loaded.styles.push(style.clone());
            }
        }
        for import in &chunk.imports {
            self.follow(import, seen, loaded);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_what_a_page_imports_once() {
        let json = r#"{
            "index.html": {"file": "assets/main-1.js", "imports": ["_react.js"], "css": ["assets/main-1.css"]},
            "_react.js": {"file": "assets/react-1.js"},
            "src/i18n/de.json": {"file": "assets/de-1.js"},
            "src/cart/CartPage.tsx": {"file": "assets/cart-1.js", "imports": ["index.html", "_react.js"]}
        }"#;
        let manifest = Manifest(serde_json::from_str(json).unwrap());
        let loaded = manifest.load(&["src/cart/CartPage.tsx"], "de");
        assert_eq!(loaded.script, "assets/main-1.js");
        assert_eq!(loaded.styles, ["assets/main-1.css"]);
        assert_eq!(loaded.preloads, ["assets/react-1.js", "assets/cart-1.js", "assets/de-1.js"]);
        assert_eq!(manifest.load(&["src/none.tsx"], "en").preloads, ["assets/react-1.js"]);
    }

    #[test]
    fn only_parts_of_pages_have_a_type() {
        assert_eq!(media_type("assets/a-1.css"), Some("text/css; charset=utf-8"));
        for none in ["manifest.json", "assets", "index.html"] {
            assert_eq!(media_type(none), None, "{none}");
        }
        assert!(Asset::find("assets/a.js.br", "br").is_none());
    }
}
