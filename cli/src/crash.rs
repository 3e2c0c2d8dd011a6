//! A panic is a bug: say so once, in full, and ask for a report.

use std::{
    panic::{self, PanicHookInfo, UnwindSafe},
    sync::{Mutex, PoisonError},
};

/// What the hook heard, kept for the report: the hook runs on the thread that panicked, the report on the main thread.
static HEARD: Mutex<Option<String>> = Mutex::new(None);

/// Runs `work`; a panic in it becomes the text of a report.
pub(crate) fn guard<T>(work: impl FnOnce() -> T + UnwindSafe) -> Result<T, String> {
    panic::set_hook(Box::new(|info| {
        let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
        heard.get_or_insert_with(|| describe(info));
    }));
    panic::catch_unwind(work).map_err(|_| {
        let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner).take();
        report(heard.as_deref().unwrap_or("no message"))
    })
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let message =
        payload.downcast_ref::<&str>().copied().or(payload.downcast_ref().map(String::as_str)).unwrap_or("no message");
    match info.location() {
        Some(place) => format!("{message}\nat {}:{}:{}", place.file(), place.line(), place.column()),
        None => message.to_owned(),
    }
}

fn report(heard: &str) -> String {
    format!(
        "error: adit ran into a bug of its own; nothing was written after it\n\n  {}\n  adit {} on {} {}\n\nplease report \
         this text and the command to {}/issues\n(read it first: the message may quote a name from your data)\n",
        heard.replace('\n', "\n  "),
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        env!("CARGO_PKG_REPOSITORY"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_report() {
        let report = guard(|| panic!("the ore ran out")).unwrap_err();
        assert!(report.contains("the ore ran out\n  at "), "{report}");
        assert!(report.contains("please report"), "{report}");
        assert!(report.contains("crash.rs:"), "{report}");
    }
}
