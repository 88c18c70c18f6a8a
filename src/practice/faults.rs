//! The bad day, ordered in advance: what goes wrong in the next calls. Faults stand before every answer except the
//! hooks' own, so that a test can always take them back. In memory only: a restart is a good day.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::state::{Server, lock};
use super::wire::Gate;
use super::{cas, sms, wecom};

const MOST_FAULTS: usize = 32;
const MOST_CALLS: u32 = 10_000;
const MOST_PATHS: usize = 64;
const LONGEST_DELAY: Duration = Duration::from_secs(60);
/// A "garbage" answer of this many bytes at the most.
const MOST_GARBAGE: usize = 16 * 1024 * 1024;

/// A fault as it is ordered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// `cas`, `wecom`, `sms`, `phone`, or a path's beginning, with a method before it where that matters: `POST /cas/`.
    pub target: String,
    pub kind: Kind,
    /// Slow: milliseconds. Status: the HTTP status. Errcode: the service's own code, a number for WeCom and a text for
    /// the others. Cut: how many bytes of the body still leave; half of them where it is not said. Garbage: how many
    /// bytes.
    #[serde(default)]
    pub value: Value,
    /// For how many calls; one where it is not said.
    #[serde(default = "once")]
    pub calls: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The true answer, late.
    Slow,
    /// The connection is closed; nothing was done and nothing is answered.
    Refuse,
    /// An HTTP status without having done anything.
    Status,
    /// WeCom: every token is taken back, and this call is told so.
    TokenExpired,
    /// The service's own way to say no.
    Errcode,
    /// It IS done, and the answer breaks off in its body.
    Cut,
    /// It IS done, and nothing is answered.
    Lost,
    /// An answer that is none.
    Garbage,
}

/// What is ordered, and what was called.
#[derive(Default)]
pub struct Faults {
    ordered: VecDeque<Fault>,
    calls: BTreeMap<String, u64>,
}

fn once() -> u32 {
    1
}

impl Faults {
    /// # Errors
    /// Says which bound the order breaks.
    pub fn order(&mut self, mut fault: Fault) -> Result<(), &'static str> {
        let named = matches!(fault.target.as_str(), "cas" | "wecom" | "sms" | "phone");
        if !named && !path_of(&fault.target).1.starts_with('/') {
            return Err("target is cas, wecom, sms, phone, or a path");
        }
        if self.ordered.len() >= MOST_FAULTS {
            return Err("too many faults are ordered");
        }
        fault.calls = fault.calls.min(MOST_CALLS);
        self.ordered.push_back(fault);
        Ok(())
    }

    pub fn clear(&mut self) {
        self.ordered.clear();
    }

    pub fn ordered(&self) -> Vec<Fault> {
        self.ordered.iter().cloned().collect()
    }

    /// How often each path was called, faults included.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.calls.clone()
    }

    /// Counts a call and takes the first fault that is meant for it.
    fn meet(&mut self, method: &str, path: &str) -> Option<Fault> {
        let counted = match path.strip_prefix("/cas/v1/tickets/") {
            Some(_) => "/cas/v1/tickets/*",
            None => path,
        };
        if self.calls.len() < MOST_PATHS || self.calls.contains_key(counted) {
            let count = self.calls.entry(counted.to_owned()).or_default();
            *count = count.saturating_add(1);
        }
        self.ordered.retain(|fault| fault.calls > 0);
        let fault = self
            .ordered
            .iter_mut()
            .find(|fault| is_meant(&fault.target, method, path))?;
        fault.calls = fault.calls.saturating_sub(1);
        let met = fault.clone();
        self.ordered.retain(|fault| fault.calls > 0);
        Some(met)
    }
}

/// A target's method, where it names one, and its path.
fn path_of(target: &str) -> (Option<&str>, &str) {
    match target.split_once(' ') {
        Some((method, path)) => (Some(method), path),
        None => (None, target),
    }
}

fn is_meant(target: &str, method: &str, path: &str) -> bool {
    let (only, target) = path_of(target);
    if only.is_some_and(|only| only != method) {
        return false;
    }
    match target {
        "cas" => path.starts_with("/cas/"),
        "wecom" => path.starts_with("/cgi-bin/"),
        "sms" => path == "/",
        "phone" => path.starts_with("/practice/phone"),
        prefix => path.starts_with(prefix),
    }
}

impl Fault {
    fn number(&self, default: u64) -> u64 {
        self.value.as_u64().unwrap_or(default)
    }
}

/// Every call passes here first.
pub async fn stand_between(
    State(server): State<Arc<Server>>,
    ConnectInfo(gate): ConnectInfo<Gate>,
    request: Request,
    next: Next,
) -> Response {
    if !is_for_loopback(&request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let path = request.uri().path().to_owned();
    if matches!(
        path.as_str(),
        "/practice/state" | "/practice/faults" | "/practice/settings"
    ) {
        return next.run(request).await;
    }
    let met = lock(&server.faults).meet(request.method().as_str(), &path);
    let Some(fault) = met else {
        return next.run(request).await;
    };
    match fault.kind {
        Kind::Slow => {
            let delay = Duration::from_millis(fault.number(1000)).min(LONGEST_DELAY);
            let mut stopped = server.stopped.clone();
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                _ = stopped.wait_for(|stop| *stop) => {}
            }
            next.run(request).await
        }
        Kind::Refuse => {
            gate.shut();
            StatusCode::NO_CONTENT.into_response()
        }
        Kind::Status => {
            let status = u16::try_from(fault.number(503)).unwrap_or(503);
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            (status, "practice fault").into_response()
        }
        Kind::TokenExpired => {
            server.with(|state| state.tokens.clear());
            wecom::refusal(42001)
        }
        Kind::Errcode => refusal(&path, &fault),
        Kind::Cut => cut(next.run(request).await, fault.value.as_u64()).await,
        Kind::Lost => {
            let response = next.run(request).await;
            gate.shut();
            response
        }
        Kind::Garbage => garbage(usize::try_from(fault.number(200)).unwrap_or(0)),
    }
}

/// A page of some website elsewhere, opened on this machine, must not reach the campus through a name that leads here.
fn is_for_loopback(request: &Request) -> bool {
    let host = request.headers().get(header::HOST);
    let Some(host) = host.and_then(|host| host.to_str().ok()) else {
        return false;
    };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "[::1]")
        || name
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

fn refusal(path: &str, fault: &Fault) -> Response {
    match path {
        "/" => sms::refusal(fault.value.as_str().unwrap_or("InternalError")),
        path if path.starts_with("/cas/") => {
            cas::refusal(fault.value.as_str().unwrap_or("FailedLoginException"))
        }
        _ => wecom::refusal(fault.value.as_i64().unwrap_or(-1)),
    }
}

/// Promises the whole body and breaks off before its end.
async fn cut(response: Response, bytes: Option<u64>) -> Response {
    let (mut head, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, MOST_GARBAGE).await;
    let whole = whole.unwrap_or_default();
    let most = whole.len().saturating_sub(1);
    let left = match bytes.map(usize::try_from) {
        Some(bytes) => bytes.unwrap_or(most).min(most),
        None => whole.len() / 2,
    };
    head.headers
        .insert(header::CONTENT_LENGTH, whole.len().max(1).into());
    let piece = Ok::<_, Infallible>(whole.slice(..left));
    let body = Body::from_stream(futures_util::stream::iter([piece]));
    Response::from_parts(head, body)
}

fn garbage(bytes: usize) -> Response {
    let text = "<html>\u{1b}[2J 502 <!-- ";
    let repeated = text.repeat(bytes.min(MOST_GARBAGE).div_ceil(text.len()));
    let mut response = Response::new(Body::from(repeated));
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
