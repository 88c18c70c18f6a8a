//! Fetches a file that an administrator names by its address: bounded like every answer, and over https alone.

use reqwest::Method;

use super::http::{Endpoint, Http};
use crate::visit::Failure;

/// Fetches what is at an address, at most `cap` bytes of it. A redirect is not followed.
///
/// # Errors
/// Nothing answers in time, or the answer is longer, or no success.
pub async fn fetch(http: &Http, address: &Endpoint, cap: usize) -> Result<Vec<u8>, Failure<()>> {
    let request = http.request(Method::GET, address.url());
    let answered = http.hand_over_any("fetch", request, cap).await;
    let answer = answered.map_err(|unanswered| unanswered.why)?;
    if !answer.status.is_success() {
        let why = format!("HTTP {}", answer.status.as_u16());
        return Err(Failure::Misconfigured(why));
    }
    Ok(answer.body.to_vec())
}
