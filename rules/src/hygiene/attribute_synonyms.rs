use std::collections::BTreeMap;

use adit_snapshots::{Column, TextColumn};

use super::uses::{Owner, uses};
use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// One value is written in several ways.
    ///
    /// ## What it finds
    /// Texts of an attribute that decides (in a condition, `guided by` or `describe by`) that are the same but for case, blanks, hyphens, dots and the
    /// like: `Finance`, `FINANCE`, `finance ` and `R&D`, `R & D`. What stands between two digits, and `+` and `#`, count: `1.11` is not `11.1`, and
    /// `C` is not `C++`. Each attribute is one finding, with what is written how often.
    ///
    /// ## Why it matters
    /// A condition means exactly what it says. Whoever is in `FINANCE` is not in `Finance`: not in the scope, not in the cluster, not in the role.
    ///
    /// ## Example
    /// ```csv
    /// identity_id,department
    /// u-1007,Accounts Payable
    /// u-1008,Accounts payable
    /// ```
    ///
    /// ## What to do
    /// Correct the source, or have it offer a list instead of a field to type in.
    ///
    /// ## When to waive it
    /// Where the two are really different things.
    ///
    /// ## What it cannot see
    /// Synonyms that share no letters, abbreviations, and other languages: `Fin.` and `Treasury`.
    ///
    /// ## References
    /// - ISO/IEC 27001:2022 A.5.16: the full life cycle of identities is managed.
    RULE = {
        code: "RM108", name: "attribute-synonyms", family: Hygiene, severity: Warning, confidence: High, waivable: true,
        references: [
            "ISO/IEC 27001:2022 A.5.16",
        ],
        aliases: ["RM-108"], since: "0.1.0", check: check,
    }
}

/// Spellings named of each attribute.
const SHOWN: usize = 5;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for ((owner, attribute), uses) in uses(context.spec) {
        let column = match owner {
            Owner::Identity => context.snapshot.identities.attribute(&attribute),
            Owner::Entitlement => context.snapshot.entitlements.attribute(&attribute),
        };
        let Some(Column::Text(column)) = column else { continue };
        let synonyms = synonyms(column);
        if synonyms.is_empty() {
            continue;
        }
        let message = match synonyms.as_slice() {
            [_] => format!("one value of `{attribute}` is written in several ways"),
            many => format!("{} values of `{attribute}` are written in several ways", many.len()),
        };
        let mut finding = RULE.finding(
            Subject::Spec(owner.kind(), attribute.clone()),
            Phrase::new(message),
            format!("write each `{attribute}` in one way at its source"),
        );
        finding.span = uses.first().map(|used| used.span);
        found.push(synonyms.iter().take(SHOWN).fold(finding, |finding, spellings| {
            let written: Vec<_> = spellings.iter().map(|(text, rows)| format!("`{text}` ({rows})")).collect();
            finding.note(Phrase::new(written.join(", ")))
        }));
    }
}

/// Values that differ in writing only, each with its rows.
fn synonyms(column: &TextColumn) -> Vec<Vec<(&str, u64)>> {
    let mut rows = vec![0_u64; column.values.len()];
    for &code in &column.codes {
        if let Some(rows) = rows.get_mut(code as usize) {
            *rows += 1;
        }
    }
    let mut by_fold: BTreeMap<String, Vec<(&str, u64)>> = BTreeMap::new();
    for (value, rows) in column.values.iter().zip(rows).filter(|(_, rows)| *rows > 0) {
        if value.chars().any(char::is_alphanumeric) {
            by_fold.entry(folded(value)).or_default().push((value, rows));
        }
    }
    by_fold.into_values().filter(|spellings| spellings.len() > 1).collect()
}

/// A value without what people write in one way or another.
fn folded(value: &str) -> String {
    let mut folded = String::with_capacity(value.len());
    let mut is_apart = false;
    for letter in value.chars() {
        if letter.is_alphanumeric() || matches!(letter, '+' | '#') {
            // `1.11` is not `11.1`.
            if is_apart && letter.is_numeric() && folded.ends_with(char::is_numeric) {
                folded.push(' ');
            }
            folded.extend(letter.to_lowercase());
        }
        is_apart = !letter.is_alphanumeric();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_alone_are_no_spelling_and_letters_count() {
        let values = ["&", "-", "C", "C#", "C++", "Fin", "Finance", "finance"].map(str::to_owned).to_vec();
        let column = TextColumn { codes: (0..8).collect(), values };
        assert_eq!(synonyms(&column), [vec![("Finance", 1), ("finance", 1)]]);
    }

    #[test]
    fn where_numbers_are_divided_counts() {
        let values = ["1.11", "11.1", "4-200", "4 200", "4200", "AP-1", "AP1"].map(str::to_owned).to_vec();
        let column = TextColumn { codes: (0..7).collect(), values };
        assert_eq!(synonyms(&column), [vec![("4-200", 1), ("4 200", 1)], vec![("AP-1", 1), ("AP1", 1)]]);
    }
}
