//! What people and machines read: one file per format.

pub(crate) mod approve;
pub(crate) mod build;
pub(crate) mod changed;
pub(crate) mod check;
pub(crate) mod consolidate;
mod explained;
pub(crate) mod freeze;
mod learned;
mod left_out;
pub(crate) mod lint;
pub(crate) mod markdown;
pub(crate) mod marks;
pub(crate) mod mine;
pub(crate) mod outliers;
pub(crate) mod preview;
mod quality;
pub(crate) mod sweep;
pub(crate) mod warnings;

/// A document as indented JSON, ended by a newline.
fn json(document: &impl serde::Serialize) -> String {
    // Our documents have text keys and no numbers that JSON cannot say: there is nothing that could fail.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
