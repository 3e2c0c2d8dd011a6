//! Every code, as people read it.

use std::collections::BTreeSet;

use adit_grammar::{MAX_ERRORS, MAX_FILE_BYTES, codes::CODES};

use crate::render::{item_mistakes, mistakes, parsed};

/// A text for each code.
fn example(code: &str) -> String {
    let item = match code {
        "E0001" => return "set a = [ sap.tcode \"F110\" ]".to_owned(),
        "E0002" => return "edition 2027".to_owned(),
        "E0008" => return " ".repeat(MAX_FILE_BYTES + 1),
        "E0020" => return format!("edition 2026\n{}", "bad\n".repeat(MAX_ERRORS + 1)),
        "E0003" => "mining a { title #1 }",
        "E0004" => "use \"common.adit",
        "E0005" => "mining a {",
        "E0006" => "mining a { } }",
        "E0007" => &format!("identities {{ a where {}b{} }}", "(".repeat(70), ")".repeat(70)),
        "E0009" => "minin a { }",
        "E0010" => "separate a b",
        "E0011" => "mining a",
        "E0012" => "mining a { title \"x\"; title \"y\" }",
        "E0013" => "use \"C:\\rules\"",
        "E0014" => "identities { a where b == 5x }",
        "E0015" => "mining a { review every 3mo }",
        "E0016" => "mining a { cutoff { primary at least 82.555% } }",
        "E0017" => "waiver a { expires 2026-02-29 }",
        "E0018" => "identities { a where b = 5 }",
        "E0019" => "identities { a where b and c or d }",
        _ => panic!("no example of {code}"),
    };
    format!("edition 2026\n{item}")
}

#[test]
fn every_code_has_an_example_that_gives_it() {
    for code in CODES {
        let given: BTreeSet<_> = parsed(&example(code.code)).errors.iter().map(|error| error.code).collect();
        assert!(given.contains(code.code), "{}: {given:?}", code.code);
        // Only the count of what is not shown comes with others.
        assert!(given.len() == 1 || code.code == "E0020", "{}: {given:?}", code.code);
    }
    let codes: Vec<_> = CODES.iter().map(|code| code.code).collect();
    assert!(codes.is_sorted(), "codes are in order and never used twice");
}

#[test]
fn every_code_reads_well() {
    let report: Vec<_> = CODES
        .iter()
        .filter(|code| !matches!(code.code, "E0008" | "E0020"))
        .map(|code| format!("# {}\n{}", code.title, mistakes(&example(code.code))))
        .collect();
    insta::assert_snapshot!("codes", report.join("\n"));
}

/// House style: lower case, no final period, no grammar rule's name.
#[test]
fn messages_keep_to_the_style() {
    for code in CODES {
        for error in parsed(&example(code.code)).errors {
            for text in
                [&error.message].into_iter().chain(error.labels.iter().map(|label| &label.text)).chain(&error.help)
            {
                assert!(!text.ends_with('.') && !text.starts_with(char::is_uppercase), "{}: {text}", code.code);
                assert!(!text.contains('_'), "{}: {text}", code.code);
            }
        }
    }
}

#[test]
fn the_edition_comes_first_and_is_known() {
    insta::assert_snapshot!(mistakes(""), @r#"
    E0001: a file begins with `edition 2026`
      1:1 ``: expected `edition` before this
      help: add the line `edition 2026` at the top
    "#);
    insta::assert_snapshot!(mistakes("// nothing yet\n"), @r#"
    E0001: a file begins with `edition 2026`
      1:1 ``: expected `edition` before this
      help: add the line `edition 2026` at the top
    "#);
    insta::assert_snapshot!(mistakes("use \"a.adit\"\nedition 2026\n"), @r#"
    E0001: a file begins with `edition 2026`
      1:1 `use`: expected `edition` before this
      2:1 `edition`: here it comes too late
      help: make it the first line
    "#);
    insta::assert_snapshot!(mistakes("edition 2027\nedition 2026"), @r#"
    E0002: this compiler knows edition 2026, found `2027`
      1:9 `2027`: unknown edition
      help: write `edition 2026`, or use a compiler that knows this one

    E0012: `edition` is said twice
      2:1 `edition`: said again here
      1:1 `edition`: first said here
      help: a file says it once; keep the one that is meant
    "#);
    insta::assert_snapshot!(mistakes("edition \"2026\""), @r#"
    E0010: expected a number, found the text `"2026"`
      1:9 `"2026"`: not expected here
      help: for example: `edition 2026`
    "#);
    insta::assert_snapshot!(mistakes("edition"), @r#"
    E0010: expected a number, found the end of the file
      1:1 `edition`: something is missing after this
      help: for example: `edition 2026`
    "#);
    insta::assert_snapshot!(mistakes("editon 2026\nset a = [ b.c \"d\" ]"), @r#"
    E0009: `editon` is no statement of a file
      1:1 `editon`: unknown here
      help: did you mean `edition`?
    "#);
}

#[test]
fn letters_that_look_alike_are_told_apart() {
    insta::assert_snapshot!(item_mistakes("m\u{456}ning x { }"), @r#"
    E0009: `mіning` is no statement of a file
      2:1 `mіning`: unknown here
      help: did you mean `mining`? `і` is U+0456, a letter of another alphabet
    "#);
}

#[test]
fn conditions() {
    let conditions = [
        "department",
        "department == Finance",
        "department = \"Finance\"",
        "department equals \"Finance\"",
        "department contains \"Fin\"",
        "department [\"Finance\"]",
        "department in \"Finance\"",
        "department in [Finance]",
        "department in []",
        "department in [\"a\" \"b\"]",
        "department like Fin*",
        "tags has 5",
        "manager is null",
        "a && b",
        "!a",
        "not",
        "a and",
        "and a",
        "()",
        "(a",
        "a <> \"b\"",
        "unused 90d",
        "unused for 90",
        "unused for 90 days",
        "unused for 3 months",
        "members \"X\"",
        "members of group \"X\"",
        "holding sap",
        "holding sap.tcode",
        "holding application sap",
        "share >= 80 %",
        "share >= 80.123%",
        "share >= -5%",
        "level >= 007",
        "share >= 080%",
        "unused for 007d",
        "level >= 1e5",
        "level >= 12h",
        "since > 2026-13-01",
        "since > 2026-9-1",
        "since > 26-09-01",
        "name == 'x'",
        "name == \u{201c}x\u{201d}",
        "name == \"x",
        "name == \"a\\x\"",
        "name == \"a\\u41\"",
        "name == \"\\u{}\\u{d800}\\u{1234567}\\u{+1}\"",
        "name\u{a0}== \"x\"",
        "name == x@acme.example",
        "(a and b) or c and d",
    ];
    let report: Vec<_> = conditions
        .iter()
        .map(|condition| format!("## {condition}\n{}", item_mistakes(&format!("identities {{ x where {condition} }}"))))
        .collect();
    insta::assert_snapshot!("conditions", report.join("\n"));
}

#[test]
fn statements() {
    let items = [
        "use common.adit",
        "use pack aws for aws.action",
        "use pack \"aws\" for aws",
        "identities { human kind == \"x\" }",
        "identities { and where x }",
        "identities human where x",
        "separate human from",
        "separate human from everyone and all",
        "set payments = sap.tcode \"F110\"",
        "set payments [ sap.tcode \"F110\" ]",
        "set payments = [ payment-release ]",
        "set payments = [ ]",
        "set pay-ments- = [ a.b \"c\" ]",
        "mining x\n{ title \"brace below\" }",
        "mining x { scope }",
        "mining x { title { } }",
        "mining x { { } }",
        "mining x { review every 90d because \"x\" }",
        "mining x { mine { ignore entitlements held by less than 3 identities } }",
        "mining x { mine { ignore entitlements held by fewer than 3% identities } }",
        "mining x { mine { minable sap } }",
        "mining x { mine { cluster using \"em\" } }",
        "mining x { cutoff { 80% primary } }",
        "mining x { cutoff { primary at least 80%, because no } }",
        "mining x { cutoff { members at least 3 months } }",
        "mining x { include identities }",
        "role x { grants }",
        "role x { where a; where b }",
        "role x \"t\" { title \"u\" }",
        "role x { where department == \"AP\"; members of role \"X\" }",
        "duties x { a = [ sap.tcode ] }",
        "duties x { a == [ sap.tcode \"x\" ] }",
        "duties x { at most 1 of a, b }",
        "duties x { at least 1 of a per identity }",
        "waiver x { rule RM 502 }",
        "waiver x { on maker-checker }",
        "waiver x { approved \"y\" 2026-03-01 }",
        "waiver x { expires 90d }",
        "provision x { approval 2 \"a\", \"b\" }",
        "provision x { approval two of \"a\" }",
        "provision x { when lost delete }",
        "provision x { when lost remove after 7 }",
        "provision x { secondary keep }",
        "provision x { emit \"cedar\" }",
        "expect x { }",
        "expect \"x\" { given { department \"AP\" } }",
        "expect \"x\" { given identity { department == \"AP\" } }",
        "expect \"x\" { then role grants sap.tcode \"F110\" }",
        "expect \"x\" { then no role grants \"F110\" }",
        "title \"x\"",
        "\"title\"",
        "80%",
        "= 5",
        "a\u{0}b",
        "/* old habits */",
        "# old habits",
    ];
    let report: Vec<_> = items
        .iter()
        .map(|item| format!("## {}\n{}", item.escape_debug().to_string().replace("\\\"", "\""), item_mistakes(item)))
        .collect();
    insta::assert_snapshot!("statements", report.join("\n"));
}

/// What is advised is the number that was written, whatever its sign and length.
#[test]
fn a_number_that_begins_with_a_zero_is_told_without_it() {
    let nines = "9".repeat(30);
    let written = ["007", "-07", "00", &format!("0{nines}"), "080%", "00.5%", "-00.50", "012w", "0060s", "01e5"];
    let meant = ["7", "-7", "0", &nines, "80%", "0.5%", "-0.50", "12w", "60s", "1e5"];
    for (written, meant) in written.into_iter().zip(meant) {
        let mistakes = item_mistakes(&format!("identities {{ a where level == {written} }}"));
        assert!(mistakes.contains(&format!("help: write `{meant}`")), "{mistakes}");
        assert!(
            mistakes.contains(&format!("`{}` begins with a zero", &written[..written.len().min(60)])),
            "{mistakes}"
        );
    }
    assert_eq!(item_mistakes("identities { a where since > 0099-01-01 }"), "");
}

/// What cannot be seen is written by its number, by people and by the printer.
#[test]
fn a_text_has_any_character_by_its_number() {
    for (written, says) in [
        (r"a\\u{7}b", r"a\u{7}b"),
        (r"a\u{7}b", "a\u{7}b"),
        (r"\u{00000D}\u{202e}", "\r\u{202e}"),
        (r"\u{1F511}", "\u{1f511}"),
    ] {
        let read = parsed(&format!("edition 2026\nidentities {{ a where b == \"{written}\" }}"));
        assert!(read.errors.is_empty(), "{written}: {:?}", read.errors);
        assert!(format!("{:?}", read.file).contains(&format!("Text({says:?})")), "{written}: {:?}", read.file);
    }
    assert_eq!(adit_grammar::quoted("a\u{1b}[31m\r\n\u{202e}é\u{200d}"), "\"a\\u{1b}[31m\\u{d}\\n\\u{202e}é\u{200d}\"");
}
