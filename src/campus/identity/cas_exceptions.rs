//! Why CAS REST refuses a sign-in: the exceptions that its authentication handlers threw, as the answer 401 lists them.
//! Apereo has written them in three ways: the exceptions' names alone; the names with a text behind them, in JSON with the
//! names of Java's types inside; and since version 6 texts without names, from its bundle of messages. A campus may have
//! written messages of its own, so texts are judged by the phrases that login pages are judged by.

use serde_json::Value;

use super::SignInFailure;
use super::page_verdict;
use super::page_words::{PageTopic, topics};

/// More exceptions than any server has handlers.
const MOST: usize = 32;
/// How deep the list may stand in lists: Java's type names make it two levels.
const DEPTH: usize = 3;

/// The exceptions of an account that may not use the service: the desk's, or any.
const OF_THE_SERVICE: [&str; 3] = [
    "UnauthorizedServiceForPrincipal",
    "UnauthorizedService",
    "Principal",
];

/// The refusal that the body of a 401 means. Several handlers may have refused, each with its own exception: the
/// weightiest one counts. That the password is wrong every handler says that does not know the account, so that it counts
/// where no other says anything else: not even that what it asks did not answer, which may be what knows the account.
pub(crate) fn refusal(body: &[u8]) -> SignInFailure {
    let mut listed = Vec::new();
    if let Ok(answer) = serde_json::from_slice::<Value>(body) {
        let exceptions = answer.get("authentication_exceptions");
        gather(exceptions.unwrap_or(&answer), DEPTH, &mut listed);
    } else {
        listed.extend(std::str::from_utf8(body).ok().map(str::to_owned));
    }
    let told = listed.iter().flat_map(|text| meanings(text));
    let weightiest = told.filter(|topic| *topic != PageTopic::Wrong).max();
    page_verdict::said(weightiest.unwrap_or(PageTopic::Wrong))
}

/// The texts of a list, whatever lists they stand in.
fn gather(value: &Value, depth: usize, into: &mut Vec<String>) {
    match value {
        Value::String(text) if into.len() < MOST => into.push(text.clone()),
        Value::Array(all) if depth > 0 => {
            for one in all {
                gather(one, depth.saturating_sub(1), into);
            }
        }
        _ => {}
    }
}

/// What one of the exceptions means; nothing for Java's own names, and for what says nothing.
fn meanings(text: &str) -> Vec<PageTopic> {
    let name = text.split(':').next().unwrap_or_default().trim();
    // A class, with or without its package.
    let name = name.rsplit('.').next().unwrap_or_default();
    match named(name) {
        Some(known) => vec![known],
        None => topics(text),
    }
}

fn named(name: &str) -> Option<PageTopic> {
    Some(match name.strip_suffix("Exception")? {
        "AccountLocked" | "LoginLock" => PageTopic::Locked(None),
        "AccountDisabled" => PageTopic::Disabled,
        "AccountExpired" => PageTopic::AccountExpired,
        "CredentialExpired" | "AccountPasswordMustChange" | "PasswordMustChange" => {
            PageTopic::MustChange
        }
        "InvalidLoginTime" => PageTopic::NotAtThisHour,
        // The second one is of CAS's rules for addresses and browsers.
        "InvalidLoginLocation" | "UnauthorizedAuthentication" => PageTopic::AddressBarred,
        name if name.contains("Multifactor") || name.contains("RiskyAuthentication") => {
            PageTopic::Step
        }
        "FailedLogin" | "AccountNotFound" | "Account" | "Credential" | "CredentialNotFound" => {
            PageTopic::Wrong
        }
        // What a handler asks did not answer it: nothing is known of the password.
        "Prevented" => PageTopic::Broken,
        name => {
            let mut known = OF_THE_SERVICE.into_iter();
            return known
                .find(|known| *known == name)
                .map(PageTopic::ServiceBarred);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::{Failure, SignInRefusal};

    /// The three ways in which it is written; `$` is the exception, `#` its text.
    const NAMES: &str = r#"{"authentication_exceptions":["$"]}"#;
    const TYPED: &str = r#"{"@class":"java.util.HashMap","authentication_exceptions":["java.util.ArrayList",["$: Authentication Failure: 1 errors, 0 successes"]]}"#;
    const TEXTS: &str = r##"{
  "authentication_exceptions" : [ "1 errors, 0 successes:#" ]
}"##;

    #[test]
    fn each_exception_has_its_outcome_however_it_is_written() {
        use SignInRefusal as Why;
        // The texts of Apereo's bundle, in English and in Chinese.
        for (name, texts, why) in [
            (
                "AccountLockedException",
                ["This account has been locked.", "这个账户被上锁了。"],
                Why::Locked,
            ),
            (
                "AccountDisabledException",
                ["This account has been disabled.", "这个账户被禁用了。"],
                Why::Disabled,
            ),
            (
                "AccountExpiredException",
                ["Your account has expired.", "您的账户已过期。"],
                Why::AccountExpired,
            ),
            (
                "CredentialExpiredException",
                ["Your password has expired.", "你的密码过期了。"],
                Why::MustChange,
            ),
            (
                "AccountPasswordMustChangeException",
                ["You must change your password.", "您必须修改密码。"],
                Why::MustChange,
            ),
            (
                "InvalidLoginTimeException",
                [
                    "Your account is forbidden to login at this time.",
                    "你的账户现在被禁止登录了。",
                ],
                Why::NotAtThisHour,
            ),
            (
                "InvalidLoginLocationException",
                [
                    "You cannot login from this workstation.",
                    "你不能从这个工作站登录。",
                ],
                Why::AddressBarred,
            ),
            (
                "MultifactorAuthenticationRequiredException",
                [
                    "Unable to extract credentials for multifactor authentication",
                    "需要多因素认证",
                ],
                Why::AnotherWay,
            ),
            (
                "FailedLoginException",
                ["Invalid credentials.", "用户名或密码错误"],
                Why::WrongPassword,
            ),
            (
                "AccountNotFoundException",
                ["Invalid credentials.", "找不到用户"],
                Why::WrongPassword,
            ),
        ] {
            let wanted = Failure::Rejected(why);
            for body in [NAMES.replace('$', name), TYPED.replace('$', name)] {
                assert_eq!(refusal(body.as_bytes()), wanted, "{body}");
            }
            for text in texts {
                let body = TEXTS.replace('#', text);
                assert_eq!(refusal(body.as_bytes()), wanted, "{body}");
            }
        }
    }

    #[test]
    fn the_most_telling_exception_counts() {
        let told =
            |list: &str| refusal(format!(r#"{{"authentication_exceptions":{list}}}"#).as_bytes());
        let rejected = Failure::Rejected;
        for list in [
            r#"["FailedLoginException","AccountLockedException: x"]"#,
            r#"["AccountLockedException: x","FailedLoginException"]"#,
            r#"["java.util.ArrayList",["FailedLoginException: x","javax.security.auth.login.AccountLockedException: x"]]"#,
            r#"["LoginLockException"]"#,
        ] {
            assert_eq!(told(list), rejected(SignInRefusal::Locked), "{list}");
        }
        // The directory behind it is down, and the list of local users knows nobody.
        let prevented = r#"["AccountNotFoundException","PreventedException: x"]"#;
        assert_eq!(told(prevented), Failure::Unavailable);
        assert!(matches!(
            told(r#"["UnauthorizedServiceForPrincipalException: x"]"#),
            Failure::Misconfigured(text) if text.ends_with("(UnauthorizedServiceForPrincipal)")
        ));
        // What every handler says that does not know the account outweighs nothing else.
        let step = r#"["FailedLoginException","MultifactorAuthenticationRequiredException"]"#;
        assert_eq!(told(step), rejected(SignInRefusal::AnotherWay));
        let locked = r#"["1 errors, 0 successes:您的账号已被锁定，请30分钟后再试","AccountLockedException"]"#;
        let half_an_hour = std::time::Duration::from_secs(1800);
        assert_eq!(
            told(locked),
            rejected(SignInRefusal::LockedFor(half_an_hour))
        );
        let wrong = rejected(SignInRefusal::WrongPassword);
        for nothing in ["[]", r#"["java.util.ArrayList",[]]"#, r#"["x","",7]"#, "7"] {
            assert_eq!(told(nothing), wrong, "{nothing}");
        }
        for body in ["", "{}", "<html>401", "\u{feff}"] {
            assert_eq!(refusal(body.as_bytes()), wrong, "{body:?}");
        }
        let deep = format!(
            "{}\"AccountLockedException\"{}",
            "[".repeat(9),
            "]".repeat(9)
        );
        assert_eq!(told(&deep), wrong);
    }
}
