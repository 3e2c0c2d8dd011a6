//! `mining` blocks.

use std::collections::BTreeMap;

use adit_grammar::{
    Diagnostic, Span,
    ast::{self, MineStatement},
};

use super::{
    codes,
    context::{Context, Faults, Subject, said_twice},
    cutoffs, defaults, descriptions, entitlements, existing_roles, scopes, settings, strategies,
    suggest::list,
};
use crate::spec::{IdentityClass, KindName, Mining, Percent, Strategy, Unseeded};

/// Checks all mining blocks, ascending by name. Without classes, which are wrong themselves, scopes are not judged.
pub(super) fn check(
    context: &Context<'_>,
    classes: Option<&[IdentityClass]>,
    faults: &mut Faults,
) -> Option<Vec<Mining>> {
    let minings: Vec<_> =
        context.names.minings.values().map(|mining| checked(context, classes, mining, faults)).collect();
    existing_roles::judged_twice(&minings, faults);
    minings.into_iter().collect()
}

fn checked(
    context: &Context<'_>,
    classes: Option<&[IdentityClass]>,
    written: &ast::Mining,
    faults: &mut Faults,
) -> Option<Mining> {
    written.owner.iter().for_each(|owner| context.person(owner, faults));
    let given = existing_roles::strategy(written, faults);
    let mut mine = Mine::read(context, written, given.is_some(), faults);
    if let Some((strategy, place)) = given {
        existing_roles::judge(written, place, faults);
        mine.strategy = Some(strategy);
    } else {
        mine.guides(written, faults);
    }
    let scope = scopes::check(context, classes, written, mine.minable.as_deref(), faults);
    let strategy = mine.strategy.as_ref();
    let settings = written.cutoff.as_ref().map(|block| block.node.as_slice()).unwrap_or_default();
    let cutoff = cutoffs::check(context, settings, strategy, mine.roles, faults);
    let describe = match &written.describe {
        Some(describe) => Some(descriptions::check(context, describe, &mine.never_by, faults)),
        None => None,
    };
    Some(Mining {
        name: written.name.node.clone(),
        title: written.title.as_ref().unwrap_or(&written.name).node.clone(),
        owner: written.owner.as_ref().map(|owner| owner.node.clone()),
        cites: written.cites.iter().map(|cite| cite.node.clone()).collect(),
        review_every: review(written, faults)?,
        scope: scope?,
        minable: mine.minable?.into_iter().map(|(kind, _)| kind).collect(),
        guided_by: mine.guided_by.into_keys().map(str::to_owned).collect(),
        never_by: mine.never_by.into_keys().map(str::to_owned).collect(),
        ignore_fewer_than: mine.ignore_fewer_than?,
        ignore_more_than: mine.ignore_more_than?,
        strategy: mine.strategy?,
        unseeded: Unseeded {
            clusters: mine.unseeded,
            records: written.describe.as_ref().is_some_and(descriptions::unseeded),
        },
        cutoff: cutoff?,
        describe: describe.map_or(Some(None), |describe| describe.map(Some))?,
        span: written.name.span,
    })
}

fn review(written: &ast::Mining, faults: &mut Faults) -> Option<Option<u32>> {
    match written.review_every {
        Some(days) if days.node == 0 => {
            faults.push(
                Diagnostic::error(
                    codes::NUMBER_RANGE,
                    "a review every `0d` never ends",
                    days.span,
                    "expected at least `1d`",
                )
                .help("write how often roles are reviewed: `review every 90d`"),
            );
            None
        }
        days => Some(days.map(|days| days.node)),
    }
}

/// What `mine { … }` says. A field that is `None` is wrong or missing, which is reported.
struct Mine<'a> {
    /// Ascending, with their places.
    minable: Option<Vec<(KindName, Span)>>,
    guided_by: BTreeMap<&'a str, Span>,
    never_by: BTreeMap<&'a str, Span>,
    ignore_fewer_than: Option<u32>,
    ignore_more_than: Option<Option<Percent>>,
    strategy: Option<Strategy>,
    unseeded: bool,
    /// A fixed number of roles.
    roles: Option<(u32, Span)>,
}

impl<'a> Mine<'a> {
    /// `given` says whether the clusters are, so that no strategy is missed.
    fn read(context: &Context<'_>, written: &'a ast::Mining, given: bool, faults: &mut Faults) -> Self {
        let mut mine = Self {
            minable: None,
            guided_by: BTreeMap::new(),
            never_by: BTreeMap::new(),
            ignore_fewer_than: Some(defaults::IGNORE_FEWER_THAN),
            ignore_more_than: Some(None),
            strategy: None,
            unseeded: false,
            roles: None,
        };
        let mut minable: Option<Option<BTreeMap<KindName, Span>>> = None;
        let (mut fewer, mut more, mut cluster) = (None, None, None);
        for statement in written.mine.iter().flat_map(|block| &block.node) {
            match statement {
                MineStatement::Minable(kinds) => {
                    let known = minable.get_or_insert_with(|| Some(BTreeMap::new()));
                    for kind in kinds {
                        match (entitlements::kind(context, kind, faults), &mut *known) {
                            (None, known) => *known = None,
                            (Some(name), Some(known)) => {
                                if let Some(&first) = known.get(&name) {
                                    let what = format!("`minable {name}`");
                                    faults.push(said_twice(&what, kind.span(), first));
                                } else {
                                    known.insert(name, kind.span());
                                }
                            }
                            (Some(_), None) => {}
                        }
                    }
                }
                MineStatement::GuidedBy(names) => {
                    attributes(context, "guided by", names, &mut mine.guided_by, faults);
                    let personal = |name| {
                        descriptions::too_personal(context, name, "clusters guided by", "would be of one identity each")
                    };
                    faults.extend(names.iter().filter_map(personal));
                }
                MineStatement::NeverBy(names) => attributes(context, "never by", names, &mut mine.never_by, faults),
                MineStatement::IgnoreFewerThan(count) => {
                    once("`ignore … fewer than`", count.span, &mut fewer, faults);
                    mine.ignore_fewer_than = Some(count.node).filter(|count| *count > 0);
                    if count.node == 0 {
                        let message = "nothing is held by fewer than 0 identities";
                        faults.push(
                            Diagnostic::error(codes::NUMBER_RANGE, message, count.span, "expected at least 1")
                                .help("leave the line out, or write a number such as 3"),
                        );
                    }
                }
                MineStatement::IgnoreMoreThan(literal) => {
                    once("`ignore … more than`", *literal.span, &mut more, faults);
                    mine.ignore_more_than = settings::percent_literal("ignore … more than", literal, faults).map(Some);
                }
                MineStatement::ClusterUsing(using) => {
                    if once("`cluster using`", *using.span, &mut cluster, faults) {
                        let checked = strategies::check(context, using, faults);
                        (mine.strategy, mine.roles) = (checked.strategy, checked.roles);
                        mine.unseeded = checked.unseeded;
                    }
                }
            }
        }
        mine.minable = match minable {
            Some(known) => known.map(|known| known.into_iter().collect()),
            None => {
                missing_minable(context, written, faults);
                None
            }
        };
        if cluster.is_none() && !given && context.broken.not_within(*written.span) {
            let place = written.mine.as_ref().map_or(written.name.span, |block| block.span);
            let message = format!("mining `{}` does not say how", written.name.node);
            faults
                .push(Diagnostic::error(codes::NO_STRATEGY, message, place, "expected `cluster using …`").help(
                    format!("this version has {}: `cluster using cover {{ exact }}`", list(strategies::names())),
                ));
        }
        for (name, &span) in &mine.guided_by {
            if let Some(&never) = mine.never_by.get(name) {
                faults.push(never_and_yet(name, "clusters are guided by it", span, never));
            }
        }
        mine
    }

    /// Holds what a strategy asks of attributes against `guided by`.
    fn guides(&self, written: &ast::Mining, faults: &mut Faults) {
        let Some(strategy) = &self.strategy else { return };
        if let Some((_, &first)) = self.guided_by.iter().next()
            && let Some((why, help)) = strategy.unguidable()
        {
            let place = self.guided_by.values().fold(first, |all, span| all.to(*span));
            let message = format!("attributes cannot guide `{}`: {why}", strategy.name());
            faults.push(Diagnostic::error(codes::UNGUIDABLE, message, place, "would have no effect").help(help));
        }
        let cluster = written.mine.iter().flat_map(|block| &block.node).find_map(|statement| match statement {
            MineStatement::ClusterUsing(using) => Some(using),
            _ => None,
        });
        let place = cluster.map_or(written.name.span, |using| *using.span);
        let name = strategy.name();
        let why = cluster.and_then(|using| strategies::needs_guides(using, strategy));
        if let Some(why) = why.filter(|_| self.guided_by.is_empty()) {
            let message = format!("`{name}` is not told which attributes to go by: {why}");
            faults.push(
                Diagnostic::error(codes::NOT_GUIDED, message, place, "expected `guided by …`")
                    .help("name attributes of identities in the same block: `guided by department, title`"),
            );
        }
        for (attribute, _) in strategy.weighed().iter().filter(|(name, _)| !self.guided_by.contains_key(name.as_str()))
        {
            let message = format!("`{name}` weighs `{attribute}`, but is not guided by it");
            faults.push(
                Diagnostic::error(codes::NOT_GUIDED, message, place, "a weight without effect")
                    .help(format!("add `{attribute}` to `guided by`, or take its weight out")),
            );
        }
    }
}

fn missing_minable(context: &Context<'_>, written: &ast::Mining, faults: &mut Faults) {
    if !context.broken.not_within(*written.span) {
        return;
    }
    let place = written.mine.as_ref().map_or(written.name.span, |block| block.span);
    let example = context.schema.applications.iter().find_map(|(application, kinds)| {
        kinds
            .iter()
            .min()
            .map(|kind| format!("say which kinds of entitlement are mined: `minable {application}.{kind}`"))
    });
    let message = format!("mining `{}` has nothing minable", written.name.node);
    faults.push(
        Diagnostic::error(codes::NOTHING_MINABLE, message, place, "expected `minable …`")
            .help(example.unwrap_or_else(|| "say which kinds of entitlement are mined".to_owned())),
    );
}

/// Whether it is said for the first time; otherwise reported.
fn once(what: &str, span: Span, first: &mut Option<Span>, faults: &mut Faults) -> bool {
    if let Some(first) = *first {
        faults.push(said_twice(what, span, first));
        return false;
    }
    *first = Some(span);
    true
}

/// Looks up attributes of identities.
pub(super) fn attributes<'a>(
    context: &Context<'_>,
    what: &str,
    names: &'a [ast::Text],
    known: &mut BTreeMap<&'a str, Span>,
    faults: &mut Faults,
) {
    for name in names {
        context.attribute(Subject::Identity, name, faults);
        if let Some(&first) = known.get(name.node.as_str()) {
            faults.push(said_twice(&format!("`{what} {}`", name.node), name.span, first));
        } else {
            known.insert(&name.node, name.span);
        }
    }
}

/// Reports an attribute that must not shape roles where it does.
pub(super) fn never_and_yet(name: &str, what: &str, span: Span, never: Span) -> Diagnostic {
    let message = format!("roles must never be shaped by `{name}`, and yet {what}");
    Diagnostic::error(codes::NEVER_AND_YET, message, span, "shapes roles")
        .label(never, "must never")
        .help("remove it from one of the two lines")
}
