//! Identity by CAS REST: a ticket-granting ticket for name and password, a service ticket, its validation, and out again.
//! A sign-in is never repeated here, and nothing that a server writes reaches a person.

use reqwest::{Method, RequestBuilder, StatusCode, Url};
use zeroize::Zeroizing;

use super::cas_answer::{self, Judged};
use super::ways::{Judging, Missed, PasswordWay};
use crate::campus::http::{Answer, Endpoint, EndpointError, Http, secret_body};
use crate::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

type Refused = Failure<SignInRefusal>;

/// A CAS server with its REST protocol switched on.
pub struct CasRest {
    http: Http,
    base: Endpoint,
    /// The service that tickets are for; the server must know it.
    service: String,
}

impl CasRest {
    /// `base_url` is where `/v1/tickets` hangs: `https://sso.example.edu/cas`.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, base_url: &str, service: &str) -> Result<Self, EndpointError> {
        Ok(CasRest {
            http,
            base: Endpoint::parse(base_url)?,
            service: service.to_owned(),
        })
    }

    /// POST `/v1/tickets`: 201 and a `Location` that ends in the ticket (Apereo, REST protocol).
    async fn grant(&self, number: &str, password: &Secret) -> Result<Granted, Missed> {
        let form = form(&[("username", number), ("password", password.expose())]);
        let url = self.base.join(&["v1", "tickets"]);
        let request = self.post(url, form);
        let answer = self.http.hand_over("cas tickets", request).await?;
        if answer.status != StatusCode::CREATED {
            return Err(Missed::Sent(refusal(&answer)));
        }
        // Only the ticket itself is believed: the address around it might lead anywhere.
        let ticket = answer
            .location
            .as_deref()
            .and_then(|l| l.rsplit('/').next());
        match ticket.filter(|ticket| is_ticket(ticket, "TGT-")) {
            Some(ticket) => Ok(Granted {
                http: self.http.clone(),
                url: self.base.join(&["v1", "tickets", ticket]),
            }),
            None => {
                tracing::warn!("cas tickets: 201 without a ticket");
                Err(Missed::Sent(Failure::Offline))
            }
        }
    }

    /// POST `/v1/tickets/{TGT}`: the body is the service ticket.
    async fn service_ticket(&self, granted: &Granted) -> Result<Zeroizing<String>, Refused> {
        let form = form(&[("service", &self.service)]);
        let request = self.post(granted.url.clone(), form);
        let answer = self.http.ask("cas service ticket", request).await?;
        match answer.status {
            StatusCode::OK => {}
            // Another node of the server that has not heard of the ticket yet.
            StatusCode::NOT_FOUND => return Err(Failure::Offline),
            status => {
                let text = format!(
                    "CAS gives no ticket for this service (HTTP {})",
                    status.as_u16()
                );
                return Err(Failure::Misconfigured(text));
            }
        }
        let ticket = std::str::from_utf8(&answer.body).unwrap_or_default().trim();
        match is_ticket(ticket, "ST-") {
            true => Ok(Zeroizing::new(ticket.to_owned())),
            false => Err(Failure::Offline),
        }
    }

    /// GET `/p3/serviceValidate` (CAS 3.0 protocol, 2.8): whose ticket it is.
    async fn validate(&self, ticket: &str) -> Result<Student, Refused> {
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
                Err(Failure::Offline)
            }
            None => {
                tracing::warn!("cas validate: not an answer");
                Err(Failure::Offline)
            }
        }
    }

    fn post(&self, url: Url, form: Zeroizing<Vec<u8>>) -> RequestBuilder {
        self.http
            .request(Method::POST, url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json, text/plain, */*")
            .body(secret_body(form))
    }
}

impl PasswordWay for CasRest {
    fn name(&self) -> &'static str {
        "cas_rest"
    }

    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a> {
        Box::pin(async move {
            let granted = self.grant(student.as_str(), password).await?;
            let ticket = self.service_ticket(&granted).await.map_err(Missed::Sent)?;
            self.validate(&ticket).await.map_err(Missed::Sent)
        })
    }
}

/// A sign-in that stands at the server. Dropped, it is signed out, also where the desk gave up waiting: in the
/// background, so that nobody waits for a farewell.
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
            // Where it fails the ticket ends by itself, and nobody else has it.
            let _ = http.ask::<SignInRefusal>("cas sign-out", request).await;
        });
    }
}

/// What a status other than 201 means (Apereo: 400 no credentials, 401 refused, 415 media type, 423 throttled).
fn refusal(answer: &Answer) -> Refused {
    match answer.status {
        StatusCode::LOCKED => Failure::Limited {
            retry_after: answer.retry_after,
        },
        StatusCode::UNAUTHORIZED => Failure::Rejected(cas_answer::exceptions(&answer.body)),
        // CAS 4 answered a wrong password with 400 and this word.
        StatusCode::BAD_REQUEST
            if String::from_utf8_lossy(&answer.body).contains("credentials.bad") =>
        {
            Failure::Rejected(SignInRefusal::WrongPassword)
        }
        status if status.is_success() => Failure::Offline,
        status => Failure::Misconfigured(format!(
            "CAS REST is not served at this address (HTTP {})",
            status.as_u16()
        )),
    }
}

/// Tickets have up to 256 characters of a small alphabet (CAS 3.0 protocol, 3.7).
fn is_ticket(text: &str, prefix: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    text.starts_with(prefix) && text.len() <= 512 && text.chars().all(allowed)
}

/// A form body in one buffer of the right size from the beginning: growing it would leave pieces of a password behind.
fn form(fields: &[(&str, &str)]) -> Zeroizing<Vec<u8>> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let most =
        |(key, value): &(&str, &str)| key.len().saturating_add(value.len().saturating_mul(3));
    let room: usize = fields
        .iter()
        .map(|field| most(field).saturating_add(2))
        .sum();
    let mut body = Zeroizing::new(Vec::with_capacity(room));
    for (place, (key, value)) in fields.iter().enumerate() {
        if place > 0 {
            body.push(b'&');
        }
        body.extend_from_slice(key.as_bytes());
        body.push(b'=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                body.push(byte);
            } else {
                let [high, low] = [byte >> 4, byte & 15].map(|half| HEX[usize::from(half)]);
                body.extend_from_slice(&[b'%', high, low]);
            }
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_without_growing() {
        let body = form(&[("username", "20260001"), ("password", "a&b=c +%密")]);
        assert_eq!(
            std::str::from_utf8(&body).unwrap(),
            "username=20260001&password=a%26b%3Dc%20%2B%25%E5%AF%86"
        );
        let worst = "密".repeat(40);
        let body = form(&[("password", &worst)]);
        assert!(body.len() <= 2 + 8 + 40 * 9 && body.capacity() == 2 + 8 + 40 * 9);
    }

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
