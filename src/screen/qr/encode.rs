//! From a payload to modules: which version it needs, and the highest error correction that version still holds.

use qrcode::bits::{self, Bits};
use qrcode::types::{Color, EcLevel};
use qrcode::{QrCode, Version as QrVersion};

pub(super) const LOW: EcLevel = EcLevel::L;
pub(super) const MEDIUM: EcLevel = EcLevel::M;

/// A version (1 to 40: the code's size) and the least error correction it was chosen with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    number: u8,
    level: EcLevel,
}

impl Version {
    /// Modules on a side.
    pub fn modules(self) -> u16 {
        u16::from(self.number).saturating_mul(4).saturating_add(17)
    }
}

/// The smallest version that holds the payload at this level.
pub(super) fn smallest(payload: &[u8], level: EcLevel) -> Option<Version> {
    let number = if payload.is_ascii() {
        match bits::encode_auto(payload, level).ok()?.version() {
            QrVersion::Normal(number) => u8::try_from(number).ok()?,
            QrVersion::Micro(_) => return None,
        }
    } else {
        (1..=40).find(|number| fill(payload, *number, level).is_some())?
    };
    Some(Version { number, level })
}

/// The modules, row by row, at the highest level that this version still holds.
pub(super) fn modules(payload: &[u8], version: Version) -> Option<Vec<bool>> {
    let better: &[EcLevel] = match version.level {
        EcLevel::L => &[EcLevel::H, EcLevel::Q, EcLevel::M, EcLevel::L],
        _ => &[EcLevel::H, EcLevel::Q, EcLevel::M],
    };
    let (bits, level) = better
        .iter()
        .find_map(|level| Some((fill(payload, version.number, *level)?, *level)))?;
    let code = QrCode::with_bits(bits, level).ok()?;
    Some(
        code.into_colors()
            .into_iter()
            .map(|colour| colour == Color::Dark)
            .collect(),
    )
}

/// The payload as bits; `None` where this version cannot hold it.
fn fill(payload: &[u8], number: u8, level: EcLevel) -> Option<Bits> {
    let mut bits = Bits::new(QrVersion::Normal(i16::from(number)));
    if payload.is_ascii() {
        bits.push_optimal_data(payload).ok()?;
    } else {
        // The segment optimiser takes pairs of UTF-8 bytes for Shift JIS and packs them as kanji, which readers then
        // give back as other characters.
        bits.push_byte_data(payload).ok()?;
    }
    bits.push_terminator(level).ok()?;
    Some(bits)
}
