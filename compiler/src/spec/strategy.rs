//! The strategies of `cluster using …` and their settings. How each finds its clusters is in [`crate::mine`], one file each.

use adit_grammar::Span;
use serde::{Deserialize, Serialize};

use super::Percent;

/// A strategy with all its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum Strategy {
    /// Roles from attributes of identities, top-down.
    Attributes(Attributes),
    /// A hierarchy of concepts.
    Cobweb(Cobweb),
    /// The role mining problem.
    Cover(Cover),
    /// A mixture of Bernoulli distributions.
    Em(Em),
    /// RSA's user-entitlement clusters.
    EntitlementOverlap(EntitlementOverlap),
    /// The roles that exist already: `from role …` instead of `cluster using …`.
    ExistingRoles(ExistingRoles),
    /// The least weighted structural complexity.
    Hierarchy(Hierarchy),
    /// The roles behind noise.
    Layers(Layers),
    /// Density clustering by how much people share.
    Similarity(Similarity),
}

/// `layers { support at least 90%; members at least 5 }`: what everyone has, what departments add, jobs, places and projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers {
    /// `support at least 90%`: so many members hold each entitlement of a role.
    pub support: Percent,
    /// `members at least 5`
    pub min_members: u32,
}

/// `attributes { members at least 5 }`: what everyone with the same department, or the same department and title, shares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// `members at least 5`: fewer with the same values are no group.
    pub min_members: u32,
}

/// `cobweb { acuity 1 identities; cutoff 0.2%; seed 7; detail 1 }`: concepts within concepts, by category utility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cobweb {
    /// `acuity N identities`: every concept counts as if so many more were in it, who hold nothing. 0 is Fisher's formula.
    pub acuity: u64,
    /// `cutoff 0.2%`: children must let one guess this part of an entitlement more, for each identity.
    pub cutoff: Percent,
    /// `seed 7`: the order in which identities come.
    pub seed: u64,
    /// `detail -2` to `detail 2`: each point divides the cut-off by four.
    pub detail: i8,
}

/// `cover { exact }`: the fewest roles that grant exactly what is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// `search at most N nodes`: limit of the kernel search, in steps of about a microsecond, since time would not replay. A choice in
    /// a part of n assignments is 1 + n / 64 of them.
    pub max_nodes: u64,
    /// How far the roles may depart from what is held; none where they are exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation: Option<Deviation>,
}

/// How much of the assignments held the roles may miss, and how much they may grant that is not held: of as many as are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviation {
    /// `deviation at most 1%`
    pub under_grants: Percent,
    /// `over-grant at most 0.5%`; `over-grant none` is 0%.
    pub over_grants: Percent,
}

/// `em { roles auto, at most 40; iterations at most 100; seed 7; detail 1 }`: who most likely has the same job, by expectation
/// maximisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Em {
    /// `roles 12` or `roles auto, at most 40`
    pub roles: RoleCount,
    /// `iterations at most 100`
    pub max_iterations: u32,
    /// `seed 7`
    pub seed: u64,
    /// `detail -2` (few, coarse clusters) to `detail 2` (fine ones, and more of them for the few who differ).
    pub detail: i8,
}

/// How many clusters to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoleCount {
    /// `roles 12`
    Fixed(u32),
    /// `roles auto, at most 40`
    AutoUpTo(u32),
}

/// `entitlement-overlap { … }`: everyone in a cluster shares so much of what they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitlementOverlap {
    /// `common at least 50%`: of each member's total entitlements.
    pub common: Percent,
    /// `identities at least 2`
    pub min_identities: u32,
    /// `entitlements at least 1`; 0 is taken as 1, because identities that share nothing are no cluster.
    pub min_entitlements: u32,
}

/// `from role "SAP_FI_CLERK", "SAP_FI_READ"`: the members of each role, as it stands, are a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExistingRoles {
    /// The roles, by id or name; none for `from every role`.
    pub roles: Vec<NamedRole>,
}

/// An existing role as a spec names it, not yet looked up in any data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NamedRole {
    /// Its id or its name.
    pub name: String,
    /// Where it was written.
    #[serde(skip)]
    pub span: Span,
}

/// `hierarchy { weights 1, 1, 1, 1 }`: as little to keep up as can be, granting exactly what is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hierarchy {
    /// `weights 1, 1, 1, 1`
    pub weights: Weights,
    /// `search at most N nodes`: limit of the search, in steps of about a microsecond, since time would not replay.
    pub max_nodes: u64,
}

/// What each thing that has to be kept up weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// A role.
    pub roles: u32,
    /// An identity in a role.
    pub user_assignments: u32,
    /// An entitlement in a role.
    pub permission_assignments: u32,
    /// A role that inherits another; none where roles may not.
    pub role_edges: Option<u32>,
    /// An assignment outside all roles; none where there may be none.
    pub direct_assignments: Option<u32>,
}

/// `similarity { … }`: who is alike enough to enough others, and whoever they are alike to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Similarity {
    /// `alike at least 80%`: the share in both, of all that either of two identities holds.
    pub alike: Percent,
    /// `members at least 5`: as many, oneself among them, must be alike to somebody for a cluster to grow from there.
    pub min_members: u32,
    /// `overlap at least 5`: so many entitlements must be in both.
    pub overlap: u32,
    /// `popularity at least 60%`: entitlements that fewer identities hold do not count, nor are they granted.
    pub min_popularity: Percent,
    /// `popularity at most 95%`: nor are those that more hold.
    pub max_popularity: Percent,
    /// `entitlements at least 2`: identities with fewer that count are in no cluster.
    pub min_entitlements: u32,
    /// `entitlements at most 500`: nor are those with more.
    pub max_entitlements: Option<u32>,
    /// What the attributes of `guided by` do.
    pub attributes: AttributesOf,
    /// `weigh "department" 3, "title" 1`: what each attribute counts; 1 where nothing is said.
    pub weights: Vec<(String, u32)>,
}

/// How attributes shape the clusters of a guided strategy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttributesOf {
    /// `attributes weigh 20%`: their part of the similarity; what is held has the rest.
    Weigh(Percent),
    /// `attributes agree`: only identities with the same values are alike.
    Agree,
}

impl Strategy {
    /// What the language calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Attributes(_) => "attributes",
            Self::Cobweb(_) => "cobweb",
            Self::Cover(_) => "cover",
            Self::Em(_) => "em",
            Self::EntitlementOverlap(_) => "entitlement-overlap",
            Self::ExistingRoles(_) => "existing-roles",
            Self::Hierarchy(_) => "hierarchy",
            Self::Layers(_) => "layers",
            Self::Similarity(_) => "similarity",
        }
    }

    /// Whether the strategy itself says what each role grants. Otherwise it says who belongs together, and the cut-off decides what the
    /// role of such a cluster grants.
    #[must_use]
    pub fn decides_grants(&self) -> bool {
        match self {
            Self::Cover(_) | Self::EntitlementOverlap(_) | Self::Hierarchy(_) | Self::Layers(_) => true,
            Self::Attributes(_) | Self::Cobweb(_) | Self::Em(_) | Self::ExistingRoles(_) | Self::Similarity(_) => false,
        }
    }

    /// Why `guided by` cannot have an effect, and what to do instead; none where attributes of identities shape the clusters.
    #[must_use]
    pub fn unguidable(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::EntitlementOverlap(_) => Some((
                "its clusters are all groups that share enough, so attributes could only leave some out",
                "remove the line, and mine groups apart in the scope: `include identities where department == \"…\"`",
            )),
            Self::ExistingRoles(_) => Some((
                "who has a role that exists is given",
                "remove the line; `describe by` explains the roles in these words afterwards",
            )),
            Self::Hierarchy(_) => Some((
                "who has a role is whatever is least to keep up, and attributes have no weight in that",
                "remove the line; or let attributes choose the members with `cover` or `layers`",
            )),
            Self::Attributes(_)
            | Self::Cobweb(_)
            | Self::Cover(_)
            | Self::Em(_)
            | Self::Layers(_)
            | Self::Similarity(_) => None,
        }
    }

    /// Why it cannot do without `guided by`, as the end of a sentence; none where it can.
    #[must_use]
    pub fn needs_guides(&self) -> Option<&'static str> {
        match self {
            Self::Attributes(_) => Some("it makes roles of them"),
            Self::Similarity(Similarity { attributes: AttributesOf::Agree, .. }) => Some("attributes are to agree"),
            _ => None,
        }
    }

    /// The share that decides who belongs together or what a role grants, by the name of its setting; none where there is no such one.
    #[must_use]
    pub fn share(&self) -> Option<(&'static str, Percent)> {
        match self {
            Self::EntitlementOverlap(overlap) => Some(("common", overlap.common)),
            Self::Layers(layers) => Some(("support", layers.support)),
            Self::Similarity(similarity) => Some(("alike", similarity.alike)),
            Self::Attributes(_)
            | Self::Cobweb(_)
            | Self::Cover(_)
            | Self::Em(_)
            | Self::ExistingRoles(_)
            | Self::Hierarchy(_) => None,
        }
    }

    /// The same with another value of [`Self::share`].
    #[must_use]
    pub fn with_share(&self, share: Percent) -> Self {
        match self.clone() {
            Self::EntitlementOverlap(overlap) => {
                Self::EntitlementOverlap(EntitlementOverlap { common: share, ..overlap })
            }
            Self::Layers(layers) => Self::Layers(Layers { support: share, ..layers }),
            Self::Similarity(similarity) => Self::Similarity(Similarity { alike: share, ..similarity }),
            same => same,
        }
    }

    /// The attributes that its settings name: `guided by` must name them too.
    #[must_use]
    pub fn weighed(&self) -> &[(String, u32)] {
        match self {
            Self::Similarity(similarity) => &similarity.weights,
            _ => &[],
        }
    }
}

impl Default for Cobweb {
    fn default() -> Self {
        Self { acuity: 1, cutoff: Percent(20), seed: 1, detail: 0 }
    }
}

impl Default for Cover {
    /// Two million nodes: seconds where the kernel is hard, nothing where there is none.
    fn default() -> Self {
        Self { max_nodes: 2_000_000, deviation: None }
    }
}

impl Default for Em {
    /// As WEKA's EM, which the suites that people come from use, but for the limit of the search for a number.
    fn default() -> Self {
        Self { roles: RoleCount::AutoUpTo(200), max_iterations: 100, seed: 1, detail: 0 }
    }
}

impl Default for EntitlementOverlap {
    /// As the product it comes from has it.
    fn default() -> Self {
        Self { common: Percent(5_000), min_identities: 2, min_entitlements: 1 }
    }
}

impl Default for Hierarchy {
    /// Two million steps: seconds.
    fn default() -> Self {
        Self { weights: Weights::default(), max_nodes: 2_000_000 }
    }
}

impl Weights {
    /// Whether they differ among themselves, or are not 1: then the sum is not that of the measures.
    #[must_use]
    pub fn are_uneven(&self) -> bool {
        let fixed = [self.roles, self.user_assignments, self.permission_assignments];
        let open = [self.role_edges, self.direct_assignments];
        fixed.into_iter().chain(open.into_iter().flatten()).any(|weight| weight != 1)
    }
}

impl Default for Weights {
    /// Everything counts the same, and every assignment is in a role.
    fn default() -> Self {
        Self { roles: 1, user_assignments: 1, permission_assignments: 1, role_edges: Some(1), direct_assignments: None }
    }
}

impl Default for Layers {
    fn default() -> Self {
        Self { support: Percent(9_000), min_members: 5 }
    }
}

impl Default for Attributes {
    fn default() -> Self {
        Self { min_members: 5 }
    }
}

impl Default for Similarity {
    /// As the product it comes from has it for role mining on its own terms.
    fn default() -> Self {
        Self {
            alike: Percent(8_000),
            min_members: 5,
            overlap: 5,
            min_popularity: Percent(0),
            max_popularity: Percent::WHOLE,
            min_entitlements: 1,
            max_entitlements: None,
            attributes: AttributesOf::Weigh(Percent(2_000)),
            weights: Vec::new(),
        }
    }
}
