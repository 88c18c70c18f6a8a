//! What a decision asks of the outside, and the closed set of ways in which the outside can fail.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use strum::VariantArray;

use super::{EffectId, Mobile, Nonce, Secret, Student, StudentNumber, VisitId};

/// Something to do outside. It answers with a [`super::Reply`] that bears its id.
#[derive(Debug)]
pub struct Effect {
    pub id: EffectId,
    pub visit: VisitId,
    /// How long to wait before it is begun: a poll's pause.
    pub after: Duration,
    /// How long it may take from then on.
    pub deadline: Duration,
    pub act: Act,
}

/// What to do outside, with all that it takes. A password travels here and nowhere else.
#[derive(Debug)]
pub enum Act {
    /// Never repeated by itself: that would keep the password and lock accounts.
    SignIn {
        student: StudentNumber,
        password: Secret,
    },
    /// Asks for a code that the student takes to their own phone, and waits until they have signed in there (RFC 8628).
    /// Begun anew after a restart: the code is nowhere but on the screen.
    StartDeviceGrant,
    /// Reads the member's status.
    FindMember { student: StudentNumber },
    /// Sets the number of a member that is not active yet; creates the member where the campus has not.
    BindNumber { student: Student, mobile: Mobile },
    /// Sends the code that is derived from the desk's key, the visit, the number and the nonce.
    SendCode { mobile: Mobile, nonce: Nonce },
    /// Tells the directory that the second verification is through (WeCom doc 99521). Safe to repeat.
    ConfirmMember { student: StudentNumber },
    /// Deletes the member of the old number, and its binding with it. Never repeated by itself: what stands there after
    /// an unknown fate may be a new binding.
    Unbind { student: StudentNumber },
}

/// An act without its data: what is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum ActKind {
    SignIn,
    DeviceGrant,
    FindMember,
    BindNumber,
    SendCode,
    ConfirmMember,
    Unbind,
}

impl Act {
    pub fn kind(&self) -> ActKind {
        match self {
            Act::SignIn { .. } => ActKind::SignIn,
            Act::StartDeviceGrant => ActKind::DeviceGrant,
            Act::FindMember { .. } => ActKind::FindMember,
            Act::BindNumber { .. } => ActKind::BindNumber,
            Act::SendCode { .. } => ActKind::SendCode,
            Act::ConfirmMember { .. } => ActKind::ConfirmMember,
            Act::Unbind { .. } => ActKind::Unbind,
        }
    }
}

/// Why the campus did not do what was asked: closed, so that every case has its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Failure<R> {
    /// No answer in time, no connection, or an answer that is not one.
    #[error("no answer")]
    Offline,
    /// The campus said no, and why.
    #[error("refused")]
    Rejected(R),
    /// Too often; `retry_after` is the service's own word, in whole seconds.
    #[error("too often")]
    Limited { retry_after: Option<Duration> },
    /// Something only the administrator can mend. The text is for the volunteer and the log: it holds no secret, no
    /// person, and no control characters.
    #[error("misconfigured: {0}")]
    Misconfigured(String),
}

impl<R> Failure<R> {
    /// The same failure without what the campus said no to.
    pub fn without_refusal(&self) -> Failure<()> {
        match self {
            Failure::Offline => Failure::Offline,
            Failure::Rejected(_) => Failure::Rejected(()),
            Failure::Limited { retry_after } => Failure::Limited {
                retry_after: *retry_after,
            },
            Failure::Misconfigured(why) => Failure::Misconfigured(why.clone()),
        }
    }
}

/// Why the unified identity signed nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInRefusal {
    /// Wrong password or unknown account: told with the same words.
    WrongPassword,
    Locked,
    Disabled,
    /// The server wants a further step that cannot be done here, such as a picture's letters: nothing is said of the
    /// password, and another way in is needed.
    AnotherWay,
}

/// Why nobody signed in on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantRefusal {
    /// Whoever held the phone said no (RFC 8628 3.5, `access_denied`).
    Denied,
    /// Nobody signed in in time (`expired_token`).
    Expired,
    /// Somebody signed in whose name there is no student number here: a staff number, perhaps.
    NotAStudent,
}

/// Why the directory did not do it (errcodes: WeCom doc 90313).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DirectoryRefusal {
    /// The number belongs to another account (WeCom 60104).
    NumberTaken,
    /// The directory takes no such number (WeCom 60103).
    BadNumber,
    /// The member is active, and its number can no longer be set from here.
    AlreadyActive,
    Disabled,
    Departed,
    /// The campus has no such member and does not let the desk make one.
    UnknownMember,
    /// The member is the company's creator and cannot be deleted (WeCom 301005).
    Creator,
    /// Any other code of the directory's, for the volunteer.
    Other(i64),
}

/// Why the SMS service took no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmsRefusal {
    BadNumber,
    /// The number asked its operator for no such messages.
    Blocked,
    Other,
}

/// A member's status in the directory (WeCom `status` 1, 4, 2, 5; absent is errcode 60111).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberStatus {
    Absent,
    NotActive,
    Active,
    Disabled,
    Departed,
}

/// What the directory knows of a student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub status: MemberStatus,
    /// Where the directory shows it; an app's secret often does not.
    pub mobile: Option<Mobile>,
}

/// How setting a number ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The directory holds the number now, read back where it can be read.
    Set,
    /// The member was created with it.
    Created,
}
