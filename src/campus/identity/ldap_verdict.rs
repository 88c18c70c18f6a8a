//! What the answer to a student's bind means: its code, what the controls beside it say of the password, the codes that
//! Active Directory hides in its text, and what the entry says of a lock. The server's text itself is never shown.

use std::time::Duration;

use jiff::Timestamp;
use ldap3_proto::proto::{LdapResult, LdapResultCode};

use super::SignInFailure;
use super::ldap_controls::{BindNotes, PasswordState, PasswordWarning};
use crate::visit::{Failure, SignInRefusal};

/// The attributes that tell of a lock, where the account that searches may read them: OpenLDAP's, 389's and Active
/// Directory's.
pub(super) const LOCK_ATTRIBUTES: [&str; 5] = [
    LOCKED_SINCE,
    LOCKED_UNTIL,
    UNLOCKED_AT,
    LOCKOUT_TIME,
    OWN_POLICY,
];
/// When an account was locked (draft-behera-ldap-password-policy-10, 5.3.3).
const LOCKED_SINCE: &str = "pwdAccountLockedTime";
/// When the pause after a wrong password ends (draft-behera-ldap-password-policy-11, 5.3.11).
const LOCKED_UNTIL: &str = "pwdAccountTmpLockoutEnd";
/// When 389 Directory Server opens an account again.
const UNLOCKED_AT: &str = "accountUnlockTime";
/// When Active Directory locked an account, zero where it did not ([MS-ADA1], lockoutTime). It stays when the lock ends.
const LOCKOUT_TIME: &str = "lockoutTime";
/// The policy that an account of Active Directory has in place of the domain's ([MS-ADA2], msDS-ResultantPSO).
const OWN_POLICY: &str = "msDS-ResultantPSO";
/// For how long Active Directory locks an account, negative, at the entry of the domain ([MS-ADA1], lockoutDuration).
pub(super) const LOCKOUT_DURATION: &str = "lockoutDuration";
/// Active Directory counts in a hundred nanoseconds, from 1601 on ([MS-DTYP] 2.3.3).
const TICKS_A_SECOND: u64 = 10_000_000;
/// From 1601 to 1970, in seconds.
const EPOCHS_APART: u64 = 11_644_473_600;
/// An older lock may have ended long ago: its moment stays in the entry.
const LONGEST_LOCK: Duration = Duration::from_secs(24 * 3600);

/// What an entry says of a lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum EntryLock {
    /// Nothing, or nothing that holds any more.
    #[default]
    None,
    /// It is locked, and it is not told for how long.
    Locked,
    /// It is locked for this long.
    For(Duration),
}

impl EntryLock {
    /// What an entry with these values says at this moment.
    pub fn read(value: impl Fn(&str) -> Option<String>, now: Timestamp) -> EntryLock {
        for attribute in [LOCKED_UNTIL, UNLOCKED_AT] {
            let Some(text) = value(attribute) else {
                continue;
            };
            // 389 writes the beginning of 1970 where only an administrator opens the account.
            if attribute == UNLOCKED_AT && text.starts_with("19700101") {
                return EntryLock::Locked;
            }
            match moment(&text).and_then(|until| between(now, until)) {
                Some(left) if left <= LONGEST_LOCK => return EntryLock::For(left),
                Some(_) => return EntryLock::Locked,
                None => {}
            }
        }
        match value(LOCKED_SINCE) {
            // By an administrator, for good.
            Some(text) if text.starts_with("00000101") => EntryLock::Locked,
            Some(text) => {
                let since = moment(&text).and_then(|since| between(since, now));
                match since {
                    Some(ago) if ago < LONGEST_LOCK => EntryLock::Locked,
                    _ => EntryLock::None,
                }
            }
            None => EntryLock::None,
        }
    }

    /// What an entry of Active Directory that was locked then says at this moment, under a policy that locks for this
    /// long. Without a number, and where only an administrator opens it, the lock has no end.
    pub fn by_policy(since: Timestamp, duration: &str, now: Timestamp) -> EntryLock {
        let ticks = match duration.trim().parse::<i64>() {
            Ok(0 | i64::MIN) => return EntryLock::Locked,
            Ok(ticks) if ticks < 0 => ticks.unsigned_abs(),
            Ok(_) | Err(_) => return EntryLock::None,
        };
        let long = Duration::from_secs(ticks / TICKS_A_SECOND);
        let until = since.checked_add(long).ok();
        match until.and_then(|until| between(now, until)) {
            Some(left) if left <= LONGEST_LOCK => EntryLock::For(left),
            Some(_) => EntryLock::Locked,
            None => EntryLock::None,
        }
    }

    fn refusal(self) -> SignInRefusal {
        match self {
            EntryLock::For(left) => SignInRefusal::LockedFor(left),
            EntryLock::None | EntryLock::Locked => SignInRefusal::Locked,
        }
    }
}

/// Since when Active Directory may have locked the account of an entry with these values, by the domain's policy.
pub(super) fn locked_by_domain(value: impl Fn(&str) -> Option<String>) -> Option<Timestamp> {
    if value(OWN_POLICY).is_some() {
        return None;
    }
    let ticks = value(LOCKOUT_TIME)?.parse::<u64>().ok()?;
    let second = (ticks / TICKS_A_SECOND).checked_sub(EPOCHS_APART)?;
    Timestamp::from_second(i64::try_from(second).ok()?).ok()
}

/// The entry of the domain that this entry of Active Directory is in: its last parts, which are domain components (RFC 2247).
pub(super) fn domain_of(dn: &str) -> Option<String> {
    let parts: Vec<&str> = dn.split(',').collect();
    let is_component = |part: &str| {
        let head = part.trim_start().get(..3);
        head.is_some_and(|head| head.eq_ignore_ascii_case("dc="))
    };
    let others = parts.iter().rposition(|part| !is_component(part));
    let from = others.map_or(0, |at| at.saturating_add(1));
    let domain = parts.get(from..)?.join(",").trim().to_owned();
    (!domain.is_empty()).then_some(domain)
}

/// Whether the password was right and may be used.
///
/// # Errors
/// What the answer means otherwise.
pub(crate) fn verdict(
    answer: &LdapResult,
    notes: BindNotes,
    lock: EntryLock,
) -> Result<(), SignInFailure> {
    let rejected = |why| Err(Failure::Rejected(why));
    if answer.code == LdapResultCode::Success {
        return accepted(notes);
    }
    match notes.state {
        Some(PasswordState::Locked) => return rejected(lock.refusal()),
        Some(PasswordState::Expired | PasswordState::MustChange) => {
            return rejected(SignInRefusal::MustChange);
        }
        None => {}
    }
    match &answer.code {
        LdapResultCode::InvalidCredentials => Err(active_directory(&answer.message, lock)),
        LdapResultCode::NoSuchObject | LdapResultCode::InappropriateAuthentication => {
            rejected(SignInRefusal::WrongPassword)
        }
        // 389 Directory Server: too many wrong passwords, and an account that is switched off.
        LdapResultCode::ConstraintViolation => rejected(lock.refusal()),
        LdapResultCode::UnwillingToPerform => rejected(SignInRefusal::Disabled),
        // Among them a name that is no DN to this server, by `bind_as`: no student could sign in.
        _ => Err(unusable("the sign-in is refused", answer)),
    }
}

/// The server took the password: a warning signs in, but not one that has to be changed before anything else.
fn accepted(notes: BindNotes) -> Result<(), SignInFailure> {
    match notes.warning {
        Some(PasswordWarning::ExpiresIn(left)) => {
            let days = left.as_secs() / 86_400;
            tracing::info!(days, "ldap: the password expires soon");
        }
        Some(PasswordWarning::GraceLeft(left)) => {
            tracing::info!(
                left,
                "ldap: the password has expired; grace sign-ins are left"
            );
        }
        None => {}
    }
    let is_grace = matches!(notes.warning, Some(PasswordWarning::GraceLeft(_)));
    match notes.state {
        Some(PasswordState::Expired) if is_grace => Ok(()),
        Some(PasswordState::Expired | PasswordState::MustChange) => {
            Err(Failure::Rejected(SignInRefusal::MustChange))
        }
        Some(PasswordState::Locked) | None => Ok(()),
    }
}

/// Active Directory answers everything with "invalid credentials", and says more in its text alone: `AcceptSecurityContext
/// error, data 773, v4563`. The number is a Windows error in hexadecimal digits ([MS-ERREF] 2.2).
fn active_directory(message: &str, lock: EntryLock) -> SignInFailure {
    let why = match data_code(message) {
        // No such user, wrong password.
        Some(0x525 | 0x52e) => SignInRefusal::WrongPassword,
        // Outside the logon hours.
        Some(0x530) => SignInRefusal::NotAtThisHour,
        // Not from this workstation; this kind of logon is not granted here.
        Some(0x531 | 0x534) => SignInRefusal::AddressBarred,
        // The password has expired; it must be changed at the first logon.
        Some(0x532 | 0x773) => SignInRefusal::MustChange,
        Some(0x533) => SignInRefusal::Disabled,
        Some(0x701) => SignInRefusal::AccountExpired,
        Some(0x775) => lock.refusal(),
        // The password is right, and the account is in too many groups, or restricted by another rule.
        Some(code @ (0x52f | 0x568)) => {
            return Failure::Misconfigured(format!(
                "LDAP: Active Directory restricts this account (data {code:x})"
            ));
        }
        _ if lock != EntryLock::None => lock.refusal(),
        _ => SignInRefusal::WrongPassword,
    };
    Failure::Rejected(why)
}

/// The hexadecimal digits behind the word `data`.
fn data_code(message: &str) -> Option<u32> {
    let (_, rest) = message.split_once("data ")?;
    let end = rest
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(rest.len());
    u32::from_str_radix(rest.get(..end)?, 16).ok()
}

/// Something only an administrator can mend. The server's own text is not repeated.
pub(super) fn unusable(what: &str, answer: &LdapResult) -> SignInFailure {
    match answer.code {
        LdapResultCode::Busy | LdapResultCode::Unavailable | LdapResultCode::TimeLimitExceeded => {
            Failure::Unavailable
        }
        _ => Failure::Misconfigured(format!("LDAP: {what} ({:?})", answer.code)),
    }
}

/// GeneralizedTime (RFC 4517 3.3.13), in UTC, as these attributes have it; its fractions are left out.
fn moment(text: &str) -> Option<Timestamp> {
    let (date, clock) = (text.get(..8)?, text.get(8..14)?);
    text.ends_with('Z').then_some(())?;
    format!("{date}T{clock}Z").parse().ok()
}

/// How long it is from one moment to a later one.
fn between(one: Timestamp, later: Timestamp) -> Option<Duration> {
    Duration::try_from(later.duration_since(one)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(code: LdapResultCode, message: &str) -> LdapResult {
        LdapResult {
            code,
            matcheddn: String::new(),
            message: message.to_owned(),
            referral: Vec::new(),
        }
    }

    fn rejected(why: SignInRefusal) -> Result<(), SignInFailure> {
        Err(Failure::Rejected(why))
    }

    fn noted(state: Option<PasswordState>, warning: Option<PasswordWarning>) -> BindNotes {
        BindNotes { state, warning }
    }

    #[test]
    fn each_code_of_active_directory_has_its_outcome() {
        // As Windows Server writes it, and as Samba does.
        for written in [
            "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data #, v4563\0",
            "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data #, v1db1",
        ] {
            let told = |code: &str, lock| {
                let message = written.replace('#', code);
                let answer = result(LdapResultCode::InvalidCredentials, &message);
                verdict(&answer, BindNotes::default(), lock)
            };
            for (code, why) in [
                ("525", SignInRefusal::WrongPassword),
                ("52e", SignInRefusal::WrongPassword),
                ("52E", SignInRefusal::WrongPassword),
                ("530", SignInRefusal::NotAtThisHour),
                ("531", SignInRefusal::AddressBarred),
                ("532", SignInRefusal::MustChange),
                ("533", SignInRefusal::Disabled),
                ("534", SignInRefusal::AddressBarred),
                ("701", SignInRefusal::AccountExpired),
                ("773", SignInRefusal::MustChange),
                ("775", SignInRefusal::Locked),
                // Part of no code, and none that is known.
                ("7731", SignInRefusal::WrongPassword),
                ("0", SignInRefusal::WrongPassword),
                ("", SignInRefusal::WrongPassword),
            ] {
                assert_eq!(told(code, EntryLock::None), rejected(why), "{code}");
            }
            for code in ["52f", "568"] {
                let why = format!("LDAP: Active Directory restricts this account (data {code})");
                let wanted = Err(Failure::Misconfigured(why));
                assert_eq!(told(code, EntryLock::None), wanted);
            }
            let half_an_hour = Duration::from_secs(1800);
            assert_eq!(
                told("775", EntryLock::For(half_an_hour)),
                rejected(SignInRefusal::LockedFor(half_an_hour))
            );
        }
    }

    #[test]
    fn each_code_of_a_bind_has_its_outcome() {
        use LdapResultCode as Code;
        let told = |code, lock| verdict(&result(code, ""), BindNotes::default(), lock);
        let wrong = rejected(SignInRefusal::WrongPassword);
        let locked = rejected(SignInRefusal::Locked);
        assert_eq!(told(Code::Success, EntryLock::Locked), Ok(()));
        assert_eq!(told(Code::InvalidCredentials, EntryLock::None), wrong);
        assert_eq!(told(Code::InvalidCredentials, EntryLock::Locked), locked);
        assert_eq!(told(Code::NoSuchObject, EntryLock::None), wrong);
        assert_eq!(told(Code::ConstraintViolation, EntryLock::None), locked);
        let minute = Duration::from_secs(60);
        assert_eq!(
            told(Code::ConstraintViolation, EntryLock::For(minute)),
            rejected(SignInRefusal::LockedFor(minute))
        );
        assert_eq!(
            told(Code::UnwillingToPerform, EntryLock::None),
            rejected(SignInRefusal::Disabled)
        );
        for code in [Code::Busy, Code::Unavailable] {
            assert_eq!(told(code, EntryLock::None), Err(Failure::Unavailable));
        }
        for (code, named) in [
            (Code::Referral, "Referral"),
            (Code::InvalidDNSyntax, "InvalidDNSyntax"),
        ] {
            let refused = result(code, "ldap://evil.example\u{1b}[2J");
            let text = format!("LDAP: the sign-in is refused ({named})");
            assert_eq!(
                verdict(&refused, BindNotes::default(), EntryLock::None),
                Err(Failure::Misconfigured(text))
            );
        }
    }

    #[test]
    fn a_password_that_must_be_changed_is_told_as_that_also_where_it_is_taken() {
        use LdapResultCode as Code;
        use PasswordState::{Expired, Locked, MustChange};
        let grace = Some(PasswordWarning::GraceLeft(2));
        let soon = Some(PasswordWarning::ExpiresIn(Duration::from_secs(600)));
        let must_change = || rejected(SignInRefusal::MustChange);
        let locked = || rejected(SignInRefusal::Locked);
        for (code, notes, wanted) in [
            (Code::Success, noted(None, soon), Ok(())),
            (Code::Success, noted(None, grace), Ok(())),
            (Code::Success, noted(Some(Expired), grace), Ok(())),
            (Code::Success, noted(Some(Expired), None), must_change()),
            (Code::Success, noted(Some(MustChange), None), must_change()),
            (Code::Success, noted(Some(MustChange), grace), must_change()),
            (
                Code::InvalidCredentials,
                noted(Some(Expired), None),
                must_change(),
            ),
            (
                Code::InvalidCredentials,
                noted(Some(MustChange), None),
                must_change(),
            ),
            (
                Code::InvalidCredentials,
                noted(Some(Locked), None),
                locked(),
            ),
            (
                Code::UnwillingToPerform,
                noted(Some(Locked), None),
                locked(),
            ),
        ] {
            let judged = verdict(&result(code.clone(), ""), notes, EntryLock::None);
            assert_eq!(judged, wanted, "{code:?} {notes:?}");
        }
    }

    #[test]
    fn a_lock_is_read_from_the_entry_with_its_end() {
        let now: Timestamp = "2026-09-01T08:00:00Z".parse().unwrap();
        let read = |name: &str, text: &str| {
            EntryLock::read(|asked| (asked == name).then(|| text.to_owned()), now)
        };
        let minutes = |minutes: u64| EntryLock::For(Duration::from_secs(60 * minutes));
        for (name, text, wanted) in [
            (LOCKED_SINCE, "20260901070000Z", EntryLock::Locked),
            (LOCKED_SINCE, "20260901070000.123456Z", EntryLock::Locked),
            (LOCKED_SINCE, "000001010000Z", EntryLock::Locked),
            (LOCKED_SINCE, "00000101000000Z", EntryLock::Locked),
            (LOCKED_SINCE, "20260830070000Z", EntryLock::None),
            (LOCKED_SINCE, "20261399000000Z", EntryLock::None),
            (LOCKED_SINCE, "", EntryLock::None),
            (UNLOCKED_AT, "20260901083000Z", minutes(30)),
            (UNLOCKED_AT, "20260901075900Z", EntryLock::None),
            (UNLOCKED_AT, "19700101000000Z", EntryLock::Locked),
            (UNLOCKED_AT, "20380119031407Z", EntryLock::Locked),
            (LOCKED_UNTIL, "20260901080500Z", minutes(5)),
            (LOCKOUT_TIME, "134014176000000000", EntryLock::None),
        ] {
            assert_eq!(read(name, text), wanted, "{name} {text}");
        }
    }

    #[test]
    fn a_lock_of_active_directory_ends_by_the_domains_policy() {
        let now: Timestamp = "2026-09-01T08:00:00Z".parse().unwrap();
        let minutes = |minutes: u64| EntryLock::For(Duration::from_secs(60 * minutes));
        let began = |lockout_time: &str, own_policy: Option<&str>| {
            locked_by_domain(|asked| match asked {
                LOCKOUT_TIME => Some(lockout_time.to_owned()),
                OWN_POLICY => own_policy.map(str::to_owned),
                _ => None,
            })
        };
        // 2026-09-01T07:50:00Z, as `w32tm /ntte` reads it.
        let ten_ago = "134327226000000000";
        let since = began(ten_ago, None).unwrap();
        assert_eq!(since.to_string(), "2026-09-01T07:50:00Z");
        for none in ["0", "", "-1", "x", "1"] {
            assert_eq!(began(none, None), None, "{none}");
        }
        assert_eq!(began(ten_ago, Some("CN=strict,DC=campus")), None);
        for (duration, wanted) in [
            // Half an hour, five minutes, and two days.
            ("-18000000000", minutes(20)),
            ("-3000000000", EntryLock::None),
            ("-1728000000000", EntryLock::Locked),
            ("0", EntryLock::Locked),
            ("-9223372036854775808", EntryLock::Locked),
            ("18000000000", EntryLock::None),
            ("", EntryLock::None),
        ] {
            assert_eq!(
                EntryLock::by_policy(since, duration, now),
                wanted,
                "{duration}"
            );
        }
    }

    #[test]
    fn the_domain_of_an_entry_is_its_last_components() {
        for (dn, domain) in [
            (
                "CN=张三,OU=学生,DC=campus,DC=test",
                Some("DC=campus,DC=test"),
            ),
            (
                "uid=1, ou=x, dc=campus, dc=test",
                Some("dc=campus, dc=test"),
            ),
            ("DC=a,OU=x,DC=campus", Some("DC=campus")),
            ("DC=campus,DC=test", Some("DC=campus,DC=test")),
            ("uid=1,o=campus", None),
            ("", None),
        ] {
            assert_eq!(domain_of(dn).as_deref(), domain, "{dn}");
        }
    }
}
