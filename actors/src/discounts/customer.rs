//! Who somebody is to a discount whose uses by one customer are limited: an account, or the email address of
//! somebody without one. Only a digest is kept, made for each discount, so that it names nobody and two
//! discounts cannot be compared.

use sha2::{Digest, Sha256};
use souk_domain::id::{AccountId, DiscountId};

/// SHA-256 as hexadecimal digits. An address is the same in upper and lower case.
pub fn digest(discount: DiscountId, owner: Option<&str>, email: &str) -> String {
    let account = owner.filter(|owner| owner.parse::<AccountId>().is_ok());
    let customer = match account {
        Some(account) => format!("account:{account}"),
        None => format!("email:{}", email.trim().to_lowercase()),
    };
    let digest = Sha256::digest(format!("{discount}\n{customer}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use souk_domain::id::discount_id;

    #[test]
    fn one_person_is_one_digest_for_each_discount_and_it_shows_nothing() {
        let (ten, other) = (discount_id("ten"), discount_id("other"));
        let guest = digest(ten, Some("guest_01h455vb4pex5vsknk084sn02q"), " Ada@Example.com");
        assert_eq!(guest, digest(ten, None, "ada@example.com"), "a guest's identity is no account");
        assert_ne!(guest, digest(other, None, "ada@example.com"));
        assert_eq!((guest.len(), guest.contains("ada")), (64, false));
        let account = Some("acct_01h455vb4pex5vsknk084sn02q");
        assert_eq!(digest(ten, account, "a@example.com"), digest(ten, account, "b@example.com"));
        assert_ne!(digest(ten, account, "ada@example.com"), guest);
    }
}
