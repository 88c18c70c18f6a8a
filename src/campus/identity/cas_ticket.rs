//! The base of every CAS adapter: the server and its settings, and the validation of service tickets.

use reqwest::{Method, StatusCode};

use super::answer_text::text_of;
use super::cas_answer::{self, Judged};
use super::ways::PasswordWay;
use super::{SignIn, SignInFailure};
use crate::campus::http::{BODY_CAP, Endpoint, EndpointError, Http, HttpAnswer, Unanswered};
use crate::campus::setting::{BoxedConnector, Connector, Setting, SettingValues};
use crate::cli_error::CliResult;
use crate::visit::{Failure, Student};

/// The words for the setting of the attribute with the number, in every CAS section.
pub(super) const NUMBER_WORDS: &str = "The attribute of the validated ticket that holds the student number, where users sign in by another name. Without it the user of the ticket is the student number.";

/// A CAS server, for one service.
pub(super) struct CasServer {
    pub http: Http,
    /// Where `/login` and `/p3/serviceValidate` hang.
    pub base: Endpoint,
    /// The service that tickets are for; the server must know it.
    pub service: String,
    /// The attribute that holds the student number; `None` for the user itself.
    pub number_attribute: Option<String>,
}

/// The settings of a CAS server, and the adapter that uses it.
#[derive(Debug)]
pub(super) struct CasOptions {
    /// The adapter's name in the configuration.
    pub name: &'static str,
    /// The server's base, such as `https://cas.example.edu.cn/cas`, without a slash at the end.
    pub url: String,
    /// The service that tickets are for.
    pub service: String,
    /// The attribute that holds the student number.
    pub number_attribute: Option<String>,
    /// Makes the adapter.
    pub adapter: fn(CasServer) -> Box<dyn PasswordWay>,
}

impl CasOptions {
    /// Reads the settings of a CAS section: the address, the service, and the attribute with the number.
    ///
    /// # Errors
    /// Where a setting is missing.
    pub fn read(
        values: &dyn SettingValues,
        name: &'static str,
        [url, service, number_attribute]: [&Setting; 3],
        adapter: fn(CasServer) -> Box<dyn PasswordWay>,
    ) -> CliResult<BoxedConnector<SignIn>> {
        Ok(Box::new(CasOptions {
            name,
            url: values.need_url(url)?,
            service: values.need(service)?,
            number_attribute: values.text(number_attribute),
            adapter,
        }))
    }
}

impl Connector<SignIn> for CasOptions {
    fn name(&self) -> &'static str {
        self.name
    }

    fn connect(self: Box<Self>, http: &Http) -> Result<SignIn, EndpointError> {
        let server = CasServer {
            number_attribute: self.number_attribute,
            ..CasServer::new(http.clone(), &self.url, &self.service)?
        };
        Ok(SignIn::by_password((self.adapter)(server)))
    }
}

impl CasServer {
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, base_url: &str, service: &str) -> Result<Self, EndpointError> {
        Ok(CasServer {
            http,
            base: Endpoint::parse(base_url)?,
            service: service.to_owned(),
            number_attribute: None,
        })
    }

    /// The student of a ticket, which is validated once, by the number as the server has it: whether it is the one who was
    /// asked is for the visit to judge, as for every method.
    pub async fn student(&self, ticket: &str) -> Result<Student, SignInFailure> {
        let answer = self.validate(ticket).await?;
        match cas_answer::read(&text_of(&answer), self.number_attribute.as_deref()) {
            Some(Judged::Student(student)) => Ok(student),
            Some(Judged::NoNumber(why)) => Err(Failure::Misconfigured(format!("CAS: {why}"))),
            Some(Judged::Refused(code)) if code.contains("SERVICE") => Err(Failure::Misconfigured(
                format!("CAS does not know this service ({code})"),
            )),
            Some(Judged::Refused(code)) => {
                tracing::warn!(code, "cas validate: a fresh ticket was refused");
                Err(Failure::Unavailable)
            }
            None => {
                tracing::warn!("cas validate: not an answer");
                Err(Failure::Unavailable)
            }
        }
    }

    /// GET `/p3/serviceValidate` (CAS 3.0 protocol, 2.8), or `/serviceValidate` where p3 answered otherwise than a
    /// validation does: a server of CAS 2.0 has no p3, did not see the ticket, and says so by a 404, a redirect to its
    /// login page, that page itself, or a refusal. It requests JSON, and reads XML as well, for servers without JSON.
    async fn validate(&self, ticket: &str) -> Result<HttpAnswer, SignInFailure> {
        let by_p3 = self.asked(&["p3", "serviceValidate"], ticket).await?;
        if is_validation(&by_p3) || by_p3.status.is_success() && !is_page(&by_p3) {
            return Ok(by_p3);
        }
        tracing::info!(
            status = by_p3.status.as_u16(),
            "cas validate: p3 gives no validation"
        );
        let answer = self.asked(&["serviceValidate"], ticket).await?;
        // Where there is p3 alone, its answer says more.
        let told = match answer.status {
            StatusCode::NOT_FOUND => by_p3,
            _ => answer,
        };
        match told.status {
            status if status.is_success() || is_validation(&told) => Ok(told),
            status if status.is_redirection() => Err(Failure::Unavailable),
            status => Err(Failure::Misconfigured(format!(
                "CAS validates no tickets (HTTP {})",
                status.as_u16()
            ))),
        }
    }

    async fn asked(&self, path: &[&str], ticket: &str) -> Result<HttpAnswer, SignInFailure> {
        let query = [
            ("service", self.service.as_str()),
            ("ticket", ticket),
            ("format", "JSON"),
        ];
        let request = self
            .http
            .request(Method::GET, self.base.join(path))
            .query(&query);
        let answered: Result<HttpAnswer, Unanswered<_>> = self
            .http
            .hand_over_any("cas validate", request, BODY_CAP)
            .await;
        answered.map_err(|unanswered| unanswered.why)
    }
}

/// Whether an answer is one to a ticket, good or bad (CAS 3.0 protocol, appendix A).
fn is_validation(answer: &HttpAnswer) -> bool {
    !answer.status.is_redirection() && text_of(answer).contains("serviceResponse")
}

/// Whether it is a page for people.
fn is_page(answer: &HttpAnswer) -> bool {
    let text = text_of(answer).to_lowercase();
    text.contains("<html") || text.contains("<!doctype html")
}

/// Service tickets have up to 256 characters of a small alphabet (CAS 3.0 protocol, 3.7), and real ones hold the address of
/// their server. They are only handed back, as one parameter, to the server that they came from.
pub(super) fn is_service_ticket(text: &str) -> bool {
    text.starts_with("ST-") && text.len() <= 512 && text.chars().all(|c| c.is_ascii_graphic())
}

/// A ticket that becomes a part of a path.
pub(super) fn is_ticket(text: &str, prefix: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    text.starts_with(prefix) && text.len() <= 512 && text.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_ticket_is_a_ticket() {
        assert!(is_ticket(
            "TGT-1-abc.DEF_practice".replace('_', "-").as_str(),
            "TGT-"
        ));
        for bad in ["TGT-a/b", "TGT-a?b", "ST-1", "", "TGT-\u{1b}"] {
            assert!(!is_ticket(bad, "TGT-"), "{bad:?}");
        }
        assert!(!is_ticket(&format!("TGT-{}", "a".repeat(600)), "TGT-"));
    }
}
