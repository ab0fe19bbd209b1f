//! Shares that add up: an amount over lines, in proportion to their weights, by the largest remainder.

/// Splits `amount` in proportion to `weights`: each share is rounded down, and what is left over goes, one
/// minor unit each, to the lines that lost most by it; where they lost the same, to the lower rank. The
/// shares add up to `amount`, and none is above its weight. An amount above the sum of the weights is cut to it.
pub fn spread(amount: i64, weights: &[i64], ranks: &[usize]) -> Vec<i64> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let amount = i128::from(amount).clamp(0, whole.max(0));
    if amount == 0 {
        return vec![0; weights.len()];
    }
    let mut shares: Vec<i64> = Vec::with_capacity(weights.len());
    let mut remainders: Vec<(i128, usize, usize)> = Vec::new();
    let mut left = amount;
    for (index, weight) in weights.iter().enumerate() {
        let product = amount * i128::from(*weight);
        // Not above the weight, because the amount is not above the whole.
        let share = product / whole;
        left -= share;
        shares.push(i64::try_from(share).unwrap_or(i64::MAX));
        remainders.push((product % whole, ranks[index], index));
    }
    remainders.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let left = usize::try_from(left).unwrap_or(0);
    for (_, _, index) in remainders.into_iter().take(left) {
        shares[index] += 1;
    }
    shares
}

/// A part of an amount, in millionths, rounded half up.
pub fn part(amount: i64, rate_ppm: u32) -> i64 {
    const WHOLE: i128 = 1_000_000;
    let part = (i128::from(amount) * i128::from(rate_ppm) * 2 + WHOLE) / (WHOLE * 2);
    i64::try_from(part).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_largest_remainders_get_what_is_left() {
        assert_eq!(spread(100, &[1, 1, 1], &[0, 1, 2]), vec![1, 1, 1], "not more than there is");
        assert_eq!(spread(100, &[100, 100, 100], &[2, 0, 1]), vec![33, 34, 33], "a tie goes to the lower rank");
        assert_eq!(spread(10, &[70, 20, 10], &[0, 1, 2]), vec![7, 2, 1]);
        assert_eq!(spread(5, &[], &[]), Vec::<i64>::new());
    }

    proptest! {
        #[test]
        fn shares_add_up_and_none_is_above_its_weight(
            amount in 0..2_000_000_000_000_i64, weights in prop::collection::vec(0..1_000_000_000_000_i64, 0..60),
        ) {
            let ranks: Vec<usize> = (0..weights.len()).collect();
            let shares = spread(amount, &weights, &ranks);
            prop_assert_eq!(shares.iter().sum::<i64>(), amount.min(weights.iter().sum()));
            prop_assert!(shares.iter().zip(&weights).all(|(share, weight)| (0..=*weight).contains(share)));
        }
    }
}
