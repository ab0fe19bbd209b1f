//! Whose calls and connections are counted together.

use std::net::IpAddr;

/// An IPv4 address, the /64 that one IPv6 customer has, or an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientKey {
    V4(u32),
    V6(u64),
    /// A keyed hash of its id: ids are long, and the tables are bounded in bytes. Two accounts that fall together
    /// would share an allowance; nobody can aim at that without the key.
    Account(u64),
    /// No address, as in tests.
    Unknown,
}

impl From<Option<IpAddr>> for ClientKey {
    fn from(address: Option<IpAddr>) -> Self {
        match address {
            Some(IpAddr::V4(address)) => Self::V4(address.to_bits()),
            // Shifted down to the 64 bits of the network.
            Some(IpAddr::V6(address)) => Self::V6((address.to_bits() >> 64) as u64),
            None => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_is_one_client() {
        let key = |address: &str| ClientKey::from(Some(address.parse::<IpAddr>().unwrap()));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_ne!(key("10.0.0.1"), key("10.0.0.2"));
    }
}
