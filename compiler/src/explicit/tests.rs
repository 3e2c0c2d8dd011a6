use std::collections::BTreeMap;

use adit_snapshots::{AttributeType, Schema};

use super::*;
use crate::{
    check::{CheckSettings, check},
    resolve::resolve,
};

const CLASSES: &str = "\
edition 2026

identities {
  human        where kind == \"employee\"
  service      where kind == \"service-account\"
  break-glass  where kind == \"emergency\"
}

";

fn project(text: &str) -> (Project, Spec) {
    let schema = Schema {
        identity: ["department", "kind", "title"].map(|name| (name.to_owned(), AttributeType::Text)).into(),
        applications: [
            ("sap".to_owned(), ["tcode".to_owned()].into()),
            ("aws".to_owned(), ["action".to_owned()].into()),
        ]
        .into(),
        ..Schema::default()
    };
    let source: BTreeMap<String, String> = [("policy.adit".to_owned(), text.to_owned())].into();
    let project = resolve(&source, &["policy.adit".to_owned()]);
    let checked = check(&project, &schema, &CheckSettings::default());
    let said: Vec<String> = checked.diagnostics.iter().map(ToString::to_string).collect();
    let spec = checked.spec.unwrap_or_else(|| panic!("{text}\n{said:?}"));
    (project, spec)
}

fn shown(text: &str) -> String {
    let (project, spec) = project(&format!("{CLASSES}{text}"));
    explicit(&project, &spec).unwrap().remove(0)
}

#[test]
fn everything_that_holds_is_written_down() {
    let text = "\
use pack \"aws-escalation\"

// How clerks are found.
mining clerks {
  mine {
    minable  sap.tcode // and nothing else
    cluster  using cover // fewest roles
  } // so far

  describe by title
}

mining guided {
  scope {
    exclude identities where title == \"Boss\" because \"there is one of them only\"
  }
  mine { minable sap.tcode; guided by title; cluster using em { roles auto; seed 7 } }
  cutoff { primary at least 70% of members }
  describe by title { folds 3; members at least 9 }
}

duties pay { a = [ sap.tcode \"F110\" ]; b = [ sap.tcode \"FB60\" ]; at most 1 of a, b per identity }

provision clerks {
  approval 1 of \"a@acme.example\"
}
";
    insta::assert_snapshot!(shown(text));
}

/// What comes out means what went in, and there is nothing to add to it.
#[test]
fn it_means_the_same_and_adds_nothing_twice() {
    for strategy in [
        "cover",
        "cover { exact }",
        "cover { deviation at most 1% }",
        "cover { over-grant none }",
        "cover { over-grant at most 2% }",
        "em",
        "em { roles auto }",
        "em { roles 3; detail -2 }",
        "cobweb { acuity 0 identities }",
        "layers",
        "similarity",
        "similarity { preset department }",
        "similarity { preset birthright; entitlements at least 2, at most 9 }",
        "similarity { weigh \"title\" 3 }",
        "attributes",
        "hierarchy { weights 1, 2, 3, none, 4 }",
        "hierarchy { weights 1, 1, 1 }",
        "hierarchy",
        "entitlement-overlap",
    ] {
        let guided = if strategy.starts_with("hierarchy") || strategy.starts_with("entitlement") {
            ""
        } else {
            "guided by title;"
        };
        for describe in [
            "",
            "describe by title",
            "describe by title { unpruned }",
            "describe by title { one row per role; subtree raising }",
        ] {
            let text = format!(
                "{CLASSES}mining m {{ mine {{ minable sap.tcode; {guided} cluster using {strategy} }} {describe} }}\n"
            );
            let (one, meant) = project(&text);
            let shown = explicit(&one, &meant).unwrap().remove(0);
            let (other, again) = project(&shown);
            let (before, after) = (&meant.minings[0], &again.minings[0]);
            assert_eq!(before.strategy, after.strategy, "{shown}");
            assert_eq!(before.cutoff, after.cutoff, "{shown}");
            assert_eq!(before.describe, after.describe, "{shown}");
            assert_eq!(before.ignore_fewer_than, after.ignore_fewer_than, "{shown}");
            assert_eq!(after.scope.identities[0].classes, [0, 1], "{shown}");
            assert_eq!(explicit(&other, &again).unwrap(), [shown]);
        }
    }
}
