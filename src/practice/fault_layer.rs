//! A layer before all routes that applies ordered faults to calls. The hooks are exempt, so that a test can always remove
//! a fault. The layer also refuses requests that are not addressed to this machine.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::bad_days::{self, BadDay};
use super::ordered_faults::{FaultKind, OrderedFault};
use super::server::{Server, lock};
use super::wire::Gate;
use super::{cas, oidc, sms, wecom};

const LONGEST_DELAY: Duration = Duration::from_secs(60);
/// The longest "garbage" response, in bytes.
const MOST_GARBAGE: usize = 16 * 1024 * 1024;

/// Every call passes through here first.
pub async fn apply_faults(
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
    if let Some(refused) = bad_day(&server, &path, &gate).await {
        return refused;
    }
    if path == "/" && sms::is_report(request.headers()) {
        return next.run(request).await;
    }
    let taken = lock(&server.faults).take_for(request.method().as_str(), &path);
    let Some(fault) = taken else {
        return next.run(request).await;
    };
    match fault.kind {
        FaultKind::Slow => {
            let delay = Duration::from_millis(fault.number(1000)).min(LONGEST_DELAY);
            be_late(&server, delay).await;
            next.run(request).await
        }
        FaultKind::Refuse => {
            gate.shut();
            StatusCode::NO_CONTENT.into_response()
        }
        FaultKind::Status => {
            let status = u16::try_from(fault.number(503)).unwrap_or(503);
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            (status, "practice fault").into_response()
        }
        FaultKind::TokenExpired => {
            server.with(|state| state.tokens.clear());
            wecom::refusal(42001)
        }
        FaultKind::Errcode => refusal(&path, &fault),
        FaultKind::Cut => cut(next.run(request).await, fault.value.as_u64()).await,
        FaultKind::Lost => {
            let response = next.run(request).await;
            gate.shut();
            response
        }
        FaultKind::Garbage => garbage(usize::try_from(fault.number(200)).unwrap_or(0)),
    }
}

/// What a bad day makes of a call to the campus; phones are not part of it.
async fn bad_day(server: &Server, path: &str, gate: &Gate) -> Option<Response> {
    if path.starts_with("/practice/") {
        return None;
    }
    let is_on = |day| server.with(|state| state.bad_days.is_on(day));
    if is_on(BadDay::NoNetwork) {
        gate.shut();
        return Some(StatusCode::NO_CONTENT.into_response());
    }
    if is_on(BadDay::Slow) {
        be_late(server, bad_days::SLOW).await;
    }
    None
}

/// Waits, unless the campus stops.
async fn be_late(server: &Server, delay: Duration) {
    let mut stopped = server.stopped.clone();
    tokio::select! {
        () = tokio::time::sleep(delay) => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}

/// A website that is open in a browser on this machine must not reach the campus through a host name that resolves to
/// loopback (DNS rebinding).
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

fn refusal(path: &str, fault: &OrderedFault) -> Response {
    match path {
        "/" => sms::refusal(fault.value.as_str().unwrap_or("InternalError")),
        path if path.starts_with("/cas/") => {
            cas::refusal(fault.value.as_str().unwrap_or("FailedLoginException"))
        }
        path if path.starts_with("/oidc/") => {
            oidc::refusal(fault.value.as_str().unwrap_or("invalid_grant"))
        }
        _ => wecom::refusal(fault.value.as_i64().unwrap_or(-1)),
    }
}

/// Announces the whole body's length and breaks off before its end.
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
