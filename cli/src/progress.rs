//! How far a long stage is: shown on standard error, on a terminal only, and only once it takes more than a second.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::interrupt;

const PATIENCE: Duration = Duration::from_secs(1);

/// Tells how far a run is, and that it should stop when the user asked for it.
pub(crate) struct Meter {
    display: Option<Arc<Display>>,
}

/// What someone at a terminal sees.
struct Display {
    started: Instant,
    stage: Mutex<Stage>,
    done: AtomicU64,
}

/// What is going on now.
#[derive(Default)]
struct Stage {
    name: String,
    total: u64,
    bytes: bool,
    bar: Option<ProgressBar>,
}

impl Meter {
    /// A meter; shows nothing unless `visible`.
    pub(crate) fn new(visible: bool) -> Self {
        let display = visible
            .then(|| Arc::new(Display { started: Instant::now(), stage: Mutex::default(), done: AtomicU64::new(0) }));
        if let Some(display) = &display {
            // A stage that reports no steps has to become visible too.
            let later = Arc::downgrade(display);
            std::thread::spawn(move || {
                std::thread::sleep(PATIENCE);
                if let Some(display) = later.upgrade() {
                    let mut stage = display.lock();
                    display.show(&mut stage);
                }
            });
        }
        Self { display }
    }

    /// A stage begins that reads so many bytes.
    pub(crate) fn reading(&self, name: &str, bytes: u64) {
        self.begin(name, bytes, true);
    }

    /// A stage begins whose length is not known.
    pub(crate) fn doing(&self, name: &str) {
        self.begin(name, 0, false);
    }

    /// Nothing more to show.
    pub(crate) fn finish(&self) {
        if let Some(display) = &self.display {
            let mut stage = display.lock();
            if let Some(bar) = stage.bar.take() {
                bar.finish_and_clear();
            }
            stage.name.clear();
        }
    }

    fn begin(&self, name: &str, total: u64, bytes: bool) {
        self.finish();
        if let Some(display) = &self.display {
            display.done.store(0, Ordering::Relaxed);
            let mut stage = display.lock();
            *stage = Stage { name: name.to_owned(), total, bytes, bar: None };
            display.show(&mut stage);
        }
    }

    fn step(&self, steps: u64) {
        let Some(display) = &self.display else { return };
        let done = display.done.fetch_add(steps, Ordering::Relaxed) + steps;
        if display.started.elapsed() >= PATIENCE {
            let stage = display.lock();
            if let Some(bar) = &stage.bar {
                bar.set_position(done.min(stage.total));
            }
        }
    }
}

impl Display {
    fn show(&self, stage: &mut Stage) {
        if stage.bar.is_some() || stage.name.is_empty() || self.started.elapsed() < PATIENCE {
            return;
        }
        let template = match (stage.total, stage.bytes) {
            (0, _) => "{spinner} {msg} ({elapsed})",
            (_, true) => "{spinner} {msg} {bar:30} {bytes}/{total_bytes} ({elapsed})",
            (_, false) => "{spinner} {msg} {bar:30} {percent}% ({elapsed})",
        };
        let length = (stage.total > 0).then_some(stage.total);
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(stage.name.clone());
        bar.set_position(self.done.load(Ordering::Relaxed).min(stage.total));
        bar.enable_steady_tick(Duration::from_millis(200));
        stage.bar = Some(bar);
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.finish();
    }
}

impl adit_snapshots::Progress for Meter {
    fn read(&self, bytes: u64) {
        self.step(bytes);
    }

    fn cancelled(&self) -> bool {
        interrupt::requested()
    }
}

impl adit_compiler::mine::Progress for Meter {
    fn stage(&self, name: &str, steps: u64) {
        self.begin(name, steps, false);
    }

    fn advance(&self, steps: u64) {
        self.step(steps);
    }

    fn cancelled(&self) -> bool {
        interrupt::requested()
    }
}
