//! Why CAS REST refuses a sign-in: the exceptions that its authentication handlers threw, as the answer 401 lists them.
//! Apereo has written them in three ways: the exceptions' names alone; the names with a text behind them, in JSON with the
//! names of Java's types inside; and since version 6 texts without names, from its bundle of messages. A campus may have
//! written messages of its own, so texts are judged by the phrases that login pages are judged by.

use serde_json::Value;

use super::SignInFailure;
use super::page_verdict;
use super::page_words::topics;
use crate::visit::{Failure, SignInRefusal};

/// More exceptions than any server has handlers.
const MOST: usize = 32;
/// How deep the list may stand in lists: Java's type names make it two levels.
const DEPTH: usize = 3;

/// The refusal that the body of a 401 means. Several handlers may have refused, each with its own exception: the most
/// telling one counts.
pub(super) fn refusal(body: &[u8]) -> SignInFailure {
    let mut listed = Vec::new();
    if let Ok(answer) = serde_json::from_slice::<Value>(body) {
        let exceptions = answer.get("authentication_exceptions");
        gather(exceptions.unwrap_or(&answer), DEPTH, &mut listed);
    } else {
        listed.extend(std::str::from_utf8(body).ok().map(str::to_owned));
    }
    let judged = listed.iter().filter_map(|text| meaning(text));
    judged
        .max_by_key(weight)
        .unwrap_or(Failure::Rejected(SignInRefusal::WrongPassword))
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
fn meaning(text: &str) -> Option<SignInFailure> {
    let name = text.split(':').next().unwrap_or_default().trim();
    // A class, with or without its package.
    let name = name.rsplit('.').next().unwrap_or_default();
    if let Some(known) = named(name) {
        return Some(known);
    }
    topics(text)
        .into_iter()
        .map(page_verdict::said)
        .max_by_key(weight)
}

fn named(name: &str) -> Option<SignInFailure> {
    let why = match name.strip_suffix("Exception")? {
        "AccountLocked" | "LoginLock" => SignInRefusal::Locked,
        "AccountDisabled" => SignInRefusal::Disabled,
        "AccountExpired" => SignInRefusal::AccountExpired,
        "CredentialExpired" | "AccountPasswordMustChange" | "PasswordMustChange" => {
            SignInRefusal::MustChange
        }
        "InvalidLoginTime" => SignInRefusal::NotAtThisHour,
        // The second one is of CAS's rules for addresses and browsers.
        "InvalidLoginLocation" | "UnauthorizedAuthentication" => SignInRefusal::AddressBarred,
        name if name.contains("Multifactor") || name.contains("RiskyAuthentication") => {
            SignInRefusal::AnotherWay
        }
        "FailedLogin" | "AccountNotFound" | "Account" | "Credential" | "CredentialNotFound" => {
            SignInRefusal::WrongPassword
        }
        // What a handler asks did not answer it: nothing is known of the password.
        "Prevented" => return Some(Failure::Unavailable),
        name @ ("UnauthorizedServiceForPrincipal" | "UnauthorizedService" | "Principal") => {
            return Some(Failure::Misconfigured(format!(
                "CAS does not let this account use the service ({name})"
            )));
        }
        _ => return None,
    };
    Some(Failure::Rejected(why))
}

/// How much a failure says about what to do next.
fn weight(why: &SignInFailure) -> u8 {
    match why {
        Failure::Rejected(why) => match why {
            SignInRefusal::AddressBarred => 11,
            SignInRefusal::LockedFor(_) => 10,
            SignInRefusal::Locked => 9,
            SignInRefusal::MustChange => 8,
            SignInRefusal::AccountExpired => 7,
            SignInRefusal::Disabled => 6,
            SignInRefusal::NotAtThisHour => 5,
            SignInRefusal::AnotherWay => 3,
            // The last two are the desk's own words, and no server's.
            SignInRefusal::WrongPassword
            | SignInRefusal::OtherNumber
            | SignInRefusal::NotAStudent => 0,
        },
        Failure::Limited { .. } => 4,
        Failure::Misconfigured(_) => 2,
        // The one that did not answer may be the one that knows the account.
        Failure::Unavailable | Failure::Offline => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
