//! Running the binary in a folder of its own.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// What a run printed, and how it ended. The folder it ran in is called `DIR`, digests and the version are blanked.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    /// Everything, for a snapshot.
    pub(crate) fn all(&self) -> String {
        format!("exit {}\n--- out\n{}--- err\n{}", self.code, self.out, self.err)
    }
}

/// A folder with some files.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::Builder::new().prefix("adit-test-").tempdir().unwrap() }
    }

    /// A folder with the project that `init` makes in `shop`. Its secret is always the same.
    pub(crate) fn with_shop() -> Self {
        let place = Self::new();
        let ran = place.run(&["init", "shop"]);
        assert_eq!(ran.code, 0, "{}", ran.all());
        place.write("shop/.adit/secret", "a secret for tests only\n");
        place
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces text in a file; it must be there.
    pub(crate) fn edit(&self, name: &str, old: &str, new: &str) -> &Self {
        let text = self.read(name);
        assert!(text.contains(old), "`{old}` is not in {name}");
        self.write(name, text.replace(old, new))
    }

    /// Every file in it, sorted, without hidden temporary ones being left out.
    pub(crate) fn files(&self) -> Vec<String> {
        fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    collect(root, &path, files);
                } else {
                    files.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        let mut files = Vec::new();
        collect(self.folder.path(), self.folder.path(), &mut files);
        files.sort();
        files
    }

    /// Runs the binary here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs the binary here, with something to read.
    pub(crate) fn run_with(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // A command that does not read its input closes it: that is no failure here.
        let _ = child.stdin.take().unwrap().write_all(input.as_ref());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| self.blank(&String::from_utf8(bytes).unwrap());
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The binary, to be run here with nothing of the environment that could change what it does.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_adit"));
        command.args(arguments).current_dir(self.folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "ADIT_SECRET", "COLUMNS"] {
            command.env_remove(name);
        }
        command
    }

    /// Takes out what differs between machines and versions.
    pub(crate) fn blank(&self, text: &str) -> String {
        let folder = self.folder.path();
        let mut text = text.replace(folder.canonicalize().unwrap().to_str().unwrap(), "DIR");
        text = text.replace(folder.to_str().unwrap(), "DIR").replace(env!("CARGO_PKG_VERSION"), "VERSION");
        let mut blanked = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find("sha256:") {
            let digits = rest[at + 7..].bytes().take_while(u8::is_ascii_hexdigit).count();
            blanked.push_str(&rest[..at + 7]);
            blanked.push_str(if digits == 64 { "…" } else { &rest[at + 7..at + 7 + digits] });
            rest = &rest[at + 7 + digits..];
        }
        blanked + rest
    }
}

/// The table of the worked example: six people, their pets.
pub(crate) const PETS: &str = "\
user,permission
Iris,dog\nIris,cat\nIris,goat
Rose,dog\nRose,cat\nRose,pig\nRose,cow
Cherry,horse\nCherry,cow\nCherry,sheep\nCherry,donkey
Sun,cat\nSun,hamster
Moon,dog\nMoon,cow\nMoon,pig\nMoon,tiger\nMoon,zebra
Tree,dog\nTree,cow\nTree,pig\nTree,panther\nTree,sheep\nTree,cougar\nTree,bear
";
