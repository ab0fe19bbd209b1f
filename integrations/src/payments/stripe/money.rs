//! Stripe's minor units, which are not ISO 4217's everywhere (<https://docs.stripe.com/currencies#zero-decimal>).

use souk_domain::money::{Currency, Money};

/// Digits of Stripe's minor unit.
fn exponent(currency: Currency) -> u32 {
    match currency.code() {
        "BIF" | "CLP" | "DJF" | "GNF" | "JPY" | "KMF" | "KRW" | "MGA" | "PYG" | "RWF" | "VND" | "VUV" | "XAF"
        | "XOF" | "XPF" => 0,
        "BHD" | "JOD" | "KWD" | "OMR" | "TND" => 3,
        // ISK and UGX have no decimals, and are written with two all the same.
        _ => 2,
    }
}

/// What a whole step of Stripe's is, in its minor units: the last digit of three must be zero, and a currency that
/// only pretends to have decimals has none.
fn step(currency: Currency) -> i64 {
    match currency.code() {
        "BHD" | "JOD" | "KWD" | "OMR" | "TND" => 10,
        "ISK" | "UGX" => 100,
        _ => 1,
    }
}

/// The amount in Stripe's minor units; none when it can't be written in them.
pub(super) fn to_stripe(money: Money) -> Option<i64> {
    let Money { amount, currency } = money;
    let scaled = scale(amount, currency.exponent(), exponent(currency))?;
    (scaled % step(currency) == 0).then_some(scaled)
}

/// Reads an amount of Stripe's, with its currency in small letters; none when it can't be written in ours.
pub(super) fn from_stripe(amount: i64, currency: &str) -> Option<Money> {
    let currency: Currency = currency.to_ascii_uppercase().parse().ok()?;
    let amount = scale(amount, exponent(currency), currency.exponent())?;
    Some(Money::new(amount, currency))
}

fn scale(amount: i64, from: u32, to: u32) -> Option<i64> {
    if from <= to {
        return amount.checked_mul(10_i64.checked_pow(to - from)?);
    }
    let divisor = 10_i64.checked_pow(from - to)?;
    (amount % divisor == 0).then(|| amount / divisor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stripe(amount: i64, currency: &str) -> Option<i64> {
        to_stripe(Money::new(amount, currency.parse().unwrap()))
    }

    #[test]
    fn each_kind_of_currency() {
        assert_eq!(stripe(1_999, "USD"), Some(1_999));
        assert_eq!(stripe(500, "JPY"), Some(500), "no decimals on either side");
        assert_eq!(stripe(500, "UGX"), Some(50_000), "none here, two there");
        assert_eq!(stripe(500, "ISK"), Some(50_000));
        assert_eq!((stripe(500, "MGA"), stripe(501, "MGA")), (Some(5), None), "two here, none there");
        assert_eq!((stripe(1_230, "KWD"), stripe(1_234, "KWD")), (Some(1_230), None), "the last of three is zero");
        assert_eq!((stripe(10, "IQD"), stripe(1, "IQD")), (Some(1), None));
        assert_eq!(from_stripe(50_000, "ugx"), Some(Money::new(500, "UGX".parse().unwrap())));
        assert_eq!(from_stripe(50_050, "isk"), None, "half a krona");
        assert_eq!(from_stripe(1, "dollars"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            amount in 1..souk_domain::money::MAX_AMOUNT,
            code in prop::sample::select(vec!["USD", "EUR", "JPY", "KWD", "TND", "ISK", "UGX", "MGA", "HUF", "TWD", "CLF"]),
        ) {
            let money = Money::new(amount, code.parse().unwrap());
            if let Some(theirs) = to_stripe(money) {
                prop_assert_eq!(from_stripe(theirs, &code.to_ascii_lowercase()), Some(money));
            }
        }
    }
}
