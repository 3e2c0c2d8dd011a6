use std::collections::{BTreeMap, btree_map::Entry};

use adit_compiler::{
    check::{Facts, Joint, Ruled, is_decided_without_data, joint},
    roles::{CandidateRole, RoleOrigin},
    spec::{Condition, Duties, DutyHolder, Within},
};

use super::wording;
use crate::{
    Evidence, Finding, Node, Phrase, Subject,
    context::Context,
    finding::Handle,
    graph::{Holder, Place},
    rule::declare_rule,
};

declare_rule! {
    /// The membership rules of roles can take in one identity, which would then have conflicting duties.
    ///
    /// ## What it finds
    /// A mined role and other roles with membership rules that somebody could meet all at once, and that together grant more sides of some
    /// `duties` than one identity may have. Nobody in the data need meet them: the rules are held against each other over every identity there could
    /// be, and the finding tells one that meets them all, in attribute words. The answer is exact: where the rule says nothing, it is proved
    /// that nobody can ever meet both. Where there are too many combinations to try, or rules are too tangled, a finding says that nothing is
    /// proved; that is *not decidable* here.
    ///
    /// Rules of roles that people wrote are held against each other by the checker, without any data (E2308), and here as far as that needs
    /// data: where duties are `within same` company code or another attribute that only the catalogue has, and where a side is `entitlements
    /// where …`. Where the catalogue does not say it either, that is not decidable.
    ///
    /// ## Why it matters
    /// RM503 finds whoever has a conflict today. A rule is given to whoever meets it tomorrow: the first clerk who moves to treasury and keeps the
    /// old title gets both roles on the same day, and no one has decided anything.
    ///
    /// ## Example
    /// The one role is for `title == "AP Clerk"`, the other for `department == "Treasury"`. Whoever is an AP clerk in treasury gets both.
    /// ```adit
    /// duties maker-checker "Nobody posts an invoice and pays it" {
    ///   post = [ sap.tcode "FB60" ]
    ///   pay  = [ sap.tcode "F110" ]
    ///   at most 1 of post, pay per identity
    /// }
    /// ```
    ///
    /// ## What to do
    /// Describe both roles by the same attribute (`describe by department, title`), so that their rules leave each other out, or write one of them as
    /// a `role` of the spec that says whom it leaves to the other.
    ///
    /// ## When to waive it
    /// Where the combination of attributes cannot occur, and the source of the attributes guarantees it.
    ///
    /// ## What it cannot see
    /// Which attribute values occur together: it takes every combination for possible. Roles whose members are given one by one have no rule; RM503
    /// looks at those.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    /// - NIST SP 800-53 r5 AC-2: account managers are notified, and access is reviewed, when people are transferred.
    /// - ISO/IEC 27001:2022 A.5.3: conflicting duties and areas of responsibility are segregated.
    RULE = {
        code: "RM511", name: "conflicting-membership-rules", family: Duties, severity: Warning, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 AC-5", "NIST SP 800-53 r5 AC-2", "ISO/IEC 27001:2022 A.5.3"],
        aliases: ["sod-by-rule"], since: "0.1.0", check: check,
    }
}

/// So many alternatives of a rule are told.
const SHOWN: usize = 3;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    if context.spec.duties.is_empty() {
        return;
    }
    let roles = &context.compilation.roles;
    let rules: Vec<Option<Condition>> =
        roles.iter().map(|role| context.compilation.membership_in_types(role)).collect();
    for (index, duties) in context.spec.duties.iter().enumerate() {
        if duties.per != DutyHolder::Identity {
            continue;
        }
        // What people wrote is held against each other by the checker, as far as that needs no data.
        let by_data = !is_decided_without_data(duties);
        let held_against = |place: Place| {
            let ruled = roles.iter().zip(&rules).enumerate().filter_map(|(number, (role, rule))| {
                let brings = context.graph.sides_through(Holder::Role(number), place);
                let few = !brings.is_empty() && brings.len() <= duties.at_most as usize;
                few.then_some((role, Ruled { condition: rule.as_ref()?, brings }))
            });
            let (of, ruled): (Vec<&CandidateRole>, Vec<Ruled<'_>>) = ruled.unzip();
            let is_mined = |&rule: &usize| of.get(rule).is_some_and(|role| is_mined(role));
            let wanted = |rules: &[usize]| by_data || rules.iter().any(is_mined);
            let joints = joint(&ruled, duties.at_most, &context.spec.classes, wanted);
            (of, joints)
        };
        let sides = context.graph.sides();
        let (certain, unsaid): (Vec<Place>, Vec<Place>) =
            sides.places_of(index).partition(|&place| sides.is_certain(place));
        let before = found.len();
        for place in certain {
            let (of, joints) = held_against(place);
            report(context, duties, place, &of, &joints, found);
        }
        if let Some(within) = duties.within.as_ref().filter(|_| found.len() == before)
            && unsaid.into_iter().any(|place| !held_against(place).1.is_empty())
        {
            found.push(undecided(duties, within));
        }
    }
}

fn is_mined(role: &CandidateRole) -> bool {
    !matches!(role.origin, RoleOrigin::Declared { .. })
}

/// One finding for each mined role, with everything that it conflicts with.
fn report(
    context: &Context<'_>,
    duties: &Duties,
    place: Place,
    of: &[&CandidateRole],
    joints: &[Joint],
    found: &mut Vec<Finding>,
) {
    let mut by_role: BTreeMap<usize, Finding> = BTreeMap::new();
    for joint in joints {
        let Joint::Conflict { rules, duties: sides, who } = joint else {
            found.push(unproved(duties));
            continue;
        };
        let mined = rules.iter().find(|&&rule| of.get(rule).is_some_and(|role| is_mined(role)));
        let Some(&first) = mined.or(rules.first()) else { continue };
        let chosen: Vec<&CandidateRole> = rules.iter().filter_map(|&rule| of.get(rule).copied()).collect();
        match by_role.entry(first) {
            Entry::Occupied(mut known) => {
                let together = together(Phrase::new("so can the rules of "), &chosen);
                known.get_mut().evidence.push(Evidence::Note(together.text(format!(": {who}"))));
            }
            Entry::Vacant(free) => {
                free.insert(conflict(context, duties, place, &chosen, sides, who));
            }
        }
    }
    found.extend(by_role.into_values());
}

fn conflict(
    context: &Context<'_>,
    duties: &Duties,
    place: Place,
    chosen: &[&CandidateRole],
    sides: &[usize],
    who: &Facts,
) -> Finding {
    let message = together(Phrase::new("the rules of "), chosen);
    let within = wording::within(context, duties, place);
    let message =
        message.text(format!(" can take in one identity, which would have {}{within}", wording::sides(duties, sides)));
    let mined = chosen.iter().find(|role| is_mined(role));
    let subject = mined.or(chosen.first()).map_or_else(
        || Subject::Spec("duties", duties.name.clone()),
        |role| Subject::RoleConflict(role.id.clone(), Handle(role.handle.clone()), duties.name.clone()),
    );
    let finding = RULE
        .finding(
            subject,
            wording::limit(message, duties),
            match mined {
                Some(_) => "describe both roles by the same attribute, so that their rules leave each other out",
                None => "say in one of the rules whom it leaves to the other",
            },
        )
        .at(duties.span)
        .note(Phrase::new(format!("for instance {who}")))
        .note(wording::about(duties));
    chosen.iter().fold(finding, |finding, role| {
        finding.note(Phrase::default().role(&role.handle).text(format!(" is for {}", shortened(context, role))))
    })
}

/// The rule of a role, as far as anyone would read it.
fn shortened(context: &Context<'_>, role: &CandidateRole) -> String {
    match context.compilation.rule(role) {
        Some(Condition::Any(parts)) if parts.len() > SHOWN => {
            let shown: Vec<String> = parts.iter().take(SHOWN).map(Condition::to_string).collect();
            format!("{}, or any of {} more", shown.join(" or "), parts.len() - SHOWN)
        }
        Some(rule) => rule.to_string(),
        None => String::new(),
    }
}

fn together(phrase: Phrase, chosen: &[&CandidateRole]) -> Phrase {
    chosen.iter().enumerate().fold(phrase, |phrase, (index, role)| {
        phrase.text(if index == 0 { "role " } else { " and role " }).role(&role.handle)
    })
}

fn undecided(duties: &Duties, within: &Within) -> Finding {
    let message = Phrase::new("whether membership rules keep duties ").node(Node::Duties(duties.name.clone()));
    let message =
        message.text(format!(" cannot be decided: what the roles grant does not say its {}", within.attribute));
    RULE.finding(
        Subject::Spec("duties", duties.name.clone()),
        message,
        format!("give every entitlement of these duties a value of `{}`", within.attribute),
    )
    .undecided()
    .at(within.span)
    .note(wording::about(duties))
}

fn unproved(duties: &Duties) -> Finding {
    let message = Phrase::new("whether membership rules keep duties ").node(Node::Duties(duties.name.clone()));
    RULE.finding(
        Subject::Spec("duties", duties.name.clone()),
        message.text(" is not proved: there are too many of them, or too tangled ones"),
        "describe roles by fewer attributes, or write their rules as roles of the spec",
    )
    .undecided()
    .at(duties.span)
    .note(wording::about(duties))
}
