//! How a sheet shows a whole number: leading zeros and fixed characters, as its cell's number format says (ECMA-376 part 1,
//! 18.8.31). Colours and alignment are skipped; decimals and grouping do not change which number it is. What would show
//! another number than the cell holds is said to be so.

/// The longest format that is read, in characters; those for numbers that name somebody are shorter.
pub const LONGEST: usize = 64;

/// A number format, read once for all cells that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberFormat {
    /// The digits as they are.
    Plain,
    /// Digits among fixed characters.
    Pieces(Vec<FormatPiece>),
    /// Something else than the number.
    Disguise,
}

/// A place of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatPiece {
    /// A digit, or the zero in its place.
    Zero,
    /// A digit, or nothing.
    Digit,
    /// All digits.
    All,
    /// This character.
    Fixed(char),
}

impl NumberFormat {
    /// Reads a format's section for positive numbers.
    pub fn parse(code: &str) -> Self {
        if code.chars().count() > LONGEST {
            return NumberFormat::Disguise;
        }
        match pieces(code) {
            None => NumberFormat::Disguise,
            Some(pieces) if pieces == [FormatPiece::All] || pieces == [FormatPiece::Zero] => {
                NumberFormat::Plain
            }
            Some(pieces)
                if pieces
                    .iter()
                    .all(|piece| matches!(piece, FormatPiece::Fixed(_))) =>
            {
                NumberFormat::Disguise
            }
            Some(pieces) => NumberFormat::Pieces(pieces),
        }
    }

    /// What a sheet shows for this number; `None` where that is not the number.
    pub fn shown(&self, number: u64) -> Option<String> {
        let digits = number.to_string();
        match self {
            NumberFormat::Plain => Some(digits),
            NumberFormat::Disguise => None,
            NumberFormat::Pieces(pieces) => Some(filled(pieces, &digits)),
        }
    }
}

/// Fills the digits in from the right; the leftmost place takes all that are left.
fn filled(pieces: &[FormatPiece], digits: &str) -> String {
    let mut left = digits;
    let mut places = pieces
        .iter()
        .filter(|piece| matches!(piece, FormatPiece::Zero | FormatPiece::Digit))
        .count();
    // From the right to the left.
    let mut shown: Vec<char> = Vec::with_capacity(pieces.len().max(digits.len()));
    for piece in pieces.iter().rev() {
        match piece {
            FormatPiece::Fixed(c) => shown.push(*c),
            FormatPiece::All => shown.extend(digits.chars().rev()),
            FormatPiece::Zero | FormatPiece::Digit => {
                places = places.saturating_sub(1);
                let take = if places == 0 {
                    left.len()
                } else {
                    left.len().min(1)
                };
                let (rest, taken) = left.split_at(left.len().saturating_sub(take));
                if taken.is_empty() && *piece == FormatPiece::Zero {
                    shown.push('0');
                }
                shown.extend(taken.chars().rev());
                left = rest;
            }
        }
    }
    shown.into_iter().rev().collect()
}

/// The places of the first section; `None` where it shows something else than a number's digits.
fn pieces(code: &str) -> Option<Vec<FormatPiece>> {
    let mut pieces = Vec::new();
    let mut rest = code;
    let mut is_decimal = false;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = general(rest) {
            pieces.push(FormatPiece::All);
            rest = after;
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            ';' => break,
            '0' | '#' | '?' if is_decimal => {}
            '0' => pieces.push(FormatPiece::Zero),
            '#' | '?' => pieces.push(FormatPiece::Digit),
            '.' => is_decimal = true,
            // Grouping; behind the last digit it divides by a thousand.
            ',' if rest.starts_with(['0', '#', '?']) => {}
            '@' => pieces.push(FormatPiece::All),
            '"' => {
                let (fixed, after) = rest.split_once('"')?;
                pieces.extend(fixed.chars().map(FormatPiece::Fixed));
                rest = after;
            }
            '\\' => rest = fixed(rest, &mut pieces),
            // The width of a character, or a character that fills the cell.
            '_' | '*' => rest = fixed(rest, &mut Vec::new()),
            '[' => {
                let (inner, after) = rest.split_once(']')?;
                bracket(inner, &mut pieces)?;
                rest = after;
            }
            // Scientific notation of a number that is known exactly.
            'E' | 'e' if rest.starts_with(['+', '-']) => return Some(vec![FormatPiece::All]),
            '$' | '-' | '+' | '(' | ')' | ':' | '!' | '^' | '&' | '\'' | '~' | '{' | '}' | '='
            | ' ' => {
                pieces.push(FormatPiece::Fixed(c));
            }
            c if c.is_ascii() => return None,
            c => pieces.push(FormatPiece::Fixed(c)),
        }
    }
    if pieces.is_empty() && !is_decimal {
        // An empty format hides the number.
        return None;
    }
    Some(pieces)
}

/// What follows `General`, which Chinese programs write as `G/通用格式`.
fn general(text: &str) -> Option<&str> {
    ["General", "GENERAL", "G/通用格式"]
        .iter()
        .find_map(|name| text.strip_prefix(name))
}

/// Takes the next character as it is.
fn fixed<'a>(text: &'a str, pieces: &mut Vec<FormatPiece>) -> &'a str {
    let mut chars = text.chars();
    pieces.extend(chars.next().map(FormatPiece::Fixed));
    chars.as_str()
}

/// A colour or a locale changes nothing; a currency is shown; a condition or other digits are not understood.
fn bracket(inner: &str, pieces: &mut Vec<FormatPiece>) -> Option<()> {
    if let Some(currency) = inner.strip_prefix('$') {
        let sign = currency.split('-').next().unwrap_or_default();
        pieces.extend(sign.chars().map(FormatPiece::Fixed));
        return Some(());
    }
    let is_condition = inner.starts_with(['<', '>', '=']);
    let is_other = inner
        .get(..5)
        .is_some_and(|head| head.eq_ignore_ascii_case("DBNum"));
    (!is_condition && !is_other).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_what_the_sheet_shows() {
        for (code, number, shown) in [
            ("General", 26_010_001, "26010001"),
            ("G/通用格式", 26_010_001, "26010001"),
            ("@", 26_010_001, "26010001"),
            ("0", 26_010_001, "26010001"),
            ("0000000000", 26_010_001, "0026010001"),
            ("0000", 26_010_001, "26010001"),
            ("0000000000;-0000000000", 26_010_001, "0026010001"),
            ("[Red][$-804]0000000000_ ;@", 26_010_001, "0026010001"),
            ("\"20\"000000", 260_001, "20260001"),
            ("\"NM\"00000", 12, "NM00012"),
            ("\\N\\M00000", 12, "NM00012"),
            ("000-0000-0000", 13_800_138_000, "138-0013-8000"),
            ("###\\ ####\\ ####", 13_800_138_000, "138 0013 8000"),
            ("####", 12, "12"),
            ("0.00", 20_260_001, "20260001"),
            ("#,##0", 20_260_001, "20260001"),
            ("#,##0.00_);[Red](#,##0.00)", 20_260_001, "20260001"),
            ("0.00E+00", 20_260_001, "20260001"),
            ("0\"号\"", 7, "7号"),
        ] {
            let format = NumberFormat::parse(code);
            assert_eq!(format.shown(number).as_deref(), Some(shown), "{code}");
        }
    }

    #[test]
    fn what_shows_another_number_is_said_to_be_so() {
        for code in [
            "0%",
            "0,",
            "#,##0,,",
            "\"已毕业\"",
            ";;;",
            "",
            "[>100]0",
            "[DBNum1]0",
            "# ?/?",
            "yyyy",
            "\"never closed",
            &"0".repeat(65),
        ] {
            assert_eq!(NumberFormat::parse(code).shown(7), None, "{code}");
        }
    }
}
