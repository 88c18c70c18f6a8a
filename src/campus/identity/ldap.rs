//! Identity by LDAP: the service account looks for the student's entry, and a bind as that entry judges the password
//! (RFC 4511 4.2, 4.5); or the student binds by a name with the number in it, and reads their own entry. Private, or on
//! this machine itself; referrals are not followed, every answer is bounded.
//!
//! Messages are read and written by `ldap3_proto`, the codec of a server, over a connection of this desk's own. The client
//! `ldap3` panics on a malformed answer and reads one of any length.

use std::future::Future;
use std::sync::Arc;

use ldap3_proto::control::LdapControl;
use ldap3_proto::proto::{
    LdapBindCred, LdapBindRequest, LdapBindResponse, LdapDerefAliases, LdapFilter, LdapOp,
    LdapResult, LdapResultCode, LdapSearchRequest, LdapSearchResultEntry, LdapSearchScope,
};
use rustls::ClientConfig;
use tokio::time::{Instant, timeout_at};

use super::SignInFailure;
pub use super::ldap_bind_name::{BindName, BindNameError};
use super::ldap_controls::BindNotes;
pub use super::ldap_filter::{FilterError, NumberFilter};
use super::ldap_verdict::{
    EntryLock, LOCK_ATTRIBUTES, LOCKOUT_DURATION, domain_of, locked_by_domain, unusable, verdict,
};
use super::ldap_wire::{Broken, LdapWire};
pub use super::ldap_wire::{LdapAddress, LdapAddressError};
use super::ways::{Judging, Missed, PasswordWay};
use crate::campus::http::{Http, Timing};
use crate::campus::{Probed, Probing, UNKNOWN_ACCOUNT, without_refusal};
use crate::visit::{Failure, Name, Secret, SignInRefusal, Student, StudentNumber};

/// This adapter's name in the configuration.
pub const NAME: &str = "ldap";
/// How long the server may search, in seconds.
const SEARCH_SECONDS: i32 = 5;

/// How a directory is laid out.
#[derive(Debug)]
pub struct LdapOptions {
    /// The server.
    pub address: LdapAddress,
    /// The account that searches, and its password.
    pub service: Option<(String, Secret)>,
    /// The name that students bind by, instead of the name of the entry that was found. Without an account that searches
    /// they bind first, and read their own entry.
    pub bind_as: Option<BindName>,
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
pub(crate) struct LdapEntry {
    dn: String,
    pub student: Student,
    /// What the entry says of a lock, where this can be read.
    lock: EntryLock,
    /// Since when Active Directory may have locked it: for how long is said by its domain.
    locked_by_domain: Option<jiff::Timestamp>,
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

    /// The name that students bind by before anything is searched.
    fn binds_first(&self) -> Option<&BindName> {
        let name = self.options.bind_as.as_ref();
        name.filter(|_| self.options.service.is_none())
    }

    /// Searches, then binds as what was found.
    async fn sign_in(&self, number: &str, password: &Secret) -> Result<Student, Missed> {
        let deadline = Instant::now() + self.timing.total;
        let prepared = in_time(deadline, async {
            let mut wire = self.dial().await.map_err(broken)?;
            let entry = self.find(&mut wire, number).await?;
            Ok((wire, entry))
        });
        let (mut wire, entry) = prepared.await.map_err(Missed::Kept)?;
        let nobody = || Ok(format!("uid={},{}", unheard_of()?, self.options.base));
        let dn = match (&entry, &self.options.bind_as) {
            (Some(_), Some(name)) => name.with(number),
            (Some(entry), None) => entry.dn.clone(),
            // An unknown account takes as long as a known one, and gets the same answer.
            (None, _) => nobody().map_err(Missed::Kept)?,
        };
        let judged = in_time(deadline, bind(&mut wire, &dn, password)).await;
        let (answer, notes) = judged.map_err(Missed::Sent)?;
        let Some(entry) = entry else {
            return Err(Missed::Sent(Failure::Rejected(
                SignInRefusal::WrongPassword,
            )));
        };
        verdict(&answer.res, notes, entry.lock).map_err(Missed::Sent)?;
        Ok(entry.student)
    }

    /// Binds by the configured name, then searches as the student.
    async fn sign_in_as(
        &self,
        name: &BindName,
        number: &str,
        password: &Secret,
    ) -> Result<Student, Missed> {
        let deadline = Instant::now() + self.timing.total;
        let dialled = in_time(deadline, async { self.dial().await.map_err(broken) });
        let mut wire = dialled.await.map_err(Missed::Kept)?;
        let judged = in_time(deadline, async {
            let (answer, notes) = bind(&mut wire, &name.with(number), password).await?;
            verdict(&answer.res, notes, EntryLock::None)?;
            let entry = self.search(&mut wire, number).await?;
            entry.map(|entry| entry.student).ok_or_else(|| {
                let text = "LDAP: nobody signed in is found: do base and filter fit bind_as?";
                Failure::Misconfigured(text.into())
            })
        });
        judged.await.map_err(Missed::Sent)
    }

    async fn dial(&self) -> Result<LdapWire, Broken> {
        LdapWire::dial(&self.options.address, &self.tls, self.timing.connect).await
    }

    /// Looks for the student's entry, as the service account.
    async fn find(
        &self,
        wire: &mut LdapWire,
        number: &str,
    ) -> Result<Option<LdapEntry>, SignInFailure> {
        if let Some((dn, secret)) = &self.options.service {
            let (answer, _) = bind(wire, dn, secret).await?;
            if answer.res.code != LdapResultCode::Success {
                return Err(unusable("the service account cannot sign in", &answer.res));
            }
        }
        let Some(mut entry) = self.search(wire, number).await? else {
            return Ok(None);
        };
        if entry.lock == EntryLock::None
            && let Some(since) = entry.locked_by_domain
        {
            entry.lock = domain_lock(wire, &entry.dn, since).await?;
        }
        Ok(Some(entry))
    }

    /// Reads the server's own entry, which needs no account (RFC 4512 5.1). Whatever it answers, it is LDAP.
    async fn greet(&self, wire: &mut LdapWire) -> Result<(), SignInFailure> {
        let request = LdapSearchRequest {
            base: String::new(),
            scope: LdapSearchScope::Base,
            aliases: LdapDerefAliases::Never,
            sizelimit: 1,
            timelimit: SEARCH_SECONDS,
            typesonly: true,
            filter: LdapFilter::Present("objectClass".to_owned()),
            attrs: vec!["supportedLDAPVersion".to_owned()],
        };
        let sent = wire.send(LdapOp::SearchRequest(request), None).await;
        sent.map_err(broken)?;
        match wire.answer().await.map_err(broken)?.0 {
            LdapOp::SearchResultEntry(_) | LdapOp::SearchResultDone(_) => Ok(()),
            _ => Err(broken(Broken::Garbage)),
        }
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
            attrs: [number_attribute.as_str(), name_attribute]
                .into_iter()
                .chain(LOCK_ATTRIBUTES)
                .map(str::to_owned)
                .collect(),
        };
        let (found, end) = found(wire, request).await?;
        match end.code {
            LdapResultCode::Success | LdapResultCode::SizeLimitExceeded => {}
            _ => return Err(unusable("the search is refused", &end)),
        }
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(entry), None) => self.read(entry, number).map(Some),
            _ => Err(Failure::Misconfigured(
                "LDAP: the filter fits several entries for one number".into(),
            )),
        }
    }

    pub(crate) fn read(
        &self,
        entry: LdapSearchResultEntry,
        typed: &str,
    ) -> Result<LdapEntry, SignInFailure> {
        let values = |wanted: &str| values(&entry, wanted);
        let attribute = &self.options.number_attribute;
        let number = number_of(values(attribute), typed).map_err(|why| {
            Failure::Misconfigured(format!("LDAP: the entry has {why} {attribute}"))
        })?;
        let name = name_of(values(&self.options.name_attribute), number.as_str());
        let first = |attribute: &str| values(attribute).into_iter().next();
        let lock = EntryLock::read(first, jiff::Timestamp::now());
        let locked_by_domain = locked_by_domain(first);
        Ok(LdapEntry {
            student: Student { number, name },
            lock,
            locked_by_domain,
            dn: entry.dn,
        })
    }
}

/// Sends a search; gives the entries that it found, and how it ended.
async fn found(
    wire: &mut LdapWire,
    request: LdapSearchRequest,
) -> Result<(Vec<LdapSearchResultEntry>, LdapResult), SignInFailure> {
    wire.send(LdapOp::SearchRequest(request), None)
        .await
        .map_err(broken)?;
    let mut found = Vec::new();
    loop {
        match wire.answer().await.map_err(broken)?.0 {
            LdapOp::SearchResultEntry(entry) => found.push(entry),
            // A referral to another server, which is not configured here.
            LdapOp::SearchResultReference(_) | LdapOp::IntermediateResponse(_) => {}
            LdapOp::SearchResultDone(end) => return Ok((found, end)),
            _ => return Err(broken(Broken::Garbage)),
        }
    }
}

/// What the domain's policy says of an account that was locked then. Nothing where it cannot be read.
async fn domain_lock(
    wire: &mut LdapWire,
    dn: &str,
    since: jiff::Timestamp,
) -> Result<EntryLock, SignInFailure> {
    let Some(base) = domain_of(dn) else {
        return Ok(EntryLock::None);
    };
    let request = LdapSearchRequest {
        base,
        scope: LdapSearchScope::Base,
        aliases: LdapDerefAliases::Never,
        sizelimit: 1,
        timelimit: SEARCH_SECONDS,
        typesonly: false,
        filter: LdapFilter::Present("objectClass".to_owned()),
        attrs: vec![LOCKOUT_DURATION.to_owned()],
    };
    let (found, _) = found(wire, request).await?;
    let duration = found.first().map(|domain| values(domain, LOCKOUT_DURATION));
    let duration = duration.and_then(|values| values.into_iter().next());
    Ok(duration.map_or(EntryLock::None, |duration| {
        EntryLock::by_policy(since, &duration, jiff::Timestamp::now())
    }))
}

/// The texts of an attribute.
fn values(entry: &LdapSearchResultEntry, wanted: &str) -> Vec<String> {
    let mut attributes = entry.attributes.iter();
    let attribute = attributes.find(|attribute| attribute.atype.eq_ignore_ascii_case(wanted));
    let values = attribute.map(|attribute| attribute.vals.as_slice());
    let texts = values.unwrap_or_default().iter();
    texts
        .map(|value| String::from_utf8_lossy(value).trim().to_owned())
        .filter(|value| !value.is_empty())
        .collect()
}

/// The student number among the values of its attribute, whose order means nothing (RFC 4511 4.1.7): the one that was
/// typed, or the only one.
fn number_of(values: Vec<String>, typed: &str) -> Result<StudentNumber, &'static str> {
    let known = values
        .iter()
        .find(|value| value.eq_ignore_ascii_case(typed));
    let text = match (known, values.as_slice()) {
        (Some(known), _) => known,
        (None, [only]) => only,
        (None, []) => return Err("no"),
        (None, _) => return Err("several values of"),
    };
    StudentNumber::exactly(text).ok_or("no student number in")
}

/// The name among the values of its attribute. Where there are several, it is the same one each time: one in another
/// script than Latin letters before a transcription of it, and never the number.
fn name_of(values: Vec<String>, number: &str) -> Name {
    let names = values.into_iter().filter(|value| value != number);
    let first = names.min_by_key(|value| (value.is_ascii(), value.clone()));
    Name::new(&first.unwrap_or_default())
}

impl PasswordWay for Ldap {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a> {
        Box::pin(async move {
            match self.binds_first() {
                Some(name) => self.sign_in_as(name, student.as_str(), password).await,
                None => self.sign_in(student.as_str(), password).await,
            }
        })
    }

    /// The service account signs in and searches for an entry that does not exist. Where only students sign in, the
    /// server's own entry is read.
    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let deadline = Instant::now() + self.timing.total;
            let mut fault = None;
            let found = in_time(deadline, async {
                let dialled = self.dial().await;
                if let Err(Broken::Tls(why)) = &dialled {
                    fault = Some(*why);
                }
                let mut wire = dialled.map_err(broken)?;
                match self.binds_first() {
                    Some(_) => self.greet(&mut wire).await,
                    None => self.find(&mut wire, UNKNOWN_ACCOUNT).await.map(|_| ()),
                }
            });
            vec![Probed {
                gateway: "identity.ldap",
                said: found.await.map_err(without_refusal),
                ahead: None,
                fault,
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
) -> Result<(LdapBindResponse, BindNotes), SignInFailure> {
    let request = LdapBindRequest {
        version: 3,
        dn: dn.to_owned(),
        cred: LdapBindCred::Simple(password.expose().to_owned()),
    };
    let policy = LdapControl::PasswordPolicyRequest { criticality: false };
    let sent = wire.send(LdapOp::BindRequest(request), Some(policy)).await;
    sent.map_err(broken)?;
    match wire.answer().await.map_err(broken)? {
        (LdapOp::BindResponse(answer), notes) => Ok((answer, notes)),
        _ => Err(broken(Broken::Garbage)),
    }
}

fn broken(why: Broken) -> SignInFailure {
    tracing::warn!(%why, "ldap: no answer");
    match why {
        Broken::Dial | Broken::Tls(_) | Broken::Handshake | Broken::Cut => Failure::Offline,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn the_number_is_the_one_that_was_typed_or_the_only_one() {
        let number = |values: &[&str]| {
            number_of(texts(values), "20260001").map(|number| number.as_str().to_owned())
        };
        assert_eq!(number(&["20260001"]), Ok("20260001".into()));
        assert_eq!(number(&["zhangsan", "20260001"]), Ok("20260001".into()));
        assert_eq!(number(&["20260001", "zhangsan"]), Ok("20260001".into()));
        assert_eq!(number(&["20260002"]), Ok("20260002".into()));
        assert_eq!(number(&["20260002", "zhangsan"]), Err("several values of"));
        assert_eq!(number(&[]), Err("no"));
        for strange in ["张三", "2026 0001", "２０２６０００１"] {
            assert_eq!(number(&[strange]), Err("no student number in"), "{strange}");
        }
    }

    #[test]
    fn of_several_names_it_is_the_same_one_in_any_order() {
        let names = ["Zhang San", "张三", "20260001", "张三丰"];
        for turn in 0..names.len() {
            let mut turned = texts(&names);
            turned.rotate_left(turn);
            assert_eq!(name_of(turned.clone(), "20260001").as_str(), "张三");
            turned.reverse();
            assert_eq!(name_of(turned, "20260001").as_str(), "张三");
        }
        let latin = texts(&["San Zhang", "20260001"]);
        assert_eq!(name_of(latin, "20260001").as_str(), "San Zhang");
        assert_eq!(name_of(texts(&["20260001"]), "20260001").as_str(), "");
    }
}
