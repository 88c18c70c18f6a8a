//! Pickup numbers: digits that are read out, heard, typed and photographed. None of them is a secret and none proves
//! anything.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::narrow;

/// The number of a desk, 1 to 999: no two desks of a campus have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeskNumber(u16);

/// A pickup number: the desk in three digits, a serial in three, a check digit. It finds a visit and proves nothing.
/// Numbers with a desk's letter, as desks gave them before, are still read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pickup(Form);

#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Form {
    Digits { desk: DeskNumber, serial: u16 },
    Letters([u8; 6]),
}

/// Why a text is no pickup number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PickupError {
    /// It is too short or too long.
    #[error("a pickup number has seven digits")]
    Length,
    /// It has something else than digits.
    #[error("a pickup number has digits only")]
    Character,
    /// The check digit does not fit.
    #[error("the check digit does not fit")]
    Check,
}

impl DeskNumber {
    /// The highest number of a desk.
    pub const MOST: u16 = 999;

    /// # Errors
    /// Says which numbers a desk can have.
    pub fn new(number: u16) -> Result<Self, String> {
        if (1..=Self::MOST).contains(&number) {
            Ok(DeskNumber(number))
        } else {
            Err(format!("a desk's number is 1 to {}", Self::MOST))
        }
    }

    /// The number itself.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl Default for DeskNumber {
    fn default() -> Self {
        DeskNumber(1)
    }
}

impl fmt::Display for DeskNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Pickup {
    /// How many serials a desk has.
    pub const SERIALS: u16 = 1000;
    /// The digits of a pickup number.
    pub const DIGITS: usize = 7;

    /// The pickup number of this desk with this serial, of which the last three digits count.
    pub fn new(desk: DeskNumber, serial: u16) -> Self {
        let serial = serial % Self::SERIALS;
        Pickup(Form::Digits { desk, serial })
    }

    /// The desk that gave it; none where that is a desk with a letter.
    pub fn desk(&self) -> Option<DeskNumber> {
        match self.0 {
            Form::Digits { desk, .. } => Some(desk),
            Form::Letters(_) => None,
        }
    }

    /// Its serial, where this desk gave it.
    pub fn serial_at(&self, at: DeskNumber) -> Option<u16> {
        match self.0 {
            Form::Digits { desk, serial } => (desk == at).then_some(serial),
            Form::Letters(_) => None,
        }
    }

    /// Its characters without the hyphen: for files, and for a code that is scanned.
    pub fn code(&self) -> String {
        match self.0 {
            Form::Digits { desk, serial } => {
                let body = format!("{:03}{serial:03}", desk.0);
                let check = damm(&body);
                format!("{body}{check}")
            }
            Form::Letters(letters) => letters.iter().map(|byte| char::from(*byte)).collect(),
        }
    }

    /// Reads what a person typed: hyphens, blanks, full width and case do not matter, nor the `T` that a ticket's number
    /// once began with.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, PickupError> {
        let typed: String = text
            .chars()
            .map(narrow)
            .filter(|c| c.is_alphanumeric())
            .take(Self::DIGITS + 2)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let bare = match typed.strip_prefix('T') {
            Some(rest) if rest.len() == 6 || is_digits(rest) => rest,
            _ => typed.as_str(),
        };
        if is_digits(bare) {
            digits(bare)
        } else {
            letters(bare)
        }
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads seven digits. No desk has the number 0: that is a mistyped number as well.
fn digits(text: &str) -> Result<Pickup, PickupError> {
    if text.len() != Pickup::DIGITS {
        return Err(PickupError::Length);
    }
    let number = |digits: Option<&str>| digits.and_then(|digits| digits.parse::<u16>().ok());
    let desk = number(text.get(..3)).and_then(|desk| DeskNumber::new(desk).ok());
    match (desk, number(text.get(3..6))) {
        (Some(desk), Some(serial)) if damm(text) == 0 => Ok(Pickup::new(desk, serial)),
        _ => Err(PickupError::Check),
    }
}

/// The check digit of these digits; 0 where the last of them is it.
fn damm(digits: &str) -> u8 {
    digits
        .bytes()
        .filter(u8::is_ascii_digit)
        .fold(0, |interim, digit| {
            let row = DAMM.get(usize::from(interim));
            let next = row.and_then(|row| row.get(usize::from(digit - b'0')));
            next.copied().unwrap_or_default()
        })
}

/// A totally anti-symmetric quasigroup of order 10 whose diagonal is 0 (H. M. Damm, 2004): no single wrong digit and no
/// swap of neighbours keeps the check digit.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// What the numbers with a desk's letter were made of.
const ALPHABET: &[u8; 22] = b"34679ACDEFGHJKMNPQRTWX";

/// Reads a number as desks with a letter gave it: that letter, four characters, a check character.
fn letters(text: &str) -> Result<Pickup, PickupError> {
    let bytes: [u8; 6] = text
        .as_bytes()
        .try_into()
        .map_err(|_| PickupError::Character)?;
    let [body @ .., check] = bytes;
    let weights = [1, 3, 5, 7, 9];
    let mut sum = 0_usize;
    for (byte, weight) in body.into_iter().zip(weights) {
        let place = ALPHABET.iter().position(|known| *known == byte);
        sum += place.ok_or(PickupError::Character)? * weight;
    }
    match ALPHABET.get(sum % ALPHABET.len()) {
        Some(right) if *right == check && bytes[0].is_ascii_alphabetic() => {
            Ok(Pickup(Form::Letters(bytes)))
        }
        _ => Err(PickupError::Check),
    }
}

/// As it is read out and written down: `017-4822`.
impl fmt::Display for Pickup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code();
        match (self.0, code.split_at_checked(3)) {
            (Form::Digits { .. }, Some((desk, rest))) => write!(f, "{desk}-{rest}"),
            _ => f.write_str(&code),
        }
    }
}

impl fmt::Debug for Pickup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Pickup> for String {
    fn from(pickup: Pickup) -> String {
        pickup.code()
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

    fn number(desk: u16, serial: u16) -> Pickup {
        Pickup::new(DeskNumber::new(desk).unwrap(), serial)
    }

    #[test]
    fn the_number_of_a_desk_is_digits_alone() {
        let pickup = number(17, 482);
        assert_eq!(pickup.code(), "0174822");
        assert_eq!(pickup.to_string(), "017-4822");
        assert_eq!(serde_json::to_string(&pickup).unwrap(), "\"0174822\"");
        assert_eq!(pickup.desk(), DeskNumber::new(17).ok());
        assert!(DeskNumber::new(0).is_err() && DeskNumber::new(1000).is_err());
    }

    #[test]
    fn it_survives_how_people_write_it() {
        for typed in [
            "0174822",
            "017-4822",
            " 017 4822 ",
            "０１７－４８２２",
            "017–48—22",
            "T0174822",
            "0 1 7 4 8 2 2",
        ] {
            assert_eq!(Pickup::parse(typed), Ok(number(17, 482)), "{typed}");
        }
        for (typed, why) in [
            ("", PickupError::Length),
            ("017-482", PickupError::Length),
            ("017-48222", PickupError::Length),
            ("01748220000000000000", PickupError::Length),
            ("017-482O", PickupError::Character),
            ("十七号台", PickupError::Character),
            ("017-4823", PickupError::Check),
            // No desk has the number 0.
            ("0000000", PickupError::Check),
        ] {
            assert_eq!(Pickup::parse(typed), Err(why), "{typed}");
        }
    }

    /// Each single slip and each swap of neighbours, in the numbers of many desks with every serial.
    #[test]
    fn every_single_slip_and_every_swap_of_neighbours_is_found() {
        for desk in [1, 2, 9, 10, 17, 99, 100, 123, 482, 777, 998, 999] {
            for serial in 0..Pickup::SERIALS {
                let pickup = number(desk, serial);
                let right = pickup.code().into_bytes();
                assert_eq!(Pickup::parse(&pickup.code()), Ok(pickup));
                let is_caught = |wrong: &[u8]| {
                    let typed = std::str::from_utf8(wrong).unwrap();
                    assert_eq!(Pickup::parse(typed), Err(PickupError::Check), "{typed}");
                };
                for place in 0..right.len() {
                    for other in (b'0'..=b'9').filter(|other| *other != right[place]) {
                        let mut wrong = right.clone();
                        wrong[place] = other;
                        is_caught(&wrong);
                    }
                }
                for place in 1..right.len() {
                    let mut wrong = right.clone();
                    wrong.swap(place - 1, place);
                    if wrong != right {
                        is_caught(&wrong);
                    }
                }
            }
        }
    }

    #[test]
    fn a_number_with_a_letter_is_still_read() {
        let old = Pickup::parse("a-3333-A").unwrap();
        assert_eq!(old.desk(), None);
        for typed in [old.code(), format!("t{}", old.code()), old.to_string()] {
            assert_eq!(Pickup::parse(&typed), Ok(old), "{typed}");
        }
        // A desk had the letter T itself.
        let at_t = Pickup::parse("T3333T").unwrap();
        assert_eq!(Pickup::parse("TT3333T"), Ok(at_t));
        assert_ne!(at_t, old);
        let mut wrong = old.code().into_bytes();
        wrong[4] = b'4';
        let wrong = String::from_utf8(wrong).unwrap();
        assert_eq!(Pickup::parse(&wrong), Err(PickupError::Check));
    }
}
