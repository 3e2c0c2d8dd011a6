//! `adit mine`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{PETS, Place};

#[test]
fn the_summary_reads_well() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    insta::assert_snapshot!(place.run(&["mine", "pets.csv", "--using", "cover"]).all());
}

#[test]
fn the_worked_example_over_grants_and_says_so() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    let arguments = ["mine", "pets.csv", "--using", "entitlement-overlap", "--filter", "dog,cat,horse,cow,pig"];
    insta::assert_snapshot!(place.run(&arguments).all());
}

#[test]
fn the_document_reads_well() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    insta::assert_snapshot!(place.run(&["mine", "pets.csv", "--using", "cover", "--format", "json"]).out);
}

/// Members × entitlements over all roles is exactly what is held.
#[test]
fn members_times_entitlements_is_what_is_held() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    let document: Value =
        serde_json::from_str(&place.run(&["mine", "pets.csv", "--using", "cover", "--format", "json"]).out).unwrap();
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let mut granted = BTreeSet::new();
    for role in document["roles"].as_array().unwrap() {
        for member in texts(&role["members"]) {
            granted.extend(texts(&role["entitlements"]).into_iter().map(|held| (member.clone(), held)));
        }
    }
    let held: BTreeSet<(String, String)> = PETS
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap())
        .map(|(who, what)| (who.to_owned(), what.to_owned()))
        .collect();
    assert_eq!(granted, held);
    assert_eq!(document["measures"]["proved_minimal"], true);
    assert_eq!(document["certificate"]["assignments"].as_array().unwrap().len() as u64, document["measures"]["roles"]);
}

/// However the file is written, the roles, the measures and the digest are the same bytes.
#[test]
fn the_form_of_the_file_does_not_matter() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    let plain = place.run(&["mine", "pets.csv", "--using", "cover", "--format", "json"]).out;
    let mut rows: Vec<&str> = PETS.lines().skip(1).collect();
    rows.reverse();
    rows.rotate_left(7);
    let shuffled = format!("user,permission\n{}\n", rows.join("\n"));
    let forms = [
        ("shuffled", shuffled.clone()),
        ("semicolons", PETS.replace(',', ";")),
        ("tabs", PETS.replace(',', "\t")),
        ("crlf", shuffled.replace('\n', "\r\n")),
        ("bom", format!("\u{feff}{PETS}")),
        ("other columns", PETS.replace("user,permission", "Account,Group")),
        ("quoted", PETS.lines().map(|line| format!("\"{}\"\n", line.replace(',', "\",\""))).collect()),
    ];
    for (name, text) in forms {
        place.write("other.csv", text);
        let ran = place.run(&["mine", "other.csv", "--using", "cover", "--format", "json"]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.all());
        assert_eq!(ran.out, plain, "{name}");
    }
    assert_eq!(
        place.run_with(&["mine", "-", "--using", "cover", "--format", "json"], PETS).out,
        plain,
        "standard input"
    );
    for threads in ["1", "2", "8"] {
        let ran = place.run(&["mine", "pets.csv", "--using", "cover", "--format", "json", "--threads", threads]);
        assert_eq!(ran.out, plain, "{threads} threads");
    }
}

/// Six in each of two teams, who have what everyone has and what their team has; one lacks something, one has something more.
#[test]
fn the_roles_behind_noise_are_found_when_nothing_is_said() {
    let place = Place::new();
    let mut table = String::from("user,permission\n");
    for number in 0..12 {
        let team =
            if number % 2 == 0 { ["bill", "post", "close", "ledger"] } else { ["build", "test", "ship", "deploy"] };
        for held in ["mail", "chat", "door", "wiki"].into_iter().chain(team) {
            if (number, held) != (4, "close") {
                table.push_str(&format!("u{number:02},{held}\n"));
            }
        }
    }
    table.push_str("u03,ledger\n");
    place.write("teams.csv", &table);
    insta::assert_snapshot!(place.run(&["mine", "teams.csv"]).all());
    assert_eq!(place.run(&["mine", "teams.csv", "--out", "out"]).code, 0);
    let verified = place.run(&["verify", "out/mine.json", "--data", "teams.csv"]);
    assert_eq!(verified.code, 0, "{}", verified.all());
}

#[test]
fn columns_can_be_named() {
    let place = Place::new();
    place.write("odd.csv", "who,note,what\nrose,x,dog\niris,y,dog\n");
    let unnamed = place.run(&["mine", "odd.csv"]);
    assert_eq!(unnamed.code, 3);
    insta::assert_snapshot!(unnamed.err);
    assert_eq!(place.run(&["mine", "odd.csv", "--columns", "who,what"]).code, 0);
    let wrong = place.run(&["mine", "odd.csv", "--columns", "who,wat"]);
    assert_eq!(wrong.code, 3);
    insta::assert_snapshot!(wrong.err);
}

#[test]
fn files_are_written_together() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    let ran = place.run(&["mine", "pets.csv", "--using", "cover", "--out", "a/b"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(ran.out.ends_with("wrote a/b/mine.json\nwrote a/b/roles.csv\n"), "{}", ran.out);
    assert_eq!(place.files(), ["a/b/mine.json", "a/b/roles.csv", "pets.csv"]);
    assert!(place.read("a/b/roles.csv").starts_with("role,has,name\nr-"));
    assert_eq!(
        place.run(&["mine", "pets.csv", "--using", "cover", "--format", "json"]).out.len(),
        place.run(&["mine", "pets.csv", "--using", "cover", "--format", "json", "--out", "a/b"]).out.len()
    );
}

#[test]
fn names_with_commas_and_quotes_survive_the_table() {
    let place = Place::new();
    place.write("odd.csv", "user,permission\n\"Vale, Rose\",\"the \"\"big\"\" one\"\n");
    place.run(&["mine", "odd.csv", "--using", "cover", "--out", "out"]);
    let table = place.read("out/roles.csv");
    assert!(table.contains("entitlement,\"the \"\"big\"\" one\"\n"), "{table}");
    assert!(table.contains("member,\"Vale, Rose\"\n"), "{table}");
}

#[test]
fn strategies_and_their_settings_are_checked() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    let mut said = String::new();
    for arguments in [
        ["--using", "covr"].as_slice(),
        &["--using", "similarity { weigh \"department\" 3 }"],
        &["--using", "attributes"],
        &["--using", ""],
        &["--using", "cover { search at least 5 nodes }"],
        &["--using", "cover { exact; deviation at most 1% }"],
        &["--using", "cover { over-grant at most 101% }"],
        &["--using", "hierarchy { weights 1, 1 }"],
        &["--using", "hierarchy { weights 1, 1, 1, -1 }"],
        &["--using", "cover } mine { minable a.b"],
        &["--using", "cover\nminable a.b"],
        &["--using", "entitlement-overlap { common at least 50 }"],
        &["--using", "entitlement-overlap", "--filter", "dog,cta"],
        &["--filter", "dog"],
        &["--cutoff", "primary at least 80"],
        &["--cutoff", "primary at least 80% } scope {"],
    ] {
        let ran = place.run(&[["mine", "pets.csv"].as_slice(), arguments].concat());
        assert_eq!(ran.code, 2, "{}", ran.all());
        assert_eq!(ran.out, "");
        said.push_str(&format!("$ {}\n{}\n", arguments.join(" "), ran.err.trim_end()));
    }
    insta::assert_snapshot!(said);
}

/// What is left out and what is granted too much are bounded, and counted, apart.
#[test]
fn a_cover_may_depart_from_what_is_held() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    let using = "cover { deviation at most 8%; over-grant at most 4% }";
    let ran = place.run(&["mine", "pets.csv", "--using", using, "--out", "out"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.out);
    assert_eq!(place.run(&["verify", "out/mine.json", "--data", "pets.csv"]).code, 0);
}

/// A cut-off can be put to any strategy: here nobody is alone in a role.
#[test]
fn a_cut_off_makes_roles_of_clusters() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    let using = "entitlement-overlap { common at least 25% }";
    let cutoff = "primary at least 100% of members; secondary at least 60% of members; members at least 2";
    let arguments = ["mine", "pets.csv", "--using", using, "--cutoff", cutoff];
    let ran = place.run(&[arguments.as_slice(), &["--out", "out"]].concat());
    insta::assert_snapshot!(ran.all());
    insta::assert_snapshot!(place.run(&[arguments.as_slice(), &["--format", "json"]].concat()).out);
    let verified = place.run(&["verify", "out/mine.json", "--data", "pets.csv"]);
    assert_eq!(verified.code, 0, "{}", verified.all());
}

/// A name may hold anything; it does not get to talk to the terminal.
#[test]
fn names_cannot_control_the_terminal() {
    let place = Place::new();
    place.write("odd.csv", "user,permission\nrose,\"a\x1b[2Jb\"\nrose,\"two\nlines\"\n");
    let ran = place.run(&["mine", "odd.csv", "--using", "cover"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(ran.out.contains("a\\u{1b}[2Jb, two\\nlines"), "{}", ran.out);
    assert!(!ran.out.contains('\x1b'));
}

/// Two teams and a boss; nobody has told apart which team the boss is of, and one person has left the file of attributes.
const TEAM_ACCESS: &str = "user,permission\nana,mail\nana,bill\nana,post\nben,mail\nben,bill\nben,post\ncat,mail\ncat,bill\ncat,post\n\
                           dan,mail\ndan,build\ndan,test\neve,mail\neve,build\neve,test\nfay,mail\nfay,build\nfay,ship\n";
const TEAM_ATTRIBUTES: &str = "Department,User,Job Title\nfinance,ana,clerk\nfinance,ben,clerk\nfinance,cat,boss\n\
                               works,dan,smith\nworks,eve,smith\nidle,gil,smith\n";

#[test]
fn attributes_beside_the_file_shape_and_explain_roles() {
    let place = Place::new();
    place.write("access.csv", TEAM_ACCESS);
    place.write("people.csv", TEAM_ATTRIBUTES);
    let arguments = |using: &'static str| {
        let guided = ["--guided-by", "department,Job Title", "--describe-by", "department { members at least 2 }"];
        [&["mine", "access.csv", "--using", using, "--attributes", "people.csv"], &guided[..]].concat()
    };
    insta::assert_snapshot!(place.run(&arguments("attributes { members at least 2 }")).all());
    for using in
        ["cover", "em { roles 2 }", "similarity { members at least 2; overlap at least 1; attributes weigh 50% }"]
    {
        let ran = place.run(&arguments(using));
        assert_eq!(ran.code, 0, "{using}: {}", ran.all());
    }
    let written = [&arguments("attributes { members at least 2 }")[..], &["--out", "out"]].concat();
    assert_eq!(place.run(&written).code, 0);
    let verify = ["verify", "out/mine.json", "--data", "access.csv", "--attributes", "people.csv"];
    let verified = place.run(&verify);
    assert_eq!(verified.code, 0, "{}", verified.all());
    assert_eq!(place.run(&verify[..4]).code, 4, "without the attributes it is other data");
    let document: Value = serde_json::from_str(&place.read("out/mine.json")).unwrap();
    let explained: Vec<_> =
        document["roles"].as_array().unwrap().iter().map(|role| &role["explained"]["fit"]).collect();
    assert!(explained.iter().all(|fit| fit.is_u64()), "{explained:?}");
}

#[test]
fn what_weight_attributes_have_matters() {
    let place = Place::new();
    place.write("access.csv", TEAM_ACCESS);
    place.write("people.csv", TEAM_ATTRIBUTES);
    let clusters = |weight: &str| {
        let using = format!(
            "similarity {{ alike at least 60%; members at least 2; overlap at least 1; attributes weigh {weight} }}"
        );
        let arguments =
            ["mine", "access.csv", "--using", &using, "--attributes", "people.csv", "--guided-by", "job_title"];
        let ran =
            place.run(&[&arguments[..], &["--format", "json", "--cutoff", "primary at least 1% of members"]].concat());
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        document["roles"].as_array().unwrap().iter().map(|role| role["members"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(clusters("0%")[0], r#"["ana","ben","cat"]"#);
    assert_eq!(clusters("60%")[0], r#"["ana","ben"]"#, "cat has another title");
}

/// Six who hold all three could be of either team by what they hold: one of the roles takes them, and guided it is that of their team.
#[test]
fn the_default_strategy_is_guided_by_attributes() {
    let place = Place::new();
    let (mut access, mut people) = ("user,permission\n".to_owned(), "user,team\n".to_owned());
    for number in 10..80 {
        let (team, held) = match number {
            10..22 => ("red", &["base", "red"][..]),
            22..28 => ("red", &["base", "blue", "red"][..]),
            28..40 => ("blue", &["base", "blue"][..]),
            _ => ("green", &["mail", "wiki"][..]),
        };
        people.push_str(&format!("p{number},{team}\n"));
        held.iter().for_each(|right| access.push_str(&format!("p{number},{right}\n")));
    }
    place.write("access.csv", access).write("people.csv", people);
    let blue = |more: &[&str]| {
        let ran =
            place.run(&[&["mine", "access.csv", "--attributes", "people.csv", "--format", "json"], more].concat());
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        let roles = document["roles"].as_array().unwrap();
        let role = roles.iter().find(|role| role["entitlements"] == serde_json::json!(["base", "blue"])).unwrap();
        role["members"].as_array().unwrap().len()
    };
    assert_eq!(blue(&[]), 18);
    assert_eq!(blue(&["--guided-by", "team"]), 12);
}

#[test]
fn what_is_wrong_with_attributes_is_said() {
    let place = Place::new();
    place.write("access.csv", TEAM_ACCESS);
    place.write("people.csv", TEAM_ATTRIBUTES);
    place.write("empty.csv", "");
    place.write("bare.csv", "user\nana\n");
    place.write("none.csv", "user,department\n");
    place.write("other.csv", "who,department\nana,x\n");
    let mut all = String::new();
    for (using, more) in [
        ("attributes", &[][..]),
        ("similarity { attributes weigh 30% }", &[]),
        ("similarity { attributes agree }", &["--attributes", "people.csv"]),
        ("similarity { weigh \"title\" 2 }", &["--attributes", "people.csv", "--guided-by", "department"]),
        ("hierarchy", &["--attributes", "people.csv", "--guided-by", "department"]),
        ("em", &["--guided-by", "department"]),
        ("em", &["--attributes", "people.csv", "--guided-by", "departmant"]),
        ("em", &["--attributes", "people.csv", "--guided-by", "department,Department"]),
        ("em", &["--attributes", "people.csv", "--describe-by", "titel"]),
        ("em", &["--attributes", "gone.csv"]),
        ("em", &["--attributes", "."]),
        ("em", &["--attributes", "empty.csv"]),
        ("em", &["--attributes", "bare.csv"]),
        ("em", &["--attributes", "none.csv"]),
        ("em", &["--attributes", "other.csv"]),
    ] {
        let ran = place.run(&[&["mine", "access.csv", "--using", using], more].concat());
        assert_ne!(ran.code, 0, "{using} {more:?}");
        all.push_str(&format!("# {using} {}: {}\n{}\n", more.join(" "), ran.code, ran.all()));
    }
    insta::assert_snapshot!(all);
}
