//! Money as whole minor units with an ISO 4217 currency. No floating point anywhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// The largest amount that is accepted from outside, in minor units. Far above any price, and small
/// enough that a thousand lines of it cannot overflow an `i64`.
pub const MAX_AMOUNT: i64 = 1_000_000_000_000;

/// A currency: three letters of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const USD: Self = Self(*b"USD");
    pub const EUR: Self = Self(*b"EUR");

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimal digits the minor unit has (ISO 4217 table A.1): 2 for most, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    /// Reads a decimal number such as `1999.5` as minor units of this currency.
    ///
    /// # Errors
    /// A sentence that says what is wrong: not a plain decimal number, negative, more digits than the
    /// currency has, or larger than [`MAX_AMOUNT`].
    pub fn parse_decimal(self, text: &str) -> Result<i64, String> {
        let text = text.trim();
        let exponent = self.exponent() as usize;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || text.ends_with('.') {
            return Err(format!("{text:?} is not a price: write digits with a point for decimals, such as 1299.00"));
        }
        let significant = fraction.trim_end_matches('0');
        if significant.len() > exponent {
            return Err(format!("{text:?} has more decimals than {self} allows ({exponent})"));
        }
        let too_large = || format!("{text:?} is larger than the largest price");
        let padded = format!("{whole}{significant:0<exponent$}");
        let amount: i64 = padded.parse().map_err(|_| too_large())?;
        if amount > MAX_AMOUNT { Err(too_large()) } else { Ok(amount) }
    }
}

impl FromStr for Currency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|l| l.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(format!("{text:?} is not a currency: use three capital letters of ISO 4217, such as EUR")),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// An amount in minor units of a currency: `{"amount": 1999, "currency": "USD"}` is 19.99 US dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    #[schema(example = 1999)]
    pub amount: i64,
    #[schema(value_type = String, example = "USD")]
    pub currency: Currency,
}

impl Money {
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self { amount: 0, currency }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let unit = 10_i64.pow(exponent);
        let (whole, minor) = ((self.amount / unit).abs(), (self.amount % unit).abs());
        let sign = if self.amount < 0 { "-" } else { "" };
        match exponent {
            0 => write!(f, "{sign}{whole} {}", self.currency),
            digits => write!(f, "{sign}{whole}.{minor:0width$} {}", self.currency, width = digits as usize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn exponents_follow_iso_4217() {
        let parse = |code: &str, text: &str| code.parse::<Currency>().unwrap().parse_decimal(text);
        assert_eq!(parse("USD", "19.99"), Ok(1999));
        assert_eq!(parse("USD", "9.5"), Ok(950));
        assert_eq!(parse("JPY", "500"), Ok(500));
        assert_eq!(parse("JPY", "500.00"), Ok(500));
        assert_eq!(parse("KWD", "1.234"), Ok(1234));
        for bad in ["1,299.00", "abc", "", "-1", "1.", ".5", "1e3", "1.999", "99999999999999999999"] {
            assert!(parse("USD", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn shows_minor_units_with_their_digits() {
        assert_eq!(Money::new(1999, Currency::USD).to_string(), "19.99 USD");
        assert_eq!(Money::new(-5, Currency::EUR).to_string(), "-0.05 EUR");
        assert_eq!(Money::new(500, "JPY".parse().unwrap()).to_string(), "500 JPY");
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(amount in 0..MAX_AMOUNT, code in prop::sample::select(vec!["USD", "JPY", "KWD", "CLF"])) {
            let money = Money::new(amount, code.parse().unwrap());
            let shown = money.to_string();
            prop_assert_eq!(money.currency.parse_decimal(shown.split(' ').next().unwrap()), Ok(amount));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,30}") {
            if let Ok(amount) = Currency::USD.parse_decimal(&text) {
                prop_assert!((0..=MAX_AMOUNT).contains(&amount));
            }
        }
    }
}
