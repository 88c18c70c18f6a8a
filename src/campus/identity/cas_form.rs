//! Identity by the CAS login form, for servers without REST: the page, the filled form handed over once, the ticket in
//! the redirect that answers it, its validation, and out again (CAS 3.0 protocol, 2.1 to 2.5).

use reqwest::{StatusCode, Url};
use zeroize::Zeroizing;

use super::browsing::{Browsing, Handed};
use super::cas_ticket::{CasOptions, CasServer, NUMBER_WORDS};
use super::page::LoginPage;
use super::page_encryption::encrypting_sign;
use super::page_form::LoginForm;
use super::page_words::{PageTopic, topics};
use super::ways::{Judging, Missed, PasswordWay};
use super::{SignIn, SignInFailure};
use super::{form_body, page_verdict};
use crate::campus::http::{EndpointError, Http};
use crate::campus::setting::{BoxedConnector, Setting, SettingKind, SettingValues};
use crate::campus::{Probing, without_refusal};
use crate::cli_error::CliResult;
use crate::visit::{Failure, Secret, SignInRefusal, Student, StudentNumber};

/// The name of the request in the log.
const WHAT: &str = "cas login page";

/// A CAS server with a login page.
pub struct CasForm {
    server: CasServer,
}

/// This adapter's name in the configuration.
pub const NAME: &str = "cas_form";

const URL: Setting = Setting {
    key: "identity.cas_form.url",
    kind: SettingKind::Url,
    default: None,
    example: "https://cas.example.edu.cn/cas",
    words: "The unified identity by the login page of CAS, for servers without REST.",
};

const SERVICE: Setting = Setting {
    key: "identity.cas_form.service",
    kind: SettingKind::Text,
    default: None,
    example: "https://yingxin.example.edu.cn/",
    words: "As under [identity.cas_rest].",
};

const NUMBER_ATTRIBUTE: Setting = Setting {
    key: "identity.cas_form.number_attribute",
    kind: SettingKind::Text,
    default: None,
    example: "xh",
    words: NUMBER_WORDS,
};

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[URL, SERVICE, NUMBER_ATTRIBUTE];

impl CasForm {
    /// Reads the section `[identity.cas_form]`.
    ///
    /// # Errors
    /// Where a setting is missing.
    pub fn read(values: &dyn SettingValues) -> CliResult<BoxedConnector<SignIn>> {
        CasOptions::read(
            values,
            NAME,
            [&URL, &SERVICE, &NUMBER_ATTRIBUTE],
            |server| Box::new(CasForm { server }),
        )
    }

    /// `base_url` is where `/login` hangs: `https://sso.example.edu/cas`.
    ///
    /// # Errors
    /// Says what is wrong with the address.
    pub fn new(http: Http, base_url: &str, service: &str) -> Result<Self, EndpointError> {
        CasServer::new(http, base_url, service).map(|server| CasForm { server })
    }

    async fn sign_in(&self, number: &str, password: &Secret) -> Result<Student, Missed> {
        let mut browsing = self.server.browse();
        let (before, form, to) = self.open_page(&mut browsing).await.map_err(Missed::Kept)?;
        if form.has_puzzle {
            return Err(Missed::Kept(Failure::Rejected(SignInRefusal::AnotherWay)));
        }
        let hidden = form.hidden.iter().map(|(key, value)| (&**key, &**value));
        let mut fields: Vec<(&str, &str)> = vec![
            (&form.username, number),
            (&form.password, password.expose()),
        ];
        fields.extend(hidden);
        let filled = Filled {
            what: WHAT,
            before: &before,
            to,
            body: form_body::encode(&fields),
        };
        self.server.hand_in(&mut browsing, filled).await
    }

    /// The login page, its form, and where the form goes. A page that encrypts the password in its scripts is refused here:
    /// its server must not be sent the password as it was typed.
    async fn open_page(
        &self,
        browsing: &mut Browsing,
    ) -> Result<(LoginPage, LoginForm, Url), SignInFailure> {
        let (page, at, status) = self.server.read_page(browsing, WHAT).await?;
        let sign = match encrypting_sign(&page) {
            Some(sign) => Some(sign),
            None => browsing.scripts_encrypt(&page, &at).await?,
        };
        if let Some(sign) = sign {
            return Err(Failure::Misconfigured(format!(
                "the login page encrypts the password ({sign}): use the method for its product, see yingxin help sign-in"
            )));
        }
        let form = page.form.clone().ok_or_else(|| no_form(&page, status))?;
        let to = form_target(&at, form.action.as_deref())?;
        Ok((page, form, to))
    }
}

/// A filled form, and what is needed to understand the answer.
pub(super) struct Filled<'a> {
    /// The name of the request in the log.
    pub what: &'static str,
    /// The login page.
    pub before: &'a LoginPage,
    pub to: Url,
    pub body: Zeroizing<Vec<u8>>,
}

/// The steps that every adapter with a login page shares.
impl CasServer {
    pub(super) fn browse(&self) -> Browsing {
        Browsing::new(self.http.clone(), self.base.join(&["logout"]))
    }

    /// `/login?service=`: the page that asks for a password, where it came from in the end, and its status. Nothing secret
    /// has left yet.
    pub(super) async fn read_page(
        &self,
        browsing: &mut Browsing,
        what: &'static str,
    ) -> Result<(LoginPage, Url, StatusCode), SignInFailure> {
        let mut url = self.base.join(&["login"]);
        url.query_pairs_mut().append_pair("service", &self.service);
        let (answer, at) = browsing.page(what, url).await?;
        Ok((LoginPage::of(&answer), at, answer.status))
    }

    /// Sends the filled form once, and validates the ticket.
    pub(super) async fn hand_in(
        &self,
        browsing: &mut Browsing,
        filled: Filled<'_>,
    ) -> Result<Student, Missed> {
        let handed = browsing
            .submit(filled.what, filled.to, filled.body, &self.service)
            .await?;
        let ticket = match handed {
            Handed::Ticket(ticket) => ticket,
            Handed::Page(page, answer) => {
                let why = page_verdict::judge(filled.before, &page, &answer);
                if why != Failure::Rejected(SignInRefusal::WrongPassword) {
                    browsing.signs_out();
                }
                return Err(Missed::Sent(why));
            }
            Handed::Elsewhere(to) => return Err(Missed::Sent(page_verdict::led_elsewhere(&to))),
        };
        self.student(&ticket).await.map_err(Missed::Sent)
    }
}

impl PasswordWay for CasForm {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge<'a>(&'a self, student: &'a StudentNumber, password: &'a Secret) -> Judging<'a> {
        Box::pin(self.sign_in(student.as_str(), password))
    }

    /// Reads the login page, and checks that its form can be filled in here.
    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let mut browsing = self.server.browse();
            let said = match self.open_page(&mut browsing).await {
                Ok((_, form, _)) if form.has_puzzle => Err(captcha()),
                Ok(_) => Ok(()),
                Err(why) => Err(without_refusal(why)),
            };
            vec![browsing.probed("identity.cas_form", said)]
        })
    }
}

/// What a page without the form means that is there in its place.
pub(super) fn no_form(page: &LoginPage, status: StatusCode) -> SignInFailure {
    if topics(&page.words).contains(&PageTopic::Broken) {
        return Failure::Unavailable;
    }
    let status = status.as_u16();
    Failure::Misconfigured(format!(
        "CAS shows no login form for this service (HTTP {status})"
    ))
}

/// What the doctor says of a login page that asks everybody for a captcha.
pub(super) fn captcha() -> Failure<()> {
    Failure::Misconfigured(
        "the login page asks for a captcha: students cannot sign in at the desk".into(),
    )
}

/// The target of a form. A password is sent only to the server of the page.
pub(super) fn form_target(at: &Url, action: Option<&str>) -> Result<Url, SignInFailure> {
    let to = match action {
        Some(action) => at.join(action).ok(),
        None => Some(at.clone()),
    };
    to.filter(|to| to.origin() == at.origin())
        .ok_or_else(|| Failure::Misconfigured("the login form leads to another server".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_leads_elsewhere_gets_no_password() {
        let at = Url::parse("https://cas.example/cas/login?service=x").unwrap();
        assert_eq!(
            form_target(&at, Some("login?a=b")).unwrap().as_str(),
            "https://cas.example/cas/login?a=b"
        );
        assert_eq!(form_target(&at, None).unwrap(), at);
        for bad in [
            "https://evil.example/cas/login",
            "//evil.example/",
            "http://cas.example/cas/login",
            "javascript:alert(1)",
            "https://cas.example:444/",
        ] {
            assert!(form_target(&at, Some(bad)).is_err(), "{bad}");
        }
    }
}
