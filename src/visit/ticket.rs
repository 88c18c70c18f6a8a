//! Tickets: what is handed to the hotline when nothing helps. A ticket is the script of a call (guide: the hotline's
//! staff write down student number, name and phone and pass them to the vendor's engineer) and what came of it. No I/O.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    Mark, Mobile, Name, Pickup, PickupError, Status, StepKind, Student, StudentNumber, Trouble,
    Visit, VisitId,
};

/// A ticket's number: a pickup number, and the one to come back with. It names a ticket and proves nothing. One with a
/// desk's letter, as desks gave them before, has a `T` before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TicketNumber(Pickup);

/// Words that a person typed, of at most [`FreeText::MOST`] characters: kept whole, emoji and line feeds too; other control
/// characters are not. Debug shows their length only: they may name a person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct FreeText(String);

/// Who a ticket is about, as somebody typed it for the hotline: it proves nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketContact {
    /// The student number.
    pub number: Option<StudentNumber>,
    /// The name.
    pub name: Option<Name>,
    /// The mobile number.
    pub mobile: Option<Mobile>,
}

impl TicketContact {
    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        *self == TicketContact::default()
    }

    /// What was typed now, and for the rest what was typed before.
    #[must_use]
    pub fn over(self, before: &TicketContact) -> Self {
        TicketContact {
            number: self.number.or_else(|| before.number.clone()),
            name: self.name.or_else(|| before.name.clone()),
            mobile: self.mobile.or_else(|| before.mobile.clone()),
        }
    }
}

/// What is handed to the hotline, and what came of it. All but the notes and the state is as it was when it was opened:
/// the visit goes on meanwhile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// The ticket's number.
    pub number: TicketNumber,
    /// When it was opened.
    pub opened: Timestamp,
    /// Why it was opened.
    pub reason: FreeText,
    /// The pack's id of the route, where the student's answers decided it.
    pub route: Option<String>,
    /// Where the visit stood.
    pub step: Option<StepKind>,
    /// What had been done and answered.
    pub done: Vec<Mark>,
    /// The last error, and when it was.
    pub trouble: Option<(Timestamp, Trouble)>,
    /// The student, where known.
    pub student: Option<Student>,
    /// That it is this student a volunteer saw on papers: there was no sign-in.
    #[serde(default)]
    pub vouched: bool,
    /// The student number of the last sign-in that was refused.
    pub tried_as: Option<StudentNumber>,
    /// The mobile number, where given.
    pub mobile: Option<Mobile>,
    /// Who it is about, as somebody typed it.
    #[serde(default)]
    pub contact: TicketContact,
    /// The calls that were noted.
    pub notes: Vec<TicketNote>,
    /// Whether something is still to be done.
    pub state: TicketState,
    /// When the state changed last, and who said so.
    pub changed: Option<(Timestamp, FreeText)>,
}

/// A call, and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketNote {
    /// When it was noted.
    pub at: Timestamp,
    /// When the call was, where there was one.
    pub called_at: Option<Timestamp>,
    /// Who called.
    pub by: FreeText,
    /// The answer.
    pub answer: FreeText,
}

/// How far the hotline is with a ticket.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum TicketState {
    /// The hotline has not got it yet.
    #[default]
    Open,
    /// The hotline has it.
    HandedOver,
    /// Nothing is left to do.
    Solved,
}

impl TicketNumber {
    /// The number that goes with a pickup number: the student keeps one in mind, not two.
    pub fn of(pickup: Pickup) -> Self {
        TicketNumber(pickup)
    }

    /// Reads what a person typed, as [`Pickup::parse`] does.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, PickupError> {
        Pickup::parse(text).map(TicketNumber)
    }

    /// The pickup number within.
    pub fn pickup(&self) -> &Pickup {
        &self.0
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.desk() {
            Some(_) => write!(f, "{}", self.0),
            None => write!(f, "T{}", self.0),
        }
    }
}

/// For files: the digits alone, as [`Pickup`] writes itself, or what a desk with a letter gave.
impl From<TicketNumber> for String {
    fn from(number: TicketNumber) -> String {
        match number.0.desk() {
            Some(_) => number.0.code(),
            None => number.to_string(),
        }
    }
}

impl TryFrom<String> for TicketNumber {
    type Error = PickupError;

    fn try_from(text: String) -> Result<Self, PickupError> {
        TicketNumber::parse(&text)
    }
}

impl FreeText {
    /// The most characters (Unicode scalar values) that are kept.
    pub const MOST: usize = 4000;

    /// Takes what was typed: carriage returns become line feeds, other control characters go, as does what is beyond
    /// [`FreeText::MOST`].
    pub fn new(text: &str) -> Self {
        let text = text.trim().replace("\r\n", "\n").replace('\r', "\n");
        let kept = text
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
        FreeText(kept.take(Self::MOST).collect())
    }

    /// The text as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for FreeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FreeText({} bytes)", self.0.len())
    }
}

impl From<String> for FreeText {
    fn from(text: String) -> Self {
        FreeText::new(&text)
    }
}

impl From<FreeText> for String {
    fn from(words: FreeText) -> String {
        words.0
    }
}

impl Ticket {
    /// The most notes that one ticket takes: with as many long ones a row stays within a megabyte.
    pub const MOST_NOTES: usize = 40;

    /// Whether it is not solved yet.
    pub fn is_pending(&self) -> bool {
        self.state != TicketState::Solved
    }

    /// Whether it takes no more notes.
    pub fn is_full(&self) -> bool {
        self.notes.len() >= Self::MOST_NOTES
    }
}

impl TicketState {
    /// Every state, in the order of a ticket's life.
    pub const ALL: &'static [TicketState] = TicketState::VARIANTS;

    /// Its name in files and on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A ticket and what its visit knows by now: a row of the list that is shown unmasked for the PIN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TicketRow {
    /// The visit that the ticket is of.
    pub visit: VisitId,
    /// The ticket.
    pub ticket: Ticket,
    /// Under which the visit is resumed, while it waits.
    pub pickup: Option<Pickup>,
    /// The student, where known.
    pub student: Option<Student>,
    /// The mobile number, where given.
    pub mobile: Option<Mobile>,
}

impl TicketRow {
    /// The row of a visit that has a ticket.
    pub fn of(visit: &Visit) -> Option<Self> {
        let ticket = visit.ticket.clone()?;
        let pickup = match &visit.status {
            Status::Parked { pickup, .. } => *pickup,
            Status::Open | Status::Closed { .. } => None,
        };
        Some(TicketRow {
            visit: visit.id,
            pickup,
            student: visit.student.clone().or_else(|| ticket.student.clone()),
            mobile: (visit.mobile.as_ref())
                .or(ticket.mobile.as_ref())
                .or(ticket.contact.mobile.as_ref())
                .cloned(),
            ticket,
        })
    }

    /// The student's number, where it is proved, was typed for the ticket, or was at least tried.
    pub fn student_number(&self) -> Option<&StudentNumber> {
        let proved = self.student.as_ref().map(|student| &student.number);
        let typed = self.ticket.contact.number.as_ref();
        proved.or(typed).or(self.ticket.tried_as.as_ref())
    }

    /// The student's name, where it is proved or was typed for the ticket.
    pub fn student_name(&self) -> Option<&Name> {
        let proved = self.student.as_ref().map(|student| &student.name);
        proved.or(self.ticket.contact.name.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::DeskNumber;

    #[test]
    fn fault_18_the_number_of_a_ticket_is_the_one_to_bring() {
        let pickup = Pickup::new(DeskNumber::default(), 482);
        let number = TicketNumber::of(pickup);
        assert_eq!(number.to_string(), pickup.to_string());
        let read = |text: &str| serde_json::from_str::<TicketNumber>(text).ok();
        let written = serde_json::to_string(&number).unwrap();
        assert_eq!(written, format!("\"{}\"", pickup.code()));
        assert_eq!(read(&written), Some(number));
        // As it was written before.
        assert_eq!(read(&format!("\"{number}\"")), Some(number));
        // The numbers of before are read and written as they were.
        let old = read("\"TA3333A\"").unwrap();
        assert_eq!(serde_json::to_string(&old).unwrap(), "\"TA3333A\"");
        for typed in ["TA3333A", "a3333a", " ta33 33a "] {
            assert_eq!(TicketNumber::parse(typed), Ok(old), "{typed}");
        }
        assert!(TicketNumber::parse("XA34").is_err());
    }

    #[test]
    fn words_are_kept_whole_up_to_their_bound_and_never_shown_in_debug() {
        for text in ["=cmd|' /C calc'!A0", "家人👨‍👩‍👧 来了❤️", "第一行\n第二行\t末"]
        {
            assert_eq!(FreeText::new(text).as_str(), text);
        }
        let long = "😀".repeat(4000);
        assert_eq!(FreeText::new(&long).as_str(), long);
        assert_eq!(FreeText::new(&"😀".repeat(4001)).as_str(), long);
        assert_eq!(FreeText::new(" a\r\nb\u{1b}[31m\0 ").as_str(), "a\nb[31m");
        assert_eq!(format!("{:?}", FreeText::new("张三")), "FreeText(6 bytes)");
    }
}
