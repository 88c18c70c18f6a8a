//! The password grant (RFC 6749 4.3), for a campus with an issuer and without a device grant. The adapter sends it once
//! and never retries.

use reqwest::StatusCode;
use serde::Deserialize;

use super::{NAME, Oidc, Tokens, client_failure, error_code, misconfigured};
use crate::campus::Probing;
use crate::campus::http::HttpAnswer;
use crate::campus::identity::page_words::{PageTopic, topics};
use crate::campus::identity::{Judging, Missed, PasswordWay, SignInFailure, page_verdict};
use crate::visit::{Failure, Secret, SignInRefusal, StudentNumber};

/// An issuer that judges passwords.
pub struct OidcPassword(pub Oidc);

impl PasswordWay for OidcPassword {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a> {
        Box::pin(async move {
            let OidcPassword(oidc) = self;
            let found = oidc.found().await.map_err(Missed::Kept)?;
            let scopes = oidc.scopes(&found);
            let fields = [
                ("grant_type", "password"),
                ("username", student.as_str()),
                ("password", password.expose()),
                ("scope", &scopes),
            ];
            let request = oidc.post(&found.token, &found, &fields);
            let answer = oidc.0.http.hand_over("oidc password", request).await?;
            if answer.status != StatusCode::OK {
                return Err(Missed::Sent(refusal(&answer)));
            }
            let Some(tokens) = Tokens::read(&answer) else {
                tracing::warn!("oidc password: not an answer");
                return Err(Missed::Sent(Failure::Unavailable));
            };
            let student = oidc.student(&found, &tokens).await;
            student.map_err(Missed::Sent)
        })
    }

    fn probe(&self) -> Probing<'_> {
        Box::pin(async { vec![self.0.examine(false).await] })
    }
}

/// A wrong password is 400 `invalid_grant` (5.2), or 401, or 403 with nothing in it, as servers have it. Authlib's word for
/// it is `invalid_request`, with a description that names the password. Keycloak and Entra have the code of a wrong password
/// for every refusal of an account, and tell which in the description; Auth0 has codes for another step.
fn refusal(answer: &HttpAnswer) -> SignInFailure {
    let code = error_code(answer);
    if code == "invalid_request" && is_about_the_password(answer) {
        return Failure::Rejected(SignInRefusal::WrongPassword);
    }
    if let Some(why) = client_failure("token", &code, answer.status) {
        return why;
    }
    if ["mfa_required", "interaction_required", "consent_required"].contains(&&*code) {
        return Failure::Rejected(SignInRefusal::AnotherWay);
    }
    match answer.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => of_the_account(answer),
        StatusCode::BAD_REQUEST if code == "invalid_grant" || answer.body.is_empty() => {
            of_the_account(answer)
        }
        status if status.is_success() => Failure::Unavailable,
        status => misconfigured(&format!(
            "no password grant is given (HTTP {})",
            status.as_u16()
        )),
    }
}

/// A refusal of the account: what its description says beside a wrong password, which has the same code.
fn of_the_account(answer: &HttpAnswer) -> SignInFailure {
    let told = topics(&description(answer));
    let told = told.into_iter().filter(|topic| *topic != PageTopic::Wrong);
    told.max().map_or(
        Failure::Rejected(SignInRefusal::WrongPassword),
        page_verdict::said,
    )
}

/// What a description speaks of that refuses the password itself.
const OF_THE_PASSWORD: [&str; 2] = ["password", "credential"];
/// That it is wrong.
const WRONG: [&str; 7] = [
    "wrong",
    "invalid",
    "incorrect",
    "bad ",
    "mismatch",
    "not match",
    "not valid",
];
/// Whose fault it is otherwise: the client's own credentials, the password grant, how the request is written.
const OF_THE_REQUEST: [&str; 5] = ["client", "grant", "multiple", "missing", "required"];

/// Whether the description of a refusal says that the password is wrong. Anything else is for the administrator: told as
/// a wrong password, it would send the student into the account's lock.
fn is_about_the_password(answer: &HttpAnswer) -> bool {
    let text = description(answer).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    has(&OF_THE_PASSWORD) && has(&WRONG) && !has(&OF_THE_REQUEST)
}

/// The `error_description` of an answer, or nothing.
fn description(answer: &HttpAnswer) -> String {
    #[derive(Deserialize)]
    struct Described {
        error_description: String,
    }
    let described = serde_json::from_slice::<Described>(&answer.body);
    described
        .map(|body| body.error_description)
        .unwrap_or_default()
}
