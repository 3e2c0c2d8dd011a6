use std::{cmp::Reverse, collections::BTreeMap};

use adit_compiler::{roles::CandidateRole, spec::Percent};
use adit_snapshots::{Column, IdentityId};
use rustc_hash::FxHashMap;

use super::by_population;
use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule, words::counted};

declare_rule! {
    /// A role has no business meaning: its members do different things.
    ///
    /// ## What it finds
    /// A mined role of which fewer than 70% of the members are of one business function, or whose members are spread over more than five
    /// departments. The function is the attribute `business_function`, or `department` where nobody has one. It speaks only where at least
    /// half of the members, and five of them, have a value; and it leaves alone what 90% or more of the mined population get, which is common to
    /// all whom somebody chose to mine together, and roles whose members one or two attribute values tell (`location == "Lyon"`): that is a meaning
    /// too, and who gets the role can be said.
    ///
    /// Where there are more than five such roles in a population, that is one finding on the population, with the widest of them.
    ///
    /// ## Why it matters
    /// Access may look alike for technical reasons: one rollout, one old group, one tool that everybody tried. A role of such people has no
    /// owner who could say what it is for, nobody asks for it by its name, and a reviewer confirms it because there is nothing to hold it against.
    ///
    /// ## Example
    /// `everything/4` has nine members: four from payables, three from logistics and two from sales, who share a reporting tool and a
    /// file share.
    ///
    /// ## What to do
    /// Mine the functions in blocks of their own, or let them shape the clusters: `guided by business_function`. Leave individual what has no
    /// function behind it.
    ///
    /// ## When to waive it
    /// For a function that runs across the departments on purpose, such as first aiders or the works council, when the role is named after it.
    ///
    /// ## What it cannot see
    /// Functions that the attribute does not tell apart, or tells apart by spelling only (see RM108). Members without a value are not counted. A
    /// mining block whose scope mixes functions makes roles for all of them, and those are left alone.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined in a policy, managed, enforced and reviewed.
    /// - ISO/IEC 27001:2022 A.5.15: rules for access follow from what the business needs.
    RULE = {
        code: "RM406", name: "function-incoherent", family: Structure, severity: Warning, confidence: Medium, waivable: true,
        references: ["NIST CSF 2.0 PR.AA-05", "ISO/IEC 27001:2022 A.5.15"],
        aliases: ["RM-406"], since: "0.1.0", check: check,
    }
}

/// So many of the members are of one function: 70%.
const COHERENT: Percent = Percent(7000);

/// So many departments, and no more.
const WIDEST: usize = 5;

/// What so many of a population get is common to it: 90%.
const COMMON: Percent = Percent(9000);

/// At least so many of the members have a value: 50%.
const KNOWN: Percent = Percent(5000);

/// Of fewer, one person more or less decides.
const FEWEST: u64 = 5;

/// More such roles than that of one population are one finding.
const MANY: usize = 5;

/// A rule of so many alternatives can be said in a breath.
const FEW: usize = 2;

const HELP: &str =
    "mine the functions in blocks of their own, or let them shape the clusters: `guided by business_function`";

/// So many functions are named.
const SHOWN: usize = 3;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let functions = ["business_function", "department"].map(|name| (name, context.snapshot.identities.attribute(name)));
    let function = functions.iter().find_map(|&(name, column)| Some((name, column.filter(|it| has_values(it))?)));
    let Some((name, function)) = function else { return };
    let departments = functions.iter().find(|(name, _)| *name == "department").and_then(|(_, column)| *column);
    let mut incoherent: Vec<(&CandidateRole, u64, Finding)> = Vec::new();
    for role in context.proposed().map(|(_, role)| role).filter(|role| is_special(context, role) && !is_told(role)) {
        let by_function = tally(function, &role.members);
        let known: u64 = by_function.iter().map(|(_, members)| members).sum();
        let Some(&(most, dominant)) = by_function.first() else { continue };
        let spread = departments.map_or(0, |column| tally(column, &role.members).len());
        let is_known = known >= FEWEST && KNOWN.met_by(known, role.members.len() as u64);
        if is_known && (!COHERENT.met_by(dominant, known) || spread > WIDEST) {
            let message = if COHERENT.met_by(dominant, known) {
                format!(" has members in {spread} departments; more than {WIDEST} have no function in common")
            } else {
                format!(
                    " has no function that most members share: the largest, `{most}`, is that of {dominant} of {known}"
                )
            };
            let finding = finding(role, name, &by_function, message);
            let finding = finding.count("departments of its members", spread as u64, None);
            incoherent.push((role, known - dominant, finding));
        }
    }
    // Those first of which most members are not of the largest function.
    incoherent.sort_by_key(|(role, others, _)| (Reverse(*others), &role.id));
    let incoherent = incoherent.into_iter().map(|(role, _, finding)| (role, finding));
    found.extend(by_population::told(context, incoherent, MANY + 1, together));
}

/// The roles of one population that have no function.
fn together(context: &Context<'_>, population: Subject, parts: &[Finding]) -> Finding {
    let (roles, of) = by_population::roles(context, &population, parts);
    let message = format!(
        "{} of `{}` {} no function that most members share",
        counted(roles.len(), "role", "roles"),
        population.name().unwrap_or_default(),
        if roles.len() == 1 { "has" } else { "have" }
    );
    let finding = RULE
        .finding(population, Phrase::new(message), HELP)
        .against(roles.iter().map(|role| role.id.clone()))
        .count("roles without a function", roles.len() as u64, Some(of));
    parts.iter().take(SHOWN).fold(finding, |finding, part| finding.note(part.message.clone()))
}

fn finding(role: &CandidateRole, attribute: &str, by_function: &[(&str, u64)], message: String) -> Finding {
    let known: u64 = by_function.iter().map(|(_, members)| members).sum();
    let listed: Vec<_> =
        by_function.iter().take(SHOWN).map(|(function, members)| format!("{members} of `{function}`")).collect();
    let more = match by_function.len().saturating_sub(SHOWN) {
        0 => String::new(),
        1 => " and one more".to_owned(),
        more => format!(" and {more} more"),
    };
    RULE.finding(Subject::role(role), Phrase::new("role ").role(&role.handle).text(message), HELP)
        .count("members whose function is known", known, Some(role.members.len() as u64))
        .note(Phrase::new(format!("by {attribute}: {}{more}", listed.join(", "))))
}

/// Whether a rule of a word or two tells nearly all of the members.
fn is_told(role: &CandidateRole) -> bool {
    role.rule.as_ref().is_some_and(|rule| {
        rule.clauses.len() <= FEW && COMMON.met_by(rule.members_matched.into(), rule.members.into())
    })
}

/// Whether it is a mined role that only some of those who were mined together get.
fn is_special(context: &Context<'_>, role: &CandidateRole) -> bool {
    let population = role.origin.population().and_then(|population| context.compilation.populations.get(population));
    population.is_some_and(|of| !COMMON.met_by(role.members.len() as u64, of.matrix.height() as u64))
}

fn has_values(column: &Column) -> bool {
    matches!(column, Column::Text(texts) if texts.values.iter().any(|text| !text.trim().is_empty()))
}

/// How many members have each value: most first, then by value.
fn tally<'a>(column: &'a Column, members: &[IdentityId]) -> Vec<(&'a str, u64)> {
    let Column::Text(texts) = column else { return Vec::new() };
    let mut by_code: FxHashMap<u32, u64> = FxHashMap::default();
    for &code in members.iter().filter_map(|member| texts.codes.get(member.0 as usize)) {
        *by_code.entry(code).or_default() += 1;
    }
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    by_code.into_iter().for_each(|(code, count)| {
        let text = texts.values.get(code as usize).map(|text| text.trim());
        text.filter(|text| !text.is_empty()).into_iter().for_each(|text| *counts.entry(text).or_default() += count);
    });
    let mut tally: Vec<_> = counts.into_iter().collect();
    tally.sort_by_key(|&(text, count)| (Reverse(count), text));
    tally
}
