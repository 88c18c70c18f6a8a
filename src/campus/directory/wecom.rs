//! The directory by WeCom's server API. Writes go by the contacts-sync secret, reads by an app's secret where there is
//! one: since 2022-08 the first may not read from a new address, and the second may never write. The adapter never
//! searches members by mobile number, deletes only the one member that a student confirmed, and decides by errcodes alone.
//!
//! Two calls are not used. `corp/get_join_qrcode` returns the code for joining a company with the app (加入企业), which no
//! way of the guide does: students scan the registration code, and follow in WeChat by a code that only the console
//! shows and the pack holds. `user/tfa_succ` needs a code that WeCom gives only to the company's own verification page on
//! the member's phone (docs 99499, 99500). A desk confirms by `user/authsucc`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::wecom_errcode::{
    RATE_BLOCK, TOO_OFTEN, UNTRUSTED_ADDRESS, failure, is_busy, is_stale_token, untrusted,
};
use super::wecom_token::{BUSY_RETRIES, WeComSecret, pause};
use super::{DirectoryFailure, wecom_json};
use crate::campus::http::{Endpoint, EndpointError, Http, secret_body};
use crate::campus::{
    Calling, Directory, Powers, Probed, Probing, UNKNOWN_ACCOUNT, without_refusal,
};
use crate::visit::{
    Binding, DirectoryRefusal, Failure, Member, MemberStatus, Mobile, Secret, Student,
    StudentNumber,
};

const USER_EXISTS: i64 = 60102;
const USER_NOT_FOUND: i64 = 60111;

/// A corp's contacts.
pub struct WeCom {
    http: Http,
    base: Endpoint,
    corp_id: String,
    /// The contacts synchronisation (通讯录同步): it may write, and could delete every member. A desk is safer without it.
    contacts: Option<WeComSecret>,
    app: Option<WeComSecret>,
    department: Option<u32>,
    /// Calls that WeCom blocks, and until when.
    blocked: Mutex<BTreeMap<&'static str, Duration>>,
}

/// One call of the API.
#[derive(Clone, Copy)]
enum WeComCall<'a> {
    /// A GET about a user.
    About(&'static str, &'a str),
    Post(&'static str, &'a Value),
}

/// Why a call returned no fields.
enum WeComError {
    Errcode(&'static str, i64),
    Failed(DirectoryFailure),
}

#[derive(Deserialize)]
struct Errcode {
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

#[derive(Deserialize)]
struct User {
    status: u8,
    mobile: Option<String>,
}

impl WeCom {
    /// `base_url` is `https://qyapi.weixin.qq.com/cgi-bin`. `department` is where a missing member is created; without
    /// it none is.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(
        http: Http,
        base_url: &str,
        corp_id: &str,
        contacts_secret: Option<Secret>,
        app_secret: Option<Secret>,
        department: Option<u32>,
    ) -> Result<Self, EndpointError> {
        Ok(WeCom {
            http,
            base: Endpoint::parse(base_url)?,
            corp_id: corp_id.to_owned(),
            contacts: contacts_secret.map(WeComSecret::new),
            app: app_secret.map(WeComSecret::new),
            department,
            blocked: Mutex::default(),
        })
    }

    fn reader(&self) -> Result<&WeComSecret, DirectoryFailure> {
        let key = self.app.as_ref().or(self.contacts.as_ref());
        key.ok_or_else(|| Failure::Misconfigured("WeCom: no secret is configured".into()))
    }

    fn writer(&self) -> Result<&WeComSecret, DirectoryFailure> {
        let missing = "WeCom: writing needs the contacts-sync secret";
        let key = self.contacts.as_ref();
        key.ok_or_else(|| Failure::Misconfigured(missing.into()))
    }

    /// Makes a call. A refused token is fetched again once, and a call to a busy service is retried three times.
    async fn call(
        &self,
        key: &WeComSecret,
        call: WeComCall<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, WeComError> {
        let (mut refetched, mut busy) = (false, 0);
        self.check_block(call.name())?;
        loop {
            let token = key.token(&self.http, &self.base, &self.corp_id).await?;
            let body = self.call_once(&token, call).await?;
            let Errcode { errcode, errmsg } = wecom_json::read(call.name(), &body)?;
            match errcode {
                0 => return Ok(body),
                code if is_stale_token(code) && !refetched => {
                    key.forget(&token).await;
                    refetched = true;
                }
                code if is_busy(code) && busy < BUSY_RETRIES => {
                    pause(busy).await;
                    busy += 1;
                }
                TOO_OFTEN => {
                    self.record_block(call.name());
                    return Err(WeComError::Errcode(call.name(), TOO_OFTEN));
                }
                UNTRUSTED_ADDRESS => return Err(untrusted(call.name(), &errmsg).into()),
                code => {
                    tracing::debug!(call = call.name(), code, "wecom refused");
                    return Err(WeComError::Errcode(call.name(), code));
                }
            }
        }
    }

    /// Fails for a call that WeCom blocks: WeCom would count one more call.
    fn check_block(&self, call: &'static str) -> Result<(), DirectoryFailure> {
        let mut blocked = self.blocked.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.http.clock().now().mono;
        blocked.retain(|_, until| *until > now);
        match blocked.get(call) {
            Some(until) => Err(Failure::Limited {
                retry_after: Some(until.saturating_sub(now)),
            }),
            None => Ok(()),
        }
    }

    fn record_block(&self, call: &'static str) {
        let mut blocked = self.blocked.lock().unwrap_or_else(PoisonError::into_inner);
        let until = self.http.clock().now().mono.saturating_add(RATE_BLOCK);
        blocked.insert(call, until);
    }

    async fn call_once(
        &self,
        token: &str,
        call: WeComCall<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, DirectoryFailure> {
        let parts: Vec<&str> = call.name().split('/').collect();
        let url = self.base.join(&parts);
        let request = match call {
            WeComCall::About(_, userid) => self
                .http
                .request(Method::GET, url)
                .query(&[("access_token", token), ("userid", userid)]),
            WeComCall::Post(_, body) => {
                let body = Zeroizing::new(body.to_string().into_bytes());
                self.http
                    .request(Method::POST, url)
                    .query(&[("access_token", token)])
                    .header("content-type", "application/json")
                    .body(secret_body(body))
            }
        };
        let answer = self.http.ask(call.name(), request).await?;
        if answer.status.is_success() {
            Ok(answer.body)
        } else {
            // WeCom always answers 200: this answer is from a proxy or a portal.
            let status = answer.status.as_u16();
            tracing::warn!(
                call = call.name(),
                status,
                "wecom: an answer of another server"
            );
            Err(Failure::Unavailable)
        }
    }

    /// `GET user/get` (WeCom doc 90332).
    async fn read(&self, userid: &str) -> Result<Member, DirectoryFailure> {
        let absent = Member {
            status: MemberStatus::Absent,
            mobile: None,
        };
        let body = match self
            .call(self.reader()?, WeComCall::About("user/get", userid))
            .await
        {
            Err(WeComError::Errcode(_, USER_NOT_FOUND)) => return Ok(absent),
            answered => answered?,
        };
        let user: User = wecom_json::read("user/get", &body)?;
        let status = match user.status {
            1 => MemberStatus::Active,
            2 => MemberStatus::Disabled,
            4 => MemberStatus::NotActive,
            5 => MemberStatus::Departed,
            other => return Err(unknown_status(other)),
        };
        let mobile = user.mobile.and_then(|text| Mobile::parse(&text).ok());
        Ok(Member { status, mobile })
    }

    /// Reads, then creates or updates while the member is not active, then reads again: an update of an active member
    /// is ignored in silence, and it may become active in between.
    async fn set_number(
        &self,
        student: &Student,
        mobile: &Mobile,
    ) -> Result<Binding, DirectoryFailure> {
        let userid = student.number.as_str();
        let writer = self.writer()?;
        let mut before = self.read(userid).await?;
        if before.status == MemberStatus::Absent {
            match self.create(writer, student, mobile).await {
                Ok(()) => return self.read_back(userid, mobile, Binding::Created).await,
                // Another desk was faster, or an earlier call got through after all: continue with the member as it is.
                Err(WeComError::Errcode(_, USER_EXISTS)) => before = self.read(userid).await?,
                Err(other) => return Err(other.into()),
            }
        }
        match before.status {
            MemberStatus::NotActive if before.mobile.as_ref() == Some(mobile) => {
                return Ok(Binding::Set);
            }
            MemberStatus::NotActive => {}
            MemberStatus::Active => return active(&before, mobile),
            MemberStatus::Disabled => return Err(rejected(DirectoryRefusal::Disabled)),
            MemberStatus::Departed => return Err(rejected(DirectoryRefusal::Departed)),
            MemberStatus::Absent => {
                let text = "WeCom user/get: the member exists, but not in this app's visible range";
                return Err(Failure::Misconfigured(text.into()));
            }
        }
        let body = json!({"userid": userid, "mobile": mobile.as_str()});
        self.call(writer, WeComCall::Post("user/update", &body))
            .await?;
        self.read_back(userid, mobile, Binding::Set).await
    }

    /// `POST user/create` (WeCom doc 90331), without the invitation: the student stands here.
    async fn create(
        &self,
        writer: &WeComSecret,
        student: &Student,
        mobile: &Mobile,
    ) -> Result<(), WeComError> {
        let Some(department) = self.department else {
            return Err(rejected(DirectoryRefusal::UnknownMember).into());
        };
        let userid = student.number.as_str();
        let name = match student.name.as_str() {
            "" => userid,
            name => name,
        };
        let body = json!({
            "userid": userid,
            "name": name,
            "mobile": mobile.as_str(),
            "department": [department],
            "to_invite": false,
        });
        self.call(writer, WeComCall::Post("user/create", &body))
            .await?;
        Ok(())
    }

    async fn read_back(
        &self,
        userid: &str,
        mobile: &Mobile,
        binding: Binding,
    ) -> Result<Binding, DirectoryFailure> {
        let after = self.read(userid).await?;
        match (after.status, &after.mobile) {
            (MemberStatus::Active, _) => active(&after, mobile),
            (_, Some(shown)) if shown != mobile => {
                tracing::warn!("wecom: a number that was set reads back as another");
                Err(Failure::Misconfigured(
                    "WeCom: a number that was set reads back as another one".into(),
                ))
            }
            _ => Ok(binding),
        }
    }
}

impl WeCom {
    /// Whether a secret gives a token and may make a call that changes nothing.
    async fn examine(
        &self,
        gateway: &'static str,
        key: &WeComSecret,
        call: WeComCall<'_>,
    ) -> Probed {
        let said = match self.call(key, call).await {
            // The member does not exist: this is the expected answer.
            Ok(_) | Err(WeComError::Errcode(_, USER_NOT_FOUND)) => Ok(()),
            Err(other) => Err(without_refusal(DirectoryFailure::from(other))),
        };
        Probed::through(&self.http, gateway, said)
    }
}

impl Directory for WeCom {
    fn powers(&self) -> Powers {
        Powers {
            read: self.app.is_some() || self.contacts.is_some(),
            // `bind` reads first: without reading, an ignored write could not be recognised.
            write: self.contacts.is_some(),
        }
    }

    fn find<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, Member, DirectoryRefusal> {
        Box::pin(self.read(student.as_str()))
    }

    fn bind<'a>(
        &'a self,
        student: &'a Student,
        mobile: &'a Mobile,
    ) -> Calling<'a, Binding, DirectoryRefusal> {
        Box::pin(self.set_number(student, mobile))
    }

    /// `GET user/authsucc` (WeCom doc 99521).
    fn confirm<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal> {
        Box::pin(async move {
            let key = match &self.contacts {
                Some(contacts) => contacts,
                None => self.reader()?,
            };
            let call = WeComCall::About("user/authsucc", student.as_str());
            self.call(key, call).await?;
            Ok(())
        })
    }

    /// `GET user/delete` (WeCom doc 90334). `call` repeats only what WeCom itself said it has not done.
    fn unbind<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal> {
        Box::pin(async move {
            let call = WeComCall::About("user/delete", student.as_str());
            match self.call(self.writer()?, call).await {
                Ok(_) | Err(WeComError::Errcode(_, USER_NOT_FOUND)) => Ok(()),
                Err(other) => Err(other.into()),
            }
        })
    }

    /// Reads a member by the secret that reads. With a second secret for writing, it lists one member (WeCom doc 96067),
    /// which that secret may always do.
    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let mut probed = Vec::new();
            if let Ok(reader) = self.reader() {
                let gateway = match self.app {
                    Some(_) => "directory.wecom.app",
                    None => "directory.wecom.contacts",
                };
                let call = WeComCall::About("user/get", UNKNOWN_ACCOUNT);
                probed.push(self.examine(gateway, reader, call).await);
            }
            if let (Some(contacts), Some(_)) = (&self.contacts, &self.app) {
                let body = json!({"limit": 1});
                let call = WeComCall::Post("user/list_id", &body);
                let gateway = "directory.wecom.contacts";
                probed.push(self.examine(gateway, contacts, call).await);
            }
            probed
        })
    }
}

/// WeCom ignores an update of an active member's number. The binding is set where the member has this number already.
fn active(member: &Member, mobile: &Mobile) -> Result<Binding, DirectoryFailure> {
    if member.mobile.as_ref() == Some(mobile) {
        Ok(Binding::Set)
    } else {
        Err(rejected(DirectoryRefusal::AlreadyActive))
    }
}

fn rejected(why: DirectoryRefusal) -> DirectoryFailure {
    Failure::Rejected(why)
}

fn unknown_status(status: u8) -> DirectoryFailure {
    Failure::Misconfigured(format!(
        "WeCom user/get: a status that has no meaning here ({status})"
    ))
}

impl WeComCall<'_> {
    fn name(&self) -> &'static str {
        match self {
            WeComCall::About(name, _) | WeComCall::Post(name, _) => name,
        }
    }
}

impl From<DirectoryFailure> for WeComError {
    fn from(failure: DirectoryFailure) -> Self {
        WeComError::Failed(failure)
    }
}

impl From<WeComError> for DirectoryFailure {
    fn from(unanswered: WeComError) -> DirectoryFailure {
        match unanswered {
            WeComError::Errcode(call, code) => failure(call, code),
            WeComError::Failed(failure) => failure,
        }
    }
}
