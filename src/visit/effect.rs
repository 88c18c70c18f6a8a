//! What a decision asks of the outside, and the closed set of ways in which the outside can fail.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use strum::{EnumCount, VariantArray};

use super::{EffectId, Mobile, Nonce, Secret, Student, StudentNumber, VisitId};

/// Something to do outside. It answers with a [`super::Reply`] that bears its id.
#[derive(Debug)]
pub struct Effect {
    /// The id that its reply bears.
    pub id: EffectId,
    /// The visit.
    pub visit: VisitId,
    /// How long to wait before it is started: a poll's pause.
    pub after: Duration,
    /// How long it may take from then on.
    pub deadline: Duration,
    /// What to do.
    pub act: Act,
}

/// What to do outside, with all that it takes. A password and a typed code travel here and nowhere else.
#[derive(Debug)]
pub enum Act {
    /// Never repeated by itself: that would keep the password and lock accounts.
    SignIn {
        /// The student number that signs in.
        student: StudentNumber,
        /// The password.
        password: Secret,
    },
    /// Asks for a code that the student takes to their own phone, and waits until they have signed in there (RFC 8628).
    /// Started again after a restart: the code is nowhere but on the screen.
    StartDeviceGrant,
    /// Reads the member's status.
    FindMember {
        /// The member.
        student: StudentNumber,
    },
    /// Sets the number of a member that is not active yet; creates the member where the campus has not.
    BindNumber {
        /// The member.
        student: Student,
        /// The number that the directory shall hold.
        mobile: Mobile,
    },
    /// Sends the code that is derived from the desk's key, the visit, the number and the nonce.
    SendCode {
        /// The number that the message goes to.
        mobile: Mobile,
        /// What makes this code differ from the one before.
        nonce: Nonce,
    },
    /// Asks the campus whether this is the code that it sent to the number. Never repeated by itself: that would keep the
    /// code, and the campus counts the tries.
    CheckCode {
        /// The number that the code went to.
        mobile: Mobile,
        /// The code that was typed.
        code: Secret,
    },
    /// Confirms to the directory that the second verification has succeeded (WeCom doc 99521). Safe to repeat.
    ConfirmMember {
        /// The member.
        student: StudentNumber,
    },
    /// Deletes the member of the old number, and its binding with it. Never repeated by itself: what is bound after
    /// an unknown fate may be a new binding.
    Unbind {
        /// The old student number.
        student: StudentNumber,
    },
}

/// An act without its data: what is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum ActKind {
    /// Sign in with a password.
    SignIn,
    /// Sign in on the phone.
    DeviceGrant,
    /// Read the member.
    FindMember,
    /// Set the number.
    BindNumber,
    /// Send a code.
    SendCode,
    /// Have a code checked.
    CheckCode,
    /// Confirm the member.
    ConfirmMember,
    /// Delete the old number's member.
    Unbind,
}

impl Act {
    /// The act without its data.
    pub fn kind(&self) -> ActKind {
        match self {
            Act::SignIn { .. } => ActKind::SignIn,
            Act::StartDeviceGrant => ActKind::DeviceGrant,
            Act::FindMember { .. } => ActKind::FindMember,
            Act::BindNumber { .. } => ActKind::BindNumber,
            Act::SendCode { .. } => ActKind::SendCode,
            Act::CheckCode { .. } => ActKind::CheckCode,
            Act::ConfirmMember { .. } => ActKind::ConfirmMember,
            Act::Unbind { .. } => ActKind::Unbind,
        }
    }
}

/// Why the campus did not do what was asked: closed, so that every case has its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Failure<R> {
    /// No answer in time, or no connection.
    #[error("no answer")]
    Offline,
    /// The service answered, but not with what was asked for: a fault of its own, or nothing that can be read. As little
    /// is known of what was asked as without an answer.
    #[error("unavailable")]
    Unavailable,
    /// The campus said no, and why.
    #[error("refused")]
    Rejected(R),
    /// Too often; `retry_after` is the service's own word, in whole seconds.
    #[error("too often")]
    Limited {
        /// How long to wait, where the service says so.
        retry_after: Option<Duration>,
    },
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
            Failure::Unavailable => Failure::Unavailable,
            Failure::Rejected(_) => Failure::Rejected(()),
            Failure::Limited { retry_after } => Failure::Limited {
                retry_after: *retry_after,
            },
            Failure::Misconfigured(why) => Failure::Misconfigured(why.clone()),
        }
    }

    /// Whether nothing is known of what was asked: the service may have done it.
    pub fn is_fate_unknown(&self) -> bool {
        match self {
            Failure::Offline | Failure::Unavailable => true,
            Failure::Rejected(_) | Failure::Limited { .. } | Failure::Misconfigured(_) => false,
        }
    }
}

/// Why a sign-in with a password did not succeed: the same word for the same thing, whatever protocol said it. A server
/// that is asked too often is [`Failure::Limited`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumCount)]
#[serde(rename_all = "kebab-case")]
pub enum SignInRefusal {
    /// Wrong password or unknown account: the screen uses the same words for both.
    WrongPassword,
    /// The account is locked; the server does not tell for how long.
    Locked,
    /// The account is locked for this long from the answer on.
    LockedFor(Duration),
    /// The account is disabled, or not enabled yet.
    Disabled,
    /// The account, not the password, has expired.
    AccountExpired,
    /// The password is right, and the server takes it only to have another one set first.
    MustChange,
    /// The account may not be used at this hour.
    NotAtThisHour,
    /// The account or the server may not be used from this machine.
    AddressBarred,
    /// The server wants a further step that cannot be done here, such as a captcha, a second factor or a consent: nothing
    /// is said of the password, and another way in is needed.
    AnotherWay,
    /// The password is right, and the campus knows the account by another number than the one that was typed.
    OtherNumber,
    /// The password is right, and what the campus gives as the number has no form of one: a staff account, perhaps.
    NotAStudent,
}

impl SignInRefusal {
    /// One of each kind.
    pub const EACH: [SignInRefusal; SignInRefusal::COUNT] = [
        SignInRefusal::WrongPassword,
        SignInRefusal::Locked,
        SignInRefusal::LockedFor(Duration::from_secs(30 * 60)),
        SignInRefusal::Disabled,
        SignInRefusal::AccountExpired,
        SignInRefusal::MustChange,
        SignInRefusal::NotAtThisHour,
        SignInRefusal::AddressBarred,
        SignInRefusal::AnotherWay,
        SignInRefusal::OtherNumber,
        SignInRefusal::NotAStudent,
    ];
}

/// Why the sign-in on the phone did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantRefusal {
    /// The sign-in was declined on the phone (RFC 8628 3.5, `access_denied`).
    Denied,
    /// The code ran out before a sign-in (`expired_token`).
    Expired,
    /// The account that signed in has no student number here: it may be a staff number.
    NotAStudent,
}

/// Why the directory did not do it (errcodes: WeCom doc 90313).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DirectoryRefusal {
    /// The number belongs to another account (WeCom 60104).
    NumberTaken,
    /// The directory rejects the number (WeCom 60103).
    BadNumber,
    /// The member is active, and its number can no longer be set from here.
    AlreadyActive,
    /// The account or member is disabled.
    Disabled,
    /// The member has left the company.
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
    /// The service rejects the number.
    BadNumber,
    /// The number asked its operator for no such messages.
    Blocked,
    /// The service was not asked: this desk has sent as many messages in the hour as it may. A volunteer's PIN lifts it.
    DeskFull,
    /// Any other refusal.
    Other,
}

/// What the campus says of a code that was typed, where it makes and checks the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeVerdict {
    /// It is the code that was sent.
    Right,
    /// It is another one.
    Wrong,
}

/// Why the campus takes no code for this number any more, whatever is typed: another one has to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeRefusal {
    /// Its time is over.
    Expired,
    /// It was tried too often.
    TooManyTries,
}

/// A member's status in the directory (WeCom `status` 1, 4, 2, 5; absent is errcode 60111).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberStatus {
    /// There is no such member.
    Absent,
    /// The member has not followed or joined yet.
    NotActive,
    /// The member is active: the account is bound.
    Active,
    /// The account or member is disabled.
    Disabled,
    /// The member has left the company.
    Departed,
}

/// What the directory knows of a student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// How the member stands.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A journal keeps these names: none is ever renamed or used for something else.
    #[test]
    fn a_refused_sign_in_keeps_its_name_in_the_journal() {
        let written = [
            r#""wrong-password""#,
            r#""locked""#,
            r#"{"locked-for":{"secs":1800,"nanos":0}}"#,
            r#""disabled""#,
            r#""account-expired""#,
            r#""must-change""#,
            r#""not-at-this-hour""#,
            r#""address-barred""#,
            r#""another-way""#,
            r#""other-number""#,
            r#""not-a-student""#,
        ];
        for (why, name) in SignInRefusal::EACH.into_iter().zip(written) {
            let whole = format!(r#"{{"Rejected":{name}}}"#);
            let failure = Failure::Rejected(why);
            assert_eq!(serde_json::to_string(&failure).unwrap(), whole);
            let read: Failure<SignInRefusal> = serde_json::from_str(&whole).unwrap();
            assert_eq!(read, failure);
        }
        for (name, failure) in [
            ("Offline", Failure::Offline),
            ("Unavailable", Failure::Unavailable),
        ] {
            let read: Failure<SignInRefusal> =
                serde_json::from_str(&format!("\"{name}\"")).unwrap();
            assert_eq!(read, failure);
        }
    }
}
