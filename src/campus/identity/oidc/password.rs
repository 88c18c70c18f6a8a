//! The password grant (RFC 6749 4.3), for a campus that has an issuer and no device grant. It is asked once and never
//! again by itself.

use reqwest::StatusCode;

use super::{Oidc, Tokens, clients_fault, error_code, misconfigured};
use crate::campus::http::Answer;
use crate::campus::{Calling, Identity};
use crate::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

/// An issuer that judges passwords.
pub struct OidcPassword(pub Oidc);

impl Identity for OidcPassword {
    fn sign_in<'a>(
        &'a self,
        student: &'a StudentNumber,
        password: &'a Secret,
    ) -> Calling<'a, Student, SignInRefusal> {
        Box::pin(async move {
            if password.is_empty() {
                return Err(Failure::Rejected(SignInRefusal::WrongPassword));
            }
            let Oidc(inner) = &self.0;
            let found = self.0.found().await?;
            let scopes = self.0.scopes();
            let fields = [
                ("grant_type", "password"),
                ("username", student.as_str()),
                ("password", password.expose()),
                ("scope", &scopes),
            ];
            let request = self.0.post(&found.token, &found, &fields);
            let answer = inner.http.ask("oidc password", request).await?;
            if answer.status != StatusCode::OK {
                return Err(refusal(&answer));
            }
            match Tokens::read(&answer) {
                Some(tokens) => self.0.student(&found, &tokens).await,
                None => {
                    tracing::warn!("oidc password: not an answer");
                    Err(Failure::Offline)
                }
            }
        })
    }
}

/// A wrong password is 400 `invalid_grant` (5.2), or 401, or 403 with nothing in it, as servers have it.
fn refusal(answer: &Answer) -> Failure<SignInRefusal> {
    let code = error_code(answer);
    if let Some(why) = clients_fault("token", &code, answer.status) {
        return why;
    }
    match answer.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Failure::Rejected(SignInRefusal::WrongPassword)
        }
        StatusCode::BAD_REQUEST if code == "invalid_grant" || answer.body.is_empty() => {
            Failure::Rejected(SignInRefusal::WrongPassword)
        }
        status if status.is_success() => Failure::Offline,
        status => misconfigured(&format!(
            "no password grant is given (HTTP {})",
            status.as_u16()
        )),
    }
}
