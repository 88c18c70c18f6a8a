//! What the answer to a handed-in login form means: first by where the page stands in the protocol (the same form again,
//! another form, no form), then by what its words say that the login page did not say before. A server that answered has
//! answered: none of this is "no answer".

use std::mem::{Discriminant, discriminant};

use reqwest::{StatusCode, Url};

use super::SignInFailure;
use super::page::LoginPage;
use super::page_form::PageForm;
use super::page_words::{PageTopic, topics};
use crate::campus::http::HttpAnswer;
use crate::visit::{Failure, SignInRefusal};

/// Where a page that answers the password stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The login form again.
    SameForm,
    /// A form to set a new password.
    NewPassword,
    /// Another form: a code, a consent.
    AnotherForm,
    /// No form.
    NoForm,
}

/// What the page says, without a ticket. `before` is the login page.
pub(super) fn judge(before: &LoginPage, page: &LoginPage, answer: &HttpAnswer) -> SignInFailure {
    let standing = standing(before, page);
    let told = new_topic(before, page, standing);
    tracing::info!(
        ?standing,
        ?told,
        status = answer.status.as_u16(),
        "cas: a page without a ticket"
    );
    // Apereo's answer to an account under throttling.
    if answer.status == StatusCode::LOCKED {
        let retry_after = answer.retry_after;
        return Failure::Limited { retry_after };
    }
    match (standing, told) {
        (
            Standing::NewPassword,
            None | Some(PageTopic::Wrong | PageTopic::Step | PageTopic::Broken),
        ) => Failure::Rejected(SignInRefusal::MustChange),
        (_, Some(topic)) => said(topic),
        (Standing::SameForm, None) => Failure::Rejected(SignInRefusal::WrongPassword),
        (Standing::AnotherForm, None) => Failure::Rejected(SignInRefusal::AnotherWay),
        (Standing::NoForm, None) => unsaid(page, answer.status),
    }
}

/// What a topic means for the sign-in.
pub(super) fn said(topic: PageTopic) -> SignInFailure {
    let why = match topic {
        PageTopic::Stale | PageTopic::Broken => return Failure::Unavailable,
        PageTopic::TooOften(retry_after) => return Failure::Limited { retry_after },
        PageTopic::ServiceBarred(name) => {
            return Failure::Misconfigured(format!(
                "CAS does not let this account use the service ({name})"
            ));
        }
        PageTopic::Locked(None) => SignInRefusal::Locked,
        PageTopic::Locked(Some(long)) => SignInRefusal::LockedFor(long),
        PageTopic::AddressBarred => SignInRefusal::AddressBarred,
        PageTopic::MustChange => SignInRefusal::MustChange,
        PageTopic::AccountExpired => SignInRefusal::AccountExpired,
        PageTopic::Disabled => SignInRefusal::Disabled,
        PageTopic::NotAtThisHour => SignInRefusal::NotAtThisHour,
        PageTopic::Wrong => SignInRefusal::WrongPassword,
        PageTopic::Step => SignInRefusal::AnotherWay,
    };
    Failure::Rejected(why)
}

/// A page without a form whose words say nothing known.
fn unsaid(page: &LoginPage, status: StatusCode) -> SignInFailure {
    match status {
        StatusCode::UNAUTHORIZED => Failure::Rejected(SignInRefusal::WrongPassword),
        // The CSRF token was refused, or the service may not use the form.
        StatusCode::FORBIDDEN => {
            Failure::Misconfigured("CAS refuses the login form (HTTP 403)".into())
        }
        status if status.is_client_error() => {
            let status = status.as_u16();
            Failure::Misconfigured(format!(
                "CAS takes no login form at this address (HTTP {status})"
            ))
        }
        // For example a notice to accept: the server goes on, and not to the service.
        _ if page.is_html && !page.words.trim().is_empty() => {
            Failure::Rejected(SignInRefusal::AnotherWay)
        }
        _ => Failure::Unavailable,
    }
}

fn standing(before: &LoginPage, page: &LoginPage) -> Standing {
    // Pages whose script draws the form.
    let is_drawn = |page: &LoginPage| page.by_id.contains_key("login-croypto");
    let is_same = |form: &&PageForm| before.forms.iter().any(|old| old.asks_as(form));
    let with_password = |form: &&PageForm| form.passwords().next().is_some();
    if is_drawn(before) && is_drawn(page)
        || page
            .forms
            .iter()
            .filter(with_password)
            .any(|form| is_same(&form))
    {
        return Standing::SameForm;
    }
    let known = before.form.as_ref().map(|form| form.password.as_str());
    let is_new_password = |form: &PageForm| {
        let all = form.passwords().count();
        let odd = form
            .passwords()
            .any(|input| Some(input.name.as_str()) != known && !input.is_of_a_code());
        all >= 2 || all == 1 && odd
    };
    if page.forms.iter().any(is_new_password) {
        Standing::NewPassword
    } else if page.form.is_some() {
        Standing::SameForm
    } else if page.forms.is_empty() {
        Standing::NoForm
    } else {
        Standing::AnotherForm
    }
}

/// The weightiest topic that the page has more often than the login page had. Another page is compared with nothing: its
/// words are all new.
fn new_topic(before: &LoginPage, page: &LoginPage, standing: Standing) -> Option<PageTopic> {
    let old = match standing {
        Standing::SameForm => topics(&before.words),
        Standing::NewPassword | Standing::AnotherForm | Standing::NoForm => Vec::new(),
    };
    let now = topics(&page.words);
    let count = |topics: &[PageTopic], kind: Discriminant<PageTopic>| {
        topics
            .iter()
            .filter(|topic| discriminant(*topic) == kind)
            .count()
    };
    let is_new = |topic: &PageTopic| {
        let kind = discriminant(topic);
        count(&now, kind) > count(&old, kind)
    };
    // These pages have a code besides, which public scripts explain.
    let code = page
        .by_id
        .get("login-error-code")
        .map_or("", String::as_str);
    let coded = match code {
        "1030027" | "1030031" => Some(PageTopic::Wrong),
        "1320007" => Some(PageTopic::Step),
        "1410040" | "1410041" => Some(PageTopic::AccountExpired),
        _ => None,
    };
    // A form that finds the password wrong asks nobody to change it: such words are for who forgot it.
    let is_wrong = standing == Standing::SameForm && is_new(&PageTopic::Wrong);
    let counts = |topic: &PageTopic| !(is_wrong && *topic == PageTopic::MustChange);
    let new = now.iter().copied().filter(is_new).filter(counts).max();
    let step_asked = |form: &Option<super::page_form::LoginForm>| {
        form.as_ref().is_some_and(|form| form.has_puzzle)
    };
    let asks_now =
        standing == Standing::SameForm && step_asked(&page.form) && !step_asked(&before.form);
    new.or(coded).or(asks_now.then_some(PageTopic::Step))
}

/// What a redirect to another page than the service means.
pub(super) fn led_elsewhere(to: &Url) -> SignInFailure {
    tracing::info!("cas: signed in, and led elsewhere than to the service");
    Failure::Rejected(if is_for_a_new_password(to) {
        SignInRefusal::MustChange
    } else {
        SignInRefusal::AnotherWay
    })
}

/// Whether the address is that of a page for a new password: products send a student there after the first sign-in.
pub(super) fn is_for_a_new_password(to: &Url) -> bool {
    let path = to.path().to_lowercase().replace(['-', '_'], "");
    let words = [
        "modifypwd",
        "changepwd",
        "updatepwd",
        "resetpwd",
        "editpwd",
        "modifypassword",
        "changepassword",
        "updatepassword",
        "resetpassword",
        "editpassword",
        "passwordexpired",
        "initpwd",
        "initpassword",
        "weakpassword",
    ];
    words.iter().any(|word| path.contains(word))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use zeroize::Zeroizing;

    use super::*;

    const FORM: &str = "<form><input name=username><input type=password name=password></form>";
    const TIP: &str = "<p>连续输错5次账号将被锁定15分钟</p> CAPS LOCK disabled";

    fn answered(status: u16, body: &str) -> SignInFailure {
        let before = LoginPage::read(&format!("{FORM}{TIP}<p>This account is disabled</p>"));
        let answer = HttpAnswer {
            status: StatusCode::from_u16(status).unwrap(),
            location: None,
            retry_after: None,
            date: None,
            cookies: Vec::new(),
            content_type: None,
            body: Zeroizing::new(body.as_bytes().to_vec()),
        };
        judge(&before, &LoginPage::of(&answer), &answer)
    }

    #[test]
    fn the_same_form_again_is_judged_by_its_new_words() {
        use SignInRefusal as R;
        let half_an_hour = Duration::from_secs(1800);
        for (status, words, wanted) in [
            (200, "Invalid credentials.", R::WrongPassword),
            (200, "", R::WrongPassword),
            (401, "您提供的用户名或者密码有误", R::WrongPassword),
            (
                401,
                "<span id=showErrorTip>该帐号已被冻结</span>",
                R::Locked,
            ),
            (
                200,
                "您的账号已被锁定，请30分钟后再试",
                R::LockedFor(half_an_hour),
            ),
            (
                200,
                "用户名或密码错误，还可以尝试4次，4次后账号将被锁定",
                R::WrongPassword,
            ),
            (200, "<script>alert('账号已被锁定')</script>", R::Locked),
            (200, "Your account has expired.", R::AccountExpired),
            (200, "验证码不正确", R::AnotherWay),
            (200, "您的IP已被限制访问", R::AddressBarred),
            // It stood on the page before the password as well.
            (200, "This account is disabled", R::WrongPassword),
            // And now it occurs twice.
            (
                200,
                "This account is disabled<br>This account is disabled",
                R::Disabled,
            ),
        ] {
            let told = answered(status, &format!("{words}{FORM}{TIP}"));
            assert_eq!(told, Failure::Rejected(wanted), "{words}");
        }
        let often = answered(200, &format!("登录过于频繁，请稍后再试{FORM}"));
        assert_eq!(often, Failure::Limited { retry_after: None });
        let stale = answered(200, &format!("页面会话已失效，请刷新后重新登录{FORM}"));
        assert_eq!(stale, Failure::Unavailable);
        let with_captcha = FORM.replace("</form>", "<input name=captcha></form>");
        let step = Failure::Rejected(R::AnotherWay);
        assert_eq!(answered(200, &with_captcha), step);
        let wrong = answered(200, &format!("用户名或密码错误{with_captcha}"));
        assert_eq!(wrong, Failure::Rejected(R::WrongPassword));
    }

    /// What reports of campuses quote, above the same form.
    #[test]
    fn words_of_campuses_above_the_same_form_are_told_as_they_are() {
        use SignInRefusal as R;
        let rejected = |why| Failure::Rejected(why);
        let half_an_hour = Duration::from_secs(1800);
        let mut amiss = Vec::new();
        for (words, wanted) in [
            (
                "用户名或密码有误！（初始密码请修改）",
                rejected(R::WrongPassword),
            ),
            (
                "密码错误，如忘记密码，请修改密码",
                rejected(R::WrongPassword),
            ),
            ("您的密码已过期，请修改密码", rejected(R::MustChange)),
            (
                "密码输入错误超过5次，账号被锁定，请30分钟后重试",
                rejected(R::LockedFor(half_an_hour)),
            ),
            ("该账号因多次输错密码被暂时锁定", rejected(R::Locked)),
            ("因违规超过3次，该账号被停用", rejected(R::Disabled)),
            ("密码错误，再错3次，账号被锁定", rejected(R::WrongPassword)),
            (
                "密码错误，连续错误5次后账号被锁定",
                rejected(R::WrongPassword),
            ),
            (
                "密码错误，您的账号尚未被锁定，还可以尝试2次",
                rejected(R::WrongPassword),
            ),
            ("该IP登录次数过多，已被限制", rejected(R::AddressBarred)),
            ("当前IP登录失败次数过多", rejected(R::AddressBarred)),
            (
                "您的IP登录失败次数超限，请稍后再试",
                rejected(R::AddressBarred),
            ),
            ("密码错误次数过多", rejected(R::Locked)),
            ("未绑定手机请先绑定", rejected(R::AnotherWay)),
            ("请先绑定微信", rejected(R::AnotherWay)),
            ("请阅读并同意用户协议", rejected(R::AnotherWay)),
            (
                "You have to accept the terms of use",
                rejected(R::AnotherWay),
            ),
            ("请完成安全验证", rejected(R::AnotherWay)),
            ("请进行人脸识别", rejected(R::AnotherWay)),
            ("当前时间段不允许登录", rejected(R::NotAtThisHour)),
            ("系统不在开放时间内", rejected(R::NotAtThisHour)),
            (
                "Too many login attempts",
                Failure::Limited { retry_after: None },
            ),
            ("Too many failed login attempts", rejected(R::Locked)),
            ("请先激活账号", rejected(R::Disabled)),
            ("该账号不可用", rejected(R::Disabled)),
            ("用户认证服务不可用", Failure::Unavailable),
            ("密码安全等级过低，请重置密码", rejected(R::MustChange)),
            ("安全等级过低，请重置密码", rejected(R::MustChange)),
            ("系统升级中", Failure::Unavailable),
        ] {
            let page = format!("<p>{words}</p>{FORM}{TIP}<p>This account is disabled</p>");
            let told = answered(200, &page);
            if told != wanted {
                amiss.push(format!("{words}: {told:?} for {wanted:?}"));
            }
        }
        assert_eq!(amiss, [""; 0]);
    }

    #[test]
    fn another_page_is_judged_by_where_it_stands() {
        let (change, step) = (SignInRefusal::MustChange, SignInRefusal::AnotherWay);
        for (body, wanted) in [
            (
                "<h2>You must change your password.</h2><form><input type=password name=password>\
                 <input type=password name=confirmedPassword></form>",
                change,
            ),
            (
                "<form><input type=password name=a><input type=password name=b><input type=password name=c></form>",
                change,
            ),
            (
                "<form><input name=username><input type=password name=newPassword></form>",
                change,
            ),
            ("<p>您的密码已过期</p><a href=/reset>修改</a>", change),
            ("<form><input type=password name=token></form>", step),
            ("<form><input name=code></form>", step),
            (
                "<form><input type=hidden name=accept value=1><input type=submit></form><p>Terms</p>",
                step,
            ),
            ("<h1>请绑定手机号</h1>", step),
            // A page that says nothing known: the server goes on by itself.
            ("<h1>首页</h1><a href=/portal>通知</a>", step),
            ("<h1>账号已被锁定</h1>", SignInRefusal::Locked),
            ("<h1>This account is disabled</h1>", SignInRefusal::Disabled),
        ] {
            assert_eq!(answered(200, body), Failure::Rejected(wanted), "{body}");
        }
        for (status, body) in [(200, ""), (200, "{{{"), (200, "<h1>系统错误</h1>")] {
            assert_eq!(answered(status, body), Failure::Unavailable, "{body}");
        }
        assert!(matches!(answered(403, "csrf"), Failure::Misconfigured(_)));
        assert!(matches!(answered(404, "<p>no"), Failure::Misconfigured(_)));
        assert_eq!(answered(423, FORM), Failure::Limited { retry_after: None });
    }

    #[test]
    fn a_redirect_to_the_page_for_a_new_password_says_so() {
        let told = |path: &str| led_elsewhere(&Url::parse(&format!("https://h{path}")).unwrap());
        let change = Failure::Rejected(SignInRefusal::MustChange);
        assert_eq!(told("/im/securitycenter/modifyPwd/index.zf"), change);
        assert_eq!(told("/change_password"), change);
        assert_eq!(
            told("/2fregisters/"),
            Failure::Rejected(SignInRefusal::AnotherWay)
        );
    }
}
