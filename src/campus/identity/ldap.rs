//! Identity by LDAP: the service account looks for the student's entry, and a bind as that entry judges the password
//! (RFC 4511 4.2, 4.5). Private, or on this machine itself; referrals are not followed, every answer is bounded.
//!
//! Messages are read and written by `ldap3_proto`, the codec of a server, over a connection of this desk's own. The client
//! `ldap3` panics on a malformed answer and reads one of any length.

use std::future::Future;
use std::sync::Arc;

use ldap3_proto::control::LdapControl;
use ldap3_proto::proto::{
    LdapBindCred, LdapBindRequest, LdapBindResponse, LdapDerefAliases, LdapOp, LdapResult,
    LdapResultCode, LdapSearchRequest, LdapSearchResultEntry, LdapSearchScope,
};
use rustls::ClientConfig;
use tokio::time::{Instant, timeout_at};

use super::SignInFailure;
pub use super::ldap_filter::{FilterError, NumberFilter};
use super::ldap_wire::{Broken, LdapWire, Policy};
pub use super::ldap_wire::{LdapAddress, LdapAddressError};
use super::ways::{Judging, Missed, PasswordWay};
use crate::campus::http::{Http, Timing};
use crate::campus::{Probed, Probing, UNKNOWN_ACCOUNT, without_refusal};
use crate::visit::{Failure, Name, Secret, SignInRefusal, Student, StudentNumber};

/// This adapter's name in the configuration.
pub const NAME: &str = "ldap";
/// When an account was locked, where the service account may read it (draft-behera-ldap-password-policy-10, 5.3.3).
const LOCKED_TIME: &str = "pwdAccountLockedTime";
/// How long the server may search, in seconds.
const SEARCH_SECONDS: i32 = 5;

/// How a directory is laid out.
#[derive(Debug)]
pub struct LdapOptions {
    /// The server.
    pub address: LdapAddress,
    /// The account that searches, and its password; `None` for an anonymous search.
    pub service: Option<(String, Secret)>,
    /// The entry below which the search runs.
    pub base: String,
    /// The filter that fits one student's entry.
    pub filter: NumberFilter,
    /// The attributes that hold the student's number and name.
    pub number_attribute: String,
    /// The attribute that holds the name.
    pub name_attribute: String,
}

/// A directory that judges passwords.
pub struct Ldap {
    options: LdapOptions,
    tls: Arc<ClientConfig>,
    timing: Timing,
}

/// What the search found.
struct LdapEntry {
    dn: String,
    student: Student,
    /// Whether the directory reports the account as locked, where this can be read.
    is_locked: bool,
}

impl Ldap {
    /// A directory that is reached with the TLS configuration and the deadlines of `like`.
    pub fn new(options: LdapOptions, like: &Http) -> Self {
        let (tls, timing) = like.for_others();
        Ldap {
            options,
            tls,
            timing,
        }
    }

    async fn sign_in(&self, number: &str, password: &Secret) -> Result<Student, Missed> {
        let deadline = Instant::now() + self.timing.total;
        let prepared = in_time(deadline, self.find(number)).await;
        let (mut wire, entry) = prepared.map_err(Missed::Kept)?;
        let nobody = || Ok(format!("uid={},{}", unheard_of()?, self.options.base));
        let dn = match &entry {
            Some(entry) => entry.dn.clone(),
            // An unknown account takes as long as a known one, and gets the same answer.
            None => nobody().map_err(Missed::Kept)?,
        };
        let judged = in_time(deadline, bind(&mut wire, &dn, password)).await;
        let (answer, policy) = judged.map_err(Missed::Sent)?;
        let Some(entry) = entry else {
            return Err(Missed::Sent(Failure::Rejected(
                SignInRefusal::WrongPassword,
            )));
        };
        match refusal(&answer.res, policy, entry.is_locked) {
            None => Ok(entry.student),
            Some(why) => Err(Missed::Sent(why)),
        }
    }

    /// Connects and looks for the student's entry, as the service account.
    async fn find(&self, number: &str) -> Result<(LdapWire, Option<LdapEntry>), SignInFailure> {
        let dialled = LdapWire::dial(&self.options.address, &self.tls, self.timing.connect).await;
        let mut wire = dialled.map_err(broken)?;
        if let Some((dn, secret)) = &self.options.service {
            let (answer, _) = bind(&mut wire, dn, secret).await?;
            if answer.res.code != LdapResultCode::Success {
                return Err(unusable("the service account cannot sign in", &answer.res));
            }
        }
        let entry = self.search(&mut wire, number).await?;
        Ok((wire, entry))
    }

    async fn search(
        &self,
        wire: &mut LdapWire,
        number: &str,
    ) -> Result<Option<LdapEntry>, SignInFailure> {
        let LdapOptions {
            number_attribute,
            name_attribute,
            ..
        } = &self.options;
        let request = LdapSearchRequest {
            base: self.options.base.clone(),
            scope: LdapSearchScope::Subtree,
            aliases: LdapDerefAliases::Never,
            // A second one would be one too many.
            sizelimit: 2,
            timelimit: SEARCH_SECONDS,
            typesonly: false,
            filter: self.options.filter.with(number),
            attrs: vec![
                number_attribute.clone(),
                name_attribute.clone(),
                LOCKED_TIME.to_owned(),
            ],
        };
        wire.send(LdapOp::SearchRequest(request), None)
            .await
            .map_err(broken)?;
        let mut found: Vec<LdapSearchResultEntry> = Vec::new();
        let end = loop {
            match wire.answer().await.map_err(broken)?.0 {
                LdapOp::SearchResultEntry(entry) => found.push(entry),
                // A referral to another server, which is not configured here.
                LdapOp::SearchResultReference(_) | LdapOp::IntermediateResponse(_) => {}
                LdapOp::SearchResultDone(end) => break end,
                _ => return Err(broken(Broken::Garbage)),
            }
        };
        match end.code {
            LdapResultCode::Success | LdapResultCode::SizeLimitExceeded => {}
            _ => return Err(unusable("the search is refused", &end)),
        }
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(entry), None) => self.read(entry).map(Some),
            _ => Err(Failure::Misconfigured(
                "LDAP: the filter fits several entries for one number".into(),
            )),
        }
    }

    fn read(&self, entry: LdapSearchResultEntry) -> Result<LdapEntry, SignInFailure> {
        let text = |wanted: &str| {
            let attribute = entry
                .attributes
                .iter()
                .find(|attribute| attribute.atype.eq_ignore_ascii_case(wanted))?;
            let value = attribute.vals.first()?;
            Some(String::from_utf8_lossy(value).into_owned())
        };
        let number = text(&self.options.number_attribute).unwrap_or_default();
        let number = StudentNumber::from_campus(&number);
        if number.as_str().is_empty() {
            let text = format!("LDAP: the entry has no {}", self.options.number_attribute);
            return Err(Failure::Misconfigured(text));
        }
        let name = Name::new(&text(&self.options.name_attribute).unwrap_or_default());
        Ok(LdapEntry {
            student: Student { number, name },
            is_locked: text(LOCKED_TIME).is_some_and(|time| is_recent(&time)),
            dn: entry.dn,
        })
    }
}

impl PasswordWay for Ldap {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a> {
        Box::pin(self.sign_in(student.as_str(), password))
    }

    /// The service account signs in and searches for an entry that does not exist.
    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let deadline = Instant::now() + self.timing.total;
            let found = in_time(deadline, self.find(UNKNOWN_ACCOUNT)).await;
            vec![Probed {
                gateway: "identity.ldap",
                said: found.map(|_| ()).map_err(without_refusal),
                ahead: None,
            }]
        })
    }
}

/// A simple bind that requests the password policy's answer. The password is not empty: some servers take an empty one
/// for an anonymous bind and accept it (RFC 4513 5.1.2).
async fn bind(
    wire: &mut LdapWire,
    dn: &str,
    password: &Secret,
) -> Result<(LdapBindResponse, Option<Policy>), SignInFailure> {
    let request = LdapBindRequest {
        version: 3,
        dn: dn.to_owned(),
        cred: LdapBindCred::Simple(password.expose().to_owned()),
    };
    let policy = LdapControl::PasswordPolicyRequest { criticality: false };
    let sent = wire.send(LdapOp::BindRequest(request), Some(policy)).await;
    sent.map_err(broken)?;
    match wire.answer().await.map_err(broken)? {
        (LdapOp::BindResponse(answer), policy) => Ok((answer, policy)),
        _ => Err(broken(Broken::Garbage)),
    }
}

/// What an answer to the student's bind means; `None` where the password was right.
fn refusal(answer: &LdapResult, policy: Option<Policy>, is_locked: bool) -> Option<SignInFailure> {
    let rejected = |why| Some(Failure::Rejected(why));
    // Active Directory gives details only in its text (its documentation of bind errors).
    let says = |code: &str| answer.message.contains(code);
    match answer.code {
        LdapResultCode::Success => None,
        LdapResultCode::InvalidCredentials => match policy {
            Some(Policy::Locked) => rejected(SignInRefusal::Locked),
            Some(Policy::Expired) => rejected(SignInRefusal::Disabled),
            _ if is_locked || says("data 775") => rejected(SignInRefusal::Locked),
            _ if ["data 532", "data 533", "data 701", "data 773"]
                .iter()
                .any(|code| says(code)) =>
            {
                rejected(SignInRefusal::Disabled)
            }
            _ => rejected(SignInRefusal::WrongPassword),
        },
        LdapResultCode::NoSuchObject | LdapResultCode::InappropriateAuthentication => {
            rejected(SignInRefusal::WrongPassword)
        }
        // 389 Directory Server: too many wrong passwords, and an account that is switched off.
        LdapResultCode::ConstraintViolation => rejected(SignInRefusal::Locked),
        LdapResultCode::UnwillingToPerform => rejected(SignInRefusal::Disabled),
        LdapResultCode::Busy | LdapResultCode::Unavailable => Some(Failure::Unavailable),
        _ => Some(unusable("the sign-in is refused", answer)),
    }
}

/// Something only an administrator can mend. The server's own text is not repeated.
fn unusable(what: &str, answer: &LdapResult) -> SignInFailure {
    match answer.code {
        LdapResultCode::Busy | LdapResultCode::Unavailable | LdapResultCode::TimeLimitExceeded => {
            Failure::Unavailable
        }
        _ => Failure::Misconfigured(format!("LDAP: {what} ({:?})", answer.code)),
    }
}

fn broken(why: Broken) -> SignInFailure {
    tracing::warn!(%why, "ldap: no answer");
    match why {
        Broken::Dial | Broken::Tls | Broken::Cut => Failure::Offline,
        Broken::Garbage | Broken::TooLong => Failure::Unavailable,
    }
}

async fn in_time<T>(
    deadline: Instant,
    call: impl Future<Output = Result<T, SignInFailure>>,
) -> Result<T, SignInFailure> {
    let answered = timeout_at(deadline, call).await;
    answered.unwrap_or_else(|_| {
        tracing::warn!("ldap: no answer in time");
        Err(Failure::Offline)
    })
}

/// A name that no entry has.
fn unheard_of() -> Result<String, SignInFailure> {
    let mut random = [0u8; 12];
    getrandom::fill(&mut random)
        .map_err(|_| Failure::Misconfigured("this machine gives no randomness".into()))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Locked for good, or not longer than a day ago: an older moment stays in the attribute after the lock has ended.
fn is_recent(time: &str) -> bool {
    if time.starts_with("00000101") {
        return true;
    }
    let (Some(date), Some(clock)) = (time.get(..8), time.get(8..14)) else {
        return false;
    };
    let text = format!("{date}T{clock}Z");
    let Ok(since) = text.parse::<jiff::Timestamp>() else {
        return false;
    };
    let day = jiff::SignedDuration::from_hours(24);
    jiff::Timestamp::now().duration_since(since) < day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_to_a_bind_has_its_kind() {
        let describe = |code, message: &str, policy, is_locked| {
            let answer = LdapResult {
                code,
                matcheddn: String::new(),
                message: message.to_owned(),
                referral: Vec::new(),
            };
            refusal(&answer, policy, is_locked)
        };
        use LdapResultCode as Code;
        let rejected = |why| Some(Failure::Rejected(why));
        let wrong = rejected(SignInRefusal::WrongPassword);
        let locked = rejected(SignInRefusal::Locked);
        let disabled = rejected(SignInRefusal::Disabled);
        let bad = Code::InvalidCredentials;
        let ad = |code: &str| {
            describe(
                bad.clone(),
                &format!(
                    "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data {code}, v4563"
                ),
                None,
                false,
            )
        };
        assert_eq!(describe(Code::Success, "", Some(Policy::Other), true), None);
        assert_eq!(describe(bad.clone(), "", None, false), wrong);
        assert_eq!(
            describe(bad.clone(), "", Some(Policy::Locked), false),
            locked
        );
        assert_eq!(
            describe(bad.clone(), "", Some(Policy::Expired), false),
            disabled
        );
        assert_eq!(describe(bad.clone(), "", Some(Policy::Other), true), locked);
        assert_eq!(
            [ad("52e"), ad("775"), ad("533")],
            [wrong.clone(), locked.clone(), disabled.clone()]
        );
        assert_eq!(describe(Code::NoSuchObject, "", None, false), wrong);
        assert_eq!(describe(Code::ConstraintViolation, "", None, false), locked);
        assert_eq!(
            describe(Code::UnwillingToPerform, "", None, false),
            disabled
        );
        assert_eq!(
            describe(Code::Busy, "", None, false),
            Some(Failure::Unavailable)
        );
        let referral = describe(Code::Referral, "ldap://evil.example\u{1b}[2J", None, false);
        let text = "LDAP: the sign-in is refused (Referral)".to_owned();
        assert_eq!(referral, Some(Failure::Misconfigured(text)));
    }

    #[test]
    fn an_old_lock_is_over() {
        let now = jiff::Timestamp::now();
        let written = |hours| {
            let moment = now - jiff::SignedDuration::from_hours(hours);
            moment.strftime("%Y%m%d%H%M%SZ").to_string()
        };
        assert!(
            is_recent(&written(1)) && is_recent("000001010000Z") && is_recent("00000101000000Z")
        );
        assert!(!is_recent(&written(30)) && !is_recent("") && !is_recent("20261399000000Z"));
    }
}
