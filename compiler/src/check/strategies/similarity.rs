//! `similarity { alike at least 80%; members at least 5; overlap at least 5 }`, and the presets of the product it comes from.

use adit_grammar::Diagnostic;

use super::{Offered, known};
use crate::{
    check::{
        codes,
        context::Faults,
        settings::{Known, Read},
    },
    spec::{AttributesOf, Percent, Similarity, Strategy},
};

pub(super) const OFFERED: Offered = Offered { name: "similarity", settings: SETTINGS, make };

const SETTINGS: &[Known] = &[
    known(
        "preset",
        &[
            "preset balanced",
            "preset exact",
            "preset department",
            "preset attribute-based",
            "preset birthright",
            "preset advanced",
        ],
        "preset balanced",
    ),
    known("alike", &["alike at least PERCENT"], "alike at least 80%"),
    known("members", &["members at least COUNT"], "members at least 5"),
    known("overlap", &["overlap at least COUNT"], "overlap at least 5"),
    known(
        "popularity",
        &["popularity at least PERCENT , at most PERCENT", "popularity at least PERCENT", "popularity at most PERCENT"],
        "popularity at most 95%",
    ),
    known(
        "entitlements",
        &["entitlements at least COUNT , at most COUNT", "entitlements at least COUNT", "entitlements at most COUNT"],
        "entitlements at least 2, at most 500",
    ),
    known("attributes", &["attributes weigh PERCENT", "attributes agree"], "attributes weigh 20%"),
    known(
        "weigh",
        &[
            "weigh TEXT COUNT",
            "weigh TEXT COUNT , TEXT COUNT",
            "weigh TEXT COUNT , TEXT COUNT , TEXT COUNT",
            "weigh TEXT COUNT , TEXT COUNT , TEXT COUNT , TEXT COUNT",
        ],
        "weigh \"department\" 3, \"title\" 1",
    ),
];

/// The preset first, wherever it stands: what else is said changes it.
fn make(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let preset = read.iter().find(|setting| setting.name == "preset").and_then(|setting| setting.word(1));
    let mut similarity = preset.map_or_else(Similarity::default, self::preset);
    for setting in read {
        match setting.name {
            "alike" => similarity.alike = setting.percent(1, faults)?,
            "members" => similarity.min_members = setting.count(0, faults)?,
            "overlap" => similarity.overlap = setting.count(0, faults)?,
            "popularity" => (similarity.min_popularity, similarity.max_popularity) = popularity(setting, faults)?,
            "entitlements" => {
                (similarity.min_entitlements, similarity.max_entitlements) = entitlements(setting, faults)?;
            }
            "attributes" => {
                similarity.attributes = match setting.values() {
                    0 => AttributesOf::Agree,
                    _ => AttributesOf::Weigh(setting.percent(0, faults)?),
                };
            }
            "weigh" => similarity.weights = weights(setting, faults)?,
            _ => {}
        }
    }
    Some(Strategy::Similarity(similarity))
}

/// What the presets set. The numbers are those of midPoint; `docs/how-it-mines.md` says where the meaning differs.
fn preset(name: &str) -> Similarity {
    let base = |alike, min_members, overlap| Similarity {
        alike: Percent(alike),
        min_members,
        overlap,
        ..Similarity::default()
    };
    match name {
        "balanced" => base(8_000, 2, 2),
        "exact" => base(10_000, 2, 2),
        "department" => Similarity { attributes: AttributesOf::Agree, ..base(0, 2, 2) },
        "attribute-based" => Similarity { attributes: AttributesOf::Agree, ..base(8_000, 5, 5) },
        "birthright" => Similarity { min_popularity: Percent(6_000), ..base(7_000, 5, 1) },
        _ => base(8_000, 10, 5),
    }
}

fn popularity(setting: &Read<'_>, faults: &mut Faults) -> Option<(Percent, Percent)> {
    let first = setting.percent(0, faults)?;
    let (least, most) = match setting.values() {
        2 => (first, setting.percent_at(1, 0, faults)?),
        _ if setting.has_word("least") => (first, Percent::WHOLE),
        _ => (Percent(0), first),
    };
    if least > most {
        faults
            .push(nothing_between(setting, &format!("no entitlement is held by at least {least} and at most {most}")));
        return None;
    }
    Some((least, most))
}

fn entitlements(setting: &Read<'_>, faults: &mut Faults) -> Option<(u32, Option<u32>)> {
    let first = setting.count(0, faults)?;
    let (least, most) = match setting.values() {
        2 => (first, Some(setting.count(1, faults)?)),
        _ if setting.has_word("least") => (first, None),
        _ => (1, Some(first)),
    };
    if let Some(most) = most.filter(|&most| most < least) {
        faults.push(nothing_between(setting, &format!("nobody has at least {least} and at most {most} entitlements")));
        return None;
    }
    Some((least, most))
}

fn nothing_between(setting: &Read<'_>, message: &str) -> Diagnostic {
    Diagnostic::error(codes::NUMBER_RANGE, message, setting.value_span(0), "the least is above the most")
        .help("write the smaller number first")
}

fn weights(setting: &Read<'_>, faults: &mut Faults) -> Option<Vec<(String, u32)>> {
    let mut weights: Vec<(String, u32)> = Vec::new();
    for at in (0..setting.values()).step_by(2) {
        let name = setting.text(at)?;
        if weights.iter().any(|(known, _)| known == name) {
            faults.push(
                Diagnostic::error(
                    codes::SAID_TWICE,
                    format!("`{name}` is weighed twice"),
                    setting.value_span(at),
                    "again",
                )
                .help("keep one of the two"),
            );
            return None;
        }
        weights.push((name.to_owned(), setting.count(at + 1, faults)?));
    }
    weights.sort_unstable();
    Some(weights)
}
