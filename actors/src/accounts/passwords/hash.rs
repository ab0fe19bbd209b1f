//! The forms in which a password is kept. Souk writes argon2id in its PHC string; the others are Django's
//! (`django.contrib.auth.hashers`), of imported accounts: they verify, and are written anew at the next sign-in.
//!
//! A hash says itself what it costs to verify, so costs have bounds: an imported file must not hold a hash that keeps
//! the machine busy for minutes.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const MOST_ARGON2_KIB: u32 = 128 * 1024;
const MOST_ARGON2_PASSES: u32 = 10;
const MOST_ARGON2_LANES: u32 = 16;
const MOST_BCRYPT_COST: u32 = 14;
const MOST_PBKDF2_ROUNDS: u32 = 2_000_000;
const LONGEST_HASH: usize = 64;

/// What a new hash costs. The least that OWASP's Password Storage Cheat Sheet names is 19 MiB, 2 passes, 1 lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Costs {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Default for Costs {
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

/// Why a text is no hash that can be verified here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashFault {
    #[error("its form is not known: argon2, bcrypt, bcrypt_sha256 or pbkdf2_sha256 as Django writes them")]
    UnknownForm,
    #[error("it is not well-formed")]
    Malformed,
    #[error("{what} is {given}, at most {most} is taken")]
    TooCostly { what: &'static str, given: u32, most: u32 },
}

/// A hash, read and found to be within bounds.
#[derive(Clone)]
pub enum Hash {
    Argon2 {
        algorithm: Algorithm,
        costs: Costs,
        lanes: u32,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
    Bcrypt {
        text: String,
        /// Whether the password is digested first, so that all of a long one counts.
        digested: bool,
    },
    Pbkdf2 {
        rounds: u32,
        salt: Vec<u8>,
        hash: Vec<u8>,
    },
}

impl Hash {
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Self, HashFault> {
        if text.len() > 512 {
            return Err(HashFault::Malformed);
        }
        match text.split_once('$') {
            Some(("", rest)) => argon2(rest),
            Some(("argon2", rest)) => argon2(rest),
            Some(("bcrypt", rest)) => bcrypt_hash(rest, false),
            Some(("bcrypt_sha256", rest)) => bcrypt_hash(rest, true),
            Some(("pbkdf2_sha256", rest)) => pbkdf2(rest),
            _ => Err(HashFault::UnknownForm),
        }
    }

    /// A new hash as it is kept.
    pub fn write(password: &str, salt: [u8; 16], costs: Costs) -> String {
        let Costs { memory_kib, passes } = costs;
        let mut hash = [0; 32];
        fill(Algorithm::Argon2id, costs, 1, password.as_bytes(), &salt, &mut hash);
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
        format!("$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${hash}")
    }

    /// Costs what the hash says: not for an async thread.
    pub fn verify(&self, password: &str) -> bool {
        match self {
            Self::Argon2 { algorithm, costs, lanes, salt, hash } => {
                let mut made = vec![0; hash.len()];
                fill(*algorithm, *costs, *lanes, password.as_bytes(), salt, &mut made);
                same(&made, hash)
            }
            Self::Bcrypt { text, digested: false } => bcrypt::verify(password, text).unwrap_or(false),
            Self::Bcrypt { text, digested: true } => {
                bcrypt::verify(hex::encode(Sha256::digest(password)), text).unwrap_or(false)
            }
            Self::Pbkdf2 { rounds, salt, hash } => {
                let mut made = vec![0; hash.len()];
                pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), salt, *rounds, &mut made);
                same(&made, hash)
            }
        }
    }

    /// Whether it is what would be written today.
    pub fn is_current(&self, now: Costs) -> bool {
        match self {
            Self::Argon2 { algorithm: Algorithm::Argon2id, costs, lanes: 1, .. } => *costs == now,
            _ => false,
        }
    }
}

fn fill(algorithm: Algorithm, costs: Costs, lanes: u32, password: &[u8], salt: &[u8], out: &mut [u8]) {
    let params = Params::new(costs.memory_kib, costs.passes, lanes, Some(out.len()));
    let params = params.expect("costs were checked when the hash was read");
    let done = Argon2::new(algorithm, Version::V0x13, params).hash_password_into(password, salt, out);
    done.expect("password and salt are shorter than 4 GiB, the salt was checked");
}

fn same(made: &[u8], kept: &[u8]) -> bool {
    made.ct_eq(kept).into()
}

/// `argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`
fn argon2(rest: &str) -> Result<Hash, HashFault> {
    let parts: Vec<&str> = rest.split('$').collect();
    let [name, "v=19", costs, salt, hash] = parts[..] else { return Err(HashFault::Malformed) };
    let algorithm = match name {
        "argon2id" => Algorithm::Argon2id,
        "argon2i" => Algorithm::Argon2i,
        "argon2d" => Algorithm::Argon2d,
        _ => return Err(HashFault::UnknownForm),
    };
    let mut numbers = costs.split(',');
    let mut number = |key: &str| -> Result<u32, HashFault> {
        let text = numbers.next().and_then(|part| part.strip_prefix(key)).ok_or(HashFault::Malformed)?;
        text.parse().map_err(|_| HashFault::Malformed)
    };
    let (memory_kib, passes, lanes) = (number("m=")?, number("t=")?, number("p=")?);
    bounded("its memory in KiB", memory_kib, MOST_ARGON2_KIB)?;
    bounded("its number of passes", passes, MOST_ARGON2_PASSES)?;
    bounded("its number of lanes", lanes, MOST_ARGON2_LANES)?;
    let decode = |text: &str| STANDARD_NO_PAD.decode(text).map_err(|_| HashFault::Malformed);
    let (salt, hash) = (decode(salt)?, decode(hash)?);
    let fits = (8..=64).contains(&salt.len()) && (4..=LONGEST_HASH).contains(&hash.len());
    if !fits || Params::new(memory_kib, passes, lanes, Some(hash.len())).is_err() {
        return Err(HashFault::Malformed);
    }
    Ok(Hash::Argon2 { algorithm, costs: Costs { memory_kib, passes }, lanes, salt, hash })
}

/// `$2b$12$` with salt and hash: 60 characters.
fn bcrypt_hash(rest: &str, digested: bool) -> Result<Hash, HashFault> {
    let parts: bcrypt::HashParts = rest.parse().map_err(|_| HashFault::Malformed)?;
    bounded("its cost", parts.get_cost(), MOST_BCRYPT_COST)?;
    Ok(Hash::Bcrypt { text: rest.to_owned(), digested })
}

/// `ROUNDS$SALT$HASH`; the salt is the text itself.
fn pbkdf2(rest: &str) -> Result<Hash, HashFault> {
    let parts: Vec<&str> = rest.split('$').collect();
    let [rounds, salt, hash] = parts[..] else { return Err(HashFault::Malformed) };
    let rounds: u32 = rounds.parse().map_err(|_| HashFault::Malformed)?;
    bounded("its number of rounds", rounds, MOST_PBKDF2_ROUNDS)?;
    let hash = STANDARD.decode(hash).map_err(|_| HashFault::Malformed)?;
    if rounds == 0 || salt.is_empty() || !(16..=LONGEST_HASH).contains(&hash.len()) {
        return Err(HashFault::Malformed);
    }
    Ok(Hash::Pbkdf2 { rounds, salt: salt.as_bytes().to_vec(), hash })
}

fn bounded(what: &'static str, given: u32, most: u32) -> Result<(), HashFault> {
    if given > most { Err(HashFault::TooCostly { what, given, most }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Costs = Costs { memory_kib: 64, passes: 1 };

    fn verifies(text: &str, password: &str) {
        let hash = Hash::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert!(hash.verify(password), "{text}");
        assert!(!hash.verify(&format!("{password}x")) && !hash.verify(""), "{text}");
    }

    #[test]
    fn what_is_written_verifies_and_is_current() {
        let text = Hash::write("open sesame", [7; 16], CHEAP);
        verifies(&text, "open sesame");
        assert!(Hash::parse(&text).unwrap().is_current(CHEAP));
        assert!(!Hash::parse(&text).unwrap().is_current(Costs::default()));
        assert_ne!(Hash::write("open sesame", [8; 16], CHEAP), text);
    }

    #[test]
    fn what_django_writes_verifies() {
        // Made with Django 5.2, at costs that a test can afford.
        for text in [
            "argon2$argon2id$v=19$m=1024,t=2,p=2$QnYwSnVSYUE2cGlvaVZWVGplZ2tCRA$DowTqMCV5CTwWcCHEKhcQvjLPE3GC2WBH4kwl/cTKxI",
            "bcrypt_sha256$$2b$05$ddmBLKT8cetXaI.doYAbOuMVSt305iAvzF70pwK4ZOZ4HZxj01ogW",
            "bcrypt$$2b$05$S43XMvqFUwGk5ucIF9Xwfu4BBj3SngbnD83xEoqoArDxlGvIR51ve",
            "pbkdf2_sha256$1000$nIW5EQ5q0ExPAoOmu3nTSd$ZHJo8WyahdTxY2Pbkh4wU81UJQ9EvRPYpk7C2eEFJuE=",
        ] {
            verifies(text, "lètmein ☕");
            assert!(!Hash::parse(text).unwrap().is_current(Costs { memory_kib: 1024, passes: 2 }), "{text}");
        }
    }

    #[test]
    fn costs_have_bounds() {
        let costly = |text: &str| matches!(Hash::parse(text), Err(HashFault::TooCostly { .. }));
        let salt = "c29tZXNhbHQ";
        let hash = "iUr0/y4tJvPOFfd6fhwl20W04gQ56ZYXcroZnK3bAB4";
        assert!(costly(&format!("argon2$argon2id$v=19$m=4194304,t=2,p=1${salt}${hash}")));
        assert!(costly(&format!("argon2$argon2id$v=19$m=1024,t=4000000000,p=1${salt}${hash}")));
        assert!(costly(&format!("argon2$argon2id$v=19$m=1024,t=1,p=400${salt}${hash}")));
        assert!(costly("bcrypt$$2b$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"));
        assert!(costly("pbkdf2_sha256$4000000000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo="));
    }

    #[test]
    fn what_is_no_hash_is_told() {
        for text in [
            "",
            "x",
            "$",
            "plain",
            "md5$a$b",
            "argon2$",
            "bcrypt$",
            "pbkdf2_sha256$1$a",
            "pbkdf2_sha256$0$a$YWJj",
            "$argon2id$v=16$m=8,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHQ",
            "$argon2id$v=19$m=1,t=1,p=1$c29tZXNhbHQ$c29tZXNhbHQ",
            "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$c29tZXNhbHQ",
            "$argon2id$v=19$t=1,m=64,p=1$c29tZXNhbHQ$c29tZXNhbHQ",
            "bcrypt$$2b$12$short",
            &"x".repeat(10_000),
        ] {
            assert!(Hash::parse(text).is_err(), "{text}");
        }
    }
}
