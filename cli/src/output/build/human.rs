//! What a build did, for people.

use std::{collections::BTreeMap, path::Path};

use adit_compiler::{
    compile::{Compilation, Population},
    describe::{left_out_text, rule_text},
    provision::Withheld,
    roles::{CandidateRole, RoleOrigin},
    spec::Percent,
};
use adit_rules::Severity;

use super::{BuildReport, LockNews};
use crate::{
    output::{
        changed, explained,
        learned::{self, Learned},
        left_out,
        lint::verdict,
        mine::human::margins,
        quality,
    },
    report::level,
    terminal::{Look, Paint},
    text::{Align, Table, count, counted, number, who_holds, wrap},
};

/// Roles to list one by one.
const ROLES: usize = 20;

/// The summary of a build.
pub(crate) fn render(report: &BuildReport<'_>, look: Look) -> String {
    let compilation = report.compilation;
    let mut text = head(report, look);
    for (index, population) in compilation.populations.iter().enumerate() {
        text.push_str(&self::population(compilation, index, population, look));
    }
    text.push_str(&declared(compilation, look));
    text.push_str(&expectations(compilation, look));
    text.push_str(&findings(report, look));
    text.push_str(&emission(report, look));
    text.push_str(&written(report, look));
    text
}

fn head(report: &BuildReport<'_>, look: Look) -> String {
    let compilation = report.compilation;
    let day = if report.as_of_given { "" } else { ", the day of the snapshot" };
    let title = look.paint(Paint::Bold, &report.lint.project);
    format!(
        "{title}, as of {}{day}\n{}\n",
        compilation.as_of,
        look.paint(Paint::Dim, &format!("data {}", compilation.snapshot.digest.whole))
    )
}

fn population(compilation: &Compilation<'_>, index: usize, population: &Population, look: Look) -> String {
    let measures = &population.measures;
    let matrix = &population.matrix;
    let size = who_holds(matrix.height() as u64, matrix.width() as u64, matrix.assignments() as u64);
    let head = format!("{}: {size}", look.paint(Paint::Bold, &population.name));
    let mut text = format!("\n{}\n", wrap(&head, "", "  ", look));
    text.push_str(&left_out::render(&population.excluded, look));
    let mut table = Table::new(2, [Align::Left, Align::Right, Align::Right, Align::Right, Align::Right, Align::Right])
        .head(["", "roles", "explained", "over-grants", "individual", "complexity"]);
    table.row([
        "these roles".to_owned(),
        number(measures.roles),
        measures.coverage.to_string(),
        number(measures.over_grants),
        number(measures.under_grants),
        number(measures.wsc),
    ]);
    let trivial = [
        ("one role per distinct set of entitlements", &measures.baselines.one_role_per_distinct_row),
        ("one role per distinct set of holders", &measures.baselines.one_role_per_distinct_column),
    ];
    for (name, baseline) in trivial {
        table.row([
            name.to_owned(),
            number(baseline.roles),
            Percent::WHOLE.to_string(),
            number(0),
            number(0),
            number(baseline.wsc),
        ]);
    }
    text.push_str(&table.render(look));
    if let Some(bound) = measures.lower_bound {
        let proved = if measures.proved_minimal {
            "proved: no fewer roles can grant exactly this".to_owned()
        } else {
            format!("proved: granting exactly this takes at least {}", counted(bound, "role", "roles"))
        };
        text.push_str(&format!("  {}\n", look.paint(Paint::Dim, &proved)));
    }
    let mining = compilation.spec.minings.get(population.mining);
    let decides = mining.is_some_and(|mining| mining.cutoff.decides());
    if let Some(margins) = margins(&population.cut).filter(|_| decides) {
        let margins = look.paint(Paint::Dim, &wrap(&margins, "  ", "    ", look));
        text.push_str(&format!("{margins}\n"));
    }
    if let Some(measured) = &population.quality {
        text.push_str(&quality::render(measured, look));
    }
    let of_population = |role: &&CandidateRole| role.origin.population() == Some(index);
    let of_population: Vec<&CandidateRole> = compilation.roles.iter().filter(of_population).collect();
    text.push_str(&changed::render(compilation, population, &of_population, look));
    text.push_str(&roles(compilation, &of_population, look));
    let all = of_population.iter().filter_map(|role| role.explained.as_ref());
    let some =
        of_population.iter().take(ROLES).filter_map(|role| Some((role.called().to_owned(), role.explained.as_ref()?)));
    text.push_str(&explained::render(all, some, compilation.snapshot, look));
    if let Some(of) = &population.learnability {
        let describe = mining.and_then(|mining| mining.describe.as_ref());
        let by = describe.map_or(&[][..], |describe| &describe.by);
        let role = |role: usize| compilation.roles.get(role).map_or_else(String::new, |role| role.called().to_owned());
        text.push_str(&learned::render(&Learned { of, by, role: &role, all: "derivation.json" }, look));
    }
    for note in &population.notes {
        text.push_str(&wrap(note, "  note: ", "    ", look));
        text.push('\n');
    }
    text
}

/// Roles, one by one: how many hold them, what they grant, with which support, and who gets them.
fn roles(compilation: &Compilation<'_>, roles: &[&CandidateRole], look: Look) -> String {
    if roles.is_empty() {
        return String::new();
    }
    let columns = [Align::Left, Align::Left, Align::Right, Align::Right, Align::Left, Align::Right, Align::Left];
    let mut table =
        Table::new(2, columns).head(["role", "id", "members", "grants", "support", "margin", "who gets it"]);
    let total = roles.len();
    for role in roles.iter().take(ROLES) {
        table.row([
            role.called().to_owned(),
            role.id.to_string(),
            count(role.members.len()),
            count(role.grants.len()),
            support(role),
            margin(role),
            who(compilation, role),
        ]);
    }
    let mut text = format!("\n{}", table.render(look));
    if total > ROLES {
        text.push_str(&format!("  … and {} more in derivation.json\n", count(total - ROLES)));
    }
    text
}

/// The least and the greatest share of members that hold an entitlement of the role.
fn support(role: &CandidateRole) -> String {
    let shares = role.grants.iter().map(|granted| Percent::of(granted.held.into(), granted.of.into()));
    match (shares.clone().min(), shares.max()) {
        (Some(least), Some(most)) if least == most => least.to_string(),
        (Some(least), Some(most)) => format!("{least} to {most}"),
        _ => "–".to_owned(),
    }
}

/// How close the closest decision was: the least support of the role, less the threshold that it had to meet, in points.
fn margin(role: &CandidateRole) -> String {
    match role.grants.iter().filter_map(|granted| granted.margin).min() {
        Some(margin) => format!("+{}", Percent(margin.unsigned_abs()).to_string().trim_end_matches('%')),
        None => "–".to_owned(),
    }
}

fn who(compilation: &Compilation<'_>, role: &CandidateRole) -> String {
    let Some(rule) = &role.rule else { return "people one by one".to_owned() };
    let others = rule.matched.saturating_sub(rule.members_matched);
    let mut counts = format!("{} of {} members", rule.members_matched, rule.members);
    if others > 0 {
        counts.push_str(&format!(" and {}", counted(others.into(), "other", "others")));
    }
    if let Some(more) = left_out_text(rule) {
        counts.push_str(&format!("; {more}"));
    }
    format!("{} ({counts})", rule_text(rule, compilation.snapshot))
}

fn declared(compilation: &Compilation<'_>, look: Look) -> String {
    let written: Vec<_> =
        compilation.roles.iter().filter(|role| matches!(role.origin, RoleOrigin::Declared { .. })).collect();
    if written.is_empty() {
        return String::new();
    }
    let title = look.paint(Paint::Bold, "roles written by people");
    let mut table =
        Table::new(2, [Align::Left, Align::Left, Align::Right, Align::Right]).head(["role", "id", "members", "grants"]);
    for role in written.iter().take(ROLES) {
        table.row([role.handle.clone(), role.id.to_string(), count(role.members.len()), count(role.grants.len())]);
    }
    let more = written.len().saturating_sub(ROLES);
    let more = if more > 0 { format!("  … and {} more in derivation.json\n", count(more)) } else { String::new() };
    format!("\n{title}\n{}{more}", table.render(look))
}

fn expectations(compilation: &Compilation<'_>, look: Look) -> String {
    let total = compilation.spec.expectations.len() as u64;
    if total == 0 {
        return String::new();
    }
    let failed = &compilation.failed_expectations;
    let holding = counted(total - failed.len() as u64, "expectation holds", "expectations hold");
    let mut text = format!("\n{holding}");
    if failed.is_empty() {
        text.push('\n');
        return text;
    }
    text.push_str(&format!(", {}\n", look.paint(Paint::Red, &counted(failed.len() as u64, "does not", "do not"))));
    for (index, because) in failed {
        let title = compilation.spec.expectations.get(*index).map_or("", |expectation| &expectation.title);
        text.push_str(&wrap(&format!("{title}: {because}"), "  • ", "    ", look));
        text.push('\n');
    }
    text
}

/// How many findings of which rule; the findings themselves are in lint.json.
fn findings(report: &BuildReport<'_>, look: Look) -> String {
    let mut by_rule: BTreeMap<(std::cmp::Reverse<Severity>, &str, &str), u64> = BTreeMap::new();
    for finding in &report.lint.findings {
        *by_rule.entry((std::cmp::Reverse(finding.severity), finding.rule.code, finding.rule.name)).or_default() += 1;
    }
    let mut text = format!("\n{}\n", verdict(report.lint.tally(), look));
    let mut table = Table::new(2, [Align::Left, Align::Left, Align::Left, Align::Right]);
    for ((severity, code, name), findings) in by_rule {
        table.row([level(severity.0).to_owned(), code.to_owned(), name.to_owned(), number(findings)]);
    }
    text.push_str(&table.render(look));
    if !report.lint.findings.is_empty() {
        let hint = format!("  adit lint {} shows each with its proof\n", report.project.root.display());
        text.push_str(&look.paint(Paint::Dim, &hint));
    }
    text
}

/// Which roles are emitted, and what the others lack.
fn emission(report: &BuildReport<'_>, look: Look) -> String {
    let mut text = String::new();
    let emitted = &report.provisioning.roles;
    if emitted.is_empty() {
        text.push_str("\nno role is emitted\n");
    } else {
        let title = format!("emitted: {}", counted(emitted.len() as u64, "approved role", "approved roles"));
        text.push_str(&format!("\n{}\n", look.paint(Paint::Green, &title)));
        for role in emitted {
            let line = format!("{}, approved by {}", role.name, role.approved_by.join(", "));
            text.push_str(&wrap(&line, "  • ", "    ", look));
            text.push('\n');
        }
    }
    if !report.withheld.is_empty() {
        let title = format!("withheld: {}", counted(report.withheld.len() as u64, "role", "roles"));
        text.push_str(&format!("\n{}\n", look.paint(Paint::Yellow, &title)));
        for withheld in report.withheld.iter().take(ROLES) {
            text.push_str(&self::withheld(report, withheld, look));
        }
        if report.withheld.len() > ROLES {
            let more = count(report.withheld.len() - ROLES);
            text.push_str(&format!("  … and {more} more: `adit build --format json` lists all\n"));
        }
    }
    text
}

fn withheld(report: &BuildReport<'_>, withheld: &Withheld, look: Look) -> String {
    use adit_compiler::provision::Missing;
    let mut text = format!("  • {} {}\n", withheld.handle, look.paint(Paint::Dim, &withheld.id.to_string()));
    for missing in &withheld.missing {
        text.push_str(&wrap(&missing.to_string(), "    ", "      ", look));
        text.push('\n');
    }
    let compilation = report.compilation;
    let provision = compilation.roles.get(withheld.role).and_then(|role| compilation.provision(role));
    let anyone = || provision.and_then(|provision| provision.approvers.first());
    let signer = withheld.missing.iter().find_map(|missing| match missing {
        Missing::Signatures { open, .. } => open.first(),
        Missing::Fresh { .. } | Missing::Expired { .. } => anyone(),
        _ => None,
    });
    let content = compilation.statuses.get(withheld.role).map(|status| status.content);
    if let (Some(who), Some(content)) = (signer, content) {
        let command = format!("adit approve {} --by {who}{}", called(compilation, withheld), in_project(report));
        text.push_str(&format!("    {}\n", look.paint(Paint::Dim, &format!("sign {content}"))));
        text.push_str(&format!("    {}\n", look.paint(Paint::Cyan, &command)));
    }
    text
}

/// A role's id, which stays what it is while others come and go; its handle where two roles grant the same.
fn called<'a>(compilation: &Compilation<'_>, withheld: &'a Withheld) -> &'a str {
    let same = compilation.roles.iter().filter(|role| role.id == withheld.id).count();
    if same == 1 { &withheld.id.0 } else { &withheld.handle }
}

/// The options that lead to this project on this day, where they have to be said.
fn in_project(report: &BuildReport<'_>) -> String {
    let mut options = String::new();
    if report.project.root != Path::new(".") {
        options.push_str(&format!(" --project {}", report.project.root.display()));
    }
    if report.as_of_given {
        options.push_str(&format!(" --as-of {}", report.compilation.as_of));
    }
    options
}

fn written(report: &BuildReport<'_>, look: Look) -> String {
    let files: Vec<_> = report.files.iter().map(|path| path.display().to_string()).collect();
    let mut text = format!("\n{}\n", wrap(&format!("wrote {}", files.join(", ")), "", "  ", look));
    let news = match report.lock {
        LockNews::Unchanged => return text,
        LockNews::First => {
            "the data is locked now: from here on, other data is refused until `--update-lock` accepts it"
        }
        LockNews::Updated => "the lock holds this data now",
    };
    text.push_str(&wrap(news, "", "  ", look));
    text.push('\n');
    text
}
