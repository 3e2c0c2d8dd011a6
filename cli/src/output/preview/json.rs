//! What would be mined, for machines: `adit.preview/1`. Documented in `docs/formats.md`.

use adit_compiler::{
    preview::{AttributeCount, Preview},
    select::Excluded,
};
use serde::Serialize;

use crate::output;

use super::Previewed;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    adit: &'static str,
    project: &'a str,
    data: String,
    names: &'static str,
    key: Option<String>,
    populations: Vec<Population<'a>>,
    identities: Vec<Identity<'a>>,
}

#[derive(Serialize)]
struct Population<'a> {
    name: &'a str,
    identities: usize,
    entitlements: usize,
    assignments: usize,
    excluded: &'a [Excluded],
    kinds: Vec<Kind>,
    attributes: Vec<Attribute<'a>>,
    columns: Columns,
    holding_nothing: Vec<String>,
}

#[derive(Serialize)]
struct Kind {
    kind: String,
    known: u64,
    in_scope: u64,
}

#[derive(Serialize)]
struct Attribute<'a> {
    name: &'a str,
    guides: bool,
    describes: bool,
    values: Option<Values>,
}

#[derive(Serialize)]
struct Values {
    identities: u64,
    distinct: u64,
    several: u64,
    alike: Vec<Vec<String>>,
}

#[derive(Serialize)]
struct Columns {
    constant: Vec<String>,
    near_constant: Vec<String>,
    sparse: Vec<String>,
    identical: Vec<Vec<String>>,
}

#[derive(Serialize)]
struct Identity<'a> {
    identity: String,
    populations: Vec<Holdings<'a>>,
}

#[derive(Serialize)]
struct Holdings<'a> {
    population: &'a str,
    mined: Vec<String>,
    left_out: Vec<String>,
}

/// The whole document, ended by a newline.
pub(crate) fn render(previewed: &Previewed<'_>) -> String {
    let identities = previewed.only.iter().flatten().map(|&identity| Identity {
        identity: previewed.names.identity(identity),
        populations: previewed
            .populations
            .iter()
            .filter(|preview| Previewed::row(preview, identity).is_some())
            .map(|preview| {
                let (mined, left_out) = previewed.holdings(preview, identity);
                Holdings { population: &preview.selection.name, mined, left_out }
            })
            .collect(),
    });
    output::json(&Document {
        schema: "adit.preview/1",
        adit: env!("CARGO_PKG_VERSION"),
        project: previewed.project,
        data: previewed.snapshot.digest.whole.to_string(),
        names: if previewed.names.hides() { "pseudonyms" } else { "revealed" },
        key: previewed.names.key(),
        populations: previewed.populations.iter().map(|preview| population(previewed, preview)).collect(),
        identities: identities.collect(),
    })
}

fn population<'a>(previewed: &Previewed<'_>, preview: &'a Preview) -> Population<'a> {
    let matrix = &preview.selection.matrix;
    let labels = |columns: &[u32]| -> Vec<String> {
        let entitlements = columns.iter().filter_map(|&column| matrix.entitlements.get(column as usize));
        entitlements.map(|&entitlement| previewed.names.entitlement(entitlement)).collect()
    };
    let kinds = preview.kinds.iter();
    let empty = previewed.called(preview, preview.empty.iter().copied());
    Population {
        name: &preview.selection.name,
        identities: matrix.height(),
        entitlements: matrix.width(),
        assignments: matrix.assignments(),
        excluded: &preview.selection.excluded,
        kinds: kinds
            .map(|kind| Kind { kind: kind.kind.to_string(), known: kind.known, in_scope: kind.in_scope })
            .collect(),
        attributes: preview.attributes.iter().map(|counted| attribute(previewed, counted)).collect(),
        columns: Columns {
            constant: labels(&preview.columns.constant),
            near_constant: labels(&preview.columns.near_constant),
            sparse: labels(&preview.columns.sparse),
            identical: preview.columns.identical.iter().map(|group| labels(group)).collect(),
        },
        holding_nothing: empty.into_iter().map(|(called, _)| called).collect(),
    }
}

fn attribute<'a>(previewed: &Previewed<'_>, counted: &'a AttributeCount) -> Attribute<'a> {
    let called = |group: &Vec<String>| group.iter().map(|value| previewed.names.value(&counted.name, value)).collect();
    Attribute {
        name: &counted.name,
        guides: counted.guides,
        describes: counted.describes,
        values: counted.values.as_ref().map(|values| Values {
            identities: values.identities,
            distinct: values.distinct,
            several: values.several,
            alike: values.alike.iter().map(called).collect(),
        }),
    }
}
