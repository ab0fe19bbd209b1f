//! What two stores are compared by: how many records a section has, and a sum over them that does not depend on their
//! order.

use ring::digest::{SHA256, digest};

use super::value::Value;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digest {
    pub records: u64,
    /// SHA-256 of each record, added up.
    sum: [u64; 4],
}

impl Digest {
    pub fn add(&mut self, record: &[Value]) {
        let mut encoded = Vec::with_capacity(256);
        for value in record {
            // Each with its kind and length, so that no two records are encoded alike.
            match value {
                Value::Null => encoded.push(0),
                Value::Integer(number) => {
                    encoded.push(1);
                    encoded.extend_from_slice(&number.to_le_bytes());
                }
                Value::Text(text) => push(&mut encoded, 2, text.as_bytes()),
                Value::Bytes(bytes) => push(&mut encoded, 3, bytes),
            }
        }
        let hash = digest(&SHA256, &encoded);
        for (sum, part) in self.sum.iter_mut().zip(hash.as_ref().chunks_exact(8)) {
            *sum = sum.wrapping_add(u64::from_le_bytes(part.try_into().unwrap_or_default()));
        }
        self.records += 1;
    }
}

fn push(encoded: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    encoded.push(kind);
    encoded.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    encoded.extend_from_slice(bytes);
}

/// The first digits are enough to tell two apart by eye.
impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.sum[0])
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::Record;
    use super::*;

    fn of(records: &[Record]) -> Digest {
        let mut digest = Digest::default();
        records.iter().for_each(|record| digest.add(record));
        digest
    }

    #[test]
    fn the_order_does_not_matter_and_everything_else_does() {
        let [a, b] = ["a", "b"].map(|text| vec![Value::Text(text.into()), Value::Null]);
        assert_eq!(of(&[a.clone(), b.clone()]), of(&[b.clone(), a.clone()]));
        assert_ne!(of(std::slice::from_ref(&a)), of(&[a.clone(), a.clone()]));
        assert_ne!(of(std::slice::from_ref(&a)), of(&[vec![Value::Bytes(b"a".into()), Value::Null]]));
        assert_ne!(of(&[vec![Value::Text("ab".into()), Value::Text(String::new())]]), of(&[[a, b].concat()]));
        assert_ne!(of(&[vec![Value::Integer(0)]]), of(&[vec![Value::Null]]));
    }
}
