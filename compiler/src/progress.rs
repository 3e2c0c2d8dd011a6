//! How whoever waits for a long stage is told, and how it is told to stop.

/// How far a run is, and whether to go on.
pub trait Progress: Sync {
    /// A stage of so many steps begins.
    fn stage(&self, _name: &str, _steps: u64) {}
    /// So many more steps are done.
    fn advance(&self, _steps: u64) {}
    /// Whether to stop as soon as possible.
    fn cancelled(&self) -> bool {
        false
    }
}

impl Progress for () {}
