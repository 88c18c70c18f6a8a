//! The base of every CAS adapter: the server and its settings, and the validation of service tickets.

use reqwest::Method;

use super::cas_answer::{self, Judged};
use super::ways::PasswordWay;
use super::{SignIn, SignInFailure};
use crate::campus::http::{Endpoint, EndpointError, Http};
use crate::campus::setting::{BoxedConnector, Connector, Setting, SettingValues};
use crate::cli_error::CliResult;
use crate::visit::{Failure, Student};

/// A CAS server, for one service.
pub(super) struct CasServer {
    pub http: Http,
    /// Where `/login` and `/p3/serviceValidate` hang.
    pub base: Endpoint,
    /// The service that tickets are for; the server must know it.
    pub service: String,
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
    /// Makes the adapter.
    pub adapter: fn(CasServer) -> Box<dyn PasswordWay>,
}

impl CasOptions {
    /// Reads the two settings of a CAS section.
    ///
    /// # Errors
    /// Where a setting is missing.
    pub fn read(
        values: &dyn SettingValues,
        name: &'static str,
        [url, service]: [&Setting; 2],
        adapter: fn(CasServer) -> Box<dyn PasswordWay>,
    ) -> CliResult<BoxedConnector<SignIn>> {
        Ok(Box::new(CasOptions {
            name,
            url: values.need_url(url)?,
            service: values.need(service)?,
            adapter,
        }))
    }
}

impl Connector<SignIn> for CasOptions {
    fn name(&self) -> &'static str {
        self.name
    }

    fn connect(self: Box<Self>, http: &Http) -> Result<SignIn, EndpointError> {
        let server = CasServer::new(http.clone(), &self.url, &self.service)?;
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
        })
    }

    /// GET `/p3/serviceValidate` (CAS 3.0 protocol, 2.8), once for each ticket. It requests JSON, and reads XML as well,
    /// for servers without JSON.
    pub async fn student(&self, ticket: &str) -> Result<Student, SignInFailure> {
        let url = self.base.join(&["p3", "serviceValidate"]);
        let query = [
            ("service", self.service.as_str()),
            ("ticket", ticket),
            ("format", "JSON"),
        ];
        let request = self.http.request(Method::GET, url).query(&query);
        let answer = self.http.ask("cas validate", request).await?;
        if !answer.status.is_success() {
            let text = format!("CAS validates no tickets (HTTP {})", answer.status.as_u16());
            return Err(Failure::Misconfigured(text));
        }
        match cas_answer::read(&answer.body) {
            Some(Judged::Student(student)) => Ok(student),
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
}

/// Tickets have up to 256 characters of a small alphabet (CAS 3.0 protocol, 3.7).
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
