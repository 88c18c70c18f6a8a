//! sled's panics end here and become errors: sled 0.34 panics on a damaged file and on a disk that failed
//! (spacejam/sled issue 1387). The journal is the truth, so the desk goes on without sled.
//!
//! The panic hook runs before the panic is caught. It asks [`contained_call`] whether the panic is one of these, and logs
//! what was being done beside the panic's own message and place. No person stands in that message: the names of rows are
//! visit ids and HMACs, and their values are sealed.

use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CALL: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// sled names the threads that it starts itself like this.
const SLED_THREADS: &str = "sled-io";

/// What this thread has asked of sled just now, where a panic would be caught; `None` where it would not.
pub fn contained_call() -> Option<&'static str> {
    CALL.with(Cell::get).or_else(|| {
        let thread = std::thread::current();
        let is_sled = thread
            .name()
            .is_some_and(|name| name.starts_with(SLED_THREADS));
        is_sled.then_some("work in the background")
    })
}

/// Runs a call of sled's; `doing` says what for ("reading a visit").
///
/// # Errors
/// sled's own, or that it panicked.
pub fn contain_sled<T>(
    doing: &'static str,
    call: impl FnOnce() -> sled::Result<T>,
) -> io::Result<T> {
    contain_panics(doing, || call().map_err(io::Error::from))
}

/// Runs a call that may panic in sled; `doing` says what for.
///
/// # Errors
/// The call's own, or that it panicked.
pub fn contain_panics<T>(
    doing: &'static str,
    call: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    let before = CALL.with(|cell| cell.replace(Some(doing)));
    let outcome = catch_unwind(AssertUnwindSafe(call));
    CALL.with(|cell| cell.set(before));
    outcome.unwrap_or_else(|_| Err(io::Error::other(format!("sled panicked ({doing})"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_that_says_what_was_being_done() {
        let mut inside = None;
        let failed = contain_panics("reading a visit", || -> io::Result<()> {
            inside = contained_call();
            let inner = contain_panics::<()>("reading its pieces", || panic!("a fall"));
            assert!(inner.unwrap_err().to_string().contains("its pieces"));
            assert_eq!(contained_call(), inside, "the outer call goes on");
            panic!("another fall")
        });
        assert_eq!(inside, Some("reading a visit"));
        let failed = failed.unwrap_err().to_string();
        assert_eq!(failed, "sled panicked (reading a visit)");
        assert_eq!(
            contained_call(),
            None,
            "a later panic here is the program's"
        );
    }
}
