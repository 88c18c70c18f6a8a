//! One secret of WeCom's and its access token: fetched when needed, cached in memory as long as it is valid.

use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::wecom_errcode::{failure, is_busy};
use super::{DirectoryFailure, wecom_json};
use crate::campus::http::{Endpoint, Http};
use crate::visit::{Failure, Secret};

/// A token is dropped this long before it expires, so that it does not expire during a call.
const MARGIN: Duration = Duration::from_secs(60);
/// The longest accepted life of a token. WeCom documents 7200 s (doc 91039).
const LONGEST_LIFE: Duration = Duration::from_secs(7200);
const LONGEST_TOKEN: usize = 512;

/// How often a call to a busy service is retried.
pub const BUSY_RETRIES: u32 = 3;

/// A secret and its token.
pub struct WeComSecret {
    secret: Secret,
    token: Mutex<Option<CachedToken>>,
}

struct CachedToken {
    token: AccessToken,
    /// The monotonic time from which it is not used any more.
    until: Duration,
}

/// Wiped when dropped; not for Debug.
pub type AccessToken = Zeroizing<String>;

#[derive(Deserialize)]
struct TokenAnswer {
    #[serde(default)]
    errcode: i64,
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    expires_in: u64,
}

impl WeComSecret {
    pub fn new(secret: Secret) -> Self {
        WeComSecret {
            secret,
            token: Mutex::new(None),
        }
    }

    /// The valid token. Concurrent calls share one fetch.
    ///
    /// # Errors
    /// Where WeCom refuses the secret, or does not answer.
    pub async fn token(
        &self,
        http: &Http,
        base: &Endpoint,
        corp_id: &str,
    ) -> Result<AccessToken, DirectoryFailure> {
        let mut kept = self.token.lock().await;
        let now = http.clock().now().mono;
        if let Some(good) = kept.as_ref().filter(|kept| now < kept.until) {
            return Ok(good.token.clone());
        }
        let given = self.fetch(http, base, corp_id).await?;
        let life = Duration::from_secs(given.expires_in).min(LONGEST_LIFE);
        let token = Zeroizing::new(given.access_token);
        // A very short life is halved instead of being consumed by the margin.
        let until = now.saturating_add(life.saturating_sub(MARGIN.min(life / 2)));
        *kept = Some(CachedToken {
            token: token.clone(),
            until,
        });
        Ok(token)
    }

    /// Drops a refused token, unless another token has replaced it already.
    pub async fn forget(&self, refused: &AccessToken) {
        let mut kept = self.token.lock().await;
        if kept.as_ref().is_some_and(|kept| kept.token == *refused) {
            *kept = None;
        }
    }

    /// `GET gettoken` (WeCom doc 91039).
    async fn fetch(
        &self,
        http: &Http,
        base: &Endpoint,
        corp_id: &str,
    ) -> Result<TokenAnswer, DirectoryFailure> {
        let mut busy = 0;
        loop {
            let query = [("corpid", corp_id), ("corpsecret", self.secret.expose())];
            let url = base.join(&["gettoken"]);
            let request = http.request(Method::GET, url).query(&query);
            let answer = http.ask("wecom gettoken", request).await?;
            let given: TokenAnswer = wecom_json::read("gettoken", &answer.body)?;
            match given.errcode {
                0 if (1..=LONGEST_TOKEN).contains(&given.access_token.len()) => return Ok(given),
                0 => {
                    let bytes = given.access_token.len();
                    tracing::warn!(bytes, "wecom gettoken: no access token, or one too long");
                    return Err(Failure::Unavailable);
                }
                code if is_busy(code) && busy < BUSY_RETRIES => {
                    pause(busy).await;
                    busy += 1;
                }
                code => {
                    tracing::warn!(code, "wecom gettoken refused");
                    return Err(failure("gettoken", code));
                }
            }
        }
    }
}

/// Sleeps before a retry of a busy service: full jitter under 150, 300, 600 ms, so that desks that were refused together
/// do not retry together.
pub async fn pause(tries: u32) {
    let most: u64 = 150 << tries.min(2);
    let mut random = [0u8; 8];
    // Without randomness the pause is the longest one.
    let millis = match getrandom::fill(&mut random) {
        Ok(()) => u64::from_be_bytes(random) % most,
        Err(_) => most,
    };
    tokio::time::sleep(Duration::from_millis(millis)).await;
}
