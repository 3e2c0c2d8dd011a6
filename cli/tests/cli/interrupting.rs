//! Ctrl-C.

#![cfg(unix)]

use std::{
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::support::{PETS, Place};

/// A run that waits for its input is interrupted: it ends soon, with its own exit code, and leaves nothing.
#[test]
fn an_interrupted_run_leaves_nothing() {
    let place = Place::new();
    for signal in ["-INT", "-TERM"] {
        let mut child = place.command(&["mine", "-", "--out", "out"]).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(PETS.as_bytes()).unwrap();
        stdin.flush().unwrap();
        std::thread::sleep(Duration::from_millis(400));
        let killed = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let started = Instant::now();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(130), "{signal}");
        assert!(started.elapsed() < Duration::from_secs(10));
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(said, "");
        assert!(place.files().is_empty(), "{:?}", place.files());
        drop(stdin);
    }
}
