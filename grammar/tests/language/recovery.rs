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
    insta::assert_snapshot!(mistakes(text), @r#"
    E0009: `ste` is no statement of a file
      3:1 `ste`: unknown here
      help: did you mean `set`?

    E0010: expected a text in quotes, found `F110`
      5:27 `F110`: not expected here
      help: a text has quotes: `"F110"`

    E0015: months have no fixed length; durations are days or weeks
      9:16 `3 months`: not a fixed length
      help: write `90d`, or as many weeks as are meant

    E0010: expected `from`, found `form`
      12:16 `form`: not expected here
      help: did you mean `from`?

    E0010: expected a number, found `one`
      16:11 `one`: not expected here
      help: for example: `at most 1 of create-vendor, run-payment per identity`

    E0017: `2026-02-30` is not a day: 2026-02 has 28 days
      20:11 `2026-02-30`: no such day
      help: a day is written year-month-day: `2026-09-30`
    "#);
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
    insta::assert_snapshot!(mistakes(text), @r#"
    E0010: expected a text in quotes, found `Finance`
      3:9 `Finance`: not expected here
      help: a text has quotes: `"Finance"`

    E0010: expected `every`, found `evry`
      5:10 `evry`: not expected here
      help: did you mean `every`?

    E0018: expected a comparison, found `=`
      7:41 `=`: not a comparison
      help: write `==`

    E0010: expected `assignments`, `entitlements` or `identities`, found `asignments`
      9:13 `asignments`: not expected here
      help: did you mean `assignments`?

    E0010: expected a name, found the text `"department"`
      12:15 `"department"`: not expected here
      help: a name has no quotes: `department`

    E0016: `82.555%` has more than two decimals
      16:22 `82.555%`: too precise
      help: percentages are counted in hundredths of a percent: write `82.55%`
    "#);
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
    insta::assert_snapshot!(mistakes(text), @r#"
    E0005: `{` is never closed
      2:16 `{`: opened here
      7:1 `mining`: `}` is missing before this
      help: add `}`

    E0005: `{` is never closed
      4:9 `{`: opened here
      7:1 `mining`: `}` is missing before this
      help: add `}`
    "#);
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
    insta::assert_snapshot!(mistakes(text), @r#"
    E0005: `{` is never closed
      3:9 `{`: opened here
      5:3 `mine`: `}` is missing before this
      help: add `}`

    E0010: expected a text in quotes, found `7`
      11:9 `7`: not expected here
      help: a text has quotes: `"7"`
    "#);
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
    insta::assert_snapshot!(mistakes(text), @r#"
    E0006: `}` closes nothing
      6:3 `}`: nothing is open here
      help: delete it, or open the bracket it belongs to
    "#);
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
    insta::assert_snapshot!(mistakes(text), @r#"
    E0005: `[` is never closed
      2:9 `[`: opened here
      help: add `]`

    E0005: `(` is never closed
      5:15 `(`: opened here
      help: add `)`

    E0005: `[` is never closed
      6:25 `[`: opened here
      help: add `]`
    "#);
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
    insta::assert_snapshot!(mistakes(text), @r#"
    E0010: expected the end of the line, found `,`
      3:18 `,`: says that the list goes on
      help: delete it, or go on with the list

    E0010: expected the end of the line, found `,`
      5:29 `,`: says that the list goes on
      help: delete it, or go on with the list

    E0010: expected the end of the line, found `,`
      8:18 `,`: not expected here
      help: for example: `review every 90d`
    "#);
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
    insta::assert_snapshot!(mistakes(text), @r#"
    E0010: expected a name, found `{`
      2:1 `mining`: something is missing after this
      help: for example: `mining finance-analysts { … }`

    E0010: expected a text in quotes, found `Finance`
      3:9 `Finance`: not expected here
      help: a text has quotes: `"Finance"`

    E0010: expected a name, found the text `"quoted"`
      5:8 `"quoted"`: not expected here
      help: a name has no quotes: `quoted`

    E0010: expected `every`, found `90d`
      5:26 `90d`: not expected here
      help: for example: `review every 90d`

    E0010: expected `{`, found `analysts`
      6:16 `analysts`: not expected here
      help: for example: `mining finance-analysts { … }`
    "#);
    let file = parsed(text).file;
    let [Item::Mining(mining)] = file.items.as_slice() else { panic!("one mining block is kept") };
    assert_eq!(mining.title.as_ref().map(|title| title.node.as_str()), Some("kept"));
}

#[test]
fn the_block_of_a_misspelt_statement_is_looked_into() {
    let text = r#"edition 2026
minign finance {
  title Finance
}
mining sales {
  scop {
    include identities human
    exclude asignments
  }
}
"#;
    insta::assert_snapshot!(mistakes(text), @r#"
    E0009: `minign` is no statement of a file
      2:1 `minign`: unknown here
      help: did you mean `mining`?

    E0010: expected a text in quotes, found `Finance`
      3:9 `Finance`: not expected here
      help: a text has quotes: `"Finance"`

    E0009: `scop` is no statement of a `mining` block
      6:3 `scop`: unknown here
      help: did you mean `scope`?

    E0010: expected `assignments`, `entitlements` or `identities`, found `asignments`
      8:13 `asignments`: not expected here
      help: did you mean `assignments`?
    "#);
    let file = parsed(text).file;
    let [Item::Mining(mining)] = file.items.as_slice() else { panic!("one mining block is kept") };
    assert_eq!(mining.scope.as_ref().map(|scope| scope.node.len()), Some(1));
}
