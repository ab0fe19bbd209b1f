//! Where things go and whom to write to. The fields that name a person are [`Personal`]; country and
//! region, which tax and shipping are decided by, stay in the clear.

use serde::{Deserialize, Serialize};

use crate::personal::Personal;

/// Every code of ISO 3166-1 alpha-2.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ \
    FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT \
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP \
    MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE \
    RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV \
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

pub fn is_country(code: &str) -> bool {
    code.len() == 2 && COUNTRIES.split(' ').any(|known| known == code)
}

/// The parts of an address that say who lives where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    pub name: String,
    pub line1: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    pub city: String,
    pub postal_code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub recipient: Personal<Recipient>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

impl Address {
    /// The same address, said to be this person's.
    #[must_use]
    pub fn belonging_to(self, person: impl Into<String>) -> Self {
        Self { recipient: self.recipient.belonging_to(person), ..self }
    }

    /// Every field that is at fault, with what is wrong: `("line1", AddressFault::Missing)`.
    pub fn faults(&self) -> Vec<(&'static str, AddressFault)> {
        let mut faults = Vec::new();
        let mut text = |field, value: &str, most: usize, required: bool| {
            if required && value.trim().is_empty() {
                faults.push((field, AddressFault::Missing));
            } else if value.chars().count() > most {
                faults.push((field, AddressFault::TooLong { most }));
            } else if value.chars().any(char::is_control) {
                faults.push((field, AddressFault::ControlCharacters));
            }
        };
        if let Some(recipient) = self.recipient.known() {
            let Recipient { name, line1, line2, city, postal_code, phone } = recipient;
            text("name", name, 200, true);
            text("line1", line1, 200, true);
            text("line2", line2.as_deref().unwrap_or_default(), 200, false);
            text("city", city, 100, true);
            text("postal_code", postal_code, 20, true);
            text("phone", phone.as_deref().unwrap_or_default(), 30, false);
        }
        text("region", self.region.as_deref().unwrap_or_default(), 100, false);
        if !is_country(&self.country) {
            faults.push(("country", AddressFault::NoCountry));
        }
        faults
    }
}

/// What is wrong with a field of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressFault {
    Missing,
    /// More than so many characters.
    TooLong {
        most: usize,
    },
    ControlCharacters,
    NoCountry,
}

/// Whether a mail could be sent there, as far as the text can tell: one `@` with something on both
/// sides and no blanks (RFC 5321 limits: 64 before it, 254 in all). Only a mail proves the rest.
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    plain
        && !local.is_empty()
        && local.len() <= 64
        && text.len() <= 254
        && !local.contains('@')
        && host.split('.').all(|label| !label.is_empty() && label.len() <= 63)
        && host.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails() {
        for good in ["ada@example.com", "a.b+c@sub.example.org"] {
            assert!(is_email(good), "{good}");
        }
        for bad in
            ["", "ada", "@example.com", "ada@", "ada@host", "a b@example.com", "a@b@example.com", "ada@example..com"]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn faults_name_their_fields() {
        let recipient = Recipient {
            name: " ".into(),
            line1: "1 Main St".into(),
            line2: None,
            city: "Town".into(),
            postal_code: "x".repeat(21),
            phone: None,
        };
        let address = Address { recipient: recipient.into(), country: "XX".into(), region: None };
        let fields: Vec<_> = address.faults().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["name", "postal_code", "country"]);
    }
}
