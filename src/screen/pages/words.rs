//! The words for every trouble: what the student may do next, and for the volunteer a short cause. Never an error code
//! alone for the student.

use fluent_bundle::FluentValue;

use crate::screen::TlsFault;
use crate::text::Text;
use crate::visit::{
    ActKind, CodeRefusal, DirectoryRefusal, Failure, GrantRefusal, Link, SignInRefusal, SmsRefusal,
    Trouble,
};

/// Why a connection cannot be made private, in few words. The checks before the doors open say what to do.
pub fn tls_fault(fault: TlsFault) -> &'static str {
    match fault {
        TlsFault::Expired => "tls-expired",
        TlsFault::NotYetValid => "tls-not-yet-valid",
        TlsFault::WrongName => "tls-wrong-name",
        TlsFault::UnknownIssuer => "tls-unknown-issuer",
        TlsFault::SelfSigned => "tls-self-signed",
        TlsFault::Revoked => "tls-revoked",
        TlsFault::Certificate => "tls-certificate",
        TlsFault::TooOld => "tls-too-old",
        TlsFault::NotTls => "tls-not-tls",
        TlsFault::NoStartTls => "tls-no-start-tls",
        TlsFault::Handshake => "tls-handshake",
    }
}

/// What the student reads. `by_phone`: F5 leads to the student's own phone here; otherwise no text names it.
pub fn trouble(text: &Text, trouble: &Trouble, by_phone: bool) -> String {
    let phone = [("phone", phone_value(by_phone))];
    match trouble {
        Trouble::SignIn(Failure::Limited { retry_after }) => limited(
            text,
            retry_after.map(|wait| wait.as_secs()),
            ("trouble-sign-in-limited", &phone),
            "trouble-sign-in-limited-until",
        ),
        Trouble::Directory(Failure::Limited { retry_after }) => limited(
            text,
            retry_after.map(|wait| wait.as_secs()),
            ("trouble-directory-limited", &[]),
            "trouble-directory-limited-until",
        ),
        Trouble::Sms(Failure::Limited { retry_after }) => limited(
            text,
            retry_after.map(|wait| wait.as_secs()),
            ("trouble-sms-limited", &[]),
            "trouble-sms-limited-until",
        ),
        Trouble::CodeCheck(Failure::Limited { retry_after }) => limited(
            text,
            retry_after.map(|wait| wait.as_secs()),
            ("trouble-code-check-limited", &[]),
            "trouble-code-check-limited-until",
        ),
        Trouble::DeviceGrant(Failure::Limited { retry_after }) => limited(
            text,
            retry_after.map(|wait| wait.as_secs()),
            ("trouble-grant-limited", &[]),
            "trouble-grant-limited-until",
        ),
        Trouble::SignIn(Failure::Rejected(SignInRefusal::LockedFor(left))) => limited(
            text,
            Some(left.as_secs()),
            ("trouble-sign-in-locked", &[]),
            "trouble-sign-in-locked-for",
        ),
        Trouble::CodeWrong { left } => {
            text.with("trouble-code-wrong", &[("n", u64::from(*left).into())])
        }
        Trouble::SignIn(why) => text.with(sign_in(why), &phone),
        Trouble::DeviceGrant(why) => text.get(grant(why)),
        Trouble::Directory(why) => text.get(directory(why)),
        Trouble::Sms(why) => text.get(sms(why)),
        Trouble::CodeCheck(why) => text.get(code_check(why)),
        Trouble::SomebodyElse => text.get("trouble-somebody-else"),
        Trouble::CodeSpent => text.get("trouble-code-spent"),
        Trouble::FateUnknown => text.get("trouble-fate-unknown"),
        Trouble::UnbindUnknown => text.get("trouble-unbind-unknown"),
        Trouble::OldNumber => text.get("trouble-old-number"),
        Trouble::FollowNotSeen => text.get("trouble-follow-not-seen"),
        Trouble::FollowNotLooked => text.get("trouble-follow-not-looked"),
    }
}

/// The variable of the texts that name F5 only if it works.
pub(super) fn phone_value(by_phone: bool) -> FluentValue<'static> {
    if by_phone { "yes" } else { "no" }.into()
}

/// A text with its variables.
type Plain<'a> = (&'a str, &'a [(&'a str, FluentValue<'a>)]);

fn limited(text: &Text, wait: Option<u64>, plain: Plain<'_>, until: &str) -> String {
    match wait {
        Some(wait) => text.with(until, &[("wait", how_long(text, wait.max(1)).into())]),
        None => text.with(plain.0, plain.1),
    }
}

/// Seconds as people say them: from two minutes on in minutes, rounded up.
pub(super) fn how_long(text: &Text, seconds: u64) -> String {
    if seconds > 120 {
        text.with("in-minutes", &[("n", seconds.div_ceil(60).into())])
    } else {
        text.with("in-seconds", &[("n", seconds.into())])
    }
}

fn sign_in(why: &Failure<SignInRefusal>) -> &'static str {
    match why {
        Failure::Offline => "trouble-sign-in-offline",
        Failure::Unavailable => "trouble-sign-in-unavailable",
        Failure::Rejected(why) => match why {
            SignInRefusal::WrongPassword => "trouble-sign-in-wrong",
            SignInRefusal::Locked | SignInRefusal::LockedFor(_) => "trouble-sign-in-locked",
            SignInRefusal::Disabled => "trouble-sign-in-disabled",
            SignInRefusal::AccountExpired => "trouble-sign-in-expired",
            SignInRefusal::MustChange => "trouble-sign-in-must-change",
            SignInRefusal::NotAtThisHour => "trouble-sign-in-hour",
            SignInRefusal::AddressBarred => "trouble-sign-in-address",
            SignInRefusal::AnotherWay => "trouble-sign-in-another-way",
            SignInRefusal::OtherNumber => "trouble-sign-in-other-number",
            SignInRefusal::NotAStudent => "trouble-sign-in-not-a-student",
        },
        Failure::Limited { .. } => "trouble-sign-in-limited",
        Failure::Misconfigured(_) => "trouble-sign-in-misconfigured",
    }
}

fn grant(why: &Failure<GrantRefusal>) -> &'static str {
    match why {
        Failure::Offline | Failure::Unavailable => "trouble-grant-offline",
        Failure::Rejected(GrantRefusal::Denied) => "trouble-grant-denied",
        Failure::Rejected(GrantRefusal::Expired) => "trouble-grant-expired",
        Failure::Rejected(GrantRefusal::NotAStudent) => "trouble-grant-not-a-student",
        Failure::Limited { .. } => "trouble-grant-limited",
        Failure::Misconfigured(_) => "trouble-grant-misconfigured",
    }
}

fn directory(why: &Failure<DirectoryRefusal>) -> &'static str {
    match why {
        Failure::Offline => "trouble-directory-offline",
        Failure::Unavailable => "trouble-directory-unavailable",
        Failure::Rejected(DirectoryRefusal::NumberTaken) => "trouble-directory-number-taken",
        Failure::Rejected(DirectoryRefusal::BadNumber) => "trouble-directory-bad-number",
        Failure::Rejected(DirectoryRefusal::AlreadyActive) => "trouble-directory-already-active",
        Failure::Rejected(DirectoryRefusal::Disabled) => "trouble-directory-disabled",
        Failure::Rejected(DirectoryRefusal::Departed) => "trouble-directory-departed",
        Failure::Rejected(DirectoryRefusal::UnknownMember) => "trouble-directory-unknown",
        Failure::Rejected(DirectoryRefusal::Creator) => "trouble-directory-creator",
        Failure::Rejected(DirectoryRefusal::Other(_)) => "trouble-directory-other",
        Failure::Limited { .. } => "trouble-directory-limited",
        Failure::Misconfigured(_) => "trouble-directory-misconfigured",
    }
}

fn sms(why: &Failure<SmsRefusal>) -> &'static str {
    match why {
        Failure::Offline | Failure::Unavailable => "trouble-sms-offline",
        Failure::Rejected(SmsRefusal::BadNumber) => "trouble-sms-bad-number",
        Failure::Rejected(SmsRefusal::Blocked) => "trouble-sms-blocked",
        Failure::Rejected(SmsRefusal::DeskFull) => "trouble-sms-desk-full",
        Failure::Rejected(SmsRefusal::Other) => "trouble-sms-other",
        Failure::Limited { .. } => "trouble-sms-limited",
        Failure::Misconfigured(_) => "trouble-sms-misconfigured",
    }
}

fn code_check(why: &Failure<CodeRefusal>) -> &'static str {
    match why {
        Failure::Offline | Failure::Unavailable => "trouble-code-check-offline",
        Failure::Rejected(CodeRefusal::Expired) => "trouble-code-expired",
        Failure::Rejected(CodeRefusal::TooManyTries) => "trouble-code-spent",
        Failure::Limited { .. } => "trouble-code-check-limited",
        Failure::Misconfigured(_) => "trouble-code-check-misconfigured",
    }
}

/// What the volunteer reads: the cause.
pub fn cause(text: &Text, trouble: &Trouble) -> String {
    let key = match trouble {
        Trouble::SignIn(Failure::Misconfigured(why))
        | Trouble::DeviceGrant(Failure::Misconfigured(why))
        | Trouble::Directory(Failure::Misconfigured(why))
        | Trouble::Sms(Failure::Misconfigured(why))
        | Trouble::CodeCheck(Failure::Misconfigured(why)) => {
            return text.with("cause-misconfigured", &[("why", why.as_str().into())]);
        }
        Trouble::Directory(Failure::Rejected(DirectoryRefusal::Other(code))) => {
            return text.with("cause-directory-other", &[("n", (*code).into())]);
        }
        Trouble::SignIn(Failure::Offline) => "cause-sign-in-offline",
        Trouble::SignIn(Failure::Unavailable) => "cause-sign-in-unavailable",
        Trouble::SignIn(Failure::Limited { .. }) => "cause-sign-in-limited",
        Trouble::SignIn(Failure::Rejected(why)) => match why {
            SignInRefusal::WrongPassword => "cause-sign-in-wrong",
            SignInRefusal::Locked => "cause-sign-in-locked",
            SignInRefusal::LockedFor(left) => {
                let left = how_long(text, left.as_secs());
                return text.with("cause-sign-in-locked-for", &[("wait", left.into())]);
            }
            SignInRefusal::Disabled => "cause-sign-in-disabled",
            SignInRefusal::AccountExpired => "cause-sign-in-expired",
            SignInRefusal::MustChange => "cause-sign-in-must-change",
            SignInRefusal::NotAtThisHour => "cause-sign-in-hour",
            SignInRefusal::AddressBarred => "cause-sign-in-address",
            SignInRefusal::AnotherWay => "cause-sign-in-another-way",
            SignInRefusal::OtherNumber => "cause-sign-in-other-number",
            SignInRefusal::NotAStudent => "cause-sign-in-not-a-student",
        },
        Trouble::DeviceGrant(Failure::Offline) => "cause-grant-offline",
        Trouble::DeviceGrant(Failure::Unavailable) => "cause-grant-unavailable",
        Trouble::DeviceGrant(Failure::Limited { .. }) => "cause-grant-limited",
        Trouble::DeviceGrant(Failure::Rejected(why)) => match why {
            GrantRefusal::Denied => "cause-grant-denied",
            GrantRefusal::Expired => "cause-grant-expired",
            GrantRefusal::NotAStudent => "cause-grant-not-a-student",
        },
        Trouble::SomebodyElse => "cause-somebody-else",
        Trouble::Directory(Failure::Offline) => "cause-directory-offline",
        Trouble::Directory(Failure::Unavailable) => "cause-directory-unavailable",
        Trouble::Directory(Failure::Limited { .. }) => "cause-directory-limited",
        Trouble::Directory(Failure::Rejected(why)) => match why {
            DirectoryRefusal::NumberTaken => "cause-directory-number-taken",
            DirectoryRefusal::BadNumber => "cause-directory-bad-number",
            DirectoryRefusal::AlreadyActive => "cause-directory-already-active",
            DirectoryRefusal::Disabled => "cause-directory-disabled",
            DirectoryRefusal::Departed => "cause-directory-departed",
            DirectoryRefusal::Creator => "cause-directory-creator",
            DirectoryRefusal::UnknownMember | DirectoryRefusal::Other(_) => {
                "cause-directory-unknown"
            }
        },
        Trouble::Sms(Failure::Offline) => "cause-sms-offline",
        Trouble::Sms(Failure::Unavailable) => "cause-sms-unavailable",
        Trouble::Sms(Failure::Limited { .. }) => "cause-sms-limited",
        Trouble::Sms(Failure::Rejected(why)) => match why {
            SmsRefusal::BadNumber => "cause-sms-bad-number",
            SmsRefusal::Blocked => "cause-sms-blocked",
            SmsRefusal::DeskFull => "cause-sms-desk-full",
            SmsRefusal::Other => "cause-sms-other",
        },
        Trouble::CodeCheck(Failure::Offline) => "cause-code-check-offline",
        Trouble::CodeCheck(Failure::Unavailable) => "cause-code-check-unavailable",
        Trouble::CodeCheck(Failure::Limited { .. }) => "cause-sms-limited",
        Trouble::CodeCheck(Failure::Rejected(CodeRefusal::Expired)) => "cause-code-expired",
        Trouble::CodeCheck(Failure::Rejected(CodeRefusal::TooManyTries)) => "cause-code-spent",
        Trouble::CodeWrong { .. } => "cause-code-wrong",
        Trouble::CodeSpent => "cause-code-spent",
        Trouble::FateUnknown => "cause-fate-unknown",
        Trouble::UnbindUnknown => "cause-unbind-unknown",
        Trouble::OldNumber => "cause-old-number",
        Trouble::FollowNotSeen => "cause-follow-not-seen",
        Trouble::FollowNotLooked => "cause-directory-offline",
    };
    text.get(key)
}

/// What is being waited for. A static line: it changes when the state does, not each second.
pub fn waiting(what: ActKind) -> &'static str {
    match what {
        ActKind::SignIn => "wait-sign-in",
        ActKind::DeviceGrant => "wait-grant",
        ActKind::FindMember => "wait-find-member",
        ActKind::BindNumber => "wait-bind-number",
        ActKind::SendCode => "wait-send-code",
        ActKind::CheckCode => "wait-check-code",
        ActKind::ConfirmMember => "wait-confirm-member",
        ActKind::Unbind => "wait-unbind",
    }
}

/// What a gateway is called.
pub fn gateway_name(link: Link) -> &'static str {
    match link {
        Link::DeviceGrant => "gateway-device-grant",
        Link::Identity => "gateway-identity",
        Link::DirectoryRead => "gateway-directory",
        Link::DirectoryWrite => "gateway-directory-write",
        Link::Sms => "gateway-sms",
    }
}
