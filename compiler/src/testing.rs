//! Small snapshots and specs for tests, written as text.

use adit_grammar::Span;
use adit_snapshots::{
    Assignments, Attribute, AttributeType, Column, Digest, EntitlementId, Entitlements, Grant, Grants, Identities,
    IdentityId, NO_VALUE, Origin, PathId, Snapshot, TextColumn,
};
use jiff::civil::{Date, date};

use crate::spec::{
    Condition, Cover, Cutoff, EntitlementName, IdentityClass, IdentitySelection, KindName, Mining, Percent, Provision,
    Provisioned, Scope, ScopeLine, SecondaryFate, Spec, Strategy, Test, Unseeded, WhenLost,
};

/// The day of every test.
pub(crate) const TODAY: Date = date(2026, 11, 1);

/// A snapshot: one identity a line, `id attribute=value … : entitlement …`. An entitlement is `application.attribute:value`; `!`
/// after it makes its assignment an exception, `^` an inherited one. A value with `|` makes the attribute a list.
pub(crate) fn snapshot(text: &str) -> Snapshot {
    /// Id, attributes, entitlements.
    type Row = (String, Vec<(String, String)>, Vec<(String, Origin)>);
    let mut rows: Vec<Row> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (left, right) = line.split_once(" :").unwrap_or((line, ""));
        let mut words = left.split_whitespace();
        let id = words.next().unwrap().to_owned();
        let attributes = words.map(|word| word.split_once('=').unwrap()).map(|(a, b)| (a.into(), b.replace('_', " ")));
        let held = right.split_whitespace().map(|word| match word.strip_suffix('!') {
            Some(word) => (word.to_owned(), Origin::Exception),
            None => match word.strip_suffix('^') {
                Some(word) => (word.to_owned(), Origin::Inherited),
                None => (word.to_owned(), Origin::Direct),
            },
        });
        rows.push((id, attributes.collect(), held.collect()));
    }
    rows.sort();
    let distinct = |texts: Vec<&String>| {
        let mut texts: Vec<String> = texts.into_iter().cloned().collect();
        texts.sort();
        texts.dedup();
        texts
    };
    let entitlement_ids = distinct(rows.iter().flat_map(|row| row.2.iter().map(|(id, _)| id)).collect());
    let names = distinct(rows.iter().flat_map(|row| row.1.iter().map(|(name, _)| name)).collect());
    let attributes = names.into_iter().map(|name| {
        let values: Vec<Option<&str>> = rows
            .iter()
            .map(|row| row.1.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str()))
            .collect();
        let column = if values.iter().flatten().any(|value| value.contains('|')) {
            list(&values)
        } else {
            Column::Text(texts(&values))
        };
        Attribute { name, column }
    });
    let mut assignments = Assignments { starts: vec![0], ..Assignments::default() };
    let mut grants = Grants { starts: vec![0], rows: Vec::new() };
    for row in &rows {
        let mut held: Vec<(u32, Origin)> =
            row.2.iter().map(|(id, origin)| (entitlement_ids.binary_search(id).unwrap() as u32, *origin)).collect();
        held.sort();
        for (entitlement, origin) in held {
            assignments.entitlements.push(EntitlementId(entitlement));
            grants.rows.push(Grant {
                origin,
                path: PathId::DIRECT,
                account: None,
                granted_at: None,
                granted_by: None,
                ticket: None,
                expires_at: None,
            });
            grants.starts.push(grants.rows.len());
        }
        assignments.starts.push(assignments.entitlements.len());
    }
    assignments.grants = Some(grants);
    let part = |index: usize| {
        let parts: Vec<Option<&str>> = entitlement_ids.iter().map(|id| id.split(['.', ':']).nth(index)).collect();
        texts(&parts)
    };
    let entitlements = Entitlements {
        application: part(0),
        attribute: part(1),
        value: part(2),
        ids: entitlement_ids.iter().collect(),
        attributes: Vec::new(),
    };
    let identities = Identities { ids: rows.iter().map(|row| &row.0).collect(), attributes: attributes.collect() };
    let mut snapshot = Snapshot { identities, entitlements, assignments, ..Snapshot::default() };
    snapshot.manifest.extracted = date(2026, 10, 31);
    snapshot.digest.whole = Digest::of(text.as_bytes());
    snapshot.digest.tables.insert("assignments".into(), Digest::of(text.as_bytes()));
    snapshot
}

/// A text column.
pub(crate) fn texts(values: &[Option<&str>]) -> TextColumn {
    let mut distinct: Vec<String> = values.iter().flatten().map(|text| (*text).to_owned()).collect();
    distinct.sort();
    distinct.dedup();
    let code = |text: &&str| distinct.binary_search(&(*text).to_owned()).unwrap() as u32;
    let codes = values.iter().map(|value| value.as_ref().map_or(NO_VALUE, code)).collect();
    TextColumn { values: distinct, codes }
}

fn list(values: &[Option<&str>]) -> Column {
    let mut distinct: Vec<String> = values
        .iter()
        .flatten()
        .flat_map(|value| value.split('|'))
        .filter(|text| !text.is_empty())
        .map(Into::into)
        .collect();
    distinct.sort();
    distinct.dedup();
    let (mut starts, mut codes) = (vec![0], Vec::new());
    for value in values {
        let texts = value.unwrap_or("").split('|').filter(|text| !text.is_empty());
        let mut row: Vec<u32> = texts.map(|text| distinct.binary_search(&text.to_owned()).unwrap() as u32).collect();
        row.sort();
        codes.extend(row);
        starts.push(codes.len() as u32);
    }
    Column::List { values: distinct, starts, codes }
}

/// `attribute == value`.
pub(crate) fn is(attribute: &str, value: &str) -> Condition {
    test(attribute, AttributeType::Text, Test::In(vec![value.into()]))
}

/// A test of an attribute.
pub(crate) fn test(attribute: &str, kind: AttributeType, test: Test) -> Condition {
    Condition::Test { attribute: attribute.into(), kind, test, span: Span::default() }
}

/// A line of a scope.
pub(crate) fn line(text: &str, condition: Condition, because: Option<&str>) -> ScopeLine {
    ScopeLine { condition, because: because.map(Into::into), text: text.into(), span: Span::default() }
}

/// A line about identities.
pub(crate) fn identities(
    classes: &[usize],
    text: &str,
    condition: Condition,
    because: Option<&str>,
) -> IdentitySelection {
    IdentitySelection { classes: classes.to_vec(), line: line(text, condition, because) }
}

/// A class of identities.
pub(crate) fn class(name: &str, condition: Condition) -> IdentityClass {
    IdentityClass {
        name: name.into(),
        condition,
        human: name == "human",
        break_glass: name == "break-glass",
        shared: name == "shared",
        span: Span::default(),
    }
}

/// `application.attribute:value` as the language's name.
pub(crate) fn entitlement(text: &str) -> EntitlementName {
    let parts: Vec<&str> = text.split(['.', ':']).collect();
    EntitlementName {
        kind: KindName { application: parts[0].into(), attribute: parts[1].into() },
        value: parts[2].into(),
        span: Span::default(),
    }
}

/// A mining block of everything, by exact cover, cut at 100 %.
pub(crate) fn mining(name: &str) -> Mining {
    Mining {
        name: name.into(),
        title: name.into(),
        owner: Some("owner@acme.example".into()),
        cites: vec!["IAM-014".into()],
        review_every: None,
        scope: Scope::default(),
        minable: Vec::new(),
        guided_by: Vec::new(),
        never_by: Vec::new(),
        ignore_fewer_than: 0,
        ignore_more_than: None,
        strategy: Strategy::Cover(Cover { max_nodes: 100_000, deviation: None }),
        unseeded: Unseeded::default(),
        cutoff: Cutoff {
            primary: Percent::WHOLE,
            secondary: None,
            min_members: 2,
            max_overlap: None,
            max_roles: None,
            over_grant: None,
        },
        describe: None,
        span: Span::default(),
    }
}

/// Provisioning of a mining block by two of three people.
pub(crate) fn provision(of: Provisioned) -> Provision {
    Provision {
        of,
        requested: Some("boss@acme.example".into()),
        needed: 2,
        approvers: ["alice", "bob", "carol"].map(|name| format!("{name}@acme.example")).to_vec(),
        when_lost: WhenLost::RemoveAfter { days: 7 },
        secondary: SecondaryFate::Keep,
        emit: Vec::new(),
        span: Span::default(),
    }
}

/// A spec of one mining block.
pub(crate) fn spec(mining: Mining) -> Spec {
    Spec { minings: vec![mining], ..Spec::default() }
}

/// The identity of that id.
pub(crate) fn id(snapshot: &Snapshot, name: &str) -> IdentityId {
    snapshot.identities.find(name).unwrap()
}

/// A small enterprise: people in finance and sales, two service accounts, an account for emergencies; mined finance roles with
/// a child, a declared role, provisioning and two expectations.
pub(crate) fn acme() -> (Snapshot, Spec) {
    let data = snapshot(
        "
        bg1                                                                              : sap.tcode:SU01
        f1 department=Finance title=Clerk   email=f1@acme.example                        : sap.tcode:FB60 sap.tcode:FK03 jira.group:dev!
        f2 department=Finance title=Clerk   email=f2@acme.example                        : sap.tcode:FB60 sap.tcode:FK03 sap.tcode:XK03
        f3 department=Finance title=Clerk   email=Alice@acme.example                     : sap.tcode:FB60 sap.tcode:FK03 sap.tcode:XK03
        f4 department=Finance title=Analyst email=f4@acme.example                        : sap.tcode:FB60 sap.tcode:FK03 sap.tcode:XK03
        f5 department=Finance title=Head    email=f5@acme.example                        : sap.tcode:F110
        s1 department=Sales title=Seller                                                 : crm.role:seller sap.tcode:XK03
        s2 department=Sales title=Seller                                                 : crm.role:seller
        svc1 owner_id=f5                                                                 : crm.role:sync
        svc2 owner_id=carol@acme.example                                                 : crm.role:sync
        ",
    );
    let like = |pattern: &str| test("id", AttributeType::Text, Test::Like(pattern.into()));
    let human = Condition::Any(vec![like("f*"), Condition::All(vec![like("s?"), is("department", "Sales")])]);
    let mut finance = mining("finance");
    finance.scope = Scope {
        identities: vec![identities(
            &[0],
            "include identities human where department == \"Finance\"",
            is("department", "Finance"),
            None,
        )],
        except_assignments: vec![line(
            "exclude assignments where exception",
            test("exception", AttributeType::Boolean, Test::True),
            Some("exceptions are reviewed, never mined"),
        )],
        ..Scope::default()
    };
    finance.cutoff = Cutoff {
        primary: Percent(8_000),
        secondary: Some(Percent(4_000)),
        max_overlap: Some(Percent(5_000)),
        ..finance.cutoff
    };
    finance.describe = Some(crate::spec::Describe {
        by: vec!["department".into(), "title".into()],
        confidence: Percent(9_000),
        min_members: 2,
        max_clauses: 12,
        tree: crate::spec::TreeSettings::default(),
    });
    let mut services = mining("services");
    services.scope.identities = vec![identities(&[1], "include identities service", Condition::Always, None)];
    let seller = crate::spec::DeclaredRole {
        name: "seller".into(),
        title: "Seller".into(),
        owner: None,
        cites: vec![],
        grants: vec![entitlement("crm.role:seller"), entitlement("crm.role:gone")],
        inherits: vec![],
        condition: Some(is("department", "Sales")),
        span: Span::default(),
    };
    let expect = |title: &str, given: &[(&str, &str)], claim, name: &str| crate::spec::Expectation {
        title: title.into(),
        given: given.iter().map(|(a, v)| ((*a).into(), (*v).into())).collect(),
        then: vec![(claim, entitlement(name))],
        span: Span::default(),
    };
    let spec = Spec {
        files: vec![crate::spec::SpecFile { path: "policy/acme.adit".into(), digest: Digest::of(b"acme") }],
        classes: vec![class("human", human), class("service", like("svc*")), class("break-glass", like("bg*"))],
        separated: vec![(0, 1), (0, 2), (1, 2)],
        minings: vec![finance, services],
        roles: vec![seller],
        provisions: vec![provision(Provisioned::Mining(0)), provision(Provisioned::Mining(1))],
        expectations: vec![
            expect(
                "clerks post invoices",
                &[("department", "Finance"), ("title", "Clerk")],
                crate::spec::Claim::SomeRoleGrants,
                "sap.tcode:FB60",
            ),
            expect(
                "sellers sell nothing",
                &[("department", "Sales")],
                crate::spec::Claim::NoRoleGrants,
                "crm.role:seller",
            ),
        ],
        ..Spec::default()
    };
    (data, spec)
}
