//! A code as its modules alone, for paper.

use super::encode;

/// The modules of a code, without a quiet zone.
#[derive(Clone, PartialEq, Eq)]
pub struct QrModules {
    dark: Vec<bool>,
    side: u16,
}

impl QrModules {
    /// The code of this text, with the error correction M or better; L where only that holds it. `None` where the text is too
    /// long for any code.
    pub fn of(text: impl AsRef<[u8]>) -> Option<QrModules> {
        let text = text.as_ref();
        let version = encode::smallest(text, encode::MEDIUM)
            .or_else(|| encode::smallest(text, encode::LOW))?;
        Some(QrModules {
            dark: encode::modules(text, version)?,
            side: version.modules(),
        })
    }

    /// Modules on a side.
    pub fn side(&self) -> u16 {
        self.side
    }

    /// Whether the module there is dark; beyond the code none is.
    pub fn is_dark(&self, column: u16, row: u16) -> bool {
        if column >= self.side || row >= self.side {
            return false;
        }
        let at = usize::from(row) * usize::from(self.side) + usize::from(column);
        self.dark.get(at).is_some_and(|dark| *dark)
    }
}

/// The text may be a student's own.
impl std::fmt::Debug for QrModules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QrModules({} a side)", self.side)
    }
}
