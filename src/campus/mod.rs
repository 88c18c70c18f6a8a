//! What lies outside the desk: three ports, their adapters, and the campus pack.
//!
//! A port is a trait; each adapter is a file named by what it speaks. Wire formats stay in their adapter. Every answer is
//! in the core's words ([`Failure`] is closed), so that the desk and the screens never see HTTP or an errcode.

pub mod connections;
pub mod directory;
#[cfg(test)]
pub mod fake;
pub mod http;
pub mod identity;
pub mod pack;
pub mod setting;
pub mod sms;
pub mod tls;
pub mod under_way;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::visit::{
    Binding, Code, DirectoryRefusal, Failure, GrantRefusal, Member, Mobile, Secret, SignInRefusal,
    SmsRefusal, Student, StudentNumber,
};

/// What a port's call gives: boxed, because adapters are chosen by the configuration at run time.
pub type Calling<'a, T, R> = Pin<Box<dyn Future<Output = Result<T, Failure<R>>> + Send + 'a>>;

/// Proves who a student is (统一身份认证).
pub trait Identity: Send + Sync {
    /// Signs a student in once, and out again where the protocol has that. It is never repeated by the adapter.
    fn sign_in<'a>(
        &'a self,
        student: &'a StudentNumber,
        password: &'a Secret,
    ) -> Calling<'a, Student, SignInRefusal>;

    /// Whether the servers behind it answer.
    fn probe(&self) -> Probing<'_> {
        not_probed()
    }
}

/// Signs a student in on their own phone (RFC 8628): the desk never sees a password.
pub trait DeviceGrant: Send + Sync {
    /// Asks for a code, tells it, and waits until somebody has signed in with it, or cannot any more. A campus that does
    /// not answer meanwhile is asked again, ever more seldom, as long as the code is good. Dropping the call ends it.
    fn grant<'a>(&'a self, tell: &'a mpsc::Sender<GrantNews>)
    -> Calling<'a, Student, GrantRefusal>;

    /// Whether the issuer answers.
    fn probe(&self) -> Probing<'_> {
        not_probed()
    }
}

/// What a device grant tells while it is waited for.
#[derive(Debug)]
pub enum GrantNews {
    /// What the student takes to their phone.
    Code(GrantCode),
    /// Whether the campus answers just now.
    Heard(bool),
}

/// What the student takes to their phone (RFC 8628 3.2). It is shown and never kept.
pub struct GrantCode {
    /// What is typed on the phone, as the campus wrote it; it has no control or format characters.
    pub user_code: Zeroizing<String>,
    /// Where it is typed: https, or this machine itself.
    pub address: String,
    /// The address with the code in it, where the campus gives one.
    pub whole_address: Option<Zeroizing<String>>,
    /// How long it is good for, from now on.
    pub life: Duration,
}

impl std::fmt::Debug for GrantCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GrantCode(***)")
    }
}

/// The company's contacts, where a member is what "bound" is about.
pub trait Directory: Send + Sync {
    /// What this adapter, with the secrets it was given, may do.
    fn powers(&self) -> Powers;

    /// Reads a member. An absent member is an answer, not a failure.
    fn find<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, Member, DirectoryRefusal>;

    /// Sets the number of a member that is not active, and reads it back where it can be read; creates the member where
    /// there is none. Repeating it with the same number is harmless.
    fn bind<'a>(
        &'a self,
        student: &'a Student,
        mobile: &'a Mobile,
    ) -> Calling<'a, Binding, DirectoryRefusal>;

    /// Confirms the second verification. Repeating it is harmless.
    fn confirm<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal>;

    /// Deletes the member, and its binding with it; an absent one is deleted. The adapter never repeats it where no
    /// answer came: an unknown fate is [`Failure::Offline`].
    fn unbind<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal>;

    /// Whether it answers, and takes the secrets.
    fn probe(&self) -> Probing<'_> {
        not_probed()
    }
}

/// What a directory adapter may do with the secrets it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    pub read: bool,
    pub write: bool,
}

/// Carries a code to a phone.
pub trait Sms: Send + Sync {
    /// Hands one message over. It is never repeated by the adapter: an unknown fate is [`Failure::Offline`], and
    /// [`Unsent::is_certain`] tells the two kinds of it apart.
    fn send<'a>(&'a self, mobile: &'a Mobile, code: &'a Code) -> Sending<'a>;

    /// What the carrier knows of a message that it took. Repeating it is harmless.
    fn fate<'a>(&'a self, _receipt: &'a Receipt) -> Calling<'a, MessageFate, SmsRefusal> {
        Box::pin(std::future::ready(Ok(MessageFate::NotTold)))
    }

    /// Whether each carrier answers, and would take a message.
    fn probe(&self) -> Probing<'_> {
        not_probed()
    }
}

/// What [`Sms::send`] gives.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Receipt, Unsent>> + Send + 'a>>;

/// A message that a carrier took: what it takes to ask for it again. It holds no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The carrier's name in the configuration, such as `aliyun`.
    pub carrier: &'static str,
    /// The carrier's own name for the message; empty where it gives none.
    pub id: String,
    pub mobile: Mobile,
    pub at: jiff::Timestamp,
}

/// What became of a message after it was handed over, as far as the carrier tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageFate {
    /// Nothing is known yet.
    Pending,
    /// It is on the phone.
    Delivered,
    /// It will not arrive: the carrier's own code, letters, digits and dots.
    Failed { code: String },
    /// This carrier does not tell.
    NotTold,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    pub why: Failure<SmsRefusal>,
    /// Nothing was sent, for certain: another carrier may be asked without risking two messages.
    pub is_certain: bool,
}

impl From<Failure<SmsRefusal>> for Unsent {
    /// A refusal is certain; no answer is not.
    fn from(why: Failure<SmsRefusal>) -> Self {
        Unsent {
            is_certain: why != Failure::Offline,
            why,
        }
    }
}

impl From<http::Unanswered<SmsRefusal>> for Unsent {
    fn from(unanswered: http::Unanswered<SmsRefusal>) -> Self {
        let unsent = Unsent::from(unanswered.why);
        Unsent {
            is_certain: unsent.is_certain || !unanswered.left,
            ..unsent
        }
    }
}

/// What asking a gateway something that changes nothing has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// The gateway's name in the configuration, such as `sms.tencent`.
    pub gateway: &'static str,
    pub said: Result<(), Failure<()>>,
    /// How far its clock is ahead of this machine's, by the `Date` of its answer.
    pub ahead: Option<jiff::SignedDuration>,
}

impl Probed {
    /// No server of a port answered in time.
    pub fn silent() -> Probed {
        Probed {
            gateway: "",
            said: Err(Failure::Offline),
            ahead: None,
        }
    }
}

/// What a probe of a port gives: an entry for each server, or each secret, behind it. Nobody is signed in, nothing is
/// written and no message is sent.
pub type Probing<'a> = Pin<Box<dyn Future<Output = Vec<Probed>> + Send + 'a>>;

/// An account that nobody has: probes ask for it.
const NOBODY: &str = "yingxin-doctor";

/// A port that cannot be asked anything without doing something.
fn not_probed<'a>() -> Probing<'a> {
    Box::pin(std::future::ready(Vec::new()))
}

/// A failure without its port's own refusals.
fn plain<R>(failure: Failure<R>) -> Failure<()> {
    match failure {
        Failure::Offline => Failure::Offline,
        Failure::Rejected(_) => Failure::Rejected(()),
        Failure::Limited { retry_after } => Failure::Limited { retry_after },
        Failure::Misconfigured(why) => Failure::Misconfigured(why),
    }
}

/// What is connected on this desk.
pub struct Campus {
    /// Judges passwords.
    pub identity: Option<Box<dyn Identity>>,
    /// Signs students in on their own phones.
    pub device_grant: Option<Box<dyn DeviceGrant>>,
    /// The company's contacts; [`directory::Guide`] without any.
    pub directory: Box<dyn Directory>,
    /// Carries codes to phones.
    pub sms: Option<Box<dyn Sms>>,
}

impl Default for Campus {
    /// Nothing is connected.
    fn default() -> Self {
        Campus {
            identity: None,
            device_grant: None,
            directory: Box::new(directory::Guide),
            sms: None,
        }
    }
}
