//! One sign-in through a server's own pages, as a browser would do it: its cookies, which live as long as the sign-in,
//! and at most a few redirects, never to another server. The password is handed over once.

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use reqwest::{Method, RequestBuilder, Url};
use zeroize::Zeroizing;

use super::SignInFailure;
use super::cas_ticket::is_ticket;
use super::ways::Missed;
use crate::campus::http::{Http, HttpAnswer, PAGE_CAP, Unanswered, secret_body};
use crate::visit::{Failure, SignInRefusal};

/// The most redirects before a page.
const MOST_REDIRECTS: usize = 3;
/// More cookies than any sign-in sets, and the longest accepted cookie, in bytes.
const MOST_COOKIES: usize = 20;
const LONGEST_COOKIE: usize = 4096;

/// A sign-in in progress. Dropping it signs out in the background, so that no session remains at the server.
pub(super) struct Browsing {
    http: Http,
    /// The address of the sign-out.
    logout: Url,
    cookies: Vec<(String, Zeroizing<String>)>,
    /// Whether the server accepted a password: there may be a session to end.
    is_signed_in: bool,
}

impl Browsing {
    pub fn new(http: Http, logout: Url) -> Self {
        Browsing {
            http,
            logout,
            cookies: Vec::new(),
            is_signed_in: false,
        }
    }

    /// How far the server's clock is ahead of this machine's.
    pub fn ahead(&self) -> Option<jiff::SignedDuration> {
        self.http.ahead()
    }

    /// Reads a page. Returns it with the address after all redirects.
    pub async fn page(
        &mut self,
        what: &'static str,
        url: Url,
    ) -> Result<(HttpAnswer, Url), SignInFailure> {
        let mut at = url;
        for _ in 0..=MOST_REDIRECTS {
            let request = self.request(Method::GET, at.clone());
            let answered = self.http.hand_over_any(what, request, PAGE_CAP).await;
            let answer = answered.map_err(|unanswered| unanswered.why)?;
            self.keep_cookies(&answer);
            if !answer.status.is_redirection() {
                return Ok((answer, at));
            }
            match leads_to(&at, &answer).filter(|next| next.origin() == at.origin()) {
                Some(next) => at = next,
                None => break,
            }
        }
        tracing::warn!(what, "the page leads elsewhere, or in a circle");
        Err(Failure::Unavailable)
    }

    /// Sends the filled form once. A redirect is an answer here and is not followed.
    pub async fn submit(
        &mut self,
        what: &'static str,
        url: Url,
        form: Zeroizing<Vec<u8>>,
    ) -> Result<HttpAnswer, Missed> {
        let request = self
            .request(Method::POST, url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(secret_body(form));
        let answered: Result<HttpAnswer, Unanswered<SignInRefusal>> =
            self.http.hand_over_any(what, request, PAGE_CAP).await;
        let answer = answered?;
        self.keep_cookies(&answer);
        self.is_signed_in = answer.status.is_redirection();
        Ok(answer)
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self
            .http
            .request(method, url)
            .header(ACCEPT, "text/html, */*");
        match self.cookie_header() {
            Some(cookies) => request.header(COOKIE, cookies),
            None => request,
        }
    }

    fn cookie_header(&self) -> Option<reqwest::header::HeaderValue> {
        let mut line = Zeroizing::new(String::new());
        for (name, value) in &self.cookies {
            if !line.is_empty() {
                line.push_str("; ");
            }
            line.push_str(name);
            line.push('=');
            line.push_str(value);
        }
        let mut header = reqwest::header::HeaderValue::from_str(&line).ok()?;
        header.set_sensitive(true);
        Some(header).filter(|_| !line.is_empty())
    }

    /// The pair before the first semicolon (RFC 6265 5.2). All of them go back to the one server they came from.
    fn keep_cookies(&mut self, answer: &HttpAnswer) {
        for line in &answer.cookies {
            let pair = line.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let (name, value) = (name.trim(), value.trim());
            if name.is_empty() || pair.len() > LONGEST_COOKIE {
                continue;
            }
            self.cookies.retain(|(known, _)| known != name);
            if self.cookies.len() < MOST_COOKIES {
                let value = Zeroizing::new(value.to_owned());
                self.cookies.push((name.to_owned(), value));
            }
        }
    }
}

impl Drop for Browsing {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        if !self.is_signed_in {
            return;
        }
        let request = self.request(Method::GET, self.logout.clone());
        let http = self.http.clone();
        runtime.spawn(async move {
            // Where this fails, the session expires at the server, and its cookies are dropped here.
            let _ = http.ask::<SignInRefusal>("cas sign-out", request).await;
        });
    }
}

/// The target of a redirect.
pub(super) fn leads_to(from: &Url, answer: &HttpAnswer) -> Option<Url> {
    from.join(answer.location.as_deref()?).ok()
}

/// The service ticket in a redirect to the service (CAS 3.0 protocol, 2.2.4): only the ticket is believed, and only
/// where it is handed to the service that was asked for.
pub(super) fn ticket_in(
    from: &Url,
    answer: &HttpAnswer,
    service: &str,
) -> Option<Zeroizing<String>> {
    let to = leads_to(from, answer)?;
    let service = Url::parse(service).ok()?;
    if to.origin() != service.origin() || to.path() != service.path() {
        return None;
    }
    to.query_pairs()
        .find(|(key, _)| key == "ticket")
        .map(|(_, ticket)| Zeroizing::new(ticket.into_owned()))
        .filter(|ticket| is_ticket(ticket, "ST-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(location: &str, cookies: &[&str]) -> HttpAnswer {
        HttpAnswer {
            status: reqwest::StatusCode::FOUND,
            location: Some(location.to_owned()),
            retry_after: None,
            date: None,
            cookies: cookies
                .iter()
                .map(|line| Zeroizing::new((*line).to_owned()))
                .collect(),
            body: Zeroizing::new(Vec::new()),
        }
    }

    #[test]
    fn a_ticket_counts_only_on_its_way_to_the_service() {
        let from = Url::parse("https://cas.example/cas/login?service=x").unwrap();
        let service = "https://desk.example/a?b=c";
        let ticket = |location: &str| ticket_in(&from, &answer(location, &[]), service);
        let found = ticket("https://desk.example/a?b=c&ticket=ST-1-x");
        assert_eq!(found.as_deref().map(String::as_str), Some("ST-1-x"));
        for bad in [
            "https://evil.example/a?ticket=ST-1-x",
            "http://desk.example/a?ticket=ST-1-x",
            "https://desk.example/other?ticket=ST-1-x",
            "https://desk.example/a?ticket=PT-1-x",
            "https://desk.example/a?ticket=ST-1%0d%0a",
            "https://desk.example/a",
            "/cas/login?ticket=ST-1-x",
            "",
        ] {
            assert!(ticket(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn cookies_are_kept_as_pairs_and_bounded() {
        let url = Url::parse("https://cas.example/logout").unwrap();
        let trust = crate::campus::http::Trust::LoopbackOnly;
        let options = crate::campus::http::HttpOptions {
            trust,
            ..Default::default()
        };
        let mut browsing = Browsing::new(Http::new(&options).unwrap(), url);
        assert!(browsing.cookie_header().is_none());
        let long = format!("long={}", "x".repeat(5000));
        browsing.keep_cookies(&answer(
            "",
            &["a=1; Path=/; Secure", "b = 2", "=3", "none", &long],
        ));
        browsing.keep_cookies(&answer("", &["a=4;HttpOnly"]));
        assert_eq!(
            browsing.cookie_header().unwrap().to_str().unwrap(),
            "b=2; a=4"
        );
        assert!(browsing.cookie_header().unwrap().is_sensitive());
        let many: Vec<String> = (0..100).map(|n| format!("c{n}=1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        browsing.keep_cookies(&answer("", &many));
        assert_eq!(browsing.cookies.len(), MOST_COOKIES);
    }
}
