//! Logarithms as whole numbers.

/// Parts of one bit.
pub(super) const BIT: f64 = 1_048_576.0;

/// Small numbers are looked up.
const SMALL: usize = 1 << 12;

/// n · log₂ n of whole numbers, in 2⁻²⁰ bits, rounded. `libm` computes the same on every host.
#[derive(Debug)]
pub(super) struct Entropy {
    small: Vec<i64>,
}

impl Entropy {
    pub(super) fn new() -> Self {
        Self { small: (0..SMALL).map(|number| computed(number as u64)).collect() }
    }

    /// n · log₂ n; 0 of 0.
    pub(super) fn of(&self, number: u64) -> i64 {
        let looked_up = usize::try_from(number).ok().and_then(|number| self.small.get(number));
        looked_up.copied().unwrap_or_else(|| computed(number))
    }
}

/// log₂ of `part` of `whole`, in 2⁻²⁰ bits, rounded; both positive.
pub(super) fn log2_of(part: u64, whole: u64) -> i64 {
    (libm::log2(part as f64 / whole as f64) * BIT).round() as i64
}

fn computed(number: u64) -> i64 {
    if number == 0 { 0 } else { (number as f64 * libm::log2(number as f64) * BIT).round() as i64 }
}
