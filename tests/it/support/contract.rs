//! What every way of having a password judged must hold, whatever it speaks: one suite, which each adapter runs against
//! its server through a fault proxy. To join: implement [`Subject`] and call [`holds`].

mod outcomes;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use yingxin::campus::http::{Http, HttpOptions, Timing};
use yingxin::campus::identity::{Missed, PasswordWay, Ways};
use yingxin::campus::tls::Trust;
use yingxin::campus::tls_fault::TlsFault;
use yingxin::campus::{Identity, Probed};
use yingxin::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

use crate::support::certificates::Authority;
use crate::support::passwords::{UNICODE, long};
use crate::support::proxy::{Exchange, Fault, Proxy};

/// The adapters' deadline in these tests.
pub const DEADLINE: Duration = Duration::from_millis(1500);

pub fn number(text: &str) -> StudentNumber {
    StudentNumber::from_campus(text)
}

/// A server and the adapter that reaches it.
pub trait Subject {
    /// Where the server listens, plainly.
    fn server(&self) -> SocketAddr;

    /// The adapter, for a server that is reached at this address, with TLS or without.
    fn way(&self, at: SocketAddr, with_tls: bool, http: &Http) -> Box<dyn PasswordWay>;

    /// HTTP makes a connection for each exchange.
    fn exchange(&self) -> Exchange {
        Exchange::Connection
    }

    /// How many exchanges come before the one that carries the password.
    fn before_the_password(&self) -> usize;

    /// How many of these, the last ones, are script files of the login page: one that is broken is passed over, as a
    /// browser would do.
    fn scripts(&self) -> usize {
        0
    }

    /// The accounts the server knows.
    fn accounts(&self) -> Accounts;

    /// Whether the protocol has words for an account that is locked or disabled. Where it has none, the answer is that to
    /// a wrong password.
    fn tells_accounts_apart(&self) -> bool {
        true
    }

    /// Where the proxy must listen, with TLS or without, and before what, if the server calls itself by the proxy's
    /// address.
    fn known_as(&self, _with_tls: bool) -> Option<(TcpListener, SocketAddr)> {
        None
    }

    /// An answer of this many bytes that is one by its form and means nothing.
    fn garbage(&self, bytes: usize) -> Vec<u8> {
        garbage(bytes)
    }

    /// An answer that leads to the same server again: a redirect, or a referral.
    fn circle(&self, at: SocketAddr) -> Vec<u8> {
        circle(at, "/cas/login?service=x")
    }

    /// An answer that names these as who signed in, each as it stands, and the exchange that it comes at. None where the
    /// server's answer cannot be made by others.
    fn naming(&self, users: &[&str]) -> Option<(usize, Vec<u8>)> {
        Some((self.before_the_password() + 1, cas_naming(users)))
    }

    /// What is found once in what the kiosk sent for each time a password was handed over.
    fn mark(&self, _password: &str) -> String {
        "POST /cas/login".into()
    }
}

/// The accounts a server knows. The locked and the disabled one have the password `right`.
pub struct Accounts {
    pub right: (&'static str, &'static str),
    /// The name that the campus gives, of the right one.
    pub name: &'static str,
    /// Others that get in: with a password of many scripts, and of 512 bytes.
    pub others: Vec<(&'static str, String)>,
    /// Each may be tried wrongly four times.
    pub wrong: [&'static str; 2],
    pub unknown: [&'static str; 4],
    pub locked: Option<(&'static str, &'static str)>,
    pub disabled: Option<(&'static str, &'static str)>,
    /// Others that the server refuses with the right password, and what it means by that.
    pub refused: Vec<(&'static str, &'static str, Failure<SignInRefusal>)>,
}

type Judged = Result<Student, Failure<SignInRefusal>>;

/// An answer over HTTP of this many bytes that means nothing.
pub fn garbage(bytes: usize) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {bytes}\r\n\r\n");
    [head.into_bytes(), vec![b'<'; bytes]].concat()
}

/// A redirect to the same server again.
pub fn circle(at: SocketAddr, path: &str) -> Vec<u8> {
    let head = "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: ";
    format!("{head}http://{at}{path}\r\n\r\n").into_bytes()
}

/// Everything that can go wrong at one exchange: cut, silent, nonsense short and long, a circle.
pub fn faults(garbage: impl Fn(usize) -> Vec<u8>, circle: Vec<u8>) -> Vec<Fault> {
    vec![
        Fault::Close,
        Fault::Cut(0),
        Fault::Cut(20),
        Fault::Hang,
        Fault::Answer(b"\x00\xff\x1b[2J<<<{{{".to_vec()),
        Fault::Answer(garbage(2000)),
        Fault::Answer(garbage(10_000_000)),
        Fault::Always(circle),
    ]
}

/// The answer of a validated ticket.
pub fn cas_naming(users: &[&str]) -> Vec<u8> {
    let tag = |user: &&str| format!("<cas:user>{user}</cas:user>");
    let users: String = users.iter().map(tag).collect();
    let body = format!(
        "<cas:serviceResponse xmlns:cas='http://www.yale.edu/tp/cas'><cas:authenticationSuccess>{users}\
         </cas:authenticationSuccess></cas:serviceResponse>"
    );
    http_answer("application/xml;charset=utf-8", &body)
}

pub fn http_answer(kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n";
    format!("{head}content-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

/// Runs all of it.
pub async fn holds(subject: &impl Subject) {
    let suite = Suite {
        proxy: proxy(subject, None),
        http: http(Trust::LoopbackOnly),
        subject,
    };
    suite.the_right_password_gets_in_and_is_sent_once().await;
    suite.who_signed_in_is_compared_and_never_cleaned().await;
    suite.a_refusal_is_told_by_its_kind().await;
    suite.an_unknown_account_is_as_a_wrong_password().await;
    suite.nothing_is_sent_for_an_empty_password().await;
    suite.whatever_breaks_nothing_is_repeated().await;
    suite.no_outcome_is_misread().await;
    suite.no_certificate_no_password().await;
    suite.a_server_that_is_not_there_got_no_password().await;
}

/// A proxy before the subject's server, where the subject wants it.
fn proxy(subject: &impl Subject, tls: Option<Arc<ServerConfig>>) -> Proxy {
    let (listener, server) = subject.known_as(tls.is_some()).unwrap_or_else(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        (listener, subject.server())
    });
    Proxy::at(listener, server, subject.exchange(), tls)
}

pub fn http(trust: Trust) -> Http {
    let timing = Timing {
        total: DEADLINE,
        ..Timing::default()
    };
    Http::new(&HttpOptions { timing, trust }).unwrap()
}

struct Suite<'a, S> {
    subject: &'a S,
    proxy: Proxy,
    http: Http,
}

impl<S: Subject> Suite<'_, S> {
    async fn judge(&self, user: &str, password: &str) -> Result<Student, Missed> {
        let way = self.subject.way(self.proxy.address, false, &self.http);
        let password = Secret::new(password.to_owned());
        way.judge(&number(user), &password).await
    }

    async fn sign_in(&self, user: &str, password: &str) -> Judged {
        self.judge(user, password).await.map_err(Missed::why)
    }

    /// How often a password was handed over since the proxy counts.
    fn handed_over(&self, password: &str) -> usize {
        self.proxy.sent(&self.subject.mark(password))
    }

    async fn the_right_password_gets_in_and_is_sent_once(&self) {
        let accounts = self.subject.accounts();
        let (user, password) = accounts.right;
        self.proxy.heals();
        let student = self.sign_in(user, password).await.unwrap();
        assert_eq!(student.number.as_str(), user);
        assert_eq!(student.name.as_str(), accounts.name);
        assert_eq!(self.handed_over(password), 1);
        for (user, password) in accounts.others {
            let student = self.sign_in(user, &password).await;
            let length = password.len();
            assert_eq!(student.unwrap().number.as_str(), user, "{length} bytes");
        }
    }

    /// The server's word is taken as it stands, or refused with the reason. Whether it is the one who was asked is for the
    /// visit to judge.
    async fn who_signed_in_is_compared_and_never_cleaned(&self) {
        let (user, password) = self.subject.accounts().right;
        for (users, wanted) in [
            (&["20269999"][..], Ok("20269999")),
            (&["2026 0001"], Err("has not the form of a student number")),
            (
                &["２０２６０００１"],
                Err("has not the form of a student number"),
            ),
            (
                &["20260001\u{200b}"],
                Err("has not the form of a student number"),
            ),
            (
                &["20260001\u{3000}"],
                Err("has not the form of a student number"),
            ),
            (&[user, "20269999"], Err("there are several values")),
            (&[], Err("the student number is not given")),
        ] {
            let Some((at, answer)) = self.subject.naming(users) else {
                return;
            };
            self.proxy.breaks(at, Fault::Answer(answer));
            match (self.sign_in(user, password).await, wanted) {
                (Ok(student), Ok(number)) => assert_eq!(student.number.as_str(), number),
                (Err(Failure::Misconfigured(why)), Err(wanted)) => {
                    assert!(why.contains(wanted), "{users:?}: {why}");
                }
                // Behind the answer that was given instead, LDAP's connection is over.
                (Err(Failure::Offline), Ok(_)) if self.subject.exchange() == Exchange::Request => {}
                (judged, _) => panic!("{users:?}: {judged:?}"),
            }
        }
    }

    async fn a_refusal_is_told_by_its_kind(&self) {
        let accounts = self.subject.accounts();
        let [wrong, _] = accounts.wrong;
        let long = "x".repeat(512);
        let wrong_password = || Failure::Rejected(SignInRefusal::WrongPassword);
        let mut cases = vec![
            (wrong, "wrong-password", wrong_password()),
            (wrong, UNICODE, wrong_password()),
            (wrong, "a\r\nb\u{1b}[2J", wrong_password()),
            (wrong, &long, wrong_password()),
        ];
        let told = |why| {
            if self.subject.tells_accounts_apart() {
                why
            } else {
                wrong_password()
            }
        };
        for (account, why) in [
            (accounts.locked, SignInRefusal::Locked),
            (accounts.disabled, SignInRefusal::Disabled),
        ] {
            let row = |(user, password)| (user, password, told(Failure::Rejected(why)));
            cases.extend(account.map(row));
        }
        let refused = accounts.refused.into_iter();
        cases.extend(refused.map(|(user, password, why)| (user, password, told(why))));
        for (user, password, why) in cases {
            self.proxy.heals();
            let judged = self.judge(user, password).await;
            assert_eq!(judged, Err(Missed::Sent(why)), "{user} {password:?}");
        }
    }

    /// The same words, the same exchanges, and the same time on this side.
    async fn an_unknown_account_is_as_a_wrong_password(&self) {
        let accounts = self.subject.accounts();
        let wrong_password = || Err(Failure::Rejected(SignInRefusal::WrongPassword));
        let [_, known] = accounts.wrong;
        let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
        let mut exchanges = Vec::new();
        for user in accounts.unknown {
            for (times, user) in [(&mut wrong, known), (&mut unknown, user)] {
                self.proxy.heals();
                let began = Instant::now();
                assert_eq!(self.sign_in(user, "no-such-thing").await, wrong_password());
                times.push(began.elapsed());
                exchanges.push((self.proxy.exchanges(), self.handed_over("no-such-thing")));
            }
        }
        exchanges.dedup();
        assert_eq!(exchanges.len(), 1, "{exchanges:?}");
        wrong.sort();
        unknown.sort();
        let apart = wrong[0].abs_diff(unknown[0]);
        assert!(apart < Duration::from_millis(150), "{wrong:?} {unknown:?}");
    }

    async fn nothing_is_sent_for_an_empty_password(&self) {
        self.proxy.heals();
        let way = self.subject.way(self.proxy.address, false, &self.http);
        let ways = Ways::new(vec![way]);
        let (user, _) = self.subject.accounts().right;
        let judged = ways
            .sign_in(&number(user), &Secret::new(String::new()))
            .await;
        let wrong = Err(Failure::Rejected(SignInRefusal::WrongPassword));
        assert_eq!(judged, wrong);
        assert_eq!(self.proxy.connections(), 0);
    }

    /// Each fault at each exchange: the student waits no longer than the deadline, no password is handed over twice, and
    /// before its exchange none has left.
    async fn whatever_breaks_nothing_is_repeated(&self) {
        let (user, password) = self.subject.accounts().right;
        self.proxy.heals();
        self.sign_in(user, password).await.unwrap();
        let exchanges = self.proxy.exchanges();
        let before = self.subject.before_the_password();
        let mut tried = 0;
        for at in 0..=before.max(exchanges.saturating_sub(1)).min(4) {
            let circle = self.subject.circle(self.proxy.address);
            for fault in faults(|bytes| self.subject.garbage(bytes), circle) {
                let told = format!("{fault:?}");
                tried += 1;
                self.proxy.breaks(at, fault);
                let began = Instant::now();
                let judged = self.judge(user, password).await;
                let took = began.elapsed();
                let is_of_scripts = at < before && at >= before - self.subject.scripts();
                if is_of_scripts && !matches!(judged, Err(Missed::Kept(_))) {
                    assert!(self.handed_over(password) == 1, "{told} at {at}");
                    assert!(took < DEADLINE * 2, "{told} at {at} took {took:?}");
                    continue;
                }
                // What comes after the ticket was seen right is not the student's affair.
                if at > before && judged.is_ok() {
                    continue;
                }
                let missed = judged.unwrap_err();
                let sent = matches!(missed, Missed::Sent(_));
                assert_eq!(sent, at >= before, "{told} at {at}: {missed:?}");
                let why = missed.why();
                let is_judgement =
                    matches!(why, Failure::Rejected(why) if why != SignInRefusal::AnotherWay);
                assert!(!is_judgement, "{told} at {at} is no judgement: {why:?}");
                assert!(took < DEADLINE * 2, "{told} at {at} took {took:?}");
                let handed_over = self.handed_over(password);
                assert_eq!(handed_over, usize::from(at >= before), "{told} at {at}");
            }
        }
        self.proxy.heals();
        assert!(self.sign_in(user, password).await.is_ok(), "whole again");
        println!(
            "| network: sign-in by {} | {tried} faults | 0 wrong words, 0 passwords sent twice |",
            self.name()
        );
    }

    /// The subject's name with its module, which says what is spoken.
    fn name(&self) -> &'static str {
        let name = std::any::type_name::<S>();
        let from = name.rmatch_indices("::").nth(1).map_or(0, |(at, _)| at + 2);
        &name[from..]
    }

    /// A certificate that is untrusted, for another host, or expired: no password leaves, to the desk it is no answer,
    /// and a probe names the fault. The right one is accepted.
    async fn no_certificate_no_password(&self) {
        let (user, password) = self.subject.accounts().right;
        let (ours, strange) = (Authority::new(), Authority::new());
        let http = http(Trust::SystemAnd(vec![ours.der()]));
        let no_answer = || Err(Missed::Kept(Failure::Offline));
        for (what, signed, fault) in [
            ("ours", ours.signs("127.0.0.1"), None),
            (
                "strange",
                strange.signs("127.0.0.1"),
                Some(TlsFault::UnknownIssuer),
            ),
            (
                "another name",
                ours.signs("ldap.example"),
                Some(TlsFault::WrongName),
            ),
            (
                "ran out",
                ours.signs_expired("127.0.0.1"),
                Some(TlsFault::Expired),
            ),
            (
                "not begun",
                ours.signs_later("127.0.0.1"),
                Some(TlsFault::NotYetValid),
            ),
            (
                "an authority",
                Authority::new().itself(),
                Some(TlsFault::SelfSigned),
            ),
        ] {
            let proxy = if fault.is_none() {
                proxy(self.subject, Some(signed.server()))
            } else {
                let (server, exchange) = (self.subject.server(), self.subject.exchange());
                Proxy::with_tls(server, exchange, signed.server()).await
            };
            let way = self.subject.way(proxy.address, true, &http);
            let secret = Secret::new(password.to_owned());
            let judged = way.judge(&number(user), &secret).await;
            let probed = probed(&*way).await;
            assert_eq!(probed.fault, fault, "{what}");
            if fault.is_some() {
                assert_eq!(judged, no_answer(), "{what}");
                assert_eq!(probed.said, Err(Failure::Offline), "{what}");
                assert_eq!(proxy.sent(&self.subject.mark(password)), 0, "{what}");
            } else {
                assert_eq!(judged.unwrap().number.as_str(), user, "{what}");
            }
        }
        // A server that speaks no TLS where it must.
        let (server, fault) = match self.subject.exchange() {
            // HTTP answers that it cannot read this. A real one may hang up before that is read: this one waits.
            Exchange::Connection => (bad_request().await, Some(TlsFault::NotTls)),
            // LDAP hangs up.
            Exchange::Request => (self.subject.server(), None),
        };
        let way = self.subject.way(server, true, &http);
        let judged = way
            .judge(&number(user), &Secret::new(password.to_owned()))
            .await;
        assert_eq!(judged, no_answer());
        let probed = probed(&*way).await;
        assert_eq!((probed.said, probed.fault), (Err(Failure::Offline), fault));
    }

    async fn a_server_that_is_not_there_got_no_password(&self) {
        // A port that was free a moment ago.
        let gone = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = gone.local_addr().unwrap();
        drop(gone);
        let way = self.subject.way(at, false, &self.http);
        let judged = way
            .judge(&number("20260001"), &Secret::new("x".into()))
            .await;
        assert_eq!(judged, Err(Missed::Kept(Failure::Offline)));
    }
}

/// What the one server behind a way says to a probe.
async fn probed(way: &dyn PasswordWay) -> Probed {
    let mut probed = way.probe().await;
    assert_eq!(probed.len(), 1, "{probed:?}");
    probed.remove(0)
}

/// Where a CAS server is.
pub fn cas(at: SocketAddr, with_tls: bool) -> String {
    let scheme = if with_tls { "https" } else { "http" };
    format!("{scheme}://{at}/cas")
}

impl Accounts {
    /// Those of the models, of OpenLDAP and of django-cas-server.
    pub fn usual() -> Accounts {
        Accounts {
            right: ("20260001", "practice-0001"),
            name: "张三",
            others: vec![("20260002", UNICODE.into()), ("20260003", long())],
            wrong: ["20260004", "20260006"],
            unknown: UNKNOWN,
            locked: Some(("20260005", "practice-0001")),
            disabled: Some(("20260011", "practice-0001")),
            refused: Vec::new(),
        }
    }
}

/// Every other outcome: what the models say of the accounts from 20260012 on, whose password is right.
pub fn refusals() -> Vec<(&'static str, &'static str, Failure<SignInRefusal>)> {
    use SignInRefusal as R;
    let half_an_hour = Duration::from_secs(1800);
    let rejected = [
        ("20260012", R::MustChange),
        ("20260013", R::MustChange),
        ("20260014", R::AccountExpired),
        ("20260015", R::NotAtThisHour),
        ("20260016", R::AddressBarred),
        ("20260017", R::AnotherWay),
        ("20260018", R::LockedFor(half_an_hour)),
    ];
    let rejected = rejected.map(|(user, why)| (user, Failure::Rejected(why)));
    let limited = ("20260019", Failure::Limited { retry_after: None });
    let rows = rejected.into_iter().chain([limited]);
    rows.map(|(user, why)| (user, "practice-0001", why))
        .collect()
}

pub const UNKNOWN: [&str; 4] = ["90000001", "90000002", "90000003", "90000004"];

/// A server of HTTP without TLS that takes everything for a bad request, and leaves it to the client to hang up.
async fn bad_request() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut read = [0; 4096];
            let answer = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
            if client.read(&mut read).await.is_ok() && client.write_all(answer).await.is_ok() {
                while matches!(client.read(&mut read).await, Ok(1..)) {}
            }
        }
    });
    at
}
