//! Ctrl-C: a flag that long stages ask for, and a way out for those that cannot.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{exit::Exit, failure::Failure, pending, terminal};

/// What people are told.
pub(crate) const SAID: &str = "interrupted; nothing was written\n";

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Held while files are renamed into place, so that an exit never falls between two of them.
static COMMITTING: Mutex<()> = Mutex::new(());

/// How long a stage has to notice the flag before the process ends without it (a blocked read never notices).
const GRACE: Duration = Duration::from_millis(1500);

/// Watches for Ctrl-C, SIGTERM and SIGHUP from now on.
pub(crate) fn watch() {
    // Without a handler the default applies, which ends the process: temporary files may then stay, nothing worse.
    let _ = ctrlc::set_handler(|| {
        INTERRUPTED.store(true, Ordering::SeqCst);
        std::thread::sleep(GRACE);
        let _committing = committing();
        pending::remove_all();
        terminal::say(SAID);
        std::process::exit(Exit::Interrupted as i32);
    });
}

/// Whether the user asked to stop.
pub(crate) fn requested() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Stops here if the user asked to.
pub(crate) fn check() -> Result<(), Failure> {
    if requested() { Err(Failure::Interrupted) } else { Ok(()) }
}

/// While this is held, an interruption waits.
pub(crate) fn committing() -> MutexGuard<'static, ()> {
    COMMITTING.lock().unwrap_or_else(PoisonError::into_inner)
}
