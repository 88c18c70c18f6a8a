//! A visit's facts in plain words, for an administrator. Without the PIN personal data is masked, and typed text is given
//! by its length only.

use jiff::tz::TimeZone;

use crate::escape;
use crate::screen::pages::script::moment;
use crate::store::UnmaskedView;
use crate::visit::{
    Attestation, Fact, Failure, FreeText, Mobile, Proof, ShownNumbers, Student, StudentNumber,
    VolunteerName, Way,
};

/// Whether personal data is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Masking {
    /// Masked, as on the screen.
    Masked,
    /// In full; the view is recorded in the journal.
    Whole,
}

impl Masking {
    fn number(self, number: &StudentNumber) -> String {
        match self {
            Masking::Masked => number.masked(),
            Masking::Whole => flat(number.as_str()),
        }
    }

    fn student(self, student: &Student) -> String {
        let name = match self {
            Masking::Masked => student.name.masked(),
            Masking::Whole => flat(student.name.as_str()),
        };
        format!("{} {name}", self.number(&student.number))
            .trim_end()
            .to_owned()
    }

    fn mobile(self, mobile: &Mobile) -> String {
        match self {
            Masking::Masked => mobile.masked(),
            Masking::Whole => mobile.grouped(),
        }
    }

    fn words(self, words: &FreeText) -> String {
        match self {
            Masking::Masked => format!("({} characters)", words.as_str().chars().count()),
            Masking::Whole => format!("\"{}\"", flat(words.as_str())),
        }
    }
}

/// In one line.
fn flat(text: &str) -> String {
    escape::line(&text.replace('\n', " "))
}

/// What was seen unmasked, and by whom.
pub fn view(view: UnmaskedView, by: Option<&VolunteerName>) -> String {
    let who = by.map_or("somebody with the PIN", VolunteerName::as_str);
    let seen = match view {
        UnmaskedView::Ticket => "saw the ticket unmasked",
        UnmaskedView::Tickets => "exported all tickets unmasked",
        UnmaskedView::Report => "listed the visits of a report unmasked",
        UnmaskedView::Story => "saw this story unmasked",
    };
    format!("{who} {seen}")
}

/// A fact in a line.
pub fn fact(fact: &Fact, shown: Masking, zone: &TimeZone) -> String {
    let until = |at: &jiff::Timestamp| moment(*at, zone);
    match fact {
        Fact::VisitOpened { prefers } => format!("the visit began, {}", way(*prefers)),
        Fact::StepDone { step, word } => format!("step done: {} ({})", name(step), by(*word)),
        Fact::Answered { question, answer } => {
            format!("asked {}: {}", name(question), name(answer))
        }
        Fact::PageTurned { page } => format!("turned to page {}", page.saturating_add(1)),
        Fact::Scanned => "scanned the registration code (the student's word)".to_owned(),
        Fact::Preferred { way: chosen } => format!("goes on {}", way(*chosen)),
        Fact::SignInAsked { student, .. } => format!("signing in as {}", shown.number(student)),
        Fact::SignInRefused { student, why } => {
            format!(
                "the sign-in as {} did not succeed: {}",
                shown.number(student),
                failure(why)
            )
        }
        Fact::Identified { student, proof } => {
            format!("known as {}, {}", shown.student(student), proved(*proof))
        }
        Fact::OldIdentified { student } => {
            format!("signed in as the old number: {}", shown.student(student))
        }
        Fact::UnbindFailed { why } => format!("the old binding was not deleted: {}", failure(why)),
        Fact::MemberSeen { status, word } => {
            format!("the member is {} ({})", name(status), by(*word))
        }
        Fact::FollowNotSeen {
            status: Some(status),
        } => {
            format!("asked for a look: the member is {}", name(status))
        }
        Fact::FollowNotSeen { status: None } => {
            "asked for a look: the directory did not answer".to_owned()
        }
        Fact::NumberGiven { mobile } => format!("gave the number {}", shown.mobile(mobile)),
        Fact::BindFailed { why } => format!("the number was not bound: {}", failure(why)),
        Fact::CodeIssued {
            mobile, expires, ..
        } => format!(
            "a code for {} was made, good until {}",
            shown.mobile(mobile),
            until(expires)
        ),
        Fact::CodeNotSent { why } => format!("the code was not sent: {}", failure(why)),
        Fact::CodeNotChecked { why } => {
            format!("the campus did not check the code: {}", failure(why))
        }
        Fact::CodeTried { right: true, .. } => "typed the right code".to_owned(),
        Fact::CodeTried { right: false, left } => {
            format!("typed a wrong code; {left} tries are left")
        }
        Fact::ConfirmFailed { why } => format!("the member was not confirmed: {}", failure(why)),
        Fact::Parked {
            pickup,
            expires,
            why,
        } => format!(
            "put aside ({}) {}, until {}",
            name(why),
            match pickup {
                Some(pickup) => format!("under {pickup}"),
                None => "without a pickup number: none was free".to_owned(),
            },
            until(expires)
        ),
        Fact::Resumed { by } => format!("taken up again, {}", proved(*by)),
        Fact::Closed { outcome } => format!("ended: {}", name(outcome)),
        Fact::TicketOpened { number, reason, .. } => {
            format!("ticket {number} was opened: {}", shown.words(reason))
        }
        Fact::TicketContactGiven { contact } => {
            let number = contact.number.as_ref().map(|number| shown.number(number));
            format!(
                "who the ticket is about was typed: {}",
                number.as_deref().unwrap_or("no student number")
            )
        }
        Fact::TicketNoted { by, answer, .. } => format!(
            "a call was noted by {}: {}",
            shown.words(by),
            shown.words(answer)
        ),
        Fact::TicketChanged { state, by } => {
            format!("the ticket is {} now, by {}", state.name(), shown.words(by))
        }
        Fact::Vouched { student } => format!(
            "a volunteer saw papers and vouched for {}",
            shown.student(student)
        ),
        Fact::NumbersShown { whose } => match whose {
            ShownNumbers::Roster(number) => {
                format!(
                    "a volunteer looked {} up in the roster",
                    shown.number(number)
                )
            }
            ShownNumbers::Ticket | ShownNumbers::TicketToCommand => {
                "a volunteer saw the ticket's numbers unmasked".to_owned()
            }
        },
        Fact::Queued { what, why } => {
            let why = why.as_ref().map(|why| format!(": {}", failure(why)));
            format!(
                "waits for the campus: {}{}",
                name(what),
                why.unwrap_or_default()
            )
        }
        Fact::Checked { status } => format!("looked up later: the member is {}", name(status)),
        Fact::CheckFailed { why } => format!("the look-up failed: {}", failure(why)),
        Fact::CheckDenied { status } => {
            format!(
                "followed by the student's word, and the member is {}",
                name(status)
            )
        }
        Fact::TriedAgain { what } => format!("is tried again: {}", name(what)),
        Fact::Unqueued { what } => format!("waits no longer: {}", name(what)),
        // Their names say all there is.
        Fact::WentBack { .. }
        | Fact::SignInMethodChosen { .. }
        | Fact::DeviceGrantAsked { .. }
        | Fact::DeviceGrantFailed { .. }
        | Fact::ResumeRefused
        | Fact::OldLetGo
        | Fact::OldNumberRefused
        | Fact::UnbindAsked { .. }
        | Fact::Unbound
        | Fact::UnbindAskedAnew
        | Fact::FollowLookAsked { .. }
        | Fact::BindAsked { .. }
        | Fact::NumberBound
        | Fact::CodeSent
        | Fact::CodeCheckAsked { .. }
        | Fact::CodeAccepted
        | Fact::ConfirmAsked { .. }
        | Fact::Confirmed
        | Fact::FateUnknown { .. }
        | Fact::BegunAgain => name(fact),
    }
}

fn way(way: Way) -> &'static str {
    match way {
        Way::Desk => "at the desk",
        Way::Phone => "with the phone",
    }
}

fn by(word: Attestation) -> &'static str {
    match word {
        Attestation::Student => "by the student's word",
        Attestation::Campus => "by the campus's word",
    }
}

fn proved(proof: Proof) -> &'static str {
    match proof {
        Proof::SignIn => "by a sign-in",
        Proof::Volunteer => "by a volunteer who saw papers",
    }
}

fn failure<T: serde::Serialize>(why: &Failure<T>) -> String {
    match why {
        Failure::Rejected(why) => name(why),
        Failure::Offline
        | Failure::Unavailable
        | Failure::Limited { .. }
        | Failure::Misconfigured(_) => name(why),
    }
}

/// The name that a kind has in the journal, as words; of what it holds, nothing.
fn name<T: serde::Serialize>(kind: &T) -> String {
    let value = serde_json::to_value(kind).unwrap_or_default();
    let name = match &value {
        serde_json::Value::String(name) => name.as_str(),
        serde_json::Value::Object(fields) => fields.keys().next().map_or("", String::as_str),
        _ => "",
    };
    name.replace('-', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::{EffectId, Name, SignInRefusal, StepKind};

    #[test]
    fn nobody_is_named_unless_all_is_shown() {
        let number = StudentNumber::from_campus("20260012");
        let student = Student {
            number: number.clone(),
            name: Name::new("欧阳娜娜"),
        };
        let mobile = Mobile::parse("13800138000").unwrap();
        let facts = [
            Fact::SignInAsked {
                effect: EffectId(1),
                student: number.clone(),
            },
            Fact::SignInRefused {
                student: number,
                why: Failure::Rejected(SignInRefusal::WrongPassword),
            },
            Fact::Identified {
                student,
                proof: Proof::SignIn,
            },
            Fact::NumberGiven { mobile },
            Fact::TicketNoted {
                called_at: None,
                by: FreeText::new("王老师"),
                answer: FreeText::new("请\n20260012 再试\u{1b}[2J"),
            },
        ];
        let told = |shown| {
            let lines = facts.iter().map(|one| fact(one, shown, &TimeZone::UTC));
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(
            told(Masking::Masked),
            "signing in as 20****12\n\
             the sign-in as 20****12 did not succeed: wrong password\n\
             known as 20****12 欧***, by a sign-in\n\
             gave the number 138****8000\n\
             a call was noted by (3 characters): (16 characters)"
        );
        let whole = told(Masking::Whole);
        for part in [
            "20260012 欧阳娜娜",
            "138 0013 8000",
            "\"王老师\"",
            "\"请 20260012 再试[2J\"",
        ] {
            assert!(whole.contains(part), "{part}: {whole}");
        }
        let done = Fact::StepDone {
            step: StepKind::CacheCheck,
            word: Attestation::Student,
        };
        let line = fact(&done, Masking::Masked, &TimeZone::UTC);
        assert_eq!(line, "step done: cache check (by the student's word)");
        assert_eq!(
            fact(&Fact::CodeSent, Masking::Masked, &TimeZone::UTC),
            "code sent"
        );
    }
}
