//! What the formatter makes of a text.

use adit_grammar::{FormatError, format};

/// Formats an item below an `edition` line, and leaves that line out.
fn laid_out(item: &str) -> String {
    let formatted = format(&format!("edition 2026\n{item}")).unwrap();
    assert_eq!(format(&formatted).unwrap(), formatted, "formatting twice changes nothing");
    formatted.strip_prefix("edition 2026\n\n").or(formatted.strip_prefix("edition 2026\n")).unwrap().to_owned()
}

#[test]
fn wrong_texts_are_not_formatted() {
    let Err(FormatError::Syntax(errors)) = format("edition 2026\nmining {") else { panic!("it has mistakes") };
    assert_eq!(errors.len(), 2);
}

#[test]
fn comments_keep_their_places() {
    insta::assert_snapshot!(laid_out(r#"// of the set
set a = [ sap.tcode "F110", // one
  // two
  sap.tcode "F-53" // three
]   // after
mining x // why
{ // because
  title "x"; owner "y" // z



  // own
  scope{// in scope
  include identities human, service where (a and // first
     // middle
     not b) or c
     because "x" // last
  } // end of scope


  // dangling

} // end of x
// of nothing
"#), @r#"
    // of the set
    set a = [
      sap.tcode "F110",  // one
      // two
      sap.tcode "F-53",  // three
    ]  // after

    mining x {  // why
      // because
      title  "x"
      owner  "y"  // z

      // own
      scope {  // in scope
        include identities  human, service where (a and  // first
            // middle
            not b) or c because "x"  // last
      }  // end of scope

      // dangling
    }  // end of x
    // of nothing
    "#);
}

#[test]
fn blank_lines_collapse_and_items_stand_apart() {
    insta::assert_snapshot!(laid_out("\n\n\nset a = [ b.c \"d\" ]\nset b = [ b.c \"d\" ]\n\n\n\nset c = [ b.c \"d\" ]\n// of x\nmining x {\n\n\n  title \"x\"\n\n\n  owner \"y\"\n\n}\nmining y {}\nmining z {\n}\n\n\n"), @r#"
    set a = [ b.c "d" ]
    set b = [ b.c "d" ]

    set c = [ b.c "d" ]

    // of x
    mining x {
      title  "x"

      owner  "y"
    }

    mining y {}
    mining z {}
    "#);
}

#[test]
fn values_stand_in_columns() {
    insta::assert_snapshot!(laid_out(r#"
mining x {
  title "X"
  from role "A"
  scope {
    include identities human where a
    exclude entitlements where tier == "privileged" because "granted through PAM only"
    exclude assignments where exception because "reviewed apart"

    exclude assignments because "a paragraph of its own"
  }
  mine {
    minable a.b
    guided by c
    cluster using em { seed 7 }
  }
  cutoff { members at least 5
    unpruned
    roles 12 because "agreed"
  }
}
duties d {
  title "D"
  pay = [ a.b "c" ]
  create-vendor = x
  at most 1 of pay, create-vendor per identity
  cites "A"
  never waived
}"#), @r#"
    mining x {
      title      "X"
      from role  "A"
      scope {
        include identities    human where a
        exclude entitlements  where tier == "privileged"  because "granted through PAM only"
        exclude assignments   where exception             because "reviewed apart"

        exclude assignments  because "a paragraph of its own"
      }
      mine {
        minable    a.b
        guided by  c
        cluster    using em { seed 7 }
      }
      cutoff {
        members  at least 5
        unpruned
        roles    12  because "agreed"
      }
    }

    duties d {
      title  "D"
      pay            = [ a.b "c" ]
      create-vendor  = x
      at most 1 of pay, create-vendor per identity
      cites  "A"
      never waived
    }
    "#);
}

#[test]
fn long_statements_are_broken_where_the_language_goes_on() {
    insta::assert_snapshot!(laid_out(r#"
set payments = [ sap.tcode "a long entitlement, one", sap.tcode "a long entitlement, two", sap.tcode "a long entitlement, three" ]
identities {
  human where kind in ["employee", "contractor", "apprentice", "working student", "board member", "temporary worker"] and (active or status == "on leave") and not retired
}
mining x {
  scope {
    exclude identities where unused for 90d and not privileged because "a reason that is so long that it does not fit on the line it belongs to"
  }
}
provision x {
  approval 2 of "alice.a.long.name@acme.example", "bob.a.long.name@acme.example", "carol.a.long.name@acme.example"
}
"#), @r#"
    set payments = [
      sap.tcode "a long entitlement, one",
      sap.tcode "a long entitlement, two",
      sap.tcode "a long entitlement, three",
    ]

    identities {
      human  where kind in ["employee", "contractor", "apprentice", "working student", "board member",
          "temporary worker"] and (active or status == "on leave") and not retired
    }

    mining x {
      scope {
        exclude identities  where unused for 90d and not privileged
            because "a reason that is so long that it does not fit on the line it belongs to"
      }
    }

    provision x {
      approval  2 of "alice.a.long.name@acme.example", "bob.a.long.name@acme.example", "carol.a.long.name@acme.example"
    }
    "#);
}

#[test]
fn short_blocks_of_settings_may_stay_on_a_line() {
    insta::assert_snapshot!(laid_out(r#"
mining x {
  cutoff { primary at least 80% of members; members at least 5; }
  mine { cluster using em { roles auto, at most 40 }
         cluster using cover {
           exact }
         cluster using em {} }
}
expect "x" {
  given identity { department "AP", title "Clerk", }
  then no role grants a.b "c"
}
"#), @r#"
    mining x {
      cutoff { primary at least 80% of members; members at least 5 }
      mine {
        cluster  using em { roles auto, at most 40 }
        cluster  using cover {
          exact
        }
        cluster  using em {}
      }
    }

    expect "x" {
      given  identity { department "AP", title "Clerk" }
      then   no role grants a.b "c"
    }
    "#);
}

#[test]
fn spelling_is_kept_and_idle_commas_are_not() {
    insta::assert_snapshot!(laid_out("identities{a where b in[\"x\",\"y\",]and c>=82.50%and not(d==12w)or e\t}\n".replace("and not(d==12w)or e", "and(not(d==12w)or e)").as_str()), @r#"
    identities {
      a  where b in ["x", "y"] and c >= 82.50% and (not (d == 12w) or e)
    }
    "#);
}
