//! One sign-in through a server's own pages, as a browser would do it: its cookies, which live as long as the sign-in,
//! and its redirects, never to another server. The password is handed over once.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use reqwest::{Method, RequestBuilder, Url};
use zeroize::Zeroizing;

use super::cas_ticket::is_service_ticket;
use super::cookies::Cookies;
use super::page::LoginPage;
use super::page_verdict::is_for_a_new_password;
use super::ways::Missed;
use super::{SignInFailure, form_body};
use crate::campus::Probed;
use crate::campus::http::{Http, HttpAnswer, Unanswered, secret_body};
use crate::visit::{Failure, SignInRefusal};

/// The most redirects on the way to a page: as many as browsers follow.
const MOST_REDIRECTS: usize = 20;

/// A sign-in in progress. Dropping it signs out in the background, so that no session remains at the server.
pub(super) struct Browsing {
    http: Http,
    /// The address of the sign-out.
    logout: Url,
    cookies: Cookies,
    /// Whether the server accepted a password: there may be a session to end.
    is_signed_in: bool,
}

/// What the server answers to the filled form.
pub(super) enum Handed {
    /// The service ticket.
    Ticket(Zeroizing<String>),
    /// A page, after all redirects to the server itself.
    Page(Box<LoginPage>, HttpAnswer),
    /// A way to another server than the service's, or to the page for a new password.
    Elsewhere(Url),
}

impl Browsing {
    pub fn new(http: Http, logout: Url) -> Self {
        Browsing {
            http,
            logout,
            cookies: Cookies::default(),
            is_signed_in: false,
        }
    }

    /// The result of a probe by these pages.
    pub fn probed(&self, gateway: &'static str, said: Result<(), Failure<()>>) -> Probed {
        Probed::through(&self.http, gateway, said)
    }

    /// How long one answer may take.
    pub fn patience(&self) -> Duration {
        let (_, timing) = self.http.for_others();
        timing.total
    }

    /// Reads a page. Returns it with the address after all redirects.
    pub async fn page(
        &mut self,
        what: &'static str,
        url: Url,
    ) -> Result<(HttpAnswer, Url), SignInFailure> {
        let mut at = url;
        let mut step = None;
        for _ in 0..=MOST_REDIRECTS {
            let answered = match step.take() {
                Some(form) => self.post(what, &at, form).await,
                None => self.get(what, &at).await,
            };
            let answer = answered.map_err(|unanswered| unanswered.why)?;
            if !answer.status.is_redirection() {
                let Some((to, form)) = storage_step(&at, &LoginPage::of(&answer)) else {
                    return Ok((answer, at));
                };
                (at, step) = (to, Some(form));
                continue;
            }
            match leads_to(&at, &answer) {
                Some(next) if next.origin() == at.origin() => at = next,
                Some(next) => {
                    let host = next.host_str().unwrap_or_default();
                    let host: String = host
                        .chars()
                        .filter(char::is_ascii_graphic)
                        .take(100)
                        .collect();
                    return Err(Failure::Misconfigured(format!(
                        "{what}: it is on another server ({host}); set the url to that one"
                    )));
                }
                None => {
                    return Err(Failure::Misconfigured(format!(
                        "{what}: a redirect without an address"
                    )));
                }
            }
        }
        Err(Failure::Misconfigured(format!(
            "{what}: more than {MOST_REDIRECTS} redirects before the page"
        )))
    }

    /// Sends the filled form once, and follows the answer on the same server until there is a ticket for the service, a
    /// page for people, or a way to another server. A redirect is followed with GET: the form is never sent again.
    pub async fn submit(
        &mut self,
        what: &'static str,
        url: Url,
        form: Zeroizing<Vec<u8>>,
        service: &str,
    ) -> Result<Handed, Missed> {
        let mut answer = self.post::<SignInRefusal>(what, &url, form).await?;
        let mut at = url;
        for _ in 0..=MOST_REDIRECTS {
            let (next, page) = if answer.status.is_redirection() {
                self.is_signed_in = true;
                let Some(next) = leads_to(&at, &answer) else {
                    return Err(Missed::Sent(Failure::Unavailable));
                };
                if let Some(ticket) = ticket_for(&next, service) {
                    return Ok(Handed::Ticket(ticket));
                }
                (next, None)
            } else {
                let page = LoginPage::of(&answer);
                if let Some(ticket) = ticket_on(&at, &page, &answer, service) {
                    self.is_signed_in = true;
                    return Ok(Handed::Ticket(ticket));
                }
                if let Some((to, form)) = storage_step(&at, &page) {
                    // Only who signed in is asked to store it.
                    self.is_signed_in = true;
                    drop(page);
                    let answered = self.post::<SignInRefusal>(what, &to, form).await;
                    answer = answered.map_err(|unanswered| Missed::Sent(unanswered.why))?;
                    at = to;
                    continue;
                }
                let next = page.refresh.as_deref().and_then(|to| at.join(to).ok());
                // A page with a form waits for a person.
                match next.filter(|next| {
                    page.forms.is_empty() && next.origin() == at.origin() && *next != at
                }) {
                    Some(next) => (next, Some(page)),
                    None => return Ok(Handed::Page(Box::new(page), answer)),
                }
            };
            if next.origin() != at.origin() || is_for_a_new_password(&next) {
                return Ok(Handed::Elsewhere(next));
            }
            drop(page);
            at = next;
            // The password has left, whatever becomes of this.
            let answered = self.get::<SignInRefusal>(what, &at).await;
            answer = answered.map_err(|unanswered| Missed::Sent(unanswered.why))?;
        }
        Err(Missed::Sent(Failure::Misconfigured(format!(
            "{what}: more than {MOST_REDIRECTS} redirects after the password"
        ))))
    }

    /// Ends the session that there may be, when the sign-in is dropped: the password may have been right.
    pub fn signs_out(&mut self) {
        self.is_signed_in = true;
    }

    async fn get<R>(&mut self, what: &'static str, at: &Url) -> Result<HttpAnswer, Unanswered<R>> {
        let request = self.request(Method::GET, at.clone());
        let answer = self.http.hand_over_page(what, request).await?;
        self.keep_cookies(&answer, at);
        Ok(answer)
    }

    async fn post<R>(
        &mut self,
        what: &'static str,
        to: &Url,
        form: Zeroizing<Vec<u8>>,
    ) -> Result<HttpAnswer, Unanswered<R>> {
        let request = self
            .request(Method::POST, to.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(secret_body(form));
        let answer = self.http.hand_over_page(what, request).await?;
        self.keep_cookies(&answer, to);
        Ok(answer)
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let cookies = self.cookies.header(&url, self.http.clock().now().mono);
        let request = self
            .http
            .request(method, url)
            .header(ACCEPT, "text/html, */*");
        match cookies {
            Some(cookies) => request.header(COOKIE, cookies),
            None => request,
        }
    }

    fn keep_cookies(&mut self, answer: &HttpAnswer, from: &Url) {
        let now = self.http.clock().now();
        for line in &answer.cookies {
            self.cookies.keep(line, from, now.mono, now.wall);
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
            http.tell("cas sign-out", request).await;
        });
    }
}

/// Where a page of Shibboleth's that only reads or writes the browser's storage leads, and what it sends there: nothing
/// but what it says itself, and only to its own server.
fn storage_step(at: &Url, page: &LoginPage) -> Option<(Url, Zeroizing<Vec<u8>>)> {
    let form = page.forms.iter().find(|form| form.is_for_storage())?;
    let to = match form.action.as_deref() {
        Some(action) => at.join(action).ok()?,
        None => at.clone(),
    };
    let fields: Vec<(&str, &str)> = form
        .unchanged()
        .map(|input| (&*input.name, &*input.value))
        .collect();
    (page.form.is_none() && to.origin() == at.origin()).then(|| (to, form_body::encode(&fields)))
}

/// The target of a redirect.
pub(super) fn leads_to(from: &Url, answer: &HttpAnswer) -> Option<Url> {
    from.join(answer.location.as_deref()?).ok()
}

/// The service ticket in an address of the service (CAS 3.0 protocol, 2.2.4): only the ticket counts, and only where
/// it is handed to the service that was asked for.
pub(super) fn ticket_for(to: &Url, service: &str) -> Option<Zeroizing<String>> {
    let service = Url::parse(service).ok()?;
    if to.origin() != service.origin()
        || without_session(to.path()) != without_session(service.path())
    {
        return None;
    }
    to.query_pairs()
        .find(|(key, _)| key == "ticket")
        .map(|(_, ticket)| Zeroizing::new(ticket.into_owned()))
        .filter(|ticket| is_service_ticket(ticket))
}

/// A path without the session that servlet containers put behind it: `/desk;jsessionid=A1`.
fn without_session(path: &str) -> &str {
    path.split_once(";jsessionid=")
        .map_or(path, |(path, _)| path)
}

/// The ticket on a page that leads on by itself: a refresh, a script that sets the location, or JSON with the address.
fn ticket_on(
    at: &Url,
    page: &LoginPage,
    answer: &HttpAnswer,
    service: &str,
) -> Option<Zeroizing<String>> {
    let ticket = |to: &str| at.join(to).ok().and_then(|to| ticket_for(&to, service));
    if let Some(found) = page.goes_on().find_map(ticket) {
        return Some(found);
    }
    let json: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    // An address stands on the first or second level: `{"data":{"redirectUrl":"..."}}`.
    let first = json.as_object()?.values();
    let second = first
        .clone()
        .filter_map(serde_json::Value::as_object)
        .flat_map(serde_json::Map::values);
    first
        .chain(second)
        .filter_map(serde_json::Value::as_str)
        .find_map(ticket)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVICE: &str = "https://desk.example/a?b=c";

    fn ticket(to: &str) -> Option<String> {
        let from = Url::parse("https://cas.example/cas/login?service=x").unwrap();
        let to = from.join(to).unwrap();
        ticket_for(&to, SERVICE).map(|ticket| ticket.to_string())
    }

    #[test]
    fn a_ticket_counts_only_on_its_way_to_the_service() {
        for (good, wanted) in [
            ("https://desk.example/a?b=c&ticket=ST-1-x", "ST-1-x"),
            (
                "https://desk.example/a;jsessionid=A1?ticket=ST-1-x",
                "ST-1-x",
            ),
            (
                "https://desk.example/a?ticket=ST-18-E-https%3A%2F%2Fsso.example.edu%3A8443%2Fcas",
                "ST-18-E-https://sso.example.edu:8443/cas",
            ),
        ] {
            assert_eq!(ticket(good).as_deref(), Some(wanted), "{good}");
        }
        for bad in [
            "https://evil.example/a?ticket=ST-1-x",
            "http://desk.example/a?ticket=ST-1-x",
            "https://desk.example/other?ticket=ST-1-x",
            "https://desk.example/a;jsessionid=A1/other?ticket=PT-1-x",
            "https://desk.example/a?ticket=PT-1-x",
            "https://desk.example/a?ticket=ST-1%0d%0a",
            "https://desk.example/a?ticket=ST-1%20x",
            "https://desk.example/a",
            "/cas/login?ticket=ST-1-x",
            "",
        ] {
            assert_eq!(ticket(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_page_may_hold_the_ticket() {
        let at = Url::parse("https://cas.example/cas/login").unwrap();
        let found = |body: &str| {
            let answer = HttpAnswer {
                status: reqwest::StatusCode::OK,
                location: None,
                retry_after: None,
                date: None,
                cookies: Vec::new(),
                content_type: None,
                body: Zeroizing::new(body.as_bytes().to_vec()),
            };
            let ticket = ticket_on(&at, &LoginPage::of(&answer), &answer, SERVICE);
            ticket.map(|ticket| ticket.to_string())
        };
        for good in [
            "<script>location.href='https://desk.example/a?b=c&ticket=ST-1-x'</script>",
            "<script>top.location = \"https:\\/\\/desk.example\\/a?ticket=ST-1-x\"</script>",
            "<meta http-equiv=refresh content='0;url=https://desk.example/a?b=c&amp;ticket=ST-1-x'>",
            r#"{"code":0,"data":{"redirectUrl":"https://desk.example/a?ticket=ST-1-x"}}"#,
            r#"{"url":"https://desk.example/a?ticket=ST-1-x"}"#,
        ] {
            assert_eq!(found(good).as_deref(), Some("ST-1-x"), "{good}");
        }
        for bad in [
            "<a href='https://desk.example/a?ticket=ST-1-x'>",
            "<script>location.href='https://evil.example/a?ticket=ST-1-x'</script>",
            r#"["https://desk.example/a?ticket=ST-1-x"]"#,
            "",
        ] {
            assert_eq!(found(bad), None, "{bad}");
        }
    }
}
