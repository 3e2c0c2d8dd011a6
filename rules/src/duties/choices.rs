//! How many choices there are.

/// `n` over `k`, or none where that is more than anyone counts.
pub(super) fn choices(n: usize, k: usize) -> Option<u64> {
    let (n, k) = (n as u64, k.min(n).min(n - k.min(n)) as u64);
    (0..k).try_fold(1_u64, |product, i| product.checked_mul(n - i).map(|it| it / (i + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_those_of_pascal() {
        for n in 0_usize..20 {
            for k in 0..=n {
                let above = |k| choices(n.saturating_sub(1), k).unwrap();
                let expected = if k == 0 || k == n { 1 } else { above(k - 1) + above(k) };
                assert_eq!(choices(n, k), Some(expected), "{n} over {k}");
            }
        }
        assert_eq!(choices(1_000, 500), None);
    }
}
