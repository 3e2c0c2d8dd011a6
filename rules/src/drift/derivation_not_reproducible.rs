use adit_compiler::derivation::{Derivation, DerivationError, derive};

use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// The recorded derivation cannot be made again.
    ///
    /// ## What it finds
    /// A `derivation.json` in the folder of the last build that was changed after it was written or is no derivation at all; and one that
    /// says it was made by this version, from this spec and this data, and from which the same things do not follow. It names the first
    /// stage and the first object that differ.
    ///
    /// ## Why it matters
    /// The derivation is the evidence for every role that people signed. If it does not follow from its inputs, somebody edited it, or
    /// the tool is at fault; either way nothing that rests on it can be shown to an auditor.
    ///
    /// ## Example
    /// ```json
    /// "grants": [{"entitlement": "sap.tcode \"F110\"", "held": 8, "of": 8}]
    /// ```
    /// where the data has six of eight.
    ///
    /// ## What to do
    /// Take the derivation back from version control and run `adit verify` on it. If it differs still, keep both and report it: the same
    /// input must give the same bytes.
    ///
    /// ## When to waive it
    /// It cannot be waived. A derivation that nobody needs can be deleted.
    ///
    /// ## What it cannot see
    /// Derivations of another spec, of other data or by another version: they are not expected to come out again. `adit verify` says of
    /// those what differs.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AU-10: there is evidence of who did what, which nobody can deny.
    /// - NIST SP 800-53 r5 SI-7: unauthorised changes to information are detected.
    /// - NIST SP 800-53 r5 CM-3: changes are reviewed and approved before they take effect.
    /// - ISO/IEC 27001:2022 A.5.33: records are protected from loss, falsification and unauthorised change.
    RULE = {
        code: "RM801", name: "derivation-not-reproducible", family: Drift, severity: Error, confidence: High, waivable: false,
        references: [
            "NIST SP 800-53 r5 AU-10", "NIST SP 800-53 r5 SI-7", "NIST SP 800-53 r5 CM-3", "ISO/IEC 27001:2022 A.5.33",
        ],
        aliases: ["RM-801"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let why = match &context.record.derivation {
        None | Some(Err(DerivationError::Schema { .. })) => return,
        Some(Err(DerivationError::Altered { .. })) => {
            Phrase::new("it was changed after it was written: it does not have the digest that it carries")
        }
        Some(Err(error)) => Phrase::new(error.to_string()),
        Some(Ok(recorded)) => match difference(context, recorded) {
            Some(difference) => Phrase::new(difference),
            None => return,
        },
    };
    let finding = RULE.finding(
        Subject::Spec("derivation", "derivation.json".to_owned()),
        Phrase::new("the recorded derivation does not come out again"),
        "take it back from version control and run `adit verify` on it; if it is of no use any more, delete it or build again",
    );
    found.push(finding.note(why));
}

/// Where a derivation from the same input and the fresh one part. They may be of different days: only waivers and approvals know.
fn difference(context: &Context<'_>, recorded: &Derivation) -> Option<String> {
    let same_input = recorded.spec.files == context.spec.files
        && recorded.snapshot.digest == context.snapshot.digest.whole
        && recorded.tool == adit_compiler::derivation::Tool::this();
    if !same_input {
        return None;
    }
    let fresh = derive(context.compilation);
    let difference = Derivation::first_difference(recorded, &fresh)?;
    (difference.stage != "document").then(|| difference.to_string())
}
