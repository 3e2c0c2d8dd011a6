//! `adit fmt` and `adit check` on files.

use crate::support::Place;

const CROOKED: &str = "edition 2026\nidentities {   human where kind==\"employee\"  }  // who\n";

#[test]
fn formats_in_place_only_what_differs() {
    let place = Place::with_shop();
    assert_eq!(place.run(&["fmt", "--check", "shop"]).code, 0);
    place.write("shop/more.adit", CROOKED);
    let check = place.run(&["fmt", "--check", "shop"]);
    assert_eq!((check.code, check.out.as_str()), (1, "shop/more.adit\n"));
    assert_eq!(place.read("shop/more.adit"), CROOKED);
    let formatted = place.run(&["fmt", "shop"]);
    assert_eq!((formatted.code, formatted.out.as_str()), (0, "formatted shop/more.adit\n"));
    assert_eq!(place.run(&["fmt", "--check", "shop"]).code, 0);
    assert!(place.read("shop/more.adit").contains("// who"));
}

#[test]
fn formats_standard_input() {
    let place = Place::new();
    let ran = place.run_with(&["fmt", "-"], CROOKED);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert_eq!(place.run_with(&["fmt", "-"], &ran.out).out, ran.out);
    assert_eq!(place.run_with(&["fmt", "--check", "-"], &ran.out).code, 0);
    assert_eq!(place.run_with(&["fmt", "--check", "-"], CROOKED).code, 1);
    assert_eq!(place.run_with(&["fmt", "-"], [0xff, 0xfe]).code, 2);
}

#[test]
fn a_mistake_in_one_file_leaves_all_as_they_are() {
    let place = Place::new();
    place.write("a.adit", CROOKED).write("b.adit", "edition 2026\nidentities { human were kind }\n");
    let ran = place.run(&["fmt", "a.adit", "b.adit"]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    assert_eq!(place.read("a.adit"), CROOKED);
    insta::assert_snapshot!(ran.err);
}

#[cfg(unix)]
#[test]
fn keeps_the_permissions_of_a_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    place.write("a.adit", CROOKED);
    std::fs::set_permissions(place.path("a.adit"), std::fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(place.run(&["fmt", "a.adit"]).code, 0);
    assert_eq!(std::fs::metadata(place.path("a.adit")).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_file_alone_is_checked_without_a_schema() {
    let place = Place::new();
    place.write("alone.adit", CROOKED);
    let ran = place.run(&["check", "alone.adit"]);
    insta::assert_snapshot!(ran.all(), @r"
    exit 0
    --- out
    nothing wrong in 1 file
    --- err
    note: there is no project around it, so attributes, applications and kinds of entitlement were not looked up
    ");
}

#[test]
fn a_file_of_a_project_is_checked_against_its_schema() {
    let place = Place::with_shop();
    place.write("shop/parts/more.adit", "edition 2026\nidentities { human where kidn == \"employee\" }\n");
    let ran = place.run(&["check", "shop/parts/more.adit"]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    insta::assert_snapshot!(ran.all());
}

/// A waiver names duties of another file: the file is checked with all of its project, and only what is in it is shown.
#[test]
fn a_file_is_checked_with_the_rest_of_its_project() {
    let place = Place::with_shop();
    place.edit("shop/policy.adit", "edition 2026", "edition 2026\n\nuse \"parts/waivers.adit\"");
    place.edit("shop/policy.adit", "status == \"active\"", "statsu == \"active\"");
    place.write(
        "shop/parts/waivers.adit",
        "edition 2026\nwaiver W-1 {\n  rule sod-user-union\n  on duties order-and-pay, identity \"u01\"\n  because \"the \
         only one in the shop on Mondays\"\n  requested \"shop@bikes.example\"\n  approved \"cfo@bikes.example\" on \
         2026-10-01\n  expires 2026-12-31\n}\n",
    );
    let ran = place.run(&["check", "shop/parts/waivers.adit"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "nothing wrong in 1 file\n"), "{}", ran.all());
    assert_eq!(place.run(&["check", "shop"]).code, 2);
    // From inside, files are called as someone there would call them.
    let output = place.command(&["check"]).current_dir(place.path("shop/parts")).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("[../policy.adit:"), "{text}");
}

/// What holds where a spec says nothing can be printed, and changes nothing.
#[test]
fn every_default_can_be_written_down() {
    let place = Place::with_shop();
    let before = place.read("shop/policy.adit");
    let shown = place.run(&["fmt", "--explicit", "shop"]);
    assert_eq!(shown.code, 0, "{}", shown.all());
    insta::assert_snapshot!(shown.out);
    assert_eq!(place.read("shop/policy.adit"), before);
    assert_eq!(place.run(&["fmt", "--explicit", "shop/policy.adit"]).out, shown.out);

    for named in ["shop", "shop/policy.adit"] {
        assert_eq!(place.run(&["explain", named]).out, shown.out);
    }
    place.write("shop/policy.adit", &shown.out);
    assert_eq!(place.run(&["fmt", "--check", "shop"]).code, 0);
    assert_eq!(place.run(&["fmt", "--explicit", "shop"]).out, shown.out);
    place.write("loose.adit", CROOKED);
    for wrong in ["loose.adit", "shop/other.adit", "nowhere"] {
        place.write("shop/other.adit", CROOKED);
        assert_eq!(place.run(&["fmt", "--explicit", wrong]).code, 2, "{wrong}");
        assert_eq!(place.run(&["explain", wrong]).code, 2, "{wrong}");
    }
}
