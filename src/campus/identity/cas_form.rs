//! Identity by the CAS login form, for servers without REST: the page, the filled form handed over once, the ticket in
//! the redirect that answers it, its validation, and out again (CAS 3.0 protocol, 2.1 to 2.5).

use reqwest::{StatusCode, Url};
use zeroize::Zeroizing;

use super::browsing::{Browsing, ticket_in};
use super::cas_ticket::{CasOptions, CasServer};
use super::form_body;
use super::page::{LoginForm, LoginPage};
use super::ways::{Judging, Missed, PasswordWay};
use super::{SignIn, SignInFailure};
use crate::campus::http::{EndpointError, Http, HttpAnswer};
use crate::campus::setting::{BoxedConnector, Setting, SettingKind, SettingValues};
use crate::campus::{Probed, Probing, without_refusal};
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

/// In the order of the file.
pub static SETTINGS: &[Setting] = &[URL, SERVICE];

impl CasForm {
    /// Reads the section `[identity.cas_form]`.
    ///
    /// # Errors
    /// Where a setting is missing.
    pub fn read(values: &dyn SettingValues) -> CliResult<BoxedConnector<SignIn>> {
        CasOptions::read(values, NAME, [&URL, &SERVICE], |server| {
            Box::new(CasForm { server })
        })
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
        let page = self.server.login_page(&mut browsing, WHAT).await;
        let (before, form, at) = page.map_err(Missed::Kept)?;
        if form.has_puzzle {
            return Err(Missed::Kept(Failure::Rejected(SignInRefusal::AnotherWay)));
        }
        let to = form_target(&at, &form).map_err(Missed::Kept)?;
        let hidden = form.hidden.iter().map(|(key, value)| (&**key, &**value));
        let mut fields: Vec<(&str, &str)> = vec![
            (&form.username, number),
            (&form.password, password.expose()),
        ];
        fields.extend(hidden);
        let body = form_body::encode(&fields);
        self.server
            .hand_in(&mut browsing, WHAT, &before, to, body)
            .await
    }
}

/// The steps that every adapter with a login page shares.
impl CasServer {
    pub(super) fn browse(&self) -> Browsing {
        Browsing::new(self.http.clone(), self.base.join(&["logout"]))
    }

    /// `/login?service=`: the page that asks for a password, its form, and where it came from in the end. Nothing secret
    /// has left yet.
    pub(super) async fn login_page(
        &self,
        browsing: &mut Browsing,
        what: &'static str,
    ) -> Result<(LoginPage, LoginForm, Url), SignInFailure> {
        let mut url = self.base.join(&["login"]);
        url.query_pairs_mut().append_pair("service", &self.service);
        let (answer, at) = browsing.page(what, url).await?;
        let mut page = LoginPage::read(&answer.body);
        match page.form.take() {
            Some(form) => Ok((page, form, at)),
            None => Err(no_form(&answer)),
        }
    }

    /// Sends the filled form once, and validates the ticket.
    pub(super) async fn hand_in(
        &self,
        browsing: &mut Browsing,
        what: &'static str,
        before: &LoginPage,
        to: Url,
        form: Zeroizing<Vec<u8>>,
    ) -> Result<Student, Missed> {
        let answer = browsing.submit(what, to.clone(), form).await?;
        let ticket = ticket_of(before, &to, &answer, &self.service).map_err(Missed::Sent)?;
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

    /// Reads the login page, and checks that it has a form.
    fn probe(&self) -> Probing<'_> {
        Box::pin(async {
            let mut browsing = self.server.browse();
            let page = self.server.login_page(&mut browsing, WHAT).await;
            vec![Probed {
                gateway: "identity.cas_form",
                said: page.map(|_| ()).map_err(without_refusal),
                ahead: browsing.ahead(),
            }]
        })
    }
}

fn no_form(answer: &HttpAnswer) -> SignInFailure {
    let status = answer.status.as_u16();
    Failure::Misconfigured(format!(
        "CAS shows no login form for this service (HTTP {status})"
    ))
}

/// The target of a form. A password is sent only to the server of the page.
pub(super) fn form_target(at: &Url, form: &LoginForm) -> Result<Url, SignInFailure> {
    let to = match &form.action {
        Some(action) => at.join(action).ok(),
        None => Some(at.clone()),
    };
    to.filter(|to| to.origin() == at.origin())
        .ok_or_else(|| Failure::Misconfigured("the login form leads to another server".into()))
}

/// The ticket for the service, or why there is none. A word on the page counts only if it was not on the page `before`.
fn ticket_of(
    before: &LoginPage,
    from: &Url,
    answer: &HttpAnswer,
    service: &str,
) -> Result<zeroize::Zeroizing<String>, SignInFailure> {
    if answer.status.is_redirection() {
        return ticket_in(from, answer, service).ok_or_else(|| {
            tracing::warn!("cas: signed in, and led elsewhere than to the service");
            // For example to a page that requests another password, or a code.
            Failure::Rejected(SignInRefusal::AnotherWay)
        });
    }
    let page = LoginPage::read(&answer.body);
    let is_judged = page.form.is_some() || answer.status == StatusCode::UNAUTHORIZED;
    let says = |words: &[&str]| {
        let new: Vec<&str> = words
            .iter()
            .copied()
            .filter(|w| !before.says(&[w]))
            .collect();
        page.says(&new)
    };
    if answer.status == StatusCode::LOCKED {
        return Err(Failure::Limited {
            retry_after: answer.retry_after,
        });
    }
    if says(&LOCKED) {
        Err(Failure::Rejected(SignInRefusal::Locked))
    } else if says(&DISABLED) {
        Err(Failure::Rejected(SignInRefusal::Disabled))
    } else if says(&PUZZLE) {
        Err(Failure::Rejected(SignInRefusal::AnotherWay))
    } else if is_judged {
        Err(Failure::Rejected(SignInRefusal::WrongPassword))
    } else if answer.status == StatusCode::FORBIDDEN {
        // The CSRF token was refused, or the service may not use the form.
        Err(Failure::Misconfigured(
            "CAS refuses the login form (HTTP 403)".into(),
        ))
    } else {
        tracing::warn!(
            status = answer.status.as_u16(),
            "cas: neither a ticket nor a form"
        );
        Err(Failure::Unavailable)
    }
}

/// Words of server messages, in lower case: from Apereo, django-cas-server, and products in China.
const LOCKED: [&str; 8] = [
    "locked",
    "锁定",
    "冻结",
    "鎖定",
    "凍結",
    "too many failed",
    "次数过多",
    "次數過多",
];
const DISABLED: [&str; 10] = [
    "disabled",
    "expired",
    "not active",
    "inactive",
    "停用",
    "禁用",
    "未启用",
    "未激活",
    "已过期",
    "已失效",
];
const PUZZLE: [&str; 4] = ["captcha", "验证码", "驗證碼", "动态码"];

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use zeroize::Zeroizing;

    use super::*;

    fn describe(status: u16, body: &str) -> SignInFailure {
        let before =
            LoginPage::read(b"<form><input type=password name=p></form> CAPS LOCK disabled");
        let from = Url::parse("https://cas.example/cas/login").unwrap();
        let answer = HttpAnswer {
            status: StatusCode::from_u16(status).unwrap(),
            location: None,
            retry_after: None,
            date: None,
            cookies: Vec::new(),
            body: Zeroizing::new(body.as_bytes().to_vec()),
        };
        ticket_of(&before, &from, &answer, "https://desk.example/").unwrap_err()
    }

    #[test]
    fn a_refusal_is_known_by_its_kind() {
        let form = "<form><input type=password name=p></form>";
        for (status, words, wanted) in [
            (200, "Invalid credentials.", SignInRefusal::WrongPassword),
            (
                401,
                "您提供的用户名或者密码有误",
                SignInRefusal::WrongPassword,
            ),
            (200, "Your account has been locked.", SignInRefusal::Locked),
            (
                401,
                "<span id=showErrorTip>该帐号已被冻结</span>",
                SignInRefusal::Locked,
            ),
            (200, "Your account has expired.", SignInRefusal::Disabled),
            (200, "验证码不正确", SignInRefusal::AnotherWay),
            // It stood on the page before the password as well.
            (200, "DISABLED", SignInRefusal::WrongPassword),
        ] {
            let told = describe(status, &format!("{words}{form}"));
            assert_eq!(told, Failure::Rejected(wanted), "{words}");
        }
        assert_eq!(describe(200, "<h1>hotel wifi</h1>"), Failure::Unavailable);
        assert_eq!(
            describe(302, ""),
            Failure::Rejected(SignInRefusal::AnotherWay)
        );
        assert!(matches!(describe(403, "csrf"), Failure::Misconfigured(_)));
        assert_eq!(describe(423, form), Failure::Limited { retry_after: None });
    }

    #[test]
    fn a_form_that_leads_elsewhere_gets_no_password() {
        let at = Url::parse("https://cas.example/cas/login?service=x").unwrap();
        let form = |action: &str| LoginForm {
            action: Some(action.to_owned()),
            ..LoginForm::default()
        };
        assert_eq!(
            form_target(&at, &form("login?a=b")).unwrap().as_str(),
            "https://cas.example/cas/login?a=b"
        );
        assert_eq!(form_target(&at, &LoginForm::default()).unwrap(), at);
        for bad in [
            "https://evil.example/cas/login",
            "//evil.example/",
            "http://cas.example/cas/login",
            "javascript:alert(1)",
            "https://cas.example:444/",
        ] {
            assert!(form_target(&at, &form(bad)).is_err(), "{bad}");
        }
    }
}
