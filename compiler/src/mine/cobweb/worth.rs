//! What a concept is worth: Q/N, the part of category utility that depends on it.

/// Features of identities that have the same, and how many identities they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instance<'a> {
    pub(super) features: &'a [u32],
    pub(super) times: u32,
}

/// What a concept is worth depends on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Identities.
    pub(super) size: u64,
    /// The sum over all features of the squares of how many identities have them.
    pub(super) square: u64,
}

/// A sum of squares over a size, in units of 2⁻²⁰, rounded down.
pub(super) type Worth = i128;

impl Known {
    /// With an instance more, whose features identities of the concept have so often.
    pub(super) fn with(self, instance: Instance<'_>, held: u64) -> Self {
        let times = u64::from(instance.times);
        Self {
            size: self.size + times,
            square: self.square + times * (2 * held + times * instance.features.len() as u64),
        }
    }

    /// Before an instance came, whose features identities of the concept had so often then.
    pub(super) fn without(self, instance: Instance<'_>, held: u64) -> Self {
        let times = u64::from(instance.times);
        Self {
            size: self.size.saturating_sub(times),
            square: self.square.saturating_sub(times * (2 * held + times * instance.features.len() as u64)),
        }
    }

    pub(super) fn worth(self, acuity: u64) -> Worth {
        let size = (self.size + acuity).max(1);
        // Nearly always; dividing 128 bits takes several times as long.
        if self.square < 1 << 44 {
            i128::from((self.square << 20) / size)
        } else {
            (i128::from(self.square) << 20) / i128::from(size)
        }
    }
}

impl Instance<'_> {
    /// A concept of these identities only.
    pub(super) fn known(self) -> Known {
        Known::default().with(self, 0)
    }
}
