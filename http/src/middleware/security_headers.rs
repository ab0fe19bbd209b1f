//! What browsers must not do with an answer.

use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::config::{EdgeConfig, Hsts};
use crate::storefront::config::PaidWith;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// An answer that is no page can load nothing and be in no frame.
const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

const NOTHING_ELSE: &str = "camera=(), microphone=(), geolocation=(), usb=(), serial=(), bluetooth=(), midi=(), display-capture=(), payment=(self)";

/// A year, as browsers ask for to keep it in mind.
const ONLY_TLS: &str = "max-age=31536000; includeSubDomains";

#[derive(Debug, Clone)]
pub struct SecurityHeaders {
    page: HeaderValue,
    only_tls: bool,
}

impl SecurityHeaders {
    pub fn new(config: &EdgeConfig) -> Self {
        let speaks_tls = !config.tls.certificate.is_empty() || config.public_url.starts_with("https://");
        let only_tls = match config.tls.hsts {
            Hsts::Auto => speaks_tls,
            Hsts::On => true,
            Hsts::Off => false,
        };
        let page = HeaderValue::try_from(page_policy(&config.place.provider)).expect("plain text is valid in a header");
        Self { page, only_tls }
    }

    /// Sets what a handler did not set itself. A page without a policy of its own is one of the apps.
    pub fn apply(&self, headers: &mut HeaderMap) {
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.entry(RESOURCE_POLICY).or_insert(HeaderValue::from_static("same-site"));
        let is_page = headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
        if is_page {
            headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
            headers.insert(PERMISSIONS, HeaderValue::from_static(NOTHING_ELSE));
        }
        let policy = || if is_page { self.page.clone() } else { HeaderValue::from_static(NO_PAGE) };
        headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(policy);
        if self.only_tls {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONLY_TLS));
        }
    }
}

/// What pages may load: what comes from here, pictures of products from wherever they live, and what the payment
/// provider needs for its fields. JSON inside a document is data, which no policy runs.
/// `'self'` covers ws and wss in current browsers (CSP level 3, section 6.7.2.8).
fn page_policy(provider: &PaidWith) -> String {
    let (scripts, frames, connections) = match provider {
        PaidWith::Sandbox => ("", "'none'", ""),
        // https://docs.stripe.com/security/guide#content-security-policy
        PaidWith::Stripe { .. } => (
            " https://js.stripe.com https://*.js.stripe.com",
            "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
            " https://api.stripe.com",
        ),
    };
    format!(
        "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; img-src 'self' data: https:; \
         font-src 'self'; connect-src 'self'{connections}; manifest-src 'self'; worker-src 'self'; frame-src {frames}; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storefront::config::Place;

    fn headers(config: &EdgeConfig, content_type: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        SecurityHeaders::new(config).apply(&mut headers);
        headers
    }

    #[test]
    fn what_is_no_page_may_load_nothing() {
        let config = EdgeConfig::default();
        assert_eq!(headers(&config, "application/json")[CONTENT_SECURITY_POLICY], NO_PAGE);
        let page = headers(&config, "text/html; charset=utf-8");
        let policy = page[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe") && !policy.contains("stripe"));
        assert_eq!(page[OPENER_POLICY], "same-origin");
    }

    #[test]
    fn only_a_shop_that_pays_with_stripe_lets_it_in() {
        let provider = PaidWith::Stripe { publishable_key: "pk_test_1".to_owned() };
        let config = EdgeConfig { place: Place { provider, ..Place::default() }, ..EdgeConfig::default() };
        let policy = headers(&config, "text/html")[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(
            policy.contains("script-src 'self' https://js.stripe.com") && policy.contains("https://hooks.stripe.com")
        );
        assert!(!policy.contains("unsafe") && policy.starts_with("default-src 'none'"));
    }

    #[test]
    fn only_a_shop_with_tls_asks_for_it() {
        let mut config = EdgeConfig::default();
        let asks = |config: &EdgeConfig| headers(config, "text/html").contains_key(STRICT_TRANSPORT_SECURITY);
        assert!(!asks(&config));
        config.public_url = "https://shop.example.com".to_owned();
        assert!(asks(&config));
        config.tls.hsts = Hsts::Off;
        assert!(!asks(&config));
        config = EdgeConfig::default();
        config.tls.hsts = Hsts::On;
        assert!(asks(&config));
    }
}
