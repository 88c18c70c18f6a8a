//! What a directory says of the password beside the result of a bind: the password policy's control
//! (draft-behera-ldap-password-policy-10, 6.2), and the two older controls of Netscape (draft-vchu-ldap-pwd-policy-00),
//! which 389 Directory Server and its relatives send as well.

use std::time::Duration;

use ldap3_lber::common::TagClass;
use ldap3_lber::parse::Parser;
use ldap3_lber::structure::{PL, StructureTag};

/// The password policy's control.
const POLICY: &[u8] = b"1.3.6.1.4.1.42.2.27.8.5.1";
/// Netscape: the password has expired, or has to be changed before anything else.
const EXPIRED: &[u8] = b"2.16.840.1.113730.3.4.4";
/// Netscape: the password expires in so many seconds.
const EXPIRING: &[u8] = b"2.16.840.1.113730.3.4.5";
/// How deep a control's value may be nested: a policy's answer has three levels.
const DEPTH: usize = 4;
/// More controls are not read.
const MOST: usize = 8;

/// What the controls of one answer say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BindNotes {
    /// Why the password is of no use as it is.
    pub state: Option<PasswordState>,
    /// What is still ahead of it.
    pub warning: Option<PasswordWarning>,
}

/// A state of the password or the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordState {
    Expired,
    Locked,
    /// Somebody else set it, and its owner must set another one.
    MustChange,
}

/// A warning: the password is taken now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordWarning {
    ExpiresIn(Duration),
    /// It has expired, and so many more sign-ins are allowed.
    GraceLeft(u64),
}

/// Reads the controls of an answer: `Controls ::= SEQUENCE OF Control`.
pub(super) fn read(controls: &StructureTag) -> BindNotes {
    let mut notes = BindNotes::default();
    for control in children(controls).unwrap_or_default().iter().take(MOST) {
        let Some((oid, value)) = parts(control) else {
            continue;
        };
        let told = match oid {
            POLICY => policy(value.unwrap_or_default()),
            EXPIRED => BindNotes {
                state: Some(PasswordState::Expired),
                warning: None,
            },
            EXPIRING => BindNotes {
                state: None,
                warning: seconds(value.unwrap_or_default()).map(PasswordWarning::ExpiresIn),
            },
            _ => continue,
        };
        // The policy's own control is the more exact one, wherever it stands.
        let is_exact = oid == POLICY;
        notes = BindNotes {
            state: merged(notes.state, told.state, is_exact),
            warning: merged(notes.warning, told.warning, is_exact),
        };
    }
    notes
}

fn merged<T>(known: Option<T>, told: Option<T>, is_exact: bool) -> Option<T> {
    if is_exact {
        told.or(known)
    } else {
        known.or(told)
    }
}

/// `Control ::= SEQUENCE { controlType, criticality DEFAULT FALSE, controlValue OPTIONAL }`.
fn parts(control: &StructureTag) -> Option<(&[u8], Option<&[u8]>)> {
    const OCTET_STRING: u64 = 4;
    let (oid, rest) = children(control)?.split_first()?;
    let value = rest
        .iter()
        .find(|part| part.class == TagClass::Universal && part.id == OCTET_STRING);
    Some((bytes(oid)?, value.and_then(bytes)))
}

/// `PasswordPolicyResponseValue ::= SEQUENCE { warning [0] CHOICE { timeBeforeExpiration [0] INTEGER,
/// graceAuthNsRemaining [1] INTEGER } OPTIONAL, error [1] ENUMERATED OPTIONAL }`.
fn policy(value: &[u8]) -> BindNotes {
    let Ok((_, value)) = Parser::new(DEPTH).parse(value) else {
        return BindNotes::default();
    };
    let tagged = |id: u64| {
        let parts = children(&value).unwrap_or_default();
        parts
            .iter()
            .find(|part| part.class == TagClass::Context && part.id == id)
    };
    let state = match tagged(1).and_then(bytes).and_then(integer) {
        Some(0) => Some(PasswordState::Expired),
        Some(1) => Some(PasswordState::Locked),
        Some(2) => Some(PasswordState::MustChange),
        // The others are about setting a password.
        _ => None,
    };
    let warning = tagged(0)
        .and_then(children)
        .and_then(<[StructureTag]>::first);
    let warning = warning.and_then(|warning| {
        let left = bytes(warning).and_then(integer)?;
        match warning.id {
            0 => Some(PasswordWarning::ExpiresIn(Duration::from_secs(left))),
            1 => Some(PasswordWarning::GraceLeft(left)),
            _ => None,
        }
    });
    BindNotes { state, warning }
}

/// A whole number that is not negative.
fn integer(bytes: &[u8]) -> Option<u64> {
    let is_number = !bytes.is_empty() && bytes.len() <= 8 && bytes[0] < 0x80;
    is_number.then(|| {
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    })
}

/// Netscape writes the seconds in digits.
fn seconds(digits: &[u8]) -> Option<Duration> {
    let text = std::str::from_utf8(digits).ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

fn children(tag: &StructureTag) -> Option<&[StructureTag]> {
    match &tag.payload {
        PL::C(parts) => Some(parts),
        PL::P(_) => None,
    }
}

fn bytes(tag: &StructureTag) -> Option<&[u8]> {
    match &tag.payload {
        PL::P(bytes) => Some(bytes),
        PL::C(_) => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// One element of BER, with a length of one byte.
    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut whole = vec![tag, u8::try_from(content.len()).unwrap()];
        whole.extend_from_slice(content);
        whole
    }

    /// A control as it stands in a message; `None` for one without a value.
    fn control(oid: &[u8], value: Option<&[u8]>) -> Vec<u8> {
        let mut content = element(4, oid);
        content.extend(value.map(|value| element(4, value)).unwrap_or_default());
        element(0x30, &content)
    }

    /// The policy's control with this inside its sequence.
    pub(in super::super) fn policy_control(inside: &[u8]) -> Vec<u8> {
        control(POLICY, Some(&element(0x30, inside)))
    }

    fn told(controls: &[Vec<u8>]) -> BindNotes {
        let whole = element(0xa0, &controls.concat());
        let (_, tag) = Parser::new(16).parse(&whole).unwrap();
        read(&tag)
    }

    fn state(state: PasswordState) -> BindNotes {
        BindNotes {
            state: Some(state),
            warning: None,
        }
    }

    fn warning(warning: PasswordWarning) -> BindNotes {
        BindNotes {
            state: None,
            warning: Some(warning),
        }
    }

    /// Byte by byte, as OpenLDAP and 389 Directory Server send them.
    #[test]
    fn the_policys_word_is_read() {
        use PasswordState::{Expired, Locked, MustChange};
        use PasswordWarning::{ExpiresIn, GraceLeft};
        let week = Duration::from_secs(604_800);
        for (inside, wanted) in [
            (&[][..], BindNotes::default()),
            (&[0x81, 1, 0], state(Expired)),
            (&[0x81, 1, 1], state(Locked)),
            (&[0x81, 1, 2], state(MustChange)),
            (&[0x81, 1, 8], BindNotes::default()),
            (&[0x81, 0], BindNotes::default()),
            (
                &[0xa0, 5, 0x80, 3, 0x09, 0x3a, 0x80],
                warning(ExpiresIn(week)),
            ),
            (&[0xa0, 3, 0x81, 1, 3], warning(GraceLeft(3))),
            (&[0xa0, 3, 0x81, 1, 0xff], BindNotes::default()),
            (&[0xa0, 3, 0x82, 1, 3], BindNotes::default()),
            (
                &[0xa0, 3, 0x81, 1, 0, 0x81, 1, 2],
                BindNotes {
                    state: Some(MustChange),
                    warning: Some(GraceLeft(0)),
                },
            ),
        ] {
            assert_eq!(told(&[policy_control(inside)]), wanted, "{inside:?}");
        }
        assert_eq!(told(&[control(POLICY, None)]), BindNotes::default());
        assert_eq!(told(&[]), BindNotes::default());
    }

    #[test]
    fn the_controls_of_netscape_are_read() {
        use PasswordState::{Expired, MustChange};
        let soon = PasswordWarning::ExpiresIn(Duration::from_secs(86_399));
        for (oid, value, wanted) in [
            (EXPIRED, Some(&b"0"[..]), state(Expired)),
            (EXPIRED, None, state(Expired)),
            (EXPIRING, Some(b"86399"), warning(soon)),
            (EXPIRING, Some(b"soon"), BindNotes::default()),
            (EXPIRING, None, BindNotes::default()),
            (b"2.16.840.1.113730.3.4.3", Some(b"0"), BindNotes::default()),
        ] {
            assert_eq!(told(&[control(oid, value)]), wanted, "{value:?}");
        }
        // With both, in either order, the policy's own is the more exact one.
        let (old, new) = (control(EXPIRED, Some(b"0")), policy_control(&[0x81, 1, 2]));
        assert_eq!(told(&[old.clone(), new.clone()]), state(MustChange));
        assert_eq!(told(&[new, old]), state(MustChange));
    }
}
