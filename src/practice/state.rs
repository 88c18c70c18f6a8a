//! What the practice campus remembers: accounts, members, tokens, messages, the phone. It holds no password, decides
//! nothing, and knows no file.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

const MOST_MESSAGES: usize = 30;
/// More members than this are refused, as a corp's account cap does (WeCom 45024).
pub const MOST_MEMBERS: usize = 2000;

/// Everything that outlives a restart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    /// By student number.
    pub accounts: BTreeMap<String, Account>,
    /// By user id in lower case: WeCom tells them apart without regard to case.
    pub members: BTreeMap<String, Member>,
    pub tokens: Vec<Token>,
    /// When messages were sent to a number, in Unix seconds: for the SMS service's limits.
    pub sms_sent: BTreeMap<String, Vec<i64>>,
    /// Numbers looked up in vain today: many of them block the lookup.
    pub lookup_misses: u32,
    pub phone: Phone,
    pub settings: Settings,
}

/// An account of the unified identity.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    pub name: String,
    #[serde(default)]
    pub condition: Condition,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    #[default]
    Good,
    Locked,
    Disabled,
}

/// A member of the company's contacts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Member {
    pub userid: String,
    pub name: String,
    pub mobile: Option<String>,
    pub email: Option<String>,
    pub department: Vec<u32>,
    /// 1 active, 2 disabled, 4 not activated, 5 left (WeCom user/get).
    pub status: u8,
    pub creator: bool,
    /// A WeChat follows the company as this member.
    pub followed: bool,
    /// The second verification was confirmed (user/authsucc).
    pub confirmed: bool,
    /// Wrong codes typed at the assistant, and on which day (days since 1970).
    pub wrong: u8,
    pub wrong_day: i64,
}

/// An access token, and which secret it was given for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Token {
    pub token: String,
    pub kind: SecretKind,
    /// Unix seconds.
    pub expires: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    Contacts,
    App,
}

/// The practice student's phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Phone {
    pub page: String,
    pub said: Option<String>,
    /// The number its WeChat is bound to.
    pub wechat: String,
    /// Whose phone it is: who signed in last, at the desk or on the phone.
    pub student: Option<String>,
    /// What the assistant asked for: number and code.
    pub verifying: Option<Verifying>,
    /// The newest first.
    pub messages: VecDeque<Message>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Verifying {
    pub mobile: String,
    pub code: String,
    pub expires: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    pub to: String,
    pub text: String,
    pub at: i64,
    /// The SMS service's own name for it; empty for messages of others.
    #[serde(default)]
    pub serial: String,
}

/// What the SMS service is told of messages by the operators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reports {
    #[default]
    Arrived,
    Failed,
    /// No report has come yet.
    None,
}

/// What trainers and tests may set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// One message in 30 seconds to a number.
    pub sms_pause: bool,
    pub sms_reports: Reports,
    /// user/get with the contacts-sync secret, as addresses known before 2022-08 still may.
    pub contacts_may_read: bool,
    /// user/get with an app's secret shows the mobile number, as apps made before 2022-06-20 see it.
    pub app_sees_mobile: bool,
    /// How long an access token is good for, in seconds.
    pub token_life_secs: i64,
    /// How often a device grant may be asked after, and how long its code is good, in seconds.
    pub device_interval_secs: u32,
    pub device_life_secs: u32,
    /// How far the campus's clock is ahead of this machine's, in seconds.
    pub clock_ahead_secs: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            sms_pause: true,
            sms_reports: Reports::default(),
            contacts_may_read: false,
            app_sees_mobile: false,
            token_life_secs: 7200,
            device_interval_secs: 2,
            device_life_secs: 600,
            clock_ahead_secs: 0,
        }
    }
}

impl State {
    pub fn member(&self, userid: &str) -> Option<&Member> {
        self.members.get(&userid.to_ascii_lowercase())
    }

    pub fn member_mut(&mut self, userid: &str) -> Option<&mut Member> {
        self.members.get_mut(&userid.to_ascii_lowercase())
    }

    /// Whether a number belongs to somebody other than `userid`.
    pub fn is_taken(&self, mobile: &str, userid: &str) -> bool {
        self.members.values().any(|member| {
            member.mobile.as_deref() == Some(mobile) && !member.userid.eq_ignore_ascii_case(userid)
        })
    }

    /// Puts a message into the phone's inbox.
    pub fn deliver(&mut self, to: &str, text: String) {
        self.deliver_as(to, text, String::new());
    }

    /// The same for the SMS service, which may be asked for it by `serial`.
    pub fn deliver_as(&mut self, to: &str, text: String, serial: String) {
        let at = self.now();
        let to = to.to_owned();
        self.phone.messages.push_front(Message {
            to,
            text,
            at,
            serial,
        });
        self.phone.messages.truncate(MOST_MESSAGES);
    }

    /// The campus's clock, in Unix seconds.
    pub fn now(&self) -> i64 {
        jiff::Timestamp::now()
            .as_second()
            .saturating_add(self.settings.clock_ahead_secs)
    }
}
