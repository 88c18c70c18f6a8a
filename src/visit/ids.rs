//! Identifiers. None of them is a secret and none of them proves anything.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A visit's id: random, unique over all desks, meaningless to a person.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VisitId(pub u128);

/// An effect's id: a reply that bears another id than the one under way is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EffectId(pub u64);

/// The letter of a desk, `A` to `Z` without those that can be misread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "char", into = "char")]
pub struct DeskLetter(char);

/// A pickup number: the desk's letter, four characters, a check character. It finds a visit and proves nothing.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pickup(String);

/// Why a text is no pickup number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PickupError {
    /// It is too short or too long.
    #[error("a pickup number has six characters")]
    Length,
    /// It has a character that no pickup number has.
    #[error("a character that no pickup number has")]
    Character,
    /// The check character does not fit.
    #[error("the check character does not fit")]
    Check,
}

/// No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: what is misread, misheard or miswritten is not there.
const ALPHABET: &[u8; 22] = b"34679ACDEFGHJKMNPQRTWX";

impl fmt::Display for VisitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for VisitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<VisitId> for String {
    fn from(id: VisitId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for VisitId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        u128::from_str_radix(&text, 16)
            .map(VisitId)
            .map_err(|e| format!("not a visit id: {e}"))
    }
}

impl DeskLetter {
    /// # Errors
    /// Names the letters that can be used.
    pub fn new(letter: char) -> Result<Self, String> {
        let letter = letter.to_ascii_uppercase();
        if letter.is_ascii_uppercase() && ALPHABET.contains(&(letter as u8)) {
            Ok(DeskLetter(letter))
        } else {
            Err("a desk's letter is one of A C D E F G H J K M N P Q R T W X".into())
        }
    }
}

impl Default for DeskLetter {
    fn default() -> Self {
        DeskLetter('A')
    }
}

impl TryFrom<char> for DeskLetter {
    type Error = String;

    fn try_from(letter: char) -> Result<Self, String> {
        DeskLetter::new(letter)
    }
}

impl From<DeskLetter> for char {
    fn from(desk: DeskLetter) -> char {
        desk.0
    }
}

impl Pickup {
    /// A pickup number of this desk from random bits.
    pub fn new(desk: DeskLetter, random: u64) -> Self {
        let mut text = String::with_capacity(6);
        text.push(desk.0);
        let mut rest = random;
        for _ in 0..4 {
            text.push(char::from(
                ALPHABET[(rest % ALPHABET.len() as u64) as usize],
            ));
            rest /= ALPHABET.len() as u64;
        }
        text.push(check_character(&text));
        Pickup(text)
    }

    /// Reads what a person typed: case and separators do not matter.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, PickupError> {
        let text: String = text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .take(8)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        // A ticket's number is its pickup number behind a `T`.
        let text = match text.strip_prefix('T') {
            Some(rest) if rest.chars().count() == 6 => rest.to_owned(),
            _ => text,
        };
        if text.chars().count() != 6 {
            return Err(PickupError::Length);
        }
        if !text.bytes().all(|b| ALPHABET.contains(&b)) {
            return Err(PickupError::Character);
        }
        let (body, check) = text.split_at(5);
        if check.starts_with(check_character(body)) {
            Ok(Pickup(text))
        } else {
            Err(PickupError::Check)
        }
    }

    /// Its six characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A weighted sum modulo 22: the odd weights prime to 22 catch every single wrong character, their differences most
/// swaps of neighbours.
fn check_character(body: &str) -> char {
    const WEIGHTS: [usize; 5] = [1, 3, 5, 7, 9];
    let sum: usize = body
        .bytes()
        .zip(WEIGHTS)
        .map(|(byte, weight)| weight * ALPHABET.iter().position(|a| *a == byte).unwrap_or(0))
        .sum();
    char::from(ALPHABET[sum % ALPHABET.len()])
}

impl fmt::Display for Pickup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Pickup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Pickup> for String {
    fn from(pickup: Pickup) -> String {
        pickup.0
    }
}

impl TryFrom<String> for Pickup {
    type Error = PickupError;

    fn try_from(text: String) -> Result<Self, PickupError> {
        Pickup::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pickup_number_survives_how_people_write_it() {
        let pickup = Pickup::new(DeskLetter::default(), 0x1234_5678_9abc);
        let spaced = format!(
            " {}-{} ",
            &pickup.as_str()[..3].to_lowercase(),
            &pickup.as_str()[3..]
        );
        assert_eq!(Pickup::parse(&spaced), Ok(pickup));
    }

    #[test]
    fn a_single_wrong_character_is_caught() {
        let pickup = Pickup::new(DeskLetter::default(), 987_654_321);
        for place in 0..6 {
            for other in ALPHABET {
                let mut bytes = pickup.as_str().as_bytes().to_vec();
                if bytes[place] == *other {
                    continue;
                }
                bytes[place] = *other;
                let wrong = String::from_utf8(bytes).unwrap();
                assert_eq!(Pickup::parse(&wrong), Err(PickupError::Check), "{wrong}");
            }
        }
    }
}
