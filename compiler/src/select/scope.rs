//! A mining block's scope, applied: first whom, then what, then which assignments, then how many hold it.

use adit_snapshots::{EntitlementId, IdentityId, Snapshot};
use rayon::prelude::*;

use super::{
    ClassOf, Excluded, SelectError, Selection,
    digest::digest,
    mined_together,
    tally::{IN, Verdicts, first_pass, rows},
};
use crate::{
    condition::{Bits, Evaluator},
    matrix::AccessMatrix,
    spec::{IdentitySelection, Mining, ScopeLine, Spec, Strategy},
};

/// The populations of a mining block: classes that may be mined together, each with the identities of them that are in scope.
/// Where nobody is in scope at all there is one population, empty, which says why.
///
/// # Errors
/// When a condition of the scope cannot be decided.
pub fn populations(
    spec: &Spec,
    mining: &Mining,
    classes: &ClassOf,
    evaluator: &Evaluator<'_>,
) -> Result<Vec<Selection>, SelectError> {
    let scope = Scope::evaluate(mining, classes, evaluator)?;
    let groups = mined_together(spec, &minable_classes(spec, mining));
    let inhabited: Vec<&Vec<usize>> = groups.iter().filter(|group| scope.reaches(spec, classes, group)).collect();
    if spec.classes.is_empty() || inhabited.is_empty() {
        return Ok(vec![scope.select(spec, mining, classes, &[], mining.name.clone(), evaluator.snapshot())]);
    }
    Ok(inhabited
        .iter()
        .map(|group| {
            let names: Vec<&str> =
                group.iter().filter_map(|&class| spec.classes.get(class)).map(|class| class.name.as_str()).collect();
            let name = match inhabited.len() {
                1 => mining.name.clone(),
                _ => format!("{} ({})", mining.name, names.join(", ")),
            };
            scope.select(spec, mining, classes, group, name, evaluator.snapshot())
        })
        .collect())
}

/// The classes that the include lines name: all of them where a line, or no line at all, names none. Never break-glass.
fn minable_classes(spec: &Spec, mining: &Mining) -> Vec<usize> {
    let lines = &mining.scope.identities;
    let named = |class: &usize| {
        lines.is_empty() || lines.iter().any(|line| line.classes.is_empty() || line.classes.contains(class))
    };
    let minable = |class: &usize| spec.classes.get(*class).is_some_and(|class| !class.break_glass);
    (0..spec.classes.len()).filter(|class| named(class) && minable(class)).collect()
}

/// Every line of a scope, evaluated once for all populations of the block.
struct Scope {
    included: Bits,
    excluded: Vec<(Bits, Line)>,
    entitlements_included: Bits,
    entitlements_excluded: Vec<(Bits, Line)>,
    minable: Bits,
    assignments_excluded: Vec<(Bits, Line)>,
}

/// A line as it is reported.
#[derive(Clone)]
struct Line {
    what: String,
    because: Option<String>,
}

impl Scope {
    fn evaluate(mining: &Mining, classes: &ClassOf, evaluator: &Evaluator<'_>) -> Result<Self, SelectError> {
        let snapshot = evaluator.snapshot();
        let scope = &mining.scope;
        let identities = |selection: &IdentitySelection| {
            let mut met = evaluator.identities(&selection.line.condition)?;
            if !selection.classes.is_empty() {
                met.intersect(&Bits::from_fn(met.len(), |identity| {
                    classes.0.get(identity).is_some_and(|&class| selection.classes.contains(&usize::from(class)))
                }));
            }
            Ok::<_, SelectError>(met)
        };
        let any = |parts: Vec<Bits>, len: usize| match parts.is_empty() {
            true => Bits::all(len),
            false => parts.iter().fold(Bits::none(len), |mut all, part| {
                all.unite(part);
                all
            }),
        };
        let included = scope.identities.iter().map(identities).collect::<Result<Vec<_>, _>>()?;
        let entitlements_included =
            scope.entitlements.iter().map(|line| evaluator.entitlements(&line.condition)).collect::<Result<_, _>>()?;
        Ok(Self {
            included: any(included, snapshot.identities.len()),
            excluded: scope
                .except_identities
                .iter()
                .map(|selection| Ok((identities(selection)?, Line::from(&selection.line))))
                .collect::<Result<_, SelectError>>()?,
            entitlements_included: any(entitlements_included, snapshot.entitlements.len()),
            entitlements_excluded: scope
                .except_entitlements
                .iter()
                .map(|line| Ok((evaluator.entitlements(&line.condition)?, Line::from(line))))
                .collect::<Result<_, SelectError>>()?,
            minable: minable(mining, snapshot),
            assignments_excluded: scope
                .except_assignments
                .iter()
                .map(|line| Ok((evaluator.assignments(&line.condition)?, Line::from(line))))
                .collect::<Result<_, SelectError>>()?,
        })
    }

    /// Whether any identity of these classes is in scope.
    fn reaches(&self, spec: &Spec, classes: &ClassOf, group: &[usize]) -> bool {
        let mut of_group = vec![false; spec.classes.len()];
        for &class in group {
            if let Some(of_group) = of_group.get_mut(class) {
                *of_group = true;
            }
        }
        self.included.iter().any(|identity| {
            let class = classes.0.get(identity).map(|&class| usize::from(class));
            class.and_then(|class| of_group.get(class)) == Some(&true)
                && !self.excluded.iter().any(|(line, _)| line.contains(identity))
        })
    }

    fn select(
        &self,
        spec: &Spec,
        mining: &Mining,
        classes: &ClassOf,
        group: &[usize],
        name: String,
        snapshot: &Snapshot,
    ) -> Selection {
        let filters = matches!(mining.strategy, Strategy::EntitlementOverlap(_));
        let mut reasons = Reasons::default();
        let identities = self.identity_verdicts(spec, classes, group, &mut reasons);
        let entitlements = self.entitlement_verdicts(filters, &mut reasons);
        let lines: Vec<(&Bits, u16)> =
            self.assignments_excluded.iter().map(|(line, text)| (line, reasons.add(text.clone()))).collect();
        let mut verdicts = Verdicts { identities, entitlements, assignments: lines };

        let population: Vec<IdentityId> = verdicts.kept_identities().map(IdentityId).collect();
        let mut counted = first_pass(&snapshot.assignments, &verdicts, reasons.lines.len() + 2);
        let size = population.len() as u64;
        let fewer = reasons.add_plain(format!("held by fewer than {} identities", mining.ignore_fewer_than));
        let more = reasons.add_plain(match mining.ignore_more_than {
            Some(share) => format!("held by more than {share} of identities"),
            None => String::new(),
        });
        for (verdict, &held) in verdicts.entitlements.iter_mut().zip(&counted.held) {
            if *verdict != IN || held == 0 {
                continue;
            }
            let held = u64::from(held);
            let ignored = if held < u64::from(mining.ignore_fewer_than) {
                Some(fewer)
            } else if mining.ignore_more_than.is_some_and(|share| share.exceeded_by(held, size)) {
                Some(more)
            } else {
                None
            };
            if let Some(reason) = ignored {
                *verdict = reason;
                if let Some(count) = counted.excluded.get_mut(usize::from(reason)) {
                    *count += held;
                }
            }
        }

        let in_scope = (0..).map(EntitlementId).zip(verdicts.entitlements.iter().zip(&counted.held));
        let in_scope = in_scope.filter(|(_, (verdict, _))| **verdict == IN);
        let held = in_scope.clone().filter(|(_, (_, held))| **held > 0);
        let entitlements: Vec<EntitlementId> = held.map(|(entitlement, _)| entitlement).collect();
        let looked_at: Vec<EntitlementId> = in_scope.map(|(entitlement, _)| entitlement).collect();
        let excluded = reasons.count(&verdicts, &counted.excluded);
        let (starts, values) = rows(&snapshot.assignments, &verdicts, &population, &entitlements);
        let filter = filters.then(|| {
            (0..)
                .zip(&entitlements)
                .filter(|(_, entitlement)| self.counts_as_common(**entitlement))
                .map(|(column, _)| column)
                .collect()
        });
        let matrix = AccessMatrix::from_runs(population, entitlements, starts, values);
        let digest = digest(snapshot, &matrix);
        let classes = group.to_vec();
        Selection { classes, name, matrix, excluded, filter, looked_at, digest }
    }

    fn identity_verdicts(&self, spec: &Spec, classes: &ClassOf, group: &[usize], reasons: &mut Reasons) -> Vec<u16> {
        let break_glass = reasons.add_plain("never mined: break-glass".to_owned());
        let not_included = reasons.add_plain("not included".to_owned());
        let apart = reasons.add_plain("mined apart: of a separate class".to_owned());
        let lines: Vec<(&Bits, u16)> =
            self.excluded.iter().map(|(line, text)| (line, reasons.add(text.clone()))).collect();
        // What the class alone decides, per class; the implicit class of a spec without any is never left out.
        let by_class: Vec<(bool, bool)> =
            spec.classes.iter().enumerate().map(|(index, class)| (class.break_glass, group.contains(&index))).collect();
        (0..self.included.len())
            .into_par_iter()
            .with_min_len(1 << 14)
            .map(|identity| {
                let class = classes.0.get(identity).and_then(|&class| by_class.get(usize::from(class)));
                let (emergency, of_group) = class.copied().unwrap_or((false, true));
                if emergency {
                    break_glass
                } else if !self.included.contains(identity) {
                    not_included
                } else if !of_group {
                    apart
                } else {
                    first(&lines, identity)
                }
            })
            .collect()
    }

    /// For a strategy that filters, lines that include only say what counts as common: the rest stays in the matrix.
    fn entitlement_verdicts(&self, filters: bool, reasons: &mut Reasons) -> Vec<u16> {
        let not_included = reasons.add_plain("not included".to_owned());
        let lines: Vec<(&Bits, u16)> =
            self.entitlements_excluded.iter().map(|(line, text)| (line, reasons.add(text.clone()))).collect();
        let not_minable = reasons.add_plain("not minable".to_owned());
        (0..self.entitlements_included.len())
            .map(|entitlement| {
                if !filters && !self.entitlements_included.contains(entitlement) {
                    return not_included;
                }
                match first(&lines, entitlement) {
                    IN if !filters && !self.minable.contains(entitlement) => not_minable,
                    verdict => verdict,
                }
            })
            .collect()
    }

    fn counts_as_common(&self, entitlement: EntitlementId) -> bool {
        let index = entitlement.0 as usize;
        self.entitlements_included.contains(index) && self.minable.contains(index)
    }
}

impl From<&ScopeLine> for Line {
    fn from(line: &ScopeLine) -> Self {
        Self { what: line.text.clone(), because: line.because.clone() }
    }
}

/// Reasons to leave something out, in order; a reason's number is its place, counted from 1, because 0 is [`IN`].
#[derive(Default)]
struct Reasons {
    lines: Vec<Line>,
}

impl Reasons {
    fn add(&mut self, line: Line) -> u16 {
        self.lines.push(line);
        u16::try_from(self.lines.len()).unwrap_or(u16::MAX)
    }

    fn add_plain(&mut self, what: String) -> u16 {
        self.add(Line { what, because: None })
    }

    /// What each reason left out. Lines of the spec are kept even if they left out nothing; built-in ones are not.
    fn count(self, verdicts: &Verdicts<'_>, assignments: &[u64]) -> Vec<Excluded> {
        let tally = |column: &[u16]| {
            let mut counts = vec![0_u64; self.lines.len() + 1];
            for &verdict in column {
                if let Some(count) = counts.get_mut(usize::from(verdict)) {
                    *count += 1;
                }
            }
            counts
        };
        let (identities, entitlements) = (tally(&verdicts.identities), tally(&verdicts.entitlements));
        self.lines
            .into_iter()
            .zip(1..)
            .map(|(line, number): (Line, usize)| Excluded {
                what: line.what,
                because: line.because,
                identities: identities.get(number).copied().unwrap_or(0),
                entitlements: entitlements.get(number).copied().unwrap_or(0),
                assignments: assignments.get(number).copied().unwrap_or(0),
            })
            .filter(|line| {
                line.because.is_some() || line.identities > 0 || line.entitlements > 0 || line.assignments > 0
            })
            .collect()
    }
}

/// The first line that takes something in.
fn first(lines: &[(&Bits, u16)], index: usize) -> u16 {
    lines.iter().find(|(line, _)| line.contains(index)).map_or(IN, |(_, reason)| *reason)
}

/// Entitlements of the minable kinds; all of them where a block, made by hand, names none.
fn minable(mining: &Mining, snapshot: &Snapshot) -> Bits {
    let entitlements = &snapshot.entitlements;
    if mining.minable.is_empty() {
        return Bits::all(entitlements.len());
    }
    let kinds: Vec<(u32, u32)> = mining
        .minable
        .iter()
        .filter_map(|kind| {
            Some((entitlements.application.code(&kind.application)?, entitlements.attribute.code(&kind.attribute)?))
        })
        .collect();
    Bits::from_fn(entitlements.len(), |row| {
        match (entitlements.application.codes.get(row), entitlements.attribute.codes.get(row)) {
            (Some(&application), Some(&attribute)) => kinds.contains(&(application, attribute)),
            _ => false,
        }
    })
}
