//! The tax on an amount.

use super::rules::TaxZone;

/// Tax on (or within) an amount in minor units, rounded half up.
pub fn tax_on(amount: i64, zone: &TaxZone) -> i64 {
    const WHOLE: i128 = 1_000_000;
    let rate = i128::from(zone.rate_ppm);
    let base = if zone.included { WHOLE + rate } else { WHOLE };
    let tax = (i128::from(amount) * rate * 2 + base) / (base * 2);
    i64::try_from(tax).unwrap_or(i64::MAX)
}
