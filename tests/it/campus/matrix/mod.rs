//! The network, systematically: every call of every adapter, and at every exchange of it everything that can go wrong
//! with an exchange. Each case ends in the port's right words and within its deadline; what reached the campus is exactly
//! what may have; and when the wire is whole again, the same adapter does what it was asked.

mod calls;
mod issuer;
mod others;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use rustls::ServerConfig;
use yingxin::campus::http::Http;
use yingxin::campus::tls::Trust;
use yingxin::clock::{Clock, SystemClock};

use super::house::DEADLINE;
use crate::support::certificates::Authority;
use crate::support::clock::HeldClock;
use crate::support::contract::http;
use crate::support::proxy::{Exchange, Fault, Proxy};
use calls::{Adapter, Call, Upstream};

/// So many cases are under way at once: most of them wait for a deadline.
const AT_ONCE: usize = 16;
/// The pause that a service asks for.
const RETRY_AFTER: Duration = Duration::from_secs(7);

/// How a call ended, in the port's closed words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Done,
    Offline,
    /// It answered, and not in a way that can be used.
    Unavailable,
    Rejected,
    Limited(Option<Duration>),
    Misconfigured,
}

/// What can go wrong with an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    Refuse,
    Hang,
    /// It comes, and far too slowly.
    Slow,
    /// It comes late, and in time.
    Late,
    /// In the head of the answer, and in its body.
    Reset(usize),
    /// An answer of HTTP's, and not of the service's.
    Garbage,
    /// Not even one of HTTP's.
    NotHttp,
    Error500,
    Limit429,
    WrongCertificate,
}

pub const HARMS: [Harm; 11] = [
    Harm::Refuse,
    Harm::Hang,
    Harm::Slow,
    Harm::Late,
    Harm::Reset(9),
    Harm::Reset(60),
    Harm::Garbage,
    Harm::NotHttp,
    Harm::Error500,
    Harm::Limit429,
    Harm::WrongCertificate,
];

impl Harm {
    /// Whether a request leaves the desk at all.
    pub fn lets_out(self) -> bool {
        !matches!(self, Harm::Refuse | Harm::WrongCertificate)
    }

    fn fault(self, strange: &Arc<ServerConfig>) -> Fault {
        let page = "<html>\u{1b}[2J{\"errcode\": 0</html>".repeat(9);
        let answer = |head: &str, body: &str| {
            let length = body.len();
            let head = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n{body}");
            Fault::Answer(head.into_bytes())
        };
        match self {
            Harm::Refuse => Fault::Refuse,
            Harm::Hang => Fault::Hang,
            Harm::Slow => Fault::Drip,
            Harm::Late => Fault::Late(Duration::from_millis(300)),
            Harm::Reset(bytes) => Fault::Reset(bytes),
            Harm::Garbage => answer("200 OK\r\ncontent-type: text/html", &page),
            Harm::NotHttp => Fault::Answer(b"\x00\xff\x1b[2J<<<{{{ SSH-2.0-x\r\n\r\n".to_vec()),
            Harm::Error500 => answer("500 Internal Server Error", "{\"errcode\": 0}"),
            Harm::Limit429 => answer("429 Too Many Requests\r\nretry-after: 7", "{}"),
            Harm::WrongCertificate => Fault::Strange(strange.clone()),
        }
    }
}

/// What the words must be.
fn wanted(call: Call, head: &str, harm: Harm) -> Kind {
    match harm {
        Harm::Late => Kind::Done,
        // A sign-in on the phone is polled again, however the last poll ended.
        _ if call == Call::Device && head == "POST /token" => Kind::Done,
        // The number is known already; the name alone is missing.
        _ if head == "GET /userinfo" => Kind::Done,
        // A page without a form, and a question for a captcha that is not answered: the administrator looks at it.
        Harm::Garbage if head.starts_with("GET /cas/login") => Kind::Misconfigured,
        Harm::Garbage if head.ends_with("checkNeedCaptcha.htl") => Kind::Misconfigured,
        // A page that is none of a login stands between the password and the ticket.
        Harm::Garbage if head.starts_with("POST /cas/login") => Kind::Rejected,
        Harm::Limit429 => Kind::Limited(Some(RETRY_AFTER)),
        Harm::Garbage | Harm::Error500 => Kind::Unavailable,
        _ => Kind::Offline,
    }
}

/// At which exchange it goes on after a fault; `None` where it ends.
fn goes_on_at(call: Call, healthy: &[String], at: usize, harm: Harm) -> Option<usize> {
    let ends_well = wanted(call, &healthy[at], harm) == Kind::Done;
    match call {
        _ if harm == Harm::Late => Some(at + 1),
        Call::Device if healthy[at] == "POST /token" => Some(at),
        // Each of the two secrets is tried by itself; where the connection is refused, the second makes no exchange.
        Call::WeComProbe if at < 2 && harm != Harm::Refuse => Some(2),
        _ if ends_well => Some(at + 1),
        _ => None,
    }
}

/// What the campus was asked, in order; one ticket is as good as another.
fn heads(proxy: &Proxy) -> Vec<String> {
    let masked = |head: String| match head.split_once("/TGT-") {
        Some((before, _)) => format!("{before}/TGT"),
        None => head,
    };
    proxy.heads().into_iter().map(masked).collect()
}

/// What must have reached the campus: all before, the broken one where it left, and nothing of it twice.
fn may_reach(call: Call, healthy: &[String], at: usize, harm: Harm) -> Vec<String> {
    let mut heads = healthy[..at].to_vec();
    heads.extend(harm.lets_out().then(|| healthy[at].clone()));
    // A page in the place of a validation: the server may know the protocol's second version alone.
    if harm == Harm::Garbage && healthy[at].ends_with("/p3/serviceValidate") {
        heads.push(healthy[at].replace("/p3/", "/"));
    }
    let rest = goes_on_at(call, healthy, at, harm);
    heads.extend(rest.iter().flat_map(|rest| healthy[*rest..].to_vec()));
    heads
}

/// Whether the one request that must not be doubted has left, for calls that tell it.
fn wanted_left(call: Call, at: usize, harm: Harm) -> Option<bool> {
    let carries = call.carries()?;
    if call.is_message() {
        // A limit is a refusal: nothing went out.
        return Some(harm.lets_out() && harm != Harm::Limit429);
    }
    Some(at > carries || at == carries && harm.lets_out())
}

/// What all cases share.
struct Bench {
    /// For connections in the open, on this machine itself.
    plain: Http,
    /// Believes `ours`.
    private: Http,
    ours: Arc<ServerConfig>,
    strange: Arc<ServerConfig>,
}

impl Bench {
    fn new() -> Bench {
        let (ours, strange) = (Authority::new(), Authority::new());
        Bench {
            plain: http(Trust::LoopbackOnly),
            private: http(Trust::SystemAnd(vec![ours.der()])),
            ours: ours.signs("127.0.0.1").server(),
            strange: strange.signs("127.0.0.1").server(),
        }
    }

    /// A server of its own, and an adapter that reaches it through a proxy and waits by this clock.
    async fn stage(
        &self,
        call: Call,
        with_tls: bool,
        clock: Arc<dyn Clock>,
    ) -> (Upstream, Proxy, Adapter) {
        let upstream = Upstream::new(call).await;
        let exchange = Exchange::Connection;
        let (proxy, http, scheme) = if with_tls {
            let proxy = Proxy::with_tls(upstream.at, exchange, self.ours.clone()).await;
            (proxy, &self.private, "https")
        } else {
            (Proxy::to(upstream.at, exchange).await, &self.plain, "http")
        };
        let url = format!("{scheme}://{}", proxy.address);
        let http = http.clone().with_clock(clock);
        let adapter = upstream.adapter(call, &url, &http).await;
        (upstream, proxy, adapter)
    }

    /// The exchanges of a call that nothing happens to.
    async fn healthy(&self, call: Call) -> Vec<String> {
        let (_upstream, proxy, adapter) = self.stage(call, false, HeldClock::jumping()).await;
        let (kind, _) = adapter.ask(call).await;
        assert_eq!(kind, Kind::Done, "{call:?}, and nothing is wrong");
        heads(&proxy)
    }

    /// One case; says what is wrong with it.
    async fn case(&self, call: Call, healthy: &[String], at: usize, harm: Harm) -> Vec<String> {
        let clock = HeldClock::jumping();
        // Polling again and again needs a student who finishes before the code expires.
        let waits = call == Call::Device && harm == Harm::Refuse;
        let adapters: Arc<dyn Clock> = if waits {
            Arc::new(SystemClock::start())
        } else {
            clock.clone()
        };
        let with_tls = harm == Harm::WrongCertificate;
        let (_upstream, proxy, adapter) = self.stage(call, with_tls, adapters).await;
        proxy.breaks_off(at, harm.fault(&self.strange)).await;
        let began = Instant::now();
        let asked = adapter.ask(call);
        let mut asked = std::pin::pin!(asked);
        let (kind, left) = match tokio::time::timeout(DEADLINE * 2, &mut asked).await {
            Ok(told) => told,
            Err(_) if waits => {
                proxy.mends_quietly().await;
                asked.await
            }
            Err(_) => asked.await,
        };
        let took = began.elapsed();
        let mut faults = Vec::new();
        let mut check = |is_so: bool, what: String| {
            if !is_so {
                faults.push(format!(
                    "{call:?}, {harm:?} at {at} ({}): {what}",
                    healthy[at]
                ));
            }
        };
        let words = wanted(call, &healthy[at], harm);
        check(kind == words, format!("{kind:?}, not {words:?}"));
        if kind != Kind::Done
            && let Some(is_left) = wanted_left(call, at, harm)
        {
            check(left == Some(is_left), format!("whether it left: {left:?}"));
        }
        let heads = heads(&proxy);
        let may = may_reach(call, healthy, at, harm);
        check(heads == may, format!("{heads:?} came, {may:?} was due"));
        let is_asked_after = call == Call::Device && healthy[at] == "POST /token";
        match (is_asked_after, harm) {
            (true, Harm::Limit429) => {
                let waited = clock.moved();
                check(waited >= RETRY_AFTER, format!("again after {waited:?}"));
            }
            (true, _) => {}
            (false, _) => check(took < DEADLINE * 3, format!("it took {took:?}")),
        }
        proxy.mends().await;
        let (again, _) = adapter.ask(call).await;
        check(again == Kind::Done, format!("and whole again: {again:?}"));
        faults
    }
}

#[tokio::test]
async fn every_call_of_every_adapter_times_every_fault() {
    let bench = Bench::new();
    let mut cases = Vec::new();
    let mut exchanges = 0;
    for call in Call::ALL {
        let healthy = bench.healthy(call).await;
        assert!(!healthy.is_empty(), "{call:?} asks nothing");
        exchanges += healthy.len();
        for at in 0..healthy.len() {
            cases.extend(HARMS.map(|harm| (call, healthy.clone(), at, harm)));
        }
    }
    let tried = cases.len();
    let run = cases
        .iter()
        .map(|(call, healthy, at, harm)| bench.case(*call, healthy, *at, *harm));
    let faults: Vec<Vec<String>> = futures_util::stream::iter(run)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    println!(
        "| network: {} calls over HTTP, each of their {exchanges} exchanges, times {} faults | {tried} cases | \
         {} with wrong words, done twice or lost |",
        Call::ALL.len(),
        HARMS.len(),
        faults.len()
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
