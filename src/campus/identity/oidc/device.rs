//! The device grant (RFC 8628): the adapter requests a code, the desk shows it, the student signs in on their own phone,
//! and the adapter polls until that is done. No password passes here.

use std::time::Duration;

use reqwest::{StatusCode, Url};
use serde::Deserialize;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use super::discovery::IssuerEndpoints;
use super::pace::{Pace, PollAnswer};
use super::{Oidc, Tokens, client_failure, error_code, misconfigured};
use crate::campus::http::{Endpoint, HttpAnswer};
use crate::campus::{Calling, DeviceGrant, GrantCode, GrantNews, Probing};
use crate::visit::{Failure, GrantRefusal, Student, is_format};

pub(super) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The longest life of a code. A longer one from the campus is cut.
const LONGEST_LIFE: Duration = Duration::from_secs(15 * 60);
/// The longest code and address that are shown, in characters.
const LONGEST_CODE: usize = 32;
const LONGEST_ADDRESS: usize = 400;

type GrantFailure = Failure<GrantRefusal>;

/// A pending grant (3.2).
struct PendingGrant {
    device_code: Zeroizing<String>,
    pace: Pace,
    /// The monotonic time at which the code is over.
    until: Duration,
}

/// What the token endpoint said (3.5).
enum DevicePoll {
    Tokens(Tokens),
    Again(PollAnswer),
    Ended(GrantFailure),
}

#[derive(Deserialize)]
struct DeviceGrantBody {
    device_code: String,
    user_code: String,
    verification_uri: String,
    #[serde(default)]
    verification_uri_complete: Option<String>,
    expires_in: u64,
    #[serde(default)]
    interval: Option<u64>,
}

impl DeviceGrant for Oidc {
    fn grant<'a>(
        &'a self,
        tell: &'a mpsc::Sender<GrantNews>,
    ) -> Calling<'a, Student, GrantRefusal> {
        Box::pin(async move {
            let found = self.found().await?;
            let Some(url) = found.device.clone() else {
                return Err(misconfigured("the issuer offers no device grant"));
            };
            let begun = self.begin(&found, &url, tell).await?;
            let tokens = self.wait(&found, begun, tell).await?;
            self.student(&found, &tokens).await
        })
    }

    fn probe(&self) -> Probing<'_> {
        Box::pin(async { vec![self.examine(true).await] })
    }
}

impl Oidc {
    /// Asks for a code (3.1).
    async fn begin(
        &self,
        found: &IssuerEndpoints,
        url: &Url,
        tell: &mpsc::Sender<GrantNews>,
    ) -> Result<PendingGrant, GrantFailure> {
        let scopes = self.scopes(found);
        let request = self.post_device(url, found, &[("scope", &scopes)]);
        let answer = self.0.http.ask("oidc device grant", request).await?;
        if !answer.status.is_success() {
            let code = error_code(&answer);
            return Err(
                client_failure("device", &code, answer.status).unwrap_or_else(|| {
                    misconfigured(&format!(
                        "no device grant is given (HTTP {})",
                        answer.status.as_u16()
                    ))
                }),
            );
        }
        let Some((code, begun)) = read_grant(&answer, self.now()) else {
            tracing::warn!("oidc device grant: not an answer");
            return Err(Failure::Unavailable);
        };
        // Where the receiver is gone, this call is about to be dropped.
        let _ = tell.send(GrantNews::Code(code)).await;
        Ok(begun)
    }

    /// Polls until the grant is decided or its code expires.
    async fn wait(
        &self,
        found: &IssuerEndpoints,
        mut begun: PendingGrant,
        tell: &mpsc::Sender<GrantNews>,
    ) -> Result<Tokens, GrantFailure> {
        let clock = self.0.http.clock();
        let mut pause = begun.pace.first();
        let mut is_heard = true;
        loop {
            let left = begun.until.saturating_sub(clock.now().mono);
            if left <= pause {
                clock.sleep(left).await;
                return Err(Failure::Rejected(GrantRefusal::Expired));
            }
            clock.sleep(pause).await;
            let heard = match self.poll(found, &begun.device_code).await {
                DevicePoll::Tokens(tokens) => return Ok(tokens),
                DevicePoll::Ended(why) => return Err(why),
                DevicePoll::Again(heard) => heard,
            };
            let hears = heard != PollAnswer::Nothing;
            if hears != is_heard {
                is_heard = hears;
                let _ = tell.send(GrantNews::Heard(hears)).await;
            }
            pause = begun.pace.after(heard);
        }
    }

    async fn poll(&self, found: &IssuerEndpoints, device_code: &str) -> DevicePoll {
        let fields = [("grant_type", GRANT_TYPE), ("device_code", device_code)];
        let request = self.post(&found.token, found, &fields);
        match self.0.http.ask("oidc device token", request).await {
            Ok(answer) => read_poll(&answer),
            Err(Failure::Limited { retry_after }) => {
                DevicePoll::Again(PollAnswer::Busy { retry_after })
            }
            Err(Failure::Offline | Failure::Unavailable) => DevicePoll::Again(PollAnswer::Nothing),
            Err(why @ (Failure::Rejected(_) | Failure::Misconfigured(_))) => DevicePoll::Ended(why),
        }
    }
}

fn read_poll(answer: &HttpAnswer) -> DevicePoll {
    if answer.status == StatusCode::OK {
        // An answer without tokens may be a network's portal page: the grant continues.
        return match Tokens::read(answer).filter(|t| t.id.is_some() || t.access.is_some()) {
            Some(tokens) => DevicePoll::Tokens(tokens),
            None => DevicePoll::Again(PollAnswer::Nothing),
        };
    }
    let code = error_code(answer);
    match code.as_str() {
        "authorization_pending" => DevicePoll::Again(PollAnswer::Pending),
        "slow_down" => DevicePoll::Again(PollAnswer::SlowDown),
        "access_denied" => DevicePoll::Ended(Failure::Rejected(GrantRefusal::Denied)),
        // Some servers forget an expired code, and answer that they do not know it.
        "expired_token" | "invalid_grant" => {
            DevicePoll::Ended(Failure::Rejected(GrantRefusal::Expired))
        }
        code => match client_failure("token", code, answer.status) {
            Some(why) => DevicePoll::Ended(why),
            None => DevicePoll::Again(PollAnswer::Nothing),
        },
    }
}

/// Reads a code that was given at the monotonic `now`; `None` unless all of it can be shown.
fn read_grant(answer: &HttpAnswer, now: Duration) -> Option<(GrantCode, PendingGrant)> {
    let wire: DeviceGrantBody = serde_json::from_slice(&answer.body).ok()?;
    let device_code = Zeroizing::new(wire.device_code);
    let user_code = Zeroizing::new(wire.user_code);
    let whole = wire.verification_uri_complete.map(Zeroizing::new);
    let length = user_code.chars().count();
    let shows = |c: char| !c.is_control() && !is_format(c);
    if device_code.is_empty() || !(1..=LONGEST_CODE).contains(&length) {
        return None;
    }
    if !user_code.chars().all(shows) || !is_address(&wire.verification_uri) {
        return None;
    }
    let life = Duration::from_secs(wire.expires_in).min(LONGEST_LIFE);
    let begun = PendingGrant {
        device_code,
        pace: Pace::new(wire.interval),
        until: now.saturating_add(life),
    };
    let code = GrantCode {
        user_code,
        address: wire.verification_uri,
        whole_address: whole.filter(|address| is_address(address)),
        life,
    };
    Some((code, begun))
}

/// An address that a student may be sent to: https, or this machine itself, and nothing in it that changes how it is
/// drawn. A query is allowed here: the code stands in it.
fn is_address(text: &str) -> bool {
    let is_plain = text.chars().all(|c| c.is_ascii_graphic());
    let base = text.split(['?', '#']).next().unwrap_or_default();
    is_plain && text.len() <= LONGEST_ADDRESS && Endpoint::parse(base).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_student_is_sent_to_https_alone() {
        for good in [
            "https://sso.example.edu.cn/device",
            "https://sso.example.edu.cn/device?code=ABCD-EFGH#x",
            "http://127.0.0.1:8080/device?code=A",
        ] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("https://h/{}", "a".repeat(400));
        for bad in [
            "http://sso.example.edu.cn/device",
            "javascript:alert(1)",
            "https://h/\u{1b}[2J",
            "https://h/\u{202e}x",
            "https://me:secret@h/",
            "weixin://dl/scan",
            "",
            &long,
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
