//! Who most likely has the same job: a mixture of Bernoulli distributions, fitted by expectation maximisation.
//!
//! Each of K components k is a kind of identity: a share πₖ of all identities, who hold entitlement j with probability θₖⱼ, each entitlement for
//! itself. With xᵣ what identity r holds,
//!
//! ```text
//! p(xᵣ | k) = Πⱼ θₖⱼ^xᵣⱼ (1 − θₖⱼ)^(1 − xᵣⱼ)        E: qᵣₖ = πₖ p(xᵣ | k) / Σₗ πₗ p(xᵣ | l)
//! M: Nₖ = Σᵣ qᵣₖ    πₖ = Nₖ / n    θₖⱼ = (Σᵣ qᵣₖ xᵣⱼ + a fⱼ) / (Nₖ + a)
//! ```
//!
//! (Dempster, Laird, Rubin 1977; for data like these McLachlan, Peel, *Finite mixture models*, 2000; WEKA's `EM` on yes-no columns is the first
//! algorithm of Oracle Identity Analytics.) An identity goes to the component it most likely belongs to; the cut-off then says what a component
//! grants. Where attributes guide the clusters, every value of theirs is one more column that no role grants.
//!
//! Where we differ, and why:
//!
//! - *Sparse.* log p(xᵣ | k) = bₖ + Σ over what r holds of wₖⱼ, with bₖ = Σⱼ log(1 − θₖⱼ) and wₖⱼ = log θₖⱼ − log(1 − θₖⱼ): a step costs
//!   assignments × components, never identities × entitlements × components.
//! - *Smoothing.* WEKA adds one member and one non-member to every column of a component, which says that a small component holds one in N + 2 of a
//!   thousand entitlements nobody in it has. We add `a` members who hold what everyone holds, fⱼ; a = 2^−`detail`: Oracle's slider, where
//!   more detail sets apart the few who differ.
//! - *Start.* k-means++ (Arthur, Vassilvitskii 2007), the greedy way, instead of k-means; the likeliest of three short runs goes on (Biernacki, Celeux, Govaert 2003).
//! - *Split and merge.* From there, rounds in which components split where others merge ([`swap`]), which no iteration would do, as long as those that split
//!   are told apart more clearly than those that merge.
//! - *How many.* `auto` takes the number under which identities that were held out are likeliest: a tenth of them, drawn by the seed, where WEKA
//!   adds one component at a time over ten folds. Numbers double up to the first two that do worse, then the best is closed in on. What is tried
//!   for that is neither split nor merged; what is chosen is.
//! - *One outcome.* Logarithms are rounded to 2⁻¹⁶, shares to 2⁻²⁰, and added as integers, so neither the number of threads nor
//!   the order of anything can change a bit; `libm` computes the same everywhere.

mod halves;
mod model;
mod parts;
mod start;
mod swap;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use self::{
    model::{Model, Shares},
    parts::Parts,
    start::Starter,
};
use super::{Cluster, Clustering, MineError, MineInput, Progress, Strategy, chance::Chance, profiles::Profiles};
use crate::spec::{Em, RoleCount};

/// Features times components, at most: each takes four bytes.
const MAX_CELLS: usize = 1 << 28;

/// Short runs, the best of which goes on, and how many iterations each.
const STARTS: usize = 3;
const SHORT: u32 = 5;

/// Rounds of splits and merges, at most, and iterations after each. Two or three are usual.
const ROUNDS: usize = 16;
const AFTER_SWAPS: u32 = 5;

/// A run has settled when an iteration gains less than this part of the likelihood.
const SETTLED: i128 = 1_000_000;

impl Strategy for Em {
    /// Limits: 2²⁸ pairs of a column (or guiding value) and a component (1 GiB); past them, [`MineError::Limit`].
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let profiles = Profiles::of(input);
        let fitting = Fitting { settings: self, profiles: &profiles, having: profiles.having(), progress };
        let everyone: Vec<u32> = profiles.rows.iter().map(|rows| count(rows.len())).collect();
        let mut notes = Vec::new();
        let components = match self.roles {
            RoleCount::Fixed(roles) => roles,
            RoleCount::AutoUpTo(most) => {
                let chosen = fitting.choose(most)?;
                notes.push(format!(
                    "{chosen} components, up to {most} allowed: the number under which a tenth of the identities, held out, is likeliest"
                ));
                chosen
            }
        };
        let fit = fitting.fit(&everyone, components)?;
        let fit = fitting.swap(&everyone, fit)?;
        if !fit.settled {
            notes.push(format!(
                "the likelihood still grew after {} iterations; more of them may find better clusters",
                self.max_iterations
            ));
        }
        let clusters = clusters(&profiles, &fit);
        if clusters.len() < components as usize && matches!(self.roles, RoleCount::Fixed(_)) {
            notes.push(format!(
                "{} of {components} components are nobody's likeliest",
                components as usize - clusters.len()
            ));
        }
        Ok(Clustering { clusters, bound: None, unassigned: super::empty_rows(input.matrix), notes })
    }
}

/// What every fit of one run shares.
struct Fitting<'a> {
    settings: &'a Em,
    profiles: &'a Profiles,
    having: Vec<Vec<u32>>,
    progress: &'a dyn Progress,
}

/// A fitted mixture.
struct Fit {
    model: Model,
    /// For each profile, how it is shared among components.
    shares: Vec<Shares>,
    likelihood: i128,
    settled: bool,
}

impl Fitting<'_> {
    /// The number of components, up to `most`, under which held-out identities are likeliest.
    fn choose(&self, most: u32) -> Result<u32, MineError> {
        let mut chance = Chance::seeded(self.settings.seed);
        let (mut known, mut held_out) = (Vec::new(), Vec::new());
        for rows in &self.profiles.rows {
            let out = rows.iter().filter(|_| chance.below(10) == 0).count();
            known.push(count(rows.len() - out));
            held_out.push(count(out));
        }
        let mut tried: BTreeMap<u32, i128> = BTreeMap::new();
        let judge = |components: u32, tried: &mut BTreeMap<u32, i128>| -> Result<(), MineError> {
            if (1..=most).contains(&components) && !tried.contains_key(&components) {
                let fit = self.fit(&known, components)?;
                tried.insert(components, fit.model.likelihood(self.profiles, &held_out));
            }
            Ok(())
        };
        let (mut components, mut worse) = (1_u32, 0);
        while components < most && worse < 2 {
            judge(components, &mut tried)?;
            worse = if likeliest(&tried) == components { 0 } else { worse + 1 };
            components = components.saturating_mul(2);
        }
        if worse < 2 {
            judge(most, &mut tried)?;
        }
        for part in [4, 8, 16] {
            let centre = likeliest(&tried);
            for components in [centre - centre / part, centre.saturating_add(centre / part)] {
                judge(components, &mut tried)?;
            }
        }
        Ok(likeliest(&tried))
    }

    /// Fits so many components to the profiles, each counted so many times.
    fn fit(&self, times: &[u32], components: u32) -> Result<Fit, MineError> {
        self.within_limits(components)?;
        self.progress.stage(&format!("fitting {components} components"), 0);
        let starter = Starter::new(self.profiles, &self.having, times);
        let mut chance = Chance::seeded(self.settings.seed ^ u64::from(components).rotate_left(32));
        let mut best: Option<Fit> = None;
        for _ in 0..STARTS {
            let fit = self.improve(times, starter.start(components, &mut chance), SHORT)?;
            if best.as_ref().is_none_or(|best| fit.likelihood > best.likelihood) {
                best = Some(fit);
            }
        }
        match best {
            Some(fit) if !fit.settled => {
                self.improve(times, fit.shares, self.settings.max_iterations.saturating_sub(SHORT))
            }
            Some(fit) => Ok(fit),
            None => Err(MineError::Cancelled),
        }
    }

    /// Splits components and merges others as long as that tells them apart more clearly; not where the iterations were used up before.
    fn swap(&self, times: &[u32], mut fit: Fit) -> Result<Fit, MineError> {
        if !fit.settled {
            return Ok(fit);
        }
        self.progress.stage("splitting and merging components", 0);
        // A likelihood that was there before means that the rounds go in a circle.
        let mut been = BTreeSet::from([fit.likelihood]);
        for _ in 0..ROUNDS {
            match self.round(times, &fit)? {
                Some(next) if been.insert(next.likelihood) => fit = next,
                _ => break,
            }
        }
        if fit.settled { Ok(fit) } else { self.improve(times, fit.shares, self.settings.max_iterations) }
    }

    /// All swaps that help, if any does, and a few iterations after them.
    fn round(&self, times: &[u32], fit: &Fit) -> Result<Option<Fit>, MineError> {
        let swaps = swap::swaps(&Parts::of(self.profiles, times, &fit.shares, fit.model.components()));
        if swaps.is_empty() {
            return Ok(None);
        }
        let shares = swap::swapped(&fit.shares, &swaps);
        self.improve(times, shares, AFTER_SWAPS.min(self.settings.max_iterations)).map(Some)
    }

    /// Iterates until nothing much is gained.
    fn improve(&self, times: &[u32], shares: Vec<Shares>, iterations: u32) -> Result<Fit, MineError> {
        let fitted =
            |shares: &[Shares]| Model::fitted(self.profiles, &self.having, times, shares, self.settings.detail);
        let mut model = fitted(&shares);
        let (mut likelihood, mut shares) = model.expected(self.profiles, times);
        let mut settled = false;
        for _ in 1..iterations.max(1) {
            if self.progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            model = fitted(&shares);
            let (now, next) = model.expected(self.profiles, times);
            self.progress.advance(1);
            settled = now - likelihood <= now.abs() / SETTLED;
            (likelihood, shares) = (now, next);
            if settled {
                break;
            }
        }
        Ok(Fit { model, shares, likelihood, settled })
    }

    fn within_limits(&self, components: u32) -> Result<(), MineError> {
        let features = self.profiles.features;
        if features.saturating_mul(components as usize) <= MAX_CELLS {
            return Ok(());
        }
        Err(MineError::Limit {
            message: format!(
                "em would weigh {features} columns for each of {components} components, and {MAX_CELLS} weights are the limit"
            ),
            help: "ask for fewer roles (`roles auto, at most …`), or mine smaller populations".to_owned(),
        })
    }
}

/// The number with the greatest likelihood, the smallest of equals.
fn likeliest(tried: &BTreeMap<u32, i128>) -> u32 {
    let best = tried.iter().max_by_key(|&(&components, &likelihood)| (likelihood, Reverse(components)));
    best.map_or(1, |(&components, _)| components)
}

/// Where most of a profile is, the first of equals.
fn likeliest_of(shares: &Shares) -> Option<u32> {
    shares.iter().max_by_key(|&&(component, share)| (share, Reverse(component))).map(|&(component, _)| component)
}

/// Each profile goes where most of it is, to the first of equals. Largest cluster first, then by content.
fn clusters(profiles: &Profiles, fit: &Fit) -> Vec<Cluster> {
    let mut of_component: Vec<Vec<usize>> = vec![Vec::new(); fit.model.components()];
    for (profile, shares) in fit.shares.iter().enumerate() {
        if let Some(of) = likeliest_of(shares).and_then(|component| of_component.get_mut(component as usize)) {
            of.push(profile);
        }
    }
    let mut clusters: Vec<Cluster> = of_component
        .into_iter()
        .filter(|profiles| !profiles.is_empty())
        .map(|of| Cluster::flat(profiles.all_rows(of.iter().copied()), profiles.all_columns(of)))
        .collect();
    clusters.sort_unstable_by(|one, other| other.members.len().cmp(&one.members.len()).then_with(|| one.cmp(other)));
    clusters
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
