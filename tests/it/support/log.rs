//! What a test writes to the log, in the thread of the test.

use std::io;
use std::sync::{Arc, LazyLock, Mutex};

use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;

/// The log since it began. Other threads write to their own.
pub struct Log {
    written: Written,
    _until: DefaultGuard,
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

/// Subscribers that listen as long as the tests run. A line of the program that is reached for the first time, in a test
/// without a log, asks once who listens; heard it that nobody does while a log begins elsewhere, it would stay silent.
/// Two, for of a single one only the thread's own default is asked.
static LISTENERS: LazyLock<[Dispatch; 2]> =
    LazyLock::new(|| [(); 2].map(|()| Dispatch::new(tracing_subscriber::registry())));

impl Log {
    pub fn begin() -> Log {
        LazyLock::force(&LISTENERS);
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        Log {
            written,
            _until: tracing::subscriber::set_default(subscriber),
        }
    }

    /// What was written since the last time.
    pub fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.written.0.lock().unwrap());
        String::from_utf8(bytes).unwrap()
    }
}

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
