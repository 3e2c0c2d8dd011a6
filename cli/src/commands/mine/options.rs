//! Which strategy to use, with its settings.

use adit_compiler::{
    matrix::AccessMatrix,
    mine::{Strategy, cover::Cover, entitlement_overlap::EntitlementOverlap},
    spec::{self, Percent},
};
use adit_snapshots::Entitlements;

use super::OverlapArguments;
use crate::{
    exit::Exit,
    failure::{Failure, Problem},
    output::text,
};

/// Strategies of the language, and whether this version can run them.
const STRATEGIES: [(&str, bool); 8] = [
    ("cover", true),
    ("entitlement-overlap", true),
    ("hierarchy", false),
    ("em", false),
    ("cobweb", false),
    ("similarity", false),
    ("attributes", false),
    ("hybrid", false),
];

/// A strategy and its settings, before any data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Using {
    /// What the spec would say.
    pub(crate) strategy: spec::Strategy,
    /// The entitlements that count as shared, ascending and without repeats; all when absent.
    pub(crate) filter: Option<Vec<String>>,
}

impl Using {
    /// The strategy of that name, with those settings.
    pub(super) fn new(name: &str, search: Option<u64>, overlap: &OverlapArguments) -> Result<Self, Failure> {
        match name {
            "cover" => {
                refuse_settings(overlap)?;
                Ok(Self {
                    strategy: spec::Strategy::Cover { max_nodes: search.unwrap_or(spec::Strategy::SEARCH_NODES) },
                    filter: None,
                })
            }
            "entitlement-overlap" if search.is_some() => Err(not_a_setting("--search", "cover", name)),
            "entitlement-overlap" => Ok(Self {
                strategy: spec::Strategy::EntitlementOverlap {
                    common: overlap.common.unwrap_or(Percent(5_000)),
                    min_identities: overlap.identities.unwrap_or(2),
                    min_entitlements: overlap.entitlements.unwrap_or(1),
                },
                filter: overlap.filter.as_ref().map(|names| {
                    let mut names: Vec<_> = names.iter().map(|name| name.trim().to_owned()).collect();
                    names.sort_unstable();
                    names.dedup();
                    names
                }),
            }),
            other => Err(unusable(other)),
        }
    }

    /// What finds the clusters; refuses a filter that speaks of entitlements nobody holds.
    pub(super) fn strategy(
        &self,
        entitlements: &Entitlements,
        matrix: &AccessMatrix,
    ) -> Result<Box<dyn Strategy>, Failure> {
        match &self.strategy {
            spec::Strategy::Cover { max_nodes } => Ok(Box::new(Cover { max_nodes: *max_nodes })),
            spec::Strategy::EntitlementOverlap { common, min_identities, min_entitlements } => {
                let filter = self.filter.as_ref().map(|names| columns(names, entitlements, matrix)).transpose()?;
                Ok(Box::new(EntitlementOverlap {
                    common: *common,
                    min_identities: *min_identities,
                    min_entitlements: *min_entitlements,
                    filter,
                }))
            }
        }
    }
}

/// The columns of the named entitlements, ascending.
fn columns(names: &[String], entitlements: &Entitlements, matrix: &AccessMatrix) -> Result<Vec<u32>, Failure> {
    let mut columns = Vec::with_capacity(names.len());
    for name in names {
        let column = entitlements
            .find(name)
            .and_then(|id| matrix.entitlements.binary_search(&id).ok())
            .and_then(|column| u32::try_from(column).ok());
        let Some(column) = column else {
            let near = text::nearest(name, entitlements.ids.iter().map(String::as_str));
            let help = near.map_or_else(
                || "name entitlements as the file writes them".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Failure::usage(format!("`--filter` names `{name}`, which nobody holds in this file"), help));
        };
        columns.push(column);
    }
    columns.sort_unstable();
    Ok(columns)
}

fn refuse_settings(overlap: &OverlapArguments) -> Result<(), Failure> {
    let given = [
        ("--common", overlap.common.is_some()),
        ("--identities", overlap.identities.is_some()),
        ("--entitlements", overlap.entitlements.is_some()),
        ("--filter", overlap.filter.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((option, _)) => Err(not_a_setting(option, "entitlement-overlap", "cover")),
    }
}

fn not_a_setting(option: &str, of: &str, strategy: &str) -> Failure {
    Failure::usage(
        format!("`{option}` is a setting of `{of}`, but the strategy is `{strategy}`"),
        format!("use it with `--using {of}`, or leave out `{option}`"),
    )
}

fn unusable(name: &str) -> Failure {
    let built: Vec<_> = STRATEGIES.iter().filter(|(_, built)| *built).map(|(name, _)| format!("`{name}`")).collect();
    let built = format!("this version can use {}", built.join(" and "));
    let (message, help) = if STRATEGIES.iter().any(|(known, _)| *known == name) {
        (format!("the strategy `{name}` is part of the language, but not built into this version of adit"), built)
    } else {
        let near = text::nearest(name, STRATEGIES.iter().map(|(known, _)| *known));
        let hint = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
        (format!("there is no strategy `{name}`"), format!("{hint}{built}"))
    };
    Failure::new(Exit::Usage, Problem::new(message).help(help))
}

/// `50%`, `82.5%`: in basis points. A number without its unit is refused.
pub(super) fn percent(words: &str) -> Result<Percent, String> {
    let wrong = || format!("expected a percentage from 0% to 100% with at most two decimals, found `{words}`");
    let Some(digits) = words.strip_suffix('%') else {
        return match words.parse::<u32>() {
            Ok(number) if number <= 100 => Err(format!("a percentage needs its unit: write `{number}%`")),
            _ => Err(wrong()),
        };
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric(whole) || !numeric(decimals) || whole.len() > 3 || decimals.len() > 2 {
        return Err(wrong());
    }
    let points = format!("{whole}{decimals:0<2}").parse::<u32>().map_err(|_| wrong())?;
    if points <= Percent::WHOLE.0 { Ok(Percent(points)) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_a_unit_and_a_range() {
        assert_eq!(percent("50%"), Ok(Percent(5_000)));
        assert_eq!(percent("82.5%"), Ok(Percent(8_250)));
        assert_eq!(percent("0.05%"), Ok(Percent(5)));
        assert_eq!(percent("100%"), Ok(Percent(10_000)));
        assert_eq!(percent("50"), Err("a percentage needs its unit: write `50%`".to_owned()));
        for wrong in ["", "%", "101%", "100.01%", "1.234%", "-1%", ".5%", "5.%", "0,5%", "0.5", "+5%", "٥%"] {
            assert!(percent(wrong).is_err(), "{wrong}");
        }
    }
}
