//! Rule packs: well-known conflicts that ship with the tool, as data.
//!
//! A pack is one file of `packs/`, in one shape for everything from a single permission that should not be had at all to
//! a pair of business duties: a pattern is a list of [`Side`]s, a side is any of some values, and a pattern is met by a
//! holder who has something on every side.

mod page;

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use crate::{
    glob,
    spec::{DutyLevel, KindName},
};

/// A pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// What `use pack "…"` calls it.
    pub name: String,
    /// Goes up when a pattern changes its meaning.
    pub version: String,
    /// What it is about.
    pub title: String,
    /// What its patterns are held against.
    pub kind: PackKind,
    /// How bad it is to break its duties.
    pub level: DutyLevel,
    /// Where the list comes from.
    pub source: String,
    /// The kind of entitlement its patterns speak of, unless `for` names another.
    pub target: KindName,
    /// How its values are written.
    pub values: String,
    /// The patterns, ascending by id.
    pub patterns: Vec<Pattern>,
}

/// What the patterns of a pack are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackKind {
    /// Everything an identity has and would have, over all roles: its patterns are duties that must not meet, as if the spec said so.
    Duties,
    /// What one role or group grants: its patterns are rights that turn into others.
    Escalation,
}

/// One conflict, or one entitlement that is one in itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Unique over all packs: `P2P-01`.
    pub id: String,
    /// What a holder does, as the end of the sentence "one identity …".
    pub title: String,
    /// What can come of it.
    pub risk: String,
    /// Where it comes from: its own source, or that of its pack.
    pub source: String,
    /// The version of the pack that brought it, or last changed what it means.
    pub since: String,
    /// Met when every side is; never empty.
    pub sides: Vec<Side>,
}

/// One side of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// What the side is called: a duty's name, or its only value.
    pub name: String,
    /// Any of these; never empty, no repeats. One with a wildcard is anything of that shape: `*.setIamPolicy`.
    pub any_of: Vec<String>,
}

/// The pack of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Pack> {
    let index = all().binary_search_by(|pack| pack.name.as_str().cmp(name)).ok()?;
    all().get(index)
}

/// The names of all packs, ascending.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().iter().map(|pack| pack.name.as_str())
}

/// Every pack, ascending by name.
#[must_use]
pub fn all() -> &'static [Pack] {
    static PACKS: OnceLock<Vec<Pack>> = OnceLock::new();
    PACKS.get_or_init(|| {
        let mut packs: Vec<Pack> = FILES.iter().filter_map(|text| read(text).ok()).collect();
        packs.sort_by(|a, b| a.name.cmp(&b.name));
        packs
    })
}

/// Whether who holds `held` has `wanted`: they are the same, or one is a wildcard (`iam:*`, `*`) that takes the other in. Letters
/// count the same in both cases: the systems that packs speak of do not tell them apart, and where one does, a needless look
/// does less harm than a missed one.
#[must_use]
pub fn matches(held: &str, wanted: &str) -> bool {
    if glob::is_literal(wanted) {
        return glob::matches_ignoring_case(held, wanted);
    }
    glob::intersect(&held.to_ascii_lowercase(), &wanted.to_ascii_lowercase())
}

impl Pattern {
    /// For each side, the first of `held` (values of the pack's target kind) that meets it and the value it meets; `None` as soon
    /// as a side is not met.
    #[must_use]
    pub fn meet<'a>(&'a self, held: &[&'a str]) -> Option<Vec<(&'a str, &'a str)>> {
        self.sides
            .iter()
            .map(|side| held.iter().find_map(|&held| side.met_by(held).map(|value| (held, value))))
            .collect()
    }
}

impl Side {
    /// The first of its values that `held` stands for.
    #[must_use]
    pub fn met_by(&self, held: &str) -> Option<&str> {
        self.any_of.iter().map(String::as_str).find(|wanted| matches(held, wanted))
    }
}

/// The files; a test holds that every one of them is good and that none is missing.
const FILES: &[&str] = &[
    include_str!("../packs/active-directory-tier-0.toml"),
    include_str!("../packs/aws-escalation.toml"),
    include_str!("../packs/ci-cd.toml"),
    include_str!("../packs/entra-tier-0.toml"),
    include_str!("../packs/gcp-escalation.toml"),
    include_str!("../packs/it-general-controls.toml"),
    include_str!("../packs/kubernetes-escalation.toml"),
    include_str!("../packs/sap-order-to-cash.toml"),
    include_str!("../packs/sap-procure-to-pay.toml"),
    include_str!("../packs/sap-record-to-report.toml"),
];

/// A pack as its file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    name: String,
    version: String,
    title: String,
    kind: PackKind,
    /// How bad its duties are; an error when nothing is said.
    level: Option<DutyLevel>,
    source: String,
    target: String,
    values: String,
    /// Values that several patterns share, by a name that is no value itself.
    #[serde(default)]
    sets: BTreeMap<String, Vec<String>>,
    #[serde(rename = "pattern")]
    patterns: Vec<PatternFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatternFile {
    id: String,
    title: String,
    risk: String,
    /// Where it comes from, if not from the source of the pack.
    source: Option<String>,
    /// The version that brought it, or last changed what it means; the first when nothing is said.
    since: Option<String>,
    all_of: Vec<SideFile>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SideFile {
    /// A value, or the name of a set.
    Name(String),
    /// Any of these values.
    AnyOf(Vec<String>),
}

fn read(text: &str) -> Result<Pack, String> {
    let file: PackFile = toml::from_str(text).map_err(|error| error.to_string())?;
    let (application, attribute) = file.target.split_once('.').ok_or("target is not `application.attribute`")?;
    let side = |side: SideFile| match side {
        SideFile::Name(name) => {
            let any_of = file.sets.get(&name).cloned().unwrap_or_else(|| vec![name.clone()]);
            Side { name, any_of }
        }
        SideFile::AnyOf(any_of) => Side { name: any_of.join(" or "), any_of },
    };
    let mut patterns: Vec<Pattern> = file
        .patterns
        .into_iter()
        .map(|pattern| Pattern {
            id: pattern.id,
            title: pattern.title,
            risk: pattern.risk,
            source: pattern.source.unwrap_or_else(|| file.source.clone()),
            since: pattern.since.unwrap_or_else(|| "1".to_owned()),
            sides: pattern.all_of.into_iter().map(side).collect(),
        })
        .collect();
    patterns.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Pack {
        name: file.name,
        version: file.version,
        title: file.title,
        kind: file.kind,
        level: file.level.unwrap_or(DutyLevel::Error),
        source: file.source,
        target: KindName { application: application.to_owned(), attribute: attribute.to_owned() },
        values: file.values,
        patterns,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn met(pack: &str, held: &[&str]) -> Vec<String> {
        let pack = find(pack).unwrap();
        pack.patterns.iter().filter(|pattern| pattern.meet(held).is_some()).map(|pattern| pattern.id.clone()).collect()
    }

    #[test]
    fn every_file_is_a_good_pack() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/packs");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), FILES.len(), "a file of packs/ is not in FILES");
        let mut ids = BTreeSet::new();
        for text in FILES {
            let pack = read(text).unwrap();
            assert_eq!(find(&pack.name), Some(&pack));
            assert!(!pack.patterns.is_empty() && !pack.title.is_empty() && !pack.source.is_empty());
            let file: PackFile = toml::from_str(text).unwrap();
            let used: BTreeSet<_> =
                pack.patterns.iter().flat_map(|pattern| &pattern.sides).map(|side| &side.name).collect();
            for name in file.sets.keys() {
                assert!(used.contains(name), "{}: nothing uses the set `{name}`", pack.name);
            }
            for pattern in &pack.patterns {
                assert!(ids.insert(pattern.id.clone()), "{} is there twice", pattern.id);
                assert!(!pattern.sides.is_empty() && !pattern.title.is_empty() && !pattern.risk.is_empty());
                for side in &pattern.sides {
                    let values: BTreeSet<_> = side.any_of.iter().collect();
                    assert!(!values.is_empty() && values.len() == side.any_of.len(), "{}: {side:?}", pattern.id);
                }
            }
        }
    }

    #[test]
    fn all_28_methods_of_aws_escalation() {
        let pack = find("aws-escalation").unwrap();
        assert_eq!(pack.patterns.len(), 28);
        for (index, pattern) in pack.patterns.iter().enumerate() {
            assert_eq!(pattern.id, format!("AWS-{:02}", index + 1));
            assert!(pattern.risk.ends_with(&format!("(method {})", index + 1)), "{}", pattern.risk);
        }
        assert_eq!(met("aws-escalation", &["*"]).len(), 28);
        assert_eq!(met("aws-escalation", &["iam:passrole", "EC2:Run*"]), ["AWS-03"]);
        assert_eq!(met("aws-escalation", &["iam:PassRole"]), [""; 0]);
        assert_eq!(met("aws-escalation", &["s3:*", "ec2:DescribeInstances"]), [""; 0]);
        assert_eq!(met("aws-escalation", &["lambda:*"]), ["AWS-18", "AWS-26"]);
    }

    #[test]
    fn duties_of_sap() {
        assert_eq!(met("sap-procure-to-pay", &["XK01", "F110"]), ["P2P-02"]);
        assert_eq!(met("sap-procure-to-pay", &["XK02", "F-53"]), ["P2P-02", "P2P-08"]);
        assert_eq!(met("sap-procure-to-pay", &["F110", "F-53"]), [""; 0]);
    }

    #[test]
    fn kubernetes_by_verb_and_resource() {
        assert_eq!(met("kubernetes-escalation", &["list secrets"]), ["K8S-01"]);
        assert_eq!(met("kubernetes-escalation", &["* secrets"]), ["K8S-01"]);
        assert_eq!(met("kubernetes-escalation", &["get *"]), ["K8S-01", "K8S-04"]);
        assert_eq!(met("kubernetes-escalation", &["list pods"]), [""; 0]);
    }

    #[test]
    fn kubernetes_names_with_and_without_their_group() {
        assert_eq!(met("kubernetes-escalation", &["create deployments.apps"]), ["K8S-02"]);
        assert_eq!(met("kubernetes-escalation", &["escalate clusterroles.rbac.authorization.k8s.io"]), ["K8S-05"]);
        let both = ["create certificatesigningrequests", "update certificatesigningrequests/approval"];
        assert_eq!(met("kubernetes-escalation", &both), ["K8S-08"]);
        assert_eq!(met("kubernetes-escalation", &both[..1]), [""; 0]);
        // Everything but membership in a group, which no permission is.
        assert_eq!(met("kubernetes-escalation", &["* *"]).len(), 11);
    }

    #[test]
    fn any_policy_of_google_cloud() {
        assert_eq!(met("gcp-escalation", &["dns.managedZones.setIamPolicy"]), ["GCP-05"]);
        assert_eq!(met("gcp-escalation", &["run.services.*"]), ["GCP-05"]);
        assert_eq!(met("gcp-escalation", &["dns.managedZones.getIamPolicy"]), [""; 0]);
        assert_eq!(met("gcp-escalation", &["iam.serviceAccounts.actAs", "run.services.create"]), ["GCP-01"]);
    }

    /// The rows of the table that the packs are made of: which values are on which side.
    #[test]
    fn every_row_of_the_business_table_is_there() {
        let rows: [(&str, &str, &[&str]); 26] = [
            ("sap-procure-to-pay", "P2P-01", &["XK01", "MIRO"]),
            ("sap-procure-to-pay", "P2P-02", &["BP", "F-58"]),
            ("sap-procure-to-pay", "P2P-03", &["ME21N", "MIGO"]),
            ("sap-procure-to-pay", "P2P-04", &["ME22N", "ME29N"]),
            ("sap-procure-to-pay", "P2P-05", &["ME21N", "FB60"]),
            ("sap-procure-to-pay", "P2P-06", &["MB01", "F-43"]),
            ("sap-procure-to-pay", "P2P-07", &["MIRO", "F110"]),
            ("sap-procure-to-pay", "P2P-08", &["FK02", "F110"]),
            ("sap-procure-to-pay", "P2P-09", &["ME51N", "ME54N"]),
            ("sap-order-to-cash", "O2C-01", &["XD01", "VA01"]),
            ("sap-order-to-cash", "O2C-02", &["FD01", "FD32"]),
            ("sap-order-to-cash", "O2C-03", &["VA02", "VF01"]),
            ("sap-order-to-cash", "O2C-04", &["VF01", "F-28"]),
            ("sap-order-to-cash", "O2C-05", &["VK11", "VA01"]),
            ("sap-record-to-report", "R2R-01", &["OB52", "F.80"]),
            ("sap-record-to-report", "R2R-02", &["FS00", "FB50"]),
            ("sap-record-to-report", "R2R-03", &["FF67", "F110"]),
            ("sap-record-to-report", "INV-01", &["MM02", "LI11"]),
            ("sap-record-to-report", "HR-01", &["PA30", "PC00_M99_CALC"]),
            ("sap-record-to-report", "HR-02", &["CAT2", "CAPP"]),
            ("it-general-controls", "IT-01", &["application-development", "production-deployment"]),
            ("it-general-controls", "IT-02", &["database-administration", "application-administration"]),
            ("it-general-controls", "IT-03", &["access-administration", "business-transactions"]),
            ("it-general-controls", "IT-04", &["access-administration", "access-review"]),
            ("it-general-controls", "IT-05", &["access-request", "access-approval"]),
            ("sap-record-to-report", "IT-06", &["SU01", "PFCG"]),
        ];
        for (pack, id, held) in rows {
            assert!(met(pack, held).iter().any(|met| met == id), "{id} of {held:?}");
            assert!(!met(pack, &held[..1]).iter().any(|met| met == id), "{id} of one side only");
        }
    }

    #[test]
    fn tier_zero_and_pipelines() {
        for role in [
            "Global Administrator",
            "Privileged Role Administrator",
            "Privileged Authentication Administrator",
            "Application Administrator",
            "Cloud Application Administrator",
            "Conditional Access Administrator",
            "RoleManagement.ReadWrite.Directory",
            "AppRoleAssignment.ReadWrite.All",
            "Application.ReadWrite.All",
        ] {
            assert_eq!(met("entra-tier-0", &[role]).len(), 1, "{role}");
        }
        assert_eq!(met("active-directory-tier-0", &["DS-Replication-Get-Changes"]), [""; 0]);
        let dcsync = ["DS-Replication-Get-Changes", "DS-Replication-Get-Changes-All"];
        assert_eq!(met("active-directory-tier-0", &dcsync), ["AD-05"]);
        assert_eq!(met("ci-cd", &["repository:push", "deploy:production"]), ["CI-03"]);
    }

    #[test]
    fn two_sides_are_told_with_what_meets_them() {
        let pack = find("sap-procure-to-pay").unwrap();
        let pattern = pack.patterns.iter().find(|pattern| pattern.id == "P2P-07").unwrap();
        assert_eq!(pattern.meet(&["F1*", "MIRO"]), Some(vec![("MIRO", "MIRO"), ("F1*", "F110")]));
    }

    #[test]
    fn names_are_sorted_and_found() {
        assert!(names().is_sorted());
        assert!(names().all(|name| find(name).is_some()));
        assert_eq!(find("aws"), None);
    }
}
