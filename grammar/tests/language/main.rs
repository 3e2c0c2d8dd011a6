//! The language from outside: what people write, and what they read when it is wrong.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

mod errors;
mod hostile;
mod laws;
mod layout;
mod mutations;
mod recovery;
mod reference;
mod render;
mod tour;
mod trees;
