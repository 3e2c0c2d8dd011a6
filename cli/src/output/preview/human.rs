//! What would be mined, for people.

use adit_compiler::preview::{AttributeCount, Preview, ValueCount};
use adit_snapshots::IdentityId;

use super::Previewed;
use crate::{
    output::left_out,
    terminal::{Look, Paint},
    text::{Align, Table, count, counted, number, some_of, visible, who_holds, wrap},
};

/// Columns of names to show of a list, before it is cut.
const NAMES: usize = 160;

/// Every population, or the identities that were asked for.
pub(crate) fn render(previewed: &Previewed<'_>, look: Look) -> String {
    let title = look.paint(Paint::Bold, &visible(previewed.project));
    let digest = look.paint(Paint::Dim, &format!("data {}", previewed.snapshot.digest.whole));
    let mut text = format!("{title}, before mining\n{digest}\n");
    match &previewed.only {
        Some(only) => only.iter().for_each(|&identity| text.push_str(&self::identity(previewed, identity, look))),
        None => previewed.populations.iter().for_each(|preview| text.push_str(&population(previewed, preview, look))),
    }
    if previewed.populations.is_empty() {
        text.push_str("\nno `mining` block: nothing would be mined\n");
    }
    text
}

fn population(previewed: &Previewed<'_>, preview: &Preview, look: Look) -> String {
    let matrix = &preview.selection.matrix;
    let size = who_holds(matrix.height() as u64, matrix.width() as u64, matrix.assignments() as u64);
    let head = format!("{}: {size}", look.paint(Paint::Bold, &preview.selection.name));
    let mut text = format!("\n{}\n", wrap(&head, "", "  ", look));
    text.push_str(&left_out::render(&preview.selection.excluded, look));
    text.push_str(&kinds(preview, look));
    text.push_str(&attributes(previewed, preview, look));
    text.push_str(&odd(previewed, preview, look));
    text
}

fn kinds(preview: &Preview, look: Look) -> String {
    let mut table =
        Table::new(2, [Align::Left, Align::Right, Align::Right, Align::Left]).head(["minable", "in scope", "of", ""]);
    let mut listed = 0;
    for kind in &preview.kinds {
        let doubt = match (kind.in_scope, kind.known) {
            (0, 0) => "! the snapshot has none",
            (0, _) => "! none is in scope",
            _ => "",
        };
        listed += kind.in_scope;
        table.row([kind.kind.to_string(), number(kind.in_scope), number(kind.known), doubt.to_owned()]);
    }
    let others = (preview.selection.matrix.width() as u64).saturating_sub(listed);
    if others > 0 && !preview.kinds.is_empty() {
        table.row([
            "other kinds".to_owned(),
            number(others),
            String::new(),
            "in the matrix, but never common".to_owned(),
        ]);
    }
    table.render(look)
}

fn attributes(previewed: &Previewed<'_>, preview: &Preview, look: Look) -> String {
    if preview.attributes.is_empty() {
        return String::new();
    }
    let everyone = preview.selection.matrix.height() as u64;
    let columns = [Align::Left, Align::Left, Align::Right, Align::Right, Align::Right, Align::Left];
    let head = ["attribute", "used to", "have one", "distinct", "have several", ""];
    let mut table = Table::new(2, columns).head(head);
    for attribute in &preview.attributes {
        let used = match (attribute.guides, attribute.describes) {
            (true, true) => "guide, describe",
            (true, false) => "guide",
            (false, _) => "describe",
        };
        let (cells, doubt) = match &attribute.values {
            Some(values) => (
                [
                    format!("{} of {}", number(values.identities), number(everyone)),
                    number(values.distinct),
                    number(values.several),
                ],
                doubt(values, everyone),
            ),
            None => (Default::default(), "! identities have no such column"),
        };
        let [have, distinct, several] = cells;
        table.row([attribute.name.clone(), used.to_owned(), have, distinct, several, doubt.to_owned()]);
    }
    let mut text = table.render(look);
    for attribute in &preview.attributes {
        text.push_str(&alike(previewed, attribute, look));
    }
    text
}

fn doubt(values: &ValueCount, everyone: u64) -> &'static str {
    match values {
        _ if everyone == 0 => "",
        ValueCount { identities: 0, .. } => "! nobody has a value",
        ValueCount { distinct: 1, identities, .. } if *identities == everyone => "! tells nobody apart",
        ValueCount { distinct, .. } if everyone > 1 && *distinct == everyone => "! nobody shares a value",
        _ => "",
    }
}

fn alike(previewed: &Previewed<'_>, attribute: &AttributeCount, look: Look) -> String {
    let mut text = String::new();
    for values in attribute.values.iter().flat_map(|values| &values.alike) {
        let values: Vec<_> = values
            .iter()
            .map(|value| format!("`{}`", visible(&previewed.names.value(&attribute.name, value))))
            .collect();
        let line = format!("{} is written as {}", attribute.name, values.join(" and as "));
        text.push_str(&flagged(&line, look));
    }
    text
}

/// What deserves a look about columns and rows.
fn odd(previewed: &Previewed<'_>, preview: &Preview, look: Look) -> String {
    let columns = &preview.columns;
    let label = |&column: &u32| {
        let entitlement = preview.selection.matrix.entitlements.get(column as usize);
        entitlement.map_or_else(String::new, |&entitlement| previewed.names.entitlement(entitlement))
    };
    let mut text = String::new();
    let lists = [
        ("held by all", &columns.constant),
        ("held by more than 99%", &columns.near_constant),
        ("held by one identity, or by less than 1%", &columns.sparse),
    ];
    for (what, columns) in lists {
        let names: Vec<String> = columns.iter().map(label).collect();
        text.push_str(&list(
            &format!("{} {what}", counted(names.len() as u64, "entitlement", "entitlements")),
            &names,
            look,
        ));
    }
    let groups: Vec<String> =
        columns.identical.iter().map(|group| group.iter().map(label).collect::<Vec<_>>().join(" = ")).collect();
    let what = counted(groups.len() as u64, "group of entitlements", "groups of entitlements");
    text.push_str(&list(&format!("{what} that the same identities hold"), &groups, look));
    let empty: Vec<String> =
        previewed.called(preview, preview.empty.iter().copied()).into_iter().map(|(called, _)| called).collect();
    let what = if empty.len() == 1 {
        "1 identity holds".to_owned()
    } else {
        format!("{} identities hold", count(empty.len()))
    };
    text.push_str(&list(&format!("{what} nothing here"), &empty, look));
    text
}

/// Names, or nothing where there is none.
fn list(what: &str, names: &[String], look: Look) -> String {
    if names.is_empty() {
        return String::new();
    }
    flagged(&format!("{what}: {}", some_of(names.iter().map(String::as_str), NAMES)), look)
}

fn flagged(line: &str, look: Look) -> String {
    format!("{}\n", look.paint(Paint::Yellow, &wrap(line, "  ! ", "    ", look)))
}

/// What of one identity would be mined, in each population.
fn identity(previewed: &Previewed<'_>, identity: IdentityId, look: Look) -> String {
    let called = previewed.names.identity(identity);
    let mut text = String::new();
    for preview in previewed.populations.iter().filter(|preview| Previewed::row(preview, identity).is_some()) {
        let (mined, other) = previewed.holdings(preview, identity);
        let title = look.paint(Paint::Bold, &visible(&called));
        text.push_str(&format!("\n{title} in {}\n", preview.selection.name));
        let mut table = Table::new(2, [Align::Left, Align::Left]);
        for attribute in &preview.attributes {
            let column = previewed.snapshot.identities.attribute(&attribute.name);
            let value = column.and_then(|column| column.display(identity.0 as usize));
            let value = value.map_or_else(|| "–".to_owned(), |value| previewed.names.value(&attribute.name, &value));
            table.row([attribute.name.clone(), value]);
        }
        text.push_str(&table.render(look));
        for (what, names) in [("would be mined", &mined), ("left out", &other)] {
            let names = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
            text.push_str(&wrap(&format!("{what}: {}", visible(&names)), "  ", "    ", look));
            text.push('\n');
        }
    }
    if text.is_empty() {
        let line =
            format!("{} is in no population: a scope leaves it out, or its class is never mined", visible(&called));
        text = format!("\n{}\n", wrap(&line, "", "  ", look));
    }
    text
}
