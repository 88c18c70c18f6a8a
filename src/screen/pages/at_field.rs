//! A trouble with what was typed stands where it was typed, and not at the other end of the screen.

use super::{other_way, trouble, visit};
use crate::screen::{DeskState, UiView};
use crate::text::Text;
use crate::visit::{DirectoryRefusal, Failure, SignInRefusal, Trouble, Way};

/// The field that a trouble belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleField {
    /// The student number and the password.
    SignIn,
    /// The mobile number.
    Number,
    /// The code sent by SMS.
    Code,
}

/// The field whose content the trouble is about, or is to be typed again; none for another trouble of the campus's own.
fn field_of(trouble: &Trouble) -> Option<TroubleField> {
    match trouble {
        Trouble::SignIn(Failure::Rejected(_)) | Trouble::SomebodyElse | Trouble::OldNumber => {
            Some(TroubleField::SignIn)
        }
        Trouble::Directory(Failure::Rejected(
            DirectoryRefusal::NumberTaken | DirectoryRefusal::BadNumber,
        )) => Some(TroubleField::Number),
        Trouble::CodeWrong { .. } | Trouble::CodeSpent | Trouble::CodeCheck(_) => {
            Some(TroubleField::Code)
        }
        Trouble::SignIn(_)
        | Trouble::DeviceGrant(_)
        | Trouble::Directory(_)
        | Trouble::Sms(_)
        | Trouble::FateUnknown
        | Trouble::UnbindUnknown
        | Trouble::FollowNotSeen
        | Trouble::FollowNotLooked => None,
    }
}

/// The trouble of the visit in hand that belongs to this field, or of the sign-in that was to take an offered one up,
/// while nothing is under way.
pub fn trouble_at<'v>(view: &UiView<'v>, field: TroubleField) -> Option<&'v Trouble> {
    let is_told = match view.desk {
        DeskState::Visit { .. } => true,
        DeskState::Offered { failed, .. } => failed,
        DeskState::Starting | DeskState::Free | DeskState::JustParked { .. } => false,
    };
    let is_settled = is_told && view.waiting_for.is_none();
    let trouble = visit(view)?.trouble.as_ref()?;
    (is_settled && field_of(trouble) == Some(field)).then_some(trouble)
}

/// The same in words for the student.
pub fn words_at(text: &Text, view: &UiView<'_>, field: TroubleField) -> Option<String> {
    let why = trouble_at(view, field)?;
    let is_offered = matches!(view.desk, DeskState::Offered { .. });
    let has_phone = !is_offered && other_way(view) == Some(Way::Phone);
    Some(trouble(text, why, has_phone))
}

/// Whether the student number is what was refused, whatever the password.
pub fn is_wrong_number(trouble: &Trouble) -> bool {
    matches!(
        trouble,
        Trouble::SomebodyElse
            | Trouble::OldNumber
            | Trouble::SignIn(Failure::Rejected(
                SignInRefusal::OtherNumber | SignInRefusal::NotAStudent
            ))
    )
}

/// Whether the password is what was refused, and not the account.
pub fn is_wrong_password(trouble: &Trouble) -> bool {
    matches!(
        trouble,
        Trouble::SignIn(Failure::Rejected(SignInRefusal::WrongPassword))
    )
}
