//! Waivers and acceptances: who took responsibility for a finding, and whether they could.
//!
//! A waiver takes a finding when its rule is the finding's, every entry of its `on` is met, its last day is not past, and the three
//! people in it are three: the requester, the approver, and whoever benefits. Otherwise it has no effect, and RM707 to RM709 say so.
//!
//! Of findings that are told as one it takes those that it would take if each stood alone; what is left is still told as one.

use adit_compiler::{compile::Compilation, spec::Waiver};
use adit_snapshots::IdentityId;
use jiff::civil::Date;

use crate::{Finding, Rule, context::Context, rule};

mod subject;

/// A finding and what takes it.
#[derive(Debug)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// What takes it.
    pub by: Suppression,
}

/// What takes a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suppression {
    /// A waiver: index into `Spec::waivers`.
    Waiver(usize),
    /// An `[[accept]]` of `snapshot.toml`: index into `Manifest::accepted`.
    Acceptance(usize),
}

/// What became of every waiver and every acceptance.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct WaiverRecord {
    /// One per `Spec::waivers`.
    pub waivers: Vec<WaiverUse>,
    /// One per `Manifest::accepted`.
    pub acceptances: Vec<AcceptanceUse>,
}

/// What became of one waiver.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaiverUse {
    /// Findings of its rule that are what it is on.
    pub matched: u64,
    /// Findings it takes; 0 when it has no effect.
    pub took: u64,
    /// Whether its last day is past.
    pub expired: bool,
    /// Whether its last day is near.
    pub expiring: bool,
    /// Why it has no effect: ascending, no repeats. Empty when it has.
    pub refusals: Vec<Refusal>,
}

/// What became of one acceptance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AcceptanceUse {
    /// Faults of the data that are what it is about.
    pub faults: u64,
    /// Whether its last day is past.
    pub expired: bool,
    /// Whether its last day is near.
    pub expiring: bool,
}

/// Why a waiver has no effect, on all findings or on some.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// No rule is called so.
    UnknownRule,
    /// Findings of its rule are never waived.
    RuleNeverWaived,
    /// It says nothing it is on: turning a rule off is what levels are for.
    OnNothing,
    /// Whoever approved it asked for it.
    ApprovedByRequester,
    /// It is approved on a day that is not yet.
    ApprovedLater,
    /// These duties are never waived.
    DutiesNeverWaived(String),
    /// Whoever approved it benefits.
    ApprovedByBeneficiary(IdentityId),
    /// Whoever asked for it benefits, alone.
    RequestedByBeneficiary(IdentityId),
}

impl Suppression {
    /// `waiver W-012`, or `acceptance of orphan-account`.
    #[must_use]
    pub fn title(self, compilation: &Compilation<'_>) -> String {
        match self {
            Self::Waiver(index) => format!("waiver {}", waiver(compilation, index).map_or("", |waiver| &waiver.id)),
            Self::Acceptance(index) => {
                format!("acceptance of {}", acceptance(compilation, index).map_or("", |accepted| &accepted.fault))
            }
        }
    }

    /// Why, in the words of whoever answers for it.
    #[must_use]
    pub fn reason<'a>(self, compilation: &Compilation<'a>) -> &'a str {
        match self {
            Self::Waiver(index) => waiver(compilation, index).map_or("", |waiver| &waiver.because),
            Self::Acceptance(index) => acceptance(compilation, index).map_or("", |accepted| &accepted.because),
        }
    }

    /// Who answers for it: the owner, or who approved it where there is none.
    #[must_use]
    pub fn owner<'a>(self, compilation: &Compilation<'a>) -> &'a str {
        match self {
            Self::Waiver(index) => {
                waiver(compilation, index).map_or("", |waiver| waiver.owner.as_ref().unwrap_or(&waiver.approved_by))
            }
            Self::Acceptance(index) => acceptance(compilation, index).map_or("", |accepted| &accepted.owner),
        }
    }

    /// The last day it holds.
    #[must_use]
    pub fn until(self, compilation: &Compilation<'_>) -> Option<Date> {
        match self {
            Self::Waiver(index) => waiver(compilation, index).map(|waiver| waiver.expires),
            Self::Acceptance(index) => acceptance(compilation, index).map(|accepted| accepted.expires),
        }
    }
}

/// Whether a waiver may take a finding at all, whoever signs it: neither its rule nor the duties it is about are never waived.
#[must_use]
pub fn may_be_waived(compilation: &Compilation<'_>, finding: &Finding) -> bool {
    finding.rule.waivable && subject::duties_never_waived(compilation.spec, &finding.subject).is_none()
}

/// Parts findings into those that stand and those that something takes, each part in the order given.
pub(crate) fn apply(
    context: &Context<'_>,
    findings: Vec<Finding>,
    expiring_days: u32,
) -> (Vec<Finding>, Vec<Suppressed>, WaiverRecord) {
    let mut record = WaiverRecord {
        waivers: context.spec.waivers.iter().map(|waiver| unmatched(context, waiver, expiring_days)).collect(),
        acceptances: acceptances(context, expiring_days),
    };
    let rules: Vec<Option<&Rule>> = context.spec.waivers.iter().map(|waiver| rule::find(&waiver.rule)).collect();
    let (mut standing, mut suppressed) = (Vec::new(), Vec::new());
    for finding in findings {
        let waived = waived(context, &finding, &rules, &mut record.waivers);
        match as_a_whole(&waived).or_else(|| accepted(&finding, &record.acceptances).map(Suppression::Acceptance)) {
            Some(by) => suppressed.push(Suppressed { finding, by }),
            None => {
                let (left, taken) = finding.parted(context, |part| waived.get(part).is_some_and(Option::is_some));
                standing.extend(left);
                let by = waived.into_iter().flatten().map(Suppression::Waiver);
                taken.into_iter().zip(by).for_each(|(finding, by)| take(&mut suppressed, finding, by));
            }
        }
    }
    for used in &mut record.waivers {
        used.refusals.sort_unstable();
        used.refusals.dedup();
    }
    (standing, suppressed, record)
}

/// The first waiver that takes each part of a finding. Each that could is marked as used.
fn waived(
    context: &Context<'_>,
    finding: &Finding,
    rules: &[Option<&Rule>],
    uses: &mut [WaiverUse],
) -> Vec<Option<usize>> {
    let parts = finding.parts();
    let mut firsts = vec![None; parts.len()];
    let waivers = context.spec.waivers.iter().zip(rules).zip(uses).enumerate();
    for (index, ((waiver, _), used)) in
        waivers.filter(|(_, ((_, rule), _))| rule.is_some_and(|rule| rule.code == finding.rule.code))
    {
        let (mut matched, mut took) = (0, 0);
        for (part, first) in parts.iter().zip(&mut firsts) {
            if !subject::is_on(context, waiver, part, finding) {
                continue;
            }
            matched += 1;
            let refusals = subject::refusals(context, waiver, part);
            if refusals.is_empty() && !used.expired && used.refusals.iter().all(Refusal::is_about_some) {
                took += 1;
                *first = first.or(Some(index));
            }
            used.refusals.extend(refusals);
        }
        // All of its parts are one finding.
        let findings = |of: usize| if of == parts.len() { 1 } else { of as u64 };
        used.matched += findings(matched);
        used.took += findings(took);
    }
    firsts
}

/// The waiver that takes every part of a finding.
fn as_a_whole(waived: &[Option<usize>]) -> Option<Suppression> {
    let first = waived.first().copied().flatten()?;
    waived.iter().all(|&by| by == Some(first)).then_some(Suppression::Waiver(first))
}

/// Adds a part that is taken; to one that is about the same and taken by the same, where there is one.
fn take(suppressed: &mut Vec<Suppressed>, finding: Finding, by: Suppression) {
    match suppressed.iter_mut().find(|known| known.by == by && known.finding.identity() == finding.identity()) {
        Some(known) => known.finding.absorb(finding),
        None => suppressed.push(Suppressed { finding, by }),
    }
}

impl Refusal {
    /// Whether it concerns some findings only, so that the waiver may take others.
    fn is_about_some(&self) -> bool {
        matches!(self, Self::DutiesNeverWaived(_) | Self::ApprovedByBeneficiary(_) | Self::RequestedByBeneficiary(_))
    }
}

/// What can be said of a waiver before any finding is looked at.
fn unmatched(context: &Context<'_>, waiver: &Waiver, expiring_days: u32) -> WaiverUse {
    let as_of = context.compilation.as_of;
    let rule = rule::find(&waiver.rule);
    let refusals = [
        (rule.is_none(), Refusal::UnknownRule),
        (rule.is_some_and(|rule| !rule.waivable), Refusal::RuleNeverWaived),
        (waiver.on.is_empty(), Refusal::OnNothing),
        (context.people().same(&waiver.requested, &waiver.approved_by), Refusal::ApprovedByRequester),
        (waiver.approved_on > as_of, Refusal::ApprovedLater),
    ];
    WaiverUse {
        expired: waiver.expires < as_of,
        expiring: is_near(as_of, waiver.expires, expiring_days),
        refusals: refusals.into_iter().filter_map(|(refused, why)| refused.then_some(why)).collect(),
        ..WaiverUse::default()
    }
}

fn acceptances(context: &Context<'_>, expiring_days: u32) -> Vec<AcceptanceUse> {
    let as_of = context.compilation.as_of;
    let mut uses: Vec<_> = context
        .snapshot
        .manifest
        .accepted
        .iter()
        .map(|accepted| AcceptanceUse {
            faults: 0,
            expired: accepted.expires < as_of,
            expiring: is_near(as_of, accepted.expires, expiring_days),
        })
        .collect();
    for index in context.snapshot.faults.iter().filter_map(|fault| fault.accepted) {
        if let Some(used) = uses.get_mut(index) {
            used.faults += 1;
        }
    }
    uses
}

/// Whether a last day is not past, and fewer than so many days ahead.
fn is_near(as_of: Date, last: Date, days: u32) -> bool {
    let ahead = last.duration_since(as_of).as_hours() / 24;
    (0..i64::from(days)).contains(&ahead)
}

/// The acceptance that takes a finding, if its last day is not past.
fn accepted(finding: &Finding, acceptances: &[AcceptanceUse]) -> Option<usize> {
    finding.accepted.filter(|&index| acceptances.get(index).is_some_and(|used| !used.expired))
}

fn waiver<'a>(compilation: &Compilation<'a>, index: usize) -> Option<&'a Waiver> {
    compilation.spec.waivers.get(index)
}

fn acceptance<'a>(compilation: &Compilation<'a>, index: usize) -> Option<&'a adit_snapshots::Acceptance> {
    compilation.snapshot.manifest.accepted.get(index)
}
