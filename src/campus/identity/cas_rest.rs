//! Identity by CAS REST: a ticket-granting ticket for name and password, a service ticket, its validation, and out again.
//! A sign-in is never retried here, and no text of the server is shown.

use reqwest::{Method, RequestBuilder, StatusCode, Url};
use zeroize::Zeroizing;

use super::cas_exceptions;
use super::cas_ticket::{CasOptions, CasServer, NUMBER_WORDS, is_service_ticket, is_ticket};
use super::form_body;
use super::ways::{Judging, Missed, PasswordWay};
use super::{SignIn, SignInFailure};
use crate::campus::http::{EndpointError, Http, HttpAnswer, secret_body};
use crate::campus::setting::{BoxedConnector, Setting, SettingKind, SettingValues};
use crate::campus::{Probed, Probing, without_refusal};
use crate::cli_error::CliResult;
use crate::visit::{Failure, Secret, SignInRefusal, StudentNumber};

/// A CAS server with its REST protocol switched on.
pub struct CasRest {
    server: CasServer,
}

/// This adapter's name in the configuration.
pub const NAME: &str = "cas_rest";

const URL: Setting = Setting {
    key: "identity.cas_rest.url",
    kind: SettingKind::Url,
    default: None,
    example: "https://cas.example.edu.cn/cas",
    words: "The unified identity by CAS REST. Without any [identity] section students sign in on their phones.",
};

const SERVICE: Setting = Setting {
    key: "identity.cas_rest.service",
    kind: SettingKind::Text,
    default: None,
    example: "https://yingxin.example.edu.cn/",
    words: "The service that tickets are requested for, as registered with CAS. It is a name: nothing is sent there.",
};

const NUMBER_ATTRIBUTE: Setting = Setting {
    key: "identity.cas_rest.number_attribute",
    kind: SettingKind::Text,
    default: None,
    example: "xh",
    words: NUMBER_WORDS,
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[URL, SERVICE, NUMBER_ATTRIBUTE];

impl CasRest {
    /// Reads the section `[identity.cas_rest]`.
    ///
    /// # Errors
    /// Where a setting is missing.
    pub fn read(values: &dyn SettingValues) -> CliResult<BoxedConnector<SignIn>> {
        CasOptions::read(
            values,
            NAME,
            [&URL, &SERVICE, &NUMBER_ATTRIBUTE],
            |server| Box::new(CasRest { server }),
        )
    }

    /// The settings of a server: its base address and the service that tickets are for.
    pub fn at(url: String, service: String) -> BoxedConnector<SignIn> {
        Box::new(CasOptions {
            name: NAME,
            url,
            service,
            number_attribute: None,
            adapter: |server| Box::new(CasRest { server }),
        })
    }

    /// `base_url` is where `/v1/tickets` hangs: `https://sso.example.edu/cas`.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, base_url: &str, service: &str) -> Result<Self, EndpointError> {
        CasServer::new(http, base_url, service).map(|server| CasRest { server })
    }

    /// POST `/v1/tickets`: 201 and a `Location` that ends in the ticket (Apereo, REST protocol).
    async fn grant(&self, number: &str, password: &Secret) -> Result<Granted, Missed> {
        let form = form_body::encode(&[("username", number), ("password", password.expose())]);
        let url = self.server.base.join(&["v1", "tickets"]);
        let request = self.post(url, form);
        let answer = self.server.http.hand_over("cas tickets", request).await?;
        if answer.status != StatusCode::CREATED {
            return Err(Missed::Sent(refusal(&answer)));
        }
        // Only the ticket itself is used: the address around it may be any server's.
        let ticket = answer
            .location
            .as_deref()
            .and_then(|l| l.rsplit('/').next());
        match ticket.filter(|ticket| is_ticket(ticket, "TGT-")) {
            Some(ticket) => Ok(Granted {
                http: self.server.http.clone(),
                url: self.server.base.join(&["v1", "tickets", ticket]),
            }),
            None => {
                tracing::warn!("cas tickets: 201 without a ticket");
                Err(Missed::Sent(Failure::Unavailable))
            }
        }
    }

    /// POST `/v1/tickets/{TGT}`: the body is the service ticket.
    async fn service_ticket(&self, granted: &Granted) -> Result<Zeroizing<String>, SignInFailure> {
        let form = form_body::encode(&[("service", &self.server.service)]);
        let request = self.post(granted.url.clone(), form);
        let answer = self.server.http.ask("cas service ticket", request).await?;
        match answer.status {
            StatusCode::OK => {}
            // Another node of the server does not know the ticket yet.
            StatusCode::NOT_FOUND => return Err(Failure::Unavailable),
            status => {
                let text = format!(
                    "CAS gives no ticket for this service (HTTP {})",
                    status.as_u16()
                );
                return Err(Failure::Misconfigured(text));
            }
        }
        let ticket = std::str::from_utf8(&answer.body).unwrap_or_default().trim();
        if is_service_ticket(ticket) {
            Ok(Zeroizing::new(ticket.to_owned()))
        } else {
            Err(Failure::Unavailable)
        }
    }

    fn post(&self, url: Url, form: Zeroizing<Vec<u8>>) -> RequestBuilder {
        self.server
            .http
            .request(Method::POST, url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json, text/plain, */*")
            // Newer servers tell of a refusal by a text alone, in the language that is asked for.
            .header("accept-language", "en")
            .body(secret_body(form))
    }
}

impl PasswordWay for CasRest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a> {
        Box::pin(async move {
            let granted = self.grant(student.as_str(), password).await?;
            let ticket = self.service_ticket(&granted).await.map_err(Missed::Sent)?;
            self.server.student(&ticket).await.map_err(Missed::Sent)
        })
    }

    /// Asks for a sign-in without a name or a password: CAS REST alone answers that with 400.
    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let url = self.server.base.join(&["v1", "tickets"]);
            let form = form_body::encode(&[("service", &self.server.service)]);
            let asked = self.server.http.ask("cas probe", self.post(url, form));
            let said = match asked.await {
                Ok(answer) if answer.status == StatusCode::BAD_REQUEST => Ok(()),
                Ok(answer) => Err(without_refusal(refusal(&answer))),
                Err(why) => Err(why),
            };
            vec![Probed::through(
                &self.server.http,
                "identity.cas_rest",
                said,
            )]
        })
    }
}

/// A session at the server. Dropping it signs out in the background, also after a deadline: no student waits for the
/// sign-out.
struct Granted {
    http: Http,
    url: Url,
}

impl Drop for Granted {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let request = self.http.request(Method::DELETE, self.url.clone());
        let http = self.http.clone();
        runtime.spawn(async move {
            // Where this fails, the ticket expires at the server.
            http.tell("cas sign-out", request).await;
        });
    }
}

/// The failure that a status other than 201 means (Apereo: 400 no credentials, 401 refused, 415 media type, 423 throttled).
fn refusal(answer: &HttpAnswer) -> SignInFailure {
    match answer.status {
        StatusCode::LOCKED => Failure::Limited {
            retry_after: answer.retry_after,
        },
        StatusCode::UNAUTHORIZED => cas_exceptions::refusal(&answer.body),
        // CAS 4 answered a wrong password with 400 and this word.
        StatusCode::BAD_REQUEST
            if String::from_utf8_lossy(&answer.body).contains("credentials.bad") =>
        {
            Failure::Rejected(SignInRefusal::WrongPassword)
        }
        status if status.is_success() => Failure::Unavailable,
        status => Failure::Misconfigured(format!(
            "CAS REST is not served at this address (HTTP {})",
            status.as_u16()
        )),
    }
}
