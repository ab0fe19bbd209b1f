//! Money as the browser's `Intl.NumberFormat` writes it, so that the first paint reads the same once the app has
//! taken over.

use souk_domain::money::Money;

use super::language::Language;

/// Those that English and German write with a sign; the rest with their code.
const SIGNS: [(&str, &str); 5] = [("USD", "$"), ("EUR", "€"), ("GBP", "£"), ("JPY", "¥"), ("INR", "₹")];

pub fn format(money: Money, language: Language) -> String {
    let Money { amount, currency } = money;
    let digits = currency.exponent() as usize;
    let text = format!("{:0>width$}", amount.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    let (group, point) = match language {
        Language::English => (',', '.'),
        Language::German => ('.', ','),
    };
    let mut number = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            number.push(group);
        }
        number.push(digit);
    }
    if !fraction.is_empty() {
        number.push(point);
        number.push_str(fraction);
    }
    let sign = SIGNS.iter().find(|(code, _)| *code == currency.code()).map(|(_, sign)| *sign);
    let minus = if amount < 0 { "-" } else { "" };
    match (language, sign) {
        (Language::English, Some(sign)) => format!("{minus}{sign}{number}"),
        (Language::English, None) => format!("{minus}{currency}\u{a0}{number}"),
        (Language::German, sign) => format!("{minus}{number}\u{a0}{}", sign.unwrap_or(currency.code())),
    }
}

#[cfg(test)]
mod tests {
    use souk_domain::money::Currency;

    use super::*;

    #[test]
    fn is_written_as_browsers_write_it() {
        let of = |amount, code: &str, language| format(Money::new(amount, code.parse::<Currency>().unwrap()), language);
        assert_eq!(of(2_600, "USD", Language::English), "$26.00");
        assert_eq!(of(123_456_789, "EUR", Language::English), "€1,234,567.89");
        assert_eq!(of(-5, "USD", Language::English), "-$0.05");
        assert_eq!(of(1_234, "JPY", Language::English), "¥1,234");
        assert_eq!(of(1_000, "CHF", Language::English), "CHF\u{a0}10.00");
        assert_eq!(of(123_450, "USD", Language::German), "1.234,50\u{a0}$");
        assert_eq!(of(1_000, "CHF", Language::German), "10,00\u{a0}CHF");
    }
}
