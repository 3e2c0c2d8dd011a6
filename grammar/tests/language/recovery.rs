//! One mistake hides no other, and nothing that can be read is lost.

use adit_grammar::ast::Item;

use crate::render::{mistakes, parsed};

#[test]
fn five_mistakes_in_five_items() {
    let text = r#"edition 2026

ste payments = [ sap.tcode "F110" ]

set release = [ sap.tcode F110 ]

mining finance {
  title "Finance"
  review every 3 months
}

separate human form service

duties pay "Nobody pays alone" {
  create = [ sap.tcode "XK01" ]
  at most one of create per identity
}

waiver W-1 {
  expires 2026-02-30
  because "two-person branch"
}
"#;
    insta::assert_snapshot!(mistakes(text), @"");
    let kinds: Vec<_> = parsed(text).file.items.iter().map(std::mem::discriminant).collect();
    assert_eq!(kinds.len(), 3, "mining, duties and waiver are kept");
}

#[test]
fn five_mistakes_in_one_mining_block() {
    let text = r#"edition 2026
mining finance {
  title Finance
  owner "iam@acme.example"
  review evry 90d
  scope {
    include identities where department = "Finance"
    include identities where department == "Sales"
    exclude asignments where exception
  }
  mine {
    guided by "department"
    minable sap.tcode
  }
  cutoff {
    primary at least 82.555% of members
    members at least 5
  }
}
"#;
    insta::assert_snapshot!(mistakes(text), @"");
    let file = parsed(text).file;
    let [Item::Mining(mining)] = file.items.as_slice() else { panic!("one mining block") };
    assert_eq!(mining.owner.as_ref().map(|owner| owner.node.as_str()), Some("iam@acme.example"));
    assert_eq!(mining.scope.as_ref().map(|scope| scope.node.len()), Some(2));
    assert_eq!(mining.mine.as_ref().map(|mine| mine.node.len()), Some(1));
    assert_eq!(mining.cutoff.as_ref().map(|cutoff| cutoff.node.len()), Some(1));
}

#[test]
fn an_unclosed_block_ends_where_the_next_item_begins() {
    let text = r#"edition 2026
mining finance {
  title "Finance"
  scope {
    include identities human

mining sales {
  title "Sales"
}
"#;
    insta::assert_snapshot!(mistakes(text), @"");
    assert_eq!(parsed(text).file.items.len(), 2);
}

#[test]
fn indentation_tells_which_block_is_unclosed() {
    let text = r#"edition 2026
mining finance {
  scope {
    include identities human
  mine {
    minable sap.tcode
  }
  owner "iam@acme.example"
}
duties pay {
  owner 7
}
"#;
    insta::assert_snapshot!(mistakes(text), @"");
}

#[test]
fn a_brace_too_many_is_pointed_out() {
    let text = r#"edition 2026
mining finance {
  scope {
    include identities human
  }
  }
  mine {
    minable sap.tcode
  }
}
"#;
    insta::assert_snapshot!(mistakes(text), @"");
    let file = parsed(text).file;
    let [Item::Mining(mining)] = file.items.as_slice() else { panic!("one mining block") };
    assert!(mining.mine.is_some());
}

#[test]
fn an_unclosed_list_ends_with_its_line() {
    let text = r#"edition 2026
set a = [ sap.tcode "F110"
set b = [ sap.tcode "F-53" ]
identities {
  human where (kind == "employee" or kind == "contractor"
  service where kind in ["x", "y"
  agent where kind == "z"
}
"#;
    insta::assert_snapshot!(mistakes(text), @"");
    assert_eq!(parsed(text).file.items.len(), 2);
}

#[test]
fn a_comma_at_the_end_of_a_line_takes_nothing_with_it() {
    let text = r#"edition 2026
mining finance {
  cites "IAM-014",
  scope {
    include identities human,
    exclude identities service where x
  }
  review every 90,
}
"#;
    insta::assert_snapshot!(mistakes(text), @"");
    let file = parsed(text).file;
    let [Item::Mining(mining)] = file.items.as_slice() else { panic!("one mining block") };
    assert_eq!(mining.cites.len(), 1);
    assert_eq!(mining.scope.as_ref().map(|scope| scope.node.len()), Some(2));
}

#[test]
fn items_whose_first_line_is_wrong_are_still_looked_into() {
    let text = r#"edition 2026
mining {
  title Finance
}
mining "quoted" { review 90d }
mining finance analysts {
  title "kept"
}
"#;
    insta::assert_snapshot!(mistakes(text), @"");
    let file = parsed(text).file;
    let [Item::Mining(mining)] = file.items.as_slice() else { panic!("one mining block is kept") };
    assert_eq!(mining.title.as_ref().map(|title| title.node.as_str()), Some("kept"));
}
