//! Each class of failure: its exit code, and what people are told.

use crate::support::{PETS, Place};

#[test]
fn input_that_cannot_be_read() {
    let place = Place::new();
    place
        .write("empty.csv", "")
        .write("header.csv", "user,permission\n")
        .write("ragged.csv", "user,permission\na\nb,c,d\n");
    place.write("folder/x.csv", PETS);
    let mut said = String::new();
    for file in ["missing.csv", "folder", "empty.csv", "header.csv", "ragged.csv", "folder/x.csv/y"] {
        let ran = place.run(&["mine", file]);
        assert_eq!(ran.code, 3, "{file}: {}", ran.all());
        assert_eq!(ran.out, "", "{file}");
        said.push_str(&format!("$ adit mine {file}\n{}\n", ran.err.trim_end()));
    }
    insta::assert_snapshot!(said);
}

#[cfg(unix)]
#[test]
fn nothing_at_all() {
    let place = Place::with_shop();
    place.write("access.csv", PETS).write("empty.csv", "");
    for arguments in [
        &["mine", "/dev/null"][..],
        &["mine", "access.csv", "--attributes", "/dev/null"],
        &["outliers", "--data", "/dev/null"],
        &["consolidate", "--roles", "/dev/null"],
    ] {
        let ran = place.run(arguments);
        assert_eq!(ran.code, 3, "{arguments:?}: {}", ran.all());
        assert!(ran.err.contains("`/dev/null` is empty"), "{arguments:?}: {}", ran.err);
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_permission() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    place.write("secret.csv", PETS);
    std::fs::set_permissions(place.path("secret.csv"), std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(place.path("secret.csv")).is_ok() {
        return; // an administrator may read everything: nothing to see here
    }
    let ran = place.run(&["mine", "secret.csv"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("permission denied"), "{}", ran.err);
}

#[test]
fn a_place_that_cannot_be_written_to() {
    let place = Place::new();
    place.write("pets.csv", PETS).write("taken", "a file");
    let ran = place.run(&["mine", "pets.csv", "--out", "taken"]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    insta::assert_snapshot!(ran.err);
    assert_eq!(place.read("taken"), "a file");
    // The second of two files cannot be written: the first does not appear either.
    std::fs::create_dir_all(place.path("half/roles.csv")).unwrap();
    let ran = place.run(&["mine", "pets.csv", "--out", "half"]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    assert!(!place.path("half/mine.json").exists());
    assert_eq!(place.files(), ["pets.csv", "taken"], "nothing temporary stays");
}

#[test]
fn files_are_called_as_people_here_write_them() {
    let place = Place::new();
    place.write("adit.toml", "");
    let ran = place.run(&["check"]);
    assert!(ran.err.contains("[adit.toml:1:1]"), "{}", ran.err);
    let ran = place.run(&["check", "--threads", "0"]);
    assert!(ran.err.contains("expected a number of threads, 1 or more, found `0`"), "{}", ran.err);
}

#[test]
fn a_file_where_a_folder_is_asked_for() {
    let place = Place::with_shop();
    place.write("elsewhere/x.csv", PETS);
    let mut said = String::new();
    for arguments in [["build", "shop/policy.adit"], ["lint", "elsewhere/x.csv"], ["freeze", "shop/policy.adit"]] {
        let ran = place.run(&arguments);
        said.push_str(&format!("[{}]\n{}", ran.code, ran.err));
    }
    insta::assert_snapshot!(said, @r"
    [2]
      × `shop/policy.adit` is a file, not a project
      help: name the project that it is in, `shop`

    [2]
      × `elsewhere/x.csv` is a file, not a project
      help: name a folder with an `adit.toml`; one CSV alone is read by `adit mine FILE`, `adit
            outliers --data FILE` and, of roles, `adit consolidate --roles FILE`

    [3]
      × `shop/policy.adit` is a file, not the folder of a snapshot
      help: name a project or the folder of a snapshot; one CSV alone is read by `adit mine`
    ");
}

#[test]
fn a_wrong_command_line() {
    let place = Place::new();
    for arguments in
        [["mine"].as_slice(), &["mime"], &[], &["mine", "x.csv", "--threads", "0"], &["--color", "blue", "check"]]
    {
        let ran = place.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.all());
        assert_eq!(ran.out, "", "{arguments:?}");
    }
    let ran = place.run(&["lint", "--as-of", "31.10.2026"]);
    insta::assert_snapshot!(ran.err, @r"
    error: invalid value '31.10.2026' for '--as-of <DATE>': expected a date such as `2026-10-01`, found `31.10.2026`

    For more information, try '--help'.
    ");
}

#[test]
fn a_wrong_configuration() {
    let place = Place::with_shop();
    let mut said = String::new();
    let broken = [
        "[project]\nname = \"x\"\nspec = [\"policy.adit\"]\n",
        "[project]\nname = 7\n",
        "[project\n",
        "[rules]\n",
        "[project]\nname = \" \"\nspecs = []\n",
        "[project]\nname = \"x\"\n[rules]\norphan-acount = \"warn\"\nRM503 = \"warning\"\nsod-user-union = \"deny\"\n",
    ];
    for text in broken {
        place.write("shop/adit.toml", text);
        let ran = place.run(&["lint", "shop"]);
        assert_eq!(ran.code, 2, "{text}: {}", ran.all());
        said.push_str(&ran.err);
    }
    insta::assert_snapshot!(said);
}

#[test]
fn no_project_anywhere() {
    let place = Place::new();
    place.write("empty/x", "");
    let mut said = String::new();
    for arguments in
        [["build"].as_slice(), &["build", "empty"], &["build", "missing"], &["freeze", "empty"], &["check", "x.adit"]]
    {
        let ran = place.run(arguments);
        assert!(matches!(ran.code, 2 | 3), "{}", ran.all());
        said.push_str(&format!("$ adit {} → {}\n{}\n", arguments.join(" "), ran.code, ran.err.trim_end()));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_spec_with_mistakes_stops_everything() {
    let place = Place::with_shop();
    place.edit("shop/policy.adit", "status == \"active\"", "statsu == \"active\"");
    place.edit("shop/policy.adit", "at least 80% of members", "at least 80 of members");
    for command in ["check", "build", "lint"] {
        let ran = place.run(&[command, "shop"]);
        assert_eq!(ran.code, 2, "{}", ran.all());
    }
    insta::assert_snapshot!(place.run(&["check", "shop"]).out);
    insta::assert_snapshot!("mistakes_for_machines", place.run(&["check", "shop", "--format", "json"]).out);
    assert!(!place.path("shop/out").exists());
}

#[test]
fn faults_of_the_data_stop_a_build_and_hide_people() {
    let place = Place::with_shop();
    place.edit("shop/snapshot/assignments.csv", "u12,erp:admin", "u99,erp:admin");
    let ran = place.run(&["build", "shop"]);
    assert_eq!(ran.code, 3, "{}", ran.all());
    assert!(!ran.err.contains("u99"), "{}", ran.err);
    insta::assert_snapshot!(ran.err);
    let revealed = place.run(&["build", "shop", "--reveal"]);
    assert!(revealed.err.contains("u99"), "{}", revealed.err);
    let frozen = place.run(&["freeze", "shop", "--out", "normal"]);
    assert_eq!(frozen.code, 3, "{}", frozen.all());
    assert!(!place.path("normal").exists());
}

#[test]
fn identities_in_no_class_stop_a_build() {
    let place = Place::with_shop();
    place.edit("shop/snapshot/identities.csv", "u02,employee", "u02,contractor");
    let ran = place.run(&["build", "shop"]);
    assert_eq!(ran.code, 3, "{}", ran.all());
    insta::assert_snapshot!(ran.err);
}

#[test]
fn a_snapshot_that_is_not_there() {
    let place = Place::with_shop();
    std::fs::remove_file(place.path("shop/snapshot/assignments.csv")).unwrap();
    let missing_table = place.run(&["build", "shop"]);
    assert_eq!(missing_table.code, 3, "{}", missing_table.all());
    std::fs::remove_file(place.path("shop/snapshot/snapshot.toml")).unwrap();
    let missing_manifest = place.run(&["check", "shop"]);
    assert_eq!(missing_manifest.code, 3, "{}", missing_manifest.all());
    place.write("shop/snapshot/snapshot.toml", "extracted = 2026-10-31\nsuorce = 1\n");
    let wrong_manifest = place.run(&["check", "shop"]);
    assert_eq!(wrong_manifest.code, 3, "{}", wrong_manifest.all());
    insta::assert_snapshot!(format!("{}{}{}", missing_table.err, missing_manifest.err, wrong_manifest.err));
}

#[test]
fn other_data_than_the_lock_is_refused() {
    let place = Place::with_shop();
    assert_eq!(place.run(&["build", "shop"]).code, 0);
    let (lock, derivation) = (place.read("shop/adit.lock"), place.read("shop/out/derivation.json"));
    place.edit("shop/snapshot/assignments.csv", "u12,erp:admin,direct\n", "");
    let refused = place.run(&["build", "shop"]);
    assert_eq!(refused.code, 3, "{}", refused.all());
    insta::assert_snapshot!(refused.err);
    assert_eq!(place.read("shop/adit.lock"), lock);
    assert_eq!(place.read("shop/out/derivation.json"), derivation);
    let accepted = place.run(&["build", "shop", "--update-lock"]);
    assert_eq!(accepted.code, 0, "{}", accepted.all());
    assert!(accepted.out.contains("the lock holds this data now"), "{}", accepted.out);
    assert_ne!(place.read("shop/adit.lock"), lock);
    assert_eq!(place.run(&["build", "shop"]).code, 0);
}

#[test]
fn a_damaged_lock_can_be_written_anew() {
    let place = Place::with_shop();
    place.write("shop/adit.lock", "snapshot = 7\n");
    let ran = place.run(&["build", "shop"]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    insta::assert_snapshot!(ran.err);
    assert_eq!(place.run(&["build", "shop", "--update-lock"]).code, 0);
}
