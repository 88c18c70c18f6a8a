//! What the words of a login page say of a sign-in: by whole phrases with their tense. "已被锁定" is a lock, "再错两次将被锁定"
//! is a warning. The phrases are those of Apereo, LemonLDAP, django-cas-server, django-mama-cas, and of products in China.

use std::time::Duration;

use super::page_phrases::{
    ACCOUNT, ADDRESS, AccountState, BARRED, BROKEN, DISABLED, EXPIRED, HOURS, LOCKED, MORE_TO_COME,
    MUST_CHANGE, NOT_OF_THE_ACCOUNT, NOT_YET, PASSWORD, RULE, SESSION, STEPS, TOO_MANY, TOO_OFTEN,
    WRONG,
};

/// What a sentence says, or an exception of CAS REST. They stand in the order of their weight, the lightest first: of two
/// the later one counts, and of two of a kind the one with a time says more (`Ord`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PageTopic {
    /// The server says that it is out of order.
    Broken,
    /// The account may not use the service, by this name of an exception. Pages do not say so.
    ServiceBarred(&'static str),
    /// A captcha, a code or a second factor is asked for.
    Step,
    /// Name or password is wrong.
    Wrong,
    /// Too many requests: later.
    TooOften(Option<Duration>),
    /// Not at this hour.
    NotAtThisHour,
    /// The account is disabled, or not enabled yet.
    Disabled,
    /// The account has expired.
    AccountExpired,
    /// Another password has to be set first.
    MustChange,
    /// The account is locked, for this long where the page says so.
    Locked(Option<Duration>),
    /// This address or machine is barred.
    AddressBarred,
    /// The form or the session has expired, not the account.
    Stale,
}

/// The topics of a text, one for each clause that has one.
pub(super) fn topics(text: &str) -> Vec<PageTopic> {
    // "会" alone means that something will come.
    let text = text
        .to_lowercase()
        .replace(['会', '會'], "会")
        .replace("会话", "session")
        .replace("会話", "session");
    let mut found = Vec::new();
    for sentence in text.split(['。', '！', '？', '；', '!', '?', ';', '\n', '|']) {
        if any(sentence, &NOT_OF_THE_ACCOUNT) {
            continue;
        }
        let long = length(sentence);
        let mut before = 0;
        for clause in sentence.split(['，', ',']) {
            let said = Clause {
                text: clause,
                before: sentence.get(..before).unwrap_or_default(),
            };
            found.extend(said.topic(long));
            before = before.saturating_add(clause.len());
            // The comma has one byte or three.
            let comma = sentence.get(before..).and_then(|rest| rest.chars().next());
            before = before.saturating_add(comma.map_or(0, char::len_utf8));
        }
    }
    found
}

/// A part of a sentence up to a comma, and what stands before it in the sentence.
struct Clause<'a> {
    text: &'a str,
    before: &'a str,
}

impl Clause<'_> {
    fn topic(&self, long: Option<Duration>) -> Option<PageTopic> {
        let text = self.text;
        let is_of_a_step = any(text, &STEPS);
        if any(text, &SESSION) && !any(text, &PASSWORD) && self.states(&EXPIRED)
            || any(text, &["stale request", "登录页面已失效", "execution key"])
        {
            return Some(PageTopic::Stale);
        }
        if self.bars_the_address() {
            return Some(PageTopic::AddressBarred);
        }
        if self.states(&LOCKED) || self.counts_too_many() {
            return Some(PageTopic::Locked(long));
        }
        if !is_of_a_step && self.wants_another_password() || text.contains("not fully set up") {
            return Some(PageTopic::MustChange);
        }
        if any(text, &ACCOUNT) && !any(text, &PASSWORD) && !is_of_a_step && self.states(&EXPIRED) {
            return Some(PageTopic::AccountExpired);
        }
        if self.is_of_the_hour() {
            return Some(PageTopic::NotAtThisHour);
        }
        if !any(text, &SESSION) && !any(text, &BROKEN) && self.states(&DISABLED) {
            return Some(PageTopic::Disabled);
        }
        if any(text, &TOO_OFTEN)
            || any(text, &["must wait", "please wait"]) && any(text, &["second", "minute"])
        {
            return Some(PageTopic::TooOften(long));
        }
        if is_of_a_step {
            return Some(PageTopic::Step);
        }
        if any(text, &WRONG)
            && (any(text, &PASSWORD) || any(text, &ACCOUNT) || any(text, &["认证", "登录", "log"]))
        {
            return Some(PageTopic::Wrong);
        }
        any(text, &BROKEN).then_some(PageTopic::Broken)
    }

    /// Whether the clause says that a state has come about, and not that it may.
    fn states(&self, state: &AccountState) -> bool {
        let Some(at) = state
            .words
            .iter()
            .filter_map(|word| self.text.find(word))
            .min()
        else {
            return false;
        };
        // With the word itself: "被锁定" is written as one.
        let (lead, word) = self.text.split_at(at);
        let whole_lead = [self.before, lead].concat();
        let is_ahead = any(lead, &NOT_YET)
            || any(
                self.before,
                &["如果", "若", "一旦", "if ", "to avoid", "以免", "避免"],
            );
        if is_ahead {
            return false;
        }
        // "被锁定", "被暂时锁定": it was done to the account, and what stands before is why, unless more has to come first.
        let is_done = lead
            .rsplit_once('被')
            .is_some_and(|(_, between)| between.chars().count() <= 6);
        if is_done && !any(&whole_lead, &MORE_TO_COME) {
            return true;
        }
        let near: String = word.chars().take(12).collect();
        let come_about = [lead, near.as_str()].concat();
        if any(lead, &["has been", "have been"]) || lead.contains('已') {
            return true;
        }
        !any(&whole_lead, &RULE)
            && (any(&come_about, state.come_about) || any(&whole_lead, &ACCOUNT))
    }

    /// "密码错误次数过多": the servers that say so lock, the account or the address.
    fn counts_too_many(&self) -> bool {
        any(self.text, &TOO_MANY) && !any(self.text, &NOT_YET)
    }

    fn bars_the_address(&self) -> bool {
        let is_address = any(self.text, &ADDRESS) || self.text.trim_start().starts_with("ip");
        is_address
            && (any(self.text, &BARRED) && !any(self.text, &NOT_YET) || self.counts_too_many())
    }

    fn wants_another_password(&self) -> bool {
        let text = self.text;
        if !any(text, &PASSWORD) || any(text, &NOT_YET) || any(text, &["忘记", "找回", "forgot"])
        {
            return false;
        }
        any(text, &MUST_CHANGE)
            || !any(text, &WRONG)
                && any(text, &["过期", "到期", "過期", "失效", "expired"])
                && self.states(&EXPIRED)
    }

    fn is_of_the_hour(&self) -> bool {
        any(self.text, &HOURS)
            && any(
                self.text,
                &["不", "非", "禁", "not ", "forbidden", "denied", "outside"],
            )
            && !any(self.text, &["unavailable", "unable", "不可用"])
    }
}

/// How long the sentence says that it takes: "30分钟", "15 minutes".
fn length(sentence: &str) -> Option<Duration> {
    let chars: Vec<char> = sentence.chars().collect();
    let mut at = 0;
    while let Some(found) = chars.get(at..)?.iter().position(char::is_ascii_digit) {
        let start = at.saturating_add(found);
        let digits: String = chars
            .get(start..)?
            .iter()
            .take_while(|c| c.is_ascii_digit())
            .collect();
        at = start.saturating_add(digits.len());
        let unit: String = chars.get(at..)?.iter().take(8).collect();
        let unit = unit.trim_start();
        let seconds = [
            ("秒", 1),
            ("sec", 1),
            ("分", 60),
            ("min", 60),
            ("小时", 3600),
            ("个小时", 3600),
            ("hour", 3600),
        ];
        let each = seconds
            .iter()
            .find(|(word, _)| unit.starts_with(word))
            .map(|(_, each)| *each);
        if let (Some(each), Ok(count)) = (each, digits.parse::<u64>()) {
            // A day at the most: a student at the desk does not wait longer.
            let total = count
                .checked_mul(each)
                .filter(|total| (1..=86_400).contains(total));
            return total.map(Duration::from_secs);
        }
    }
    None
}

fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weightiest(text: &str) -> Option<PageTopic> {
        topics(text).into_iter().max()
    }

    fn minutes(minutes: u64) -> Option<Duration> {
        Some(Duration::from_secs(minutes * 60))
    }

    #[test]
    fn a_lock_is_told_by_its_tense() {
        for (text, long) in [
            ("您的账号已被锁定，请30分钟后再试", minutes(30)),
            ("该帐号已被冻结，请稍后再试", None),
            ("用户被锁定", None),
            ("账号锁定，请联系管理员", None),
            ("密码错误次数过多，请15分钟后再试", minutes(15)),
            ("您的帳號已鎖定", None),
            ("连续错误5次，您的账号已被锁定2小时", minutes(120)),
            ("Your account has been locked.", None),
            ("This account is locked for 20 minutes", minutes(20)),
            ("Too many failed login attempts", None),
        ] {
            assert_eq!(weightiest(text), Some(PageTopic::Locked(long)), "{text}");
        }
        for warning in [
            "用户名或密码错误，还可以尝试4次，4次后账号将被锁定",
            "用户名或密码错误，您还有2次机会，之后账号将被锁定",
            "用户名或密码错误，再错3次账号锁定",
            "密码错误，连续错误5次账户会被冻结",
            "Invalid password. Your account will be locked after 3 more attempts",
            "密码有误，为避免账号被锁定，请确认后再试",
        ] {
            assert_eq!(weightiest(warning), Some(PageTopic::Wrong), "{warning}");
        }
        for rule in [
            "连续输错5次密码，账号将被锁定30分钟",
            "连续输错5次，账号锁定15分钟",
            "如果账号已被锁定，请联系网络中心",
            "The account is locked after 5 attempts"
                .replace("is locked after 5 attempts", "may be locked")
                .as_str(),
            "Caps Lock is locked",
        ] {
            assert_eq!(weightiest(rule), None, "{rule}");
        }
    }

    #[test]
    fn the_weightiest_topic_counts_and_a_time_says_more_than_none() {
        let half_an_hour = minutes(30);
        for (text, wanted) in [
            (
                "账号已被锁定。账号已被锁定，请30分钟后再试",
                PageTopic::Locked(half_an_hour),
            ),
            (
                "账号已被锁定，请30分钟后再试。账号已被锁定",
                PageTopic::Locked(half_an_hour),
            ),
            ("用户名或密码错误。该帐号已停用", PageTopic::Disabled),
            ("用户名或密码错误。请输入验证码", PageTopic::Wrong),
            ("系统繁忙。用户名或密码错误", PageTopic::Wrong),
            ("该帐号已停用。页面会话已失效", PageTopic::Stale),
        ] {
            assert_eq!(weightiest(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn every_other_topic_has_its_phrases() {
        use PageTopic as T;
        for (text, wanted) in [
            ("页面会话已失效，请刷新后重新登录", T::Stale),
            ("登录页面已过期", T::Stale),
            ("Your session has expired", T::Stale),
            ("您的账号已过期", T::AccountExpired),
            ("当前用户名已失效", T::AccountExpired),
            ("Your account has expired.", T::AccountExpired),
            ("您的密码已过期，请修改", T::MustChange),
            ("Your password has expired.", T::MustChange),
            ("You must change your password.", T::MustChange),
            ("您的密码过于简单，请修改初始密码", T::MustChange),
            ("首次登录请修改密码", T::MustChange),
            ("用户名或密码错误，初始密码为身份证后六位", T::Wrong),
            ("该帐号已停用", T::Disabled),
            ("该用户不允许登录", T::Disabled),
            ("账号未激活", T::Disabled),
            ("Your account has been disabled.", T::Disabled),
            ("This account is inactive", T::Disabled),
            ("您的IP已被限制访问", T::AddressBarred),
            (
                "You are forbidden to login from this workstation",
                T::AddressBarred,
            ),
            ("You are forbidden to login at this time.", T::NotAtThisHour),
            ("当前时段不允许登录", T::NotAtThisHour),
            ("登录过于频繁，请稍后再试", T::TooOften(None)),
            (
                "操作频繁，请60秒后重试",
                T::TooOften(Some(Duration::from_secs(60))),
            ),
            ("验证码不正确", T::Step),
            ("用户名、密码或验证码错误", T::Step),
            ("Please enter the verification code", T::Step),
            ("您提供的用户名或者密码有误", T::Wrong),
            ("Invalid credentials.", T::Wrong),
            ("系统繁忙，请稍后再试", T::Broken),
        ] {
            assert_eq!(weightiest(text), Some(wanted), "{text}");
        }
        for nothing in [
            "JavaScript is disabled",
            "请不要禁用Cookie",
            "忘记密码",
            "修改密码",
            "统一身份认证",
            "CAPS LOCK is on",
            "",
            "© 2026 信息中心",
            "记住登录状态",
        ] {
            assert_eq!(weightiest(nothing), None, "{nothing}");
        }
    }
}
