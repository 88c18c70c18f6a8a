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
use super::ldap_entry::{name_of, told_values, values};
pub use super::ldap_filter::{FilterError, NumberFilter};
use super::ldap_verdict::{
    EntryLock, LOCK_ATTRIBUTES, LOCKOUT_DURATION, domain_of, locked_by_domain, unusable, verdict,
};
use super::ldap_wire::{Broken, LdapWire};
pub use super::ldap_wire::{LdapAddress, LdapAddressError};
use super::told_number::told_number;
use super::ways::{Judging, Missed, PasswordWay};
use crate::campus::http::{Http, Timing};
use crate::campus::{Probed, Probing, UNKNOWN_ACCOUNT, without_refusal};
use crate::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

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
            (Some(entry), None) => self.read(entry).map(Some),
            _ => Err(Failure::Misconfigured(
                "LDAP: the filter fits several entries for one number".into(),
            )),
        }
    }

    pub(crate) fn read(&self, entry: LdapSearchResultEntry) -> Result<LdapEntry, SignInFailure> {
        let values = |wanted: &str| values(&entry, wanted);
        let attribute = &self.options.number_attribute;
        let number = told_number(attribute, told_values(&entry, attribute))
            .map_err(|why| Failure::Misconfigured(format!("LDAP: {why}")))?;
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
