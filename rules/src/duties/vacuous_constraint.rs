mod packs;

use adit_compiler::spec::{Duties, Within};

use super::wording;
use crate::{Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Duties that nobody could break, whoever holds what.
    ///
    /// ## What it finds
    /// Duties of whose sides the snapshot knows no more than they allow one identity: on every other side it has none of the entitlements
    /// that are named, or no value of the attribute that keeps them apart has enough of them. Whoever held everything in the data would still keep them. The checker refuses duties that cannot be broken as they
    /// are written; this rule finds those that cannot be broken in the data they are held against.
    ///
    /// And a rule pack (`use pack "…"`) of which nothing is in the data: no entitlement is any of the values its patterns speak of. Single patterns
    /// without data are no finding, because no project has all that a pack speaks of. Nothing is said either of a pack for an application that is
    /// clearly not there: the snapshot has no entitlement of it, and the spec speaks of it nowhere else. Nor of rights that turn into others
    /// (`aws-escalation`), where the data has such rights, written as the pack writes them (`ec2:DescribeInstances`), and nobody has a dangerous one.
    ///
    /// ## Why it matters
    /// A control that can never fire looks like one that is always kept. Mostly it is a slip: an application that was not extracted, or
    /// a code that the source spells otherwise.
    ///
    /// ## Example
    /// The snapshot has `F110`, but its extract of SAP leaves out the vendor master.
    /// ```adit
    /// duties maker-checker "Nobody creates a vendor and pays it" {
    ///   create-vendor = [ sap.tcode "XK01" ]
    ///   run-payment   = [ sap.tcode "F110" ]
    ///   at most 1 of create-vendor, run-payment per identity
    /// }
    /// ```
    ///
    /// ## What to do
    /// Extract the application that is missing, correct the names, or remove the duties.
    ///
    /// ## When to waive it
    /// Where the duties wait for an application that is about to be connected.
    ///
    /// ## What it cannot see
    /// Whether an entitlement that is in the snapshot is the right one: duties over the wrong names can be broken, and never will be.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 CA-7: controls are monitored for whether they work.
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    RULE = {
        code: "RM509", name: "vacuous-constraint", family: Duties, severity: Warning, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 CA-7", "NIST SP 800-53 r5 AC-5"],
        aliases: ["RM-509"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    packs::check(context, found);
    // No project has all that a pack speaks of.
    let own = context.spec.duties.iter().enumerate().filter(|(_, duties)| duties.pack.is_none());
    for (index, duties) in own {
        let is_known = |side: &usize| !context.graph.sides().access(index, *side).is_empty();
        let (known, missing): (Vec<usize>, Vec<usize>) = (0..duties.sides.len()).partition(is_known);
        if known.len() as u64 <= u64::from(duties.at_most) {
            found.push(vacuous(duties, &known, &missing));
        } else if let Some(within) = &duties.within
            && context.graph.sides().places_of(index).next().is_none()
        {
            found.push(apart(duties, within));
        }
    }
}

/// Duties kept apart by an attribute no value of which has enough of them.
fn apart(duties: &Duties, within: &Within) -> Finding {
    let message = Phrase::new("nobody could break duties ").node(Node::Duties(duties.name.clone()));
    let many = u64::from(duties.at_most) + 1;
    let message = message.text(format!(": no `{}` has entitlements of {many} of them", within.attribute));
    RULE.finding(
        Subject::Spec("duties", duties.name.clone()),
        message,
        "look whether the attribute is the right one, or count the duties wherever they are held: leave out `within same …`",
    )
    .at(within.span)
    .note(wording::about(duties))
}

fn vacuous(duties: &Duties, known: &[usize], missing: &[usize]) -> Finding {
    let message = Phrase::new("nobody could break duties ").node(Node::Duties(duties.name.clone()));
    let message = message.text(format!(": the snapshot has no entitlement of {}", wording::sides(duties, missing)));
    let finding = RULE
        .finding(
            Subject::Spec("duties", duties.name.clone()),
            message,
            "extract the application that is missing, correct the names, or remove the duties",
        )
        .at(duties.span)
        .count("duties that the snapshot knows", known.len() as u64, Some(duties.sides.len() as u64))
        .count("duties that one identity may have", duties.at_most.into(), None)
        .note(wording::about(duties));
    let sides = missing.iter().filter_map(|&side| duties.sides.get(side));
    sides.flat_map(|side| side.access.entitlements.iter().map(move |name| (side, name))).fold(
        finding,
        |finding, (side, name)| {
            let (kind, value) = (&name.kind, &name.value);
            finding.note(Phrase::new(format!(
                "`{}` names `{}.{} \"{value}\"`, which the snapshot does not have",
                side.name, kind.application, kind.attribute
            )))
        },
    )
}
