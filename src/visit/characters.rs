//! Which characters a person can have meant, and which only change how others are drawn. Nothing here knows what a text
//! is for.

/// The characters a person meant: full-width ASCII narrowed; spaces, hyphens, control and format characters dropped.
pub(super) fn visible(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().map(narrow).filter(|c| {
        !c.is_whitespace()
            && !c.is_control()
            && !is_format(*c)
            && !matches!(c, '-' | '–' | '—' | '‐' | '‑')
    })
}

/// Full-width ASCII (U+FF01 to U+FF5E) as ASCII, everything else as it is.
pub fn narrow(c: char) -> char {
    match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// Invisible characters that change how the text around them is drawn: bidi marks and isolates, joiners, BOM, tags.
pub fn is_format(c: char) -> bool {
    matches!(u32::from(c),
        0xAD | 0x61C | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF
        | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF)
}
