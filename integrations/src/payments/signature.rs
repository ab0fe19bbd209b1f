//! How webhooks are signed: `t=<seconds>,v1=<hex>`, where the hex is HMAC-SHA256 over `<seconds>.<body>`.
//! Stripe's scheme (<https://docs.stripe.com/webhooks#verify-manually>), which the sandbox shares.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use souk_domain::time::Timestamp;

use super::port::WebhookFault;

/// How far a webhook's time may be from ours, unless configured otherwise.
pub const TOLERANCE: Duration = Duration::from_secs(300);
/// Signatures that one header may carry: more than one while a secret is being replaced.
const MAX_SIGNATURES: usize = 8;

/// The value of the signature's header.
pub fn sign(secret: &str, body: &[u8], now: Timestamp) -> String {
    let seconds = now.as_millis().div_euclid(1_000);
    format!("t={seconds},v1={}", hex::encode(mac(secret, seconds, body).finalize().into_bytes()))
}

/// Checks the value of a signature's header. The comparison takes the same time wherever the two differ.
///
/// # Errors
/// `Malformed` for a header of another form, `Forged` for a signature of another secret or body, `Stale` for a
/// signature that is right but further from `now` than `tolerance`.
pub fn verify(
    secret: &str,
    header: &str,
    body: &[u8],
    now: Timestamp,
    tolerance: Duration,
) -> Result<(), WebhookFault> {
    let (seconds, signatures) = parse(header).ok_or(WebhookFault::Malformed)?;
    let genuine = |signature: &Vec<u8>| mac(secret, seconds, body).verify_slice(signature).is_ok();
    if !signatures.iter().any(genuine) {
        return Err(WebhookFault::Forged);
    }
    let signed_at = Timestamp::from_millis(seconds.saturating_mul(1_000));
    let away = now.since(signed_at).max(signed_at.since(now));
    // Only whole seconds are signed.
    if away > tolerance + Duration::from_secs(1) { Err(WebhookFault::Stale) } else { Ok(()) }
}

fn parse(header: &str) -> Option<(i64, Vec<Vec<u8>>)> {
    let (mut seconds, mut signatures) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=')? {
            ("t", value) if seconds.is_none() => seconds = Some(value.parse().ok()?),
            ("t", _) => return None,
            ("v1", value) if signatures.len() < MAX_SIGNATURES => signatures.push(hex::decode(value).ok()?),
            ("v1", _) => return None,
            // Other schemes may stand beside ours.
            _ => {}
        }
    }
    (!signatures.is_empty()).then_some((seconds?, signatures))
}

fn mac(secret: &str, seconds: i64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_500);

    fn check(header: &str, body: &[u8], now: Timestamp) -> Result<(), WebhookFault> {
        verify("whsec_1", header, body, now, TOLERANCE)
    }

    #[test]
    fn the_scheme_is_hmac_sha256_over_time_and_body() {
        // openssl: printf '1700000000.{}' | openssl dgst -sha256 -hmac whsec_1
        let known = "c8cf6ed9fd9120874a1792902ffdf5b69559118b76d10974da8a20cf21f94bc5";
        assert_eq!(sign("whsec_1", b"{}", NOW), format!("t=1700000000,v1={known}"));
    }

    #[test]
    fn only_the_same_secret_body_and_time_fit() {
        let header = sign("whsec_1", b"{}", NOW);
        assert_eq!(check(&header, b"{}", NOW), Ok(()));
        assert_eq!(check(&header, b"{ }", NOW), Err(WebhookFault::Forged));
        assert_eq!(check(&sign("whsec_2", b"{}", NOW), b"{}", NOW), Err(WebhookFault::Forged));
        assert_eq!(check(&header.replace("t=17", "t=16"), b"{}", NOW), Err(WebhookFault::Forged), "a new time");
        let rotated = format!("{},{}", sign("whsec_2", b"{}", NOW), header.split_once(',').unwrap().1);
        assert_eq!(check(&rotated, b"{}", NOW), Ok(()), "one of two is enough");
    }

    #[test]
    fn what_is_too_old_or_from_the_future_is_stale() {
        let header = sign("whsec_1", b"{}", NOW);
        let (late, later) = (NOW.plus(TOLERANCE), NOW.plus(TOLERANCE + Duration::from_secs(2)));
        assert_eq!((check(&header, b"{}", late), check(&header, b"{}", later)), (Ok(()), Err(WebhookFault::Stale)));
        let earlier = NOW.minus(TOLERANCE + Duration::from_secs(2));
        assert_eq!(check(&header, b"{}", earlier), Err(WebhookFault::Stale));
    }

    #[test]
    fn another_form_is_malformed() {
        let flood = format!("t=1{}", ",v1=00".repeat(MAX_SIGNATURES + 1));
        for header in ["", "t=1", "v1=00", "t=x,v1=00", "t=1,v1=zz", "t=1,t=2,v1=00", "nonsense", flood.as_str()] {
            assert_eq!(check(header, b"{}", NOW), Err(WebhookFault::Malformed), "{header}");
        }
    }
}
