//! The outside of the desk: its ports, their adapters, and the campus pack.
//!
//! A port is a trait; each adapter is a file named after its protocol, with the table of its settings. Wire formats stay in
//! their adapter. Every answer is in the core's types ([`Failure`] is closed), so that the desk and the screens never see
//! HTTP or an errcode.

pub(crate) mod answer_text;
pub mod connections;
pub mod directory;
#[cfg(test)]
pub mod fake;
pub mod fetch;
mod form_body;
pub mod http;
mod http_answer;
pub mod identity;
pub mod in_flight;
pub mod pack;
pub mod printer;
pub mod setting;
pub mod sms;
pub mod tls;
pub mod tls_fault;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use strum::VariantArray;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::visit::{
    Binding, Code, CodeRefusal, CodeVerdict, CodesBy, DirectoryRefusal, Failure, GrantRefusal,
    Link, Member, Mobile, Secret, SignInRefusal, SmsRefusal, Student, StudentNumber,
};

/// What is asked by one probe. Both secrets of the directory are for the same server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum Port {
    /// Checks passwords.
    Identity,
    /// Signs students in on their own phones.
    DeviceGrant,
    /// The company's contacts.
    Directory,
    /// Carries codes to phones.
    Sms,
}

impl Port {
    /// Every port.
    pub const ALL: &'static [Port] = Port::VARIANTS;

    /// The gateways that it stands for.
    pub fn links(self) -> &'static [Link] {
        match self {
            Port::Identity => &[Link::Identity],
            Port::DeviceGrant => &[Link::DeviceGrant],
            Port::Directory => &[Link::DirectoryRead, Link::DirectoryWrite],
            Port::Sms => &[Link::Sms],
        }
    }
}

/// The result of a port's call. It is boxed, because the configuration chooses the adapters at run time.
pub type Calling<'a, T, R> = Pin<Box<dyn Future<Output = Result<T, Failure<R>>> + Send + 'a>>;

/// Proves who a student is (统一身份认证).
pub trait Identity: Send + Sync {
    /// Signs a student in once, and out again where the protocol has a sign-out. The adapter never retries.
    fn sign_in<'a>(
        &'a self,
        student: &'a StudentNumber,
        password: &'a Secret,
    ) -> Calling<'a, Student, SignInRefusal>;

    /// Checks whether the servers answer.
    fn probe(&self) -> Probing<'_> {
        not_probed()
    }
}

/// Signs a student in on their own phone (RFC 8628): the desk never sees a password.
pub trait DeviceGrant: Send + Sync {
    /// Requests a code, sends it to `tell`, and polls until the student has signed in with it or the code expires. A
    /// campus that does not answer is polled ever more rarely while the code is valid. Dropping the call ends it.
    fn grant<'a>(&'a self, tell: &'a mpsc::Sender<GrantNews>)
    -> Calling<'a, Student, GrantRefusal>;

    /// Checks whether the issuer answers.
    fn probe(&self) -> Probing<'_> {
        not_probed()
    }
}

/// News of a device grant in progress.
#[derive(Debug)]
pub enum GrantNews {
    /// The code that the student takes to their phone.
    Code(GrantCode),
    /// Whether the campus answered the last poll.
    Heard(bool),
}

/// The code that the student takes to their phone (RFC 8628 3.2). It is shown and never stored.
pub struct GrantCode {
    /// The code to type on the phone, as the campus wrote it, without control and format characters.
    pub user_code: Zeroizing<String>,
    /// The address of the page for the code: https, or this machine itself.
    pub address: String,
    /// The address with the code in it, if the campus gives one.
    pub whole_address: Option<Zeroizing<String>>,
    /// How long the code is valid, from now on.
    pub life: Duration,
}

impl std::fmt::Debug for GrantCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GrantCode(***)")
    }
}

/// The company's contacts. A student is bound where their member is active.
pub trait Directory: Send + Sync {
    /// What this adapter may do with its secrets.
    fn powers(&self) -> Powers;

    /// Reads a member. An absent member is an answer, not a failure. Idempotent.
    fn find<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, Member, DirectoryRefusal>;

    /// Sets the number of a member that is not active, and reads it back where it can be read; creates a missing member.
    /// Idempotent for the same number.
    fn bind<'a>(
        &'a self,
        student: &'a Student,
        mobile: &'a Mobile,
    ) -> Calling<'a, Binding, DirectoryRefusal>;

    /// Confirms the second verification. Idempotent.
    fn confirm<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal>;

    /// Deletes the member, and its binding with it; an absent member counts as deleted. The adapter never retries a call
    /// without an answer: an unknown result is [`Failure::Offline`].
    fn unbind<'a>(&'a self, student: &'a StudentNumber) -> Calling<'a, (), DirectoryRefusal>;

    /// Checks whether the directory answers, and accepts the secrets.
    fn probe(&self) -> Probing<'_> {
        not_probed()
    }
}

/// What a directory adapter may do with the secrets it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    /// It may read members.
    pub read: bool,
    /// It may set numbers, and create and delete members.
    pub write: bool,
}

/// Carries a code to a phone.
pub trait Sms: Send + Sync {
    /// Hands one message over to the carrier. The adapter never retries: an unknown result is [`Failure::Offline`] with
    /// [`Unsent::is_certain`] false. A carrier with a [`CodeChecker`] makes a code of its own, and sends that.
    fn send<'a>(&'a self, mobile: &'a Mobile, code: &'a Code) -> Sending<'a>;

    /// Queries the fate of a message that the carrier accepted. Idempotent.
    fn fate<'a>(&'a self, _receipt: &'a Receipt) -> Calling<'a, MessageFate, SmsRefusal> {
        Box::pin(std::future::ready(Ok(MessageFate::NoReport)))
    }

    /// Who checks what the student types, where the campus makes the codes; `None` where the desk makes and checks them.
    fn checker(&self) -> Option<&dyn CodeChecker> {
        None
    }

    /// Checks whether each carrier answers, and would take a message.
    fn probe(&self) -> Probing<'_> {
        not_probed()
    }
}

/// Checks the codes that the campus made and sent.
pub trait CodeChecker: Send + Sync {
    /// Asks once whether this is the code that was last sent to the number. The adapter never retries: the campus counts
    /// the tries. An answer that says none of [`CodeVerdict`] and [`CodeRefusal`] is [`Failure::Unavailable`].
    fn check<'a>(
        &'a self,
        mobile: &'a Mobile,
        typed: &'a Secret,
    ) -> Calling<'a, CodeVerdict, CodeRefusal>;
}

/// The result of [`Sms::send`].
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Receipt, Unsent>> + Send + 'a>>;

/// A message that a carrier took, for later queries. It holds no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The carrier's name in the configuration, such as `aliyun`.
    pub carrier: &'static str,
    /// The carrier's id of the message; empty where it gives none.
    pub id: String,
    /// The number that the message was sent to.
    pub mobile: Mobile,
    /// When the message was handed over.
    pub at: jiff::Timestamp,
}

/// The fate of a message after it was handed over, as far as the carrier reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageFate {
    /// The carrier has no report yet.
    Pending,
    /// The message is on the phone.
    Delivered,
    /// The message will not arrive. `code` is the carrier's own: letters, digits and dots.
    Failed {
        /// The carrier's code.
        code: String,
    },
    /// This carrier has no reports.
    NoReport,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// The failure.
    pub why: Failure<SmsRefusal>,
    /// Whether certainly nothing was sent: another carrier may be tried without the risk of two messages.
    pub is_certain: bool,
}

impl From<Failure<SmsRefusal>> for Unsent {
    /// A refusal is certain; a missing answer is not.
    fn from(why: Failure<SmsRefusal>) -> Self {
        Unsent {
            is_certain: !why.is_fate_unknown(),
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

/// The result of a probe: a request to a gateway that changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// The gateway's name in the configuration, such as `sms.tencent`.
    pub gateway: &'static str,
    /// Whether the gateway answered as expected.
    pub said: Result<(), Failure<()>>,
    /// How far its clock is ahead of this machine's, by the `Date` of its answer.
    pub ahead: Option<jiff::SignedDuration>,
    /// Why the connection could not be made private, where that is why there was no answer ([`Failure::Offline`]).
    pub fault: Option<tls_fault::TlsFault>,
}

impl Probed {
    /// The result of calls through this client, the last of which decided it.
    fn through(http: &http::Http, gateway: &'static str, said: Result<(), Failure<()>>) -> Probed {
        // A failure before or after a call leaves the fault of an earlier one behind.
        let is_offline = said == Err(Failure::Offline);
        Probed {
            gateway,
            ahead: http.ahead(),
            fault: http.fault().filter(|_| is_offline),
            said,
        }
    }

    /// The result where no server of a port answered in time.
    pub fn silent() -> Probed {
        Probed {
            gateway: "",
            said: Err(Failure::Offline),
            ahead: None,
            fault: None,
        }
    }
}

/// The result of a port's probe: an entry for each server, or each secret, behind it. A probe signs no student in, writes
/// nothing and sends no message.
pub type Probing<'a> = Pin<Box<dyn Future<Output = Vec<Probed>> + Send + 'a>>;

/// An account that does not exist, for probes.
const UNKNOWN_ACCOUNT: &str = "yingxin-doctor";

/// The probe of a port that has no request without an effect.
fn not_probed<'a>() -> Probing<'a> {
    Box::pin(std::future::ready(Vec::new()))
}

/// A failure without the refusal of its port.
fn without_refusal<R>(failure: Failure<R>) -> Failure<()> {
    match failure {
        Failure::Offline => Failure::Offline,
        Failure::Unavailable => Failure::Unavailable,
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
    /// Prints slips at the desk.
    pub printer: Option<Arc<dyn printer::SlipPrinter>>,
}

impl Campus {
    /// Who makes and checks the codes that are sent by SMS.
    pub fn codes_by(&self) -> CodesBy {
        match self.sms.as_ref().and_then(|sms| sms.checker()) {
            Some(_) => CodesBy::Campus,
            None => CodesBy::Desk,
        }
    }
}

impl Default for Campus {
    /// Nothing is connected.
    fn default() -> Self {
        Campus {
            identity: None,
            device_grant: None,
            directory: Box::new(directory::Guide),
            sms: None,
            printer: None,
        }
    }
}
