//! Times the stages after the read on a snapshot folder whose identities have `kind`, `department` and `title`:
//! `cargo run --release --example stages -- FOLDER [FEWER-THAN]`.

#![expect(clippy::print_stdout, reason = "an example has nobody else to tell")]

use std::{error::Error, time::Instant};

use adit_compiler::{
    condition::Evaluator,
    cut, derivation,
    describe::Describer,
    mine::Cluster,
    select,
    spec::{
        Condition, Cover, Cutoff, Describe, IdentityClass, IdentitySelection, Mining, Percent, Scope, ScopeLine, Spec,
        Strategy, Test, Unseeded,
    },
};
use adit_grammar::Span;
use adit_snapshots::{AttributeType, DiskFolder};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("expected a folder")?;
    let fewer: u32 = arguments.next().map_or(Ok(3), |text| text.parse())?;
    let mut clock = Instant::now();
    let mut lap = |what: &str| {
        println!("{what}: {:?}", clock.elapsed());
        clock = Instant::now();
    };
    let snapshot = adit_snapshots::read(&DiskFolder(folder.into()), &())?;
    lap("read and frozen");
    println!(
        "  {} identities, {} assignments, {} faults",
        snapshot.identities.len(),
        snapshot.assignments.len(),
        snapshot.faults.len()
    );

    let spec = spec(fewer);
    let evaluator = Evaluator::new(&snapshot);
    let classes = select::classify(&spec, &evaluator)?;
    lap("classified");
    let mining = spec.minings.first().ok_or("no mining")?;
    let selections = select::populations(&spec, mining, &classes, &evaluator)?;
    lap("selected");
    for selection in selections {
        let matrix = &selection.matrix;
        println!(
            "  {}: {} x {}, {} assignments",
            selection.name,
            matrix.height(),
            matrix.width(),
            matrix.assignments()
        );
        for line in &selection.excluded {
            println!("    - {}: {} {} {}", line.what, line.identities, line.entitlements, line.assignments);
        }
        // One cluster for each entitlement with enough holders: many, and much alike.
        let clusters: Vec<Cluster> = (0_u32..)
            .zip(0..matrix.width())
            .map(|(column, index)| Cluster::flat(matrix.column(index).to_vec(), vec![column]))
            .collect();
        let (report, roles) = cut::cut(matrix, &clusters, &mining.cutoff);
        lap("cut");
        println!("  {report:?}, {} roles", roles.len());
        let settings = mining.describe.as_ref().ok_or("no describe")?;
        let describer = Describer::new(&snapshot, &matrix.identities, mining, settings)?;
        lap("grouped");
        let described = roles.iter().filter(|role| describer.rule(&role.members).is_some()).count();
        lap("described");
        println!("  {described} rules");
    }
    println!("schema {}", derivation::SCHEMA);
    Ok(())
}

fn spec(fewer: u32) -> Spec {
    let test = |attribute: &str, test| Condition::Test {
        attribute: attribute.to_owned(),
        kind: AttributeType::Text,
        test,
        span: Span::default(),
    };
    let class = |name: &str, condition| IdentityClass {
        name: name.to_owned(),
        condition,
        human: name == "human",
        break_glass: false,
        shared: false,
        span: Span::default(),
    };
    let service = test("kind", Test::In(vec!["service".to_owned()]));
    let line = |condition, text: &str, because: Option<&str>| ScopeLine {
        condition,
        because: because.map(str::to_owned),
        text: text.to_owned(),
        span: Span::default(),
    };
    let mining = Mining {
        name: "all".to_owned(),
        title: "all".to_owned(),
        owner: None,
        cites: Vec::new(),
        review_every: None,
        scope: Scope {
            except_identities: vec![IdentitySelection {
                classes: Vec::new(),
                line: line(test("department", Test::Like("d09*".to_owned())), "exclude identities", Some("apart")),
            }],
            except_entitlements: vec![line(
                test("privileged", Test::In(vec!["1".to_owned()])),
                "exclude entitlements where privileged == \"1\"",
                Some("PAM"),
            )],
            ..Scope::default()
        },
        minable: Vec::new(),
        guided_by: Vec::new(),
        never_by: Vec::new(),
        ignore_fewer_than: fewer,
        ignore_more_than: Some(Percent(9_000)),
        strategy: Strategy::Cover(Cover { max_nodes: 1, deviation: None }),
        unseeded: Unseeded::default(),
        cutoff: Cutoff {
            primary: Percent(8_000),
            secondary: Some(Percent(4_000)),
            min_members: 5,
            max_overlap: Some(Percent(6_000)),
            max_roles: None,
            over_grant: None,
        },
        describe: Some(Describe {
            by: ["kind", "department", "title", "location"].map(str::to_owned).to_vec(),
            confidence: Percent(9_000),
            min_members: 5,
            max_clauses: 12,
            tree: adit_compiler::spec::TreeSettings::default(),
        }),
        span: Span::default(),
    };
    Spec {
        classes: vec![class("human", Condition::Not(Box::new(service.clone()))), class("service", service)],
        separated: vec![(0, 1)],
        minings: vec![mining],
        ..Spec::default()
    }
}
