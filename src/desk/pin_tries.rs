//! How many wrong PINs were typed in a row, kept beside the store, so that pulling the plug does not end the pauses that
//! grow with them. It holds no PIN and nothing of one.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A larger file is none of ours.
const LONGEST: u64 = 16;

/// The file that keeps the number.
#[derive(Clone, Debug)]
pub struct PinTries(PathBuf);

impl PinTries {
    pub fn beside(store: &Path) -> Self {
        PinTries(store.join("pin.wrong"))
    }

    /// How many there were; none where nothing can be read.
    pub fn read(&self) -> u32 {
        match fs::metadata(&self.0) {
            Ok(found) if found.len() <= LONGEST => {}
            _ => return 0,
        }
        let text = fs::read_to_string(&self.0).unwrap_or_default();
        text.trim().parse().unwrap_or(0)
    }

    /// Keeps the number, or takes the file away for none. It writes to the disk: call it off the screen's thread. Where
    /// that fails the pauses hold for as long as the program runs.
    pub fn keep(&self, wrong: u32) {
        let kept = match wrong {
            0 => fs::remove_file(&self.0).or_else(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            }),
            wrong => self.replace(wrong),
        };
        if let Err(error) = kept {
            tracing::warn!(%error, "the number of wrong PINs is not kept");
        }
    }

    fn replace(&self, wrong: u32) -> std::io::Result<()> {
        let fresh = self.0.with_extension("wrong.new");
        let mut file = fs::OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(wrong.to_string().as_bytes())?;
        file.sync_data()?;
        fs::rename(&fresh, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
