//! The language from outside: what people write, and what they read when it is wrong.

mod errors;
mod hostile;
mod laws;
mod layout;
mod recovery;
mod render;
mod tour;
mod trees;
