//! Who does not look like their peers, for people.

use std::collections::BTreeMap;

use adit_compiler::{
    outliers::{Compared, Held, Population},
    spec::Percent,
};

use super::{Peers, Report};
use crate::{
    terminal::{Look, Paint},
    text::{Align, Table, count, counted, number, some_of, wrap},
};

/// How many identities to show of a population, and how many entitlements of each.
const IDENTITIES: usize = 10;
const ENTITLEMENTS: usize = 5;

/// Columns of names to show of a list, before it is cut.
const NAMES: usize = 160;

/// Every population.
pub(crate) fn render(report: &Report<'_>, look: Look) -> String {
    let who = match report.peers {
        Peers::By(by) => format!("those with the same {}", by.join(" and ")),
        Peers::Mined(_) => "those with the same primary role".to_owned(),
        Peers::Using(strategy) => format!("those with the same primary role by `{}`", strategy.name()),
    };
    let title = look.paint(Paint::Bold, &report.title);
    let legend = format!(
        "Peers are {who}. The score is the share in which one differs from an average peer, of all that either holds; what at \
         most {} of the peers hold is unusual, what at least {} hold is usual.",
        report.lines.unusual, report.lines.usual
    );
    let listed = match report.score {
        Some(_) => String::new(),
        None => " Listed is who stands out: whose score is farther above the median of the peers than 3.5 times the usual distance from it \
                 (modified z-score; the distance counts as two points at least). `--score` draws one line for all instead."
            .to_owned(),
    };
    let mut text = format!("{title}\n{}\n", look.paint(Paint::Dim, &wrap(&(legend + &listed), "", "", look)));
    for one in &report.populations {
        text.push_str(&population(report, one, look));
    }
    if report.populations.is_empty() {
        text.push_str("\nno `mining` block: nobody is compared\n");
    }
    text
}

fn population(report: &Report<'_>, population: &Population, look: Look) -> String {
    let listed = report.listed(population);
    let compared = &population.outliers.compared;
    let differ: u64 = compared.iter().map(|one| one.differ).sum();
    let either: u64 = compared.iter().map(|one| one.either).sum();
    let name = if population.name.is_empty() {
        String::new()
    } else {
        format!("{}: ", look.paint(Paint::Bold, &population.name))
    };
    let one = listed.len() == 1;
    let how = match report.score {
        Some(score) => format!("{} a score of {score} or more", if one { "has" } else { "have" }),
        None => format!("{} out", if one { "stands" } else { "stand" }),
    };
    let head = match compared.is_empty() {
        true => format!("{name}nobody has peers to be held against."),
        false => format!(
            "{name}{} of {} with peers {how}; the score of all together is {}.",
            count(listed.len()),
            counted(compared.len() as u64, "identity", "identities"),
            Percent::of(differ, either),
        ),
    };
    let mut text = format!("\n{}\n", wrap(&head, "", "  ", look));
    for one in listed.iter().take(IDENTITIES) {
        text.push_str(&identity(report, population, one, look));
    }
    if listed.len() > IDENTITIES {
        text.push_str(&format!("\n  … and {} more; `--format json` lists all\n", count(listed.len() - IDENTITIES)));
    }
    text.push_str(&alone(report, population, look));
    text
}

/// Who, how far, from whom, and in what.
fn identity(report: &Report<'_>, population: &Population, one: &Compared, look: Look) -> String {
    let matrix = &population.matrix;
    let usual = population.outliers.usual.get(one.group as usize).map_or(&[][..], Vec::as_slice);
    let usual: Vec<String> = usual.iter().map(|&column| report.entitlement(matrix, column)).collect();
    let usual = match usual.is_empty() {
        true => "who have nothing in common".to_owned(),
        false => format!("who have {}", some_of(usual.iter().map(String::as_str), 60)),
    };
    let head = format!(
        "{} differs by {} from {} {usual}",
        look.paint(Paint::Bold, &report.identity(matrix, one.row)),
        one.score(),
        counted(one.peers.into(), "peer", "peers"),
    );
    let mut text = format!("\n{}\n", wrap(&head, "  ", "    ", look));
    let mut table = Table::new(4, [Align::Left, Align::Left, Align::Right]);
    for (what, list) in [("has", &one.unusual), ("lacks", &one.missing)] {
        for held in list.iter().take(ENTITLEMENTS) {
            table.row([what.to_owned(), report.entitlement(matrix, held.column), by(held, one.peers)]);
        }
        if list.len() > ENTITLEMENTS {
            let more = list.len() - ENTITLEMENTS;
            table.row([what.to_owned(), format!("… and {} more", count(more)), String::new()]);
        }
    }
    text.push_str(&table.render(look));
    text
}

fn by(held: &Held, peers: u32) -> String {
    match held.by {
        0 => "no peer does".to_owned(),
        by if by == peers => "all peers do".to_owned(),
        by => {
            format!("{} of {} peers {}", number(by.into()), number(peers.into()), if by == 1 { "does" } else { "do" })
        }
    }
}

/// Whom nobody can be compared with, by the reason.
fn alone(report: &Report<'_>, population: &Population, look: Look) -> String {
    let mut by_reason: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for &row in &population.outliers.without_peers {
        let name = report.identity(&population.matrix, row);
        by_reason.entry(report.why_alone(population, row)).or_default().push(name);
    }
    let mut text = String::new();
    for (why, mut names) in by_reason {
        // By what they are called: the order of ids would tell who is who.
        names.sort_unstable();
        let who = counted(names.len() as u64, "identity", "identities");
        let some = some_of(names.iter().map(String::as_str), NAMES);
        text.push_str(&wrap(&format!("{who} without peers: {some}; each {why}"), "  ", "    ", look));
        text.push('\n');
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}
