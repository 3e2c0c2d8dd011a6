//! Two things at once.

/// What `here` gives, and what `there` gives meanwhile by the other threads.
///
/// Unlike with [`rayon::join`], `here` stays on the thread that calls: a strategy may search deeper than the stacks of the others reach.
pub(crate) fn beside<A, B: Default + Send>(there: impl FnOnce() -> B + Send, here: impl FnOnce() -> A) -> (A, B) {
    let mut given = B::default();
    let own = rayon::in_place_scope(|scope| {
        scope.spawn(|_| given = there());
        here()
    });
    (own, given)
}
