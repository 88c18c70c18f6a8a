//! How many wrong PINs were typed in a row, kept beside the store, so that a power cut does not end the pauses that
//! grow with them. It holds no PIN and nothing of one. A command that checks a PIN where no desk runs keeps to the same
//! pauses, by the file's time.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::panel::pause_after;
use crate::ours;

/// A larger file is none of ours.
const LONGEST: u64 = 16;

/// The file that keeps the number.
#[derive(Clone, Debug)]
pub struct PinTries(PathBuf);

impl PinTries {
    /// The file beside the store in this directory.
    pub fn beside(store: &Path) -> Self {
        PinTries(store.join("pin.wrong"))
    }

    /// How many there were; none where nothing can be read.
    pub fn read(&self) -> u32 {
        let text = ours::read_text(&self.0, LONGEST).unwrap_or_default();
        text.trim().parse().unwrap_or(0)
    }

    /// Checks a PIN for a command that comes and goes, one at a time. It counts as wrong before it is looked at, so that
    /// being killed meanwhile gives nothing away.
    ///
    /// # Errors
    /// It is wrong, or not looked at yet: how long until another is taken.
    pub fn check(&self, is_right: impl FnOnce() -> bool) -> Result<(), Duration> {
        let lock = ours::open_or_create(&self.0.with_extension("lock"));
        // Where nothing can be written, there is nothing to be counted either.
        let _held = lock.ok().filter(|lock| lock.lock().is_ok());
        let wrong = self.read();
        let left = self.left(wrong);
        if !left.is_zero() {
            return Err(left);
        }
        let counted = wrong.saturating_add(1);
        self.keep(counted);
        if is_right() {
            self.keep(0);
            Ok(())
        } else {
            Err(pause_after(counted))
        }
    }

    /// What is left of the pause after so many wrong ones.
    fn left(&self, wrong: u32) -> Duration {
        let kept = fs::metadata(&self.0).and_then(|found| found.modified());
        let Ok(kept) = kept else {
            return Duration::ZERO;
        };
        match SystemTime::now().duration_since(kept) {
            Ok(ago) => pause_after(wrong).saturating_sub(ago),
            Err(_) => {
                // The clock was set back: the pause begins now, and does not last until the clock has caught up.
                self.keep(wrong);
                pause_after(wrong)
            }
        }
    }

    /// Keeps the number, or takes the file away for none. It writes to the disk: call it off the screen's thread. Where
    /// that fails the pauses hold for as long as the program runs.
    pub fn keep(&self, wrong: u32) {
        let kept = match wrong {
            0 => fs::remove_file(&self.0).or_else(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            }),
            wrong => ours::replace(&self.0, wrong.to_string().as_bytes()),
        };
        if let Err(error) = kept {
            tracing::warn!(%error, "the number of wrong PINs is not kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_keep_to_the_pauses_too_and_a_right_one_ends_them() {
        let dir = tempfile::tempdir().unwrap();
        let tries = PinTries::beside(dir.path());
        let secs = Duration::from_secs;
        for pause in [0, 0, 2] {
            assert_eq!(tries.check(|| false), Err(secs(pause)));
        }
        let refused = tries.check(|| panic!("looked at within the pause"));
        assert!(refused.is_err_and(|left| left > secs(1)));
        let set = |at: SystemTime| {
            let file = fs::File::options().write(true).open(&tries.0).unwrap();
            file.set_modified(at).unwrap();
        };
        // The clock was set back by a day: two seconds more, not a day.
        set(SystemTime::now() + secs(86_400));
        assert_eq!(tries.check(|| panic!("too early")), Err(secs(2)));
        set(SystemTime::now() - secs(3));
        assert_eq!(tries.check(|| false), Err(secs(4)));
        set(SystemTime::now() - secs(5));
        assert_eq!(tries.check(|| true), Ok(()));
        assert_eq!(tries.read(), 0);
    }

    #[test]
    fn what_is_kept_is_read_again_and_what_is_no_number_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let tries = PinTries::beside(dir.path());
        assert_eq!(tries.read(), 0);
        tries.keep(7);
        assert_eq!(PinTries::beside(dir.path()).read(), 7);
        tries.keep(0);
        tries.keep(0);
        assert_eq!(tries.read(), 0);
        for text in ["x", "-1", "99999999999999999999", ""] {
            fs::write(&tries.0, text).unwrap();
            assert_eq!(tries.read(), 0, "{text}");
        }
    }
}
