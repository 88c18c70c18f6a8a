//! The state of the practice campus: accounts, members, tokens, messages, the phone. It holds no password, makes no
//! decision and does no I/O.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::bad_days::{BadDay, BadDays};

const MOST_MESSAGES: usize = 30;
/// More members than this are refused, like a company's account limit (WeCom 45024).
pub const MOST_MEMBERS: usize = 2000;

/// Everything that survives a restart.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CampusState {
    /// By student number.
    pub accounts: BTreeMap<String, IdentityAccount>,
    /// By user id in lower case: WeCom ignores the case of user ids.
    pub members: BTreeMap<String, CorpMember>,
    /// WeCom access tokens that were issued.
    pub tokens: Vec<IssuedToken>,
    /// When messages were sent to each number, in Unix seconds, for the limits of the SMS service.
    pub sms_sent: BTreeMap<String, Vec<i64>>,
    /// Failed lookups of numbers: many of them block the lookup.
    pub lookup_misses: u32,
    /// The practice phone.
    pub phone: PhoneState,
    /// What trainers and tests have set.
    pub settings: Settings,
    /// What goes wrong today; a restart ends it.
    #[serde(skip)]
    pub bad_days: BadDays,
}

/// An account of the unified identity.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IdentityAccount {
    /// The student's name.
    pub name: String,
    /// Whether the account may sign in.
    #[serde(default)]
    pub condition: Condition,
}

/// Whether an account may sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// It may.
    #[default]
    Good,
    /// It may not, and the password is not checked.
    Locked,
    /// It may not, even with the right password.
    Disabled,
}

/// A member of the company's contacts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CorpMember {
    /// The member's id; for a student the student number.
    pub userid: String,
    /// The member's name.
    pub name: String,
    /// Eleven digits.
    pub mobile: Option<String>,
    /// The member's address.
    pub email: Option<String>,
    /// The ids of the member's departments.
    pub department: Vec<u32>,
    /// 1 active, 2 disabled, 4 not activated, 5 left (WeCom user/get).
    pub status: u8,
    /// The company's creator, who cannot be deleted (WeCom 301005).
    pub creator: bool,
    /// A WeChat follows the company as this member.
    pub followed: bool,
    /// The second verification was confirmed (user/authsucc).
    pub confirmed: bool,
    /// Wrong codes entered at the assistant on `wrong_day`.
    pub wrong: u8,
    /// The day of the wrong codes, in days since 1970.
    pub wrong_day: i64,
}

/// An access token, and for which secret it was issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IssuedToken {
    /// The token itself.
    pub token: String,
    /// The secret for which it was issued.
    pub kind: SecretKind,
    /// In Unix seconds.
    pub expires: i64,
}

/// The kinds of secret, which have different permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// The secret of the contacts synchronisation.
    Contacts,
    /// The secret of an app.
    App,
}

/// The practice student's phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PhoneState {
    /// The id of the present page.
    pub page: String,
    /// The id of the message that is shown.
    pub said: Option<String>,
    /// The number its WeChat is bound to.
    pub wechat: String,
    /// The owner's student number.
    pub student: Option<String>,
    /// The code that the assistant waits for.
    pub verifying: Option<PendingCode>,
    /// The inbox, the newest message first.
    pub messages: VecDeque<PhoneMessage>,
}

/// A code that the assistant sent and waits for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PendingCode {
    /// The number it was sent to.
    pub mobile: String,
    /// Six digits.
    pub code: String,
    /// In Unix seconds.
    pub expires: i64,
}

/// A text message in the phone's inbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PhoneMessage {
    /// The number it was sent to.
    pub to: String,
    /// Its text.
    pub text: String,
    /// When it arrived, in Unix seconds.
    pub at: i64,
    /// The SMS service's serial number; empty for messages from elsewhere.
    #[serde(default)]
    pub serial: String,
}

/// The delivery reports that the SMS service gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SmsReports {
    /// The message arrived.
    #[default]
    Arrived,
    /// The message did not arrive.
    Failed,
    /// There is no report yet.
    None,
}

/// What trainers and tests may set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Only one message in 30 seconds to a number.
    pub sms_pause: bool,
    /// The delivery reports.
    pub sms_reports: SmsReports,
    /// Permits user/get with the secret of the contacts synchronisation, as for addresses that used it before 2022-08.
    pub contacts_may_read: bool,
    /// user/get with an app's secret returns the mobile number, as for apps created before 2022-06-20.
    pub app_sees_mobile: bool,
    /// How long an access token is valid, in seconds.
    pub token_life_secs: i64,
    /// The shortest interval between two polls of a device grant, in seconds.
    pub device_interval_secs: u32,
    /// How long a device grant is valid, in seconds.
    pub device_life_secs: u32,
    /// How far the campus's clock is ahead of this machine's, in seconds.
    pub clock_ahead_secs: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            sms_pause: true,
            sms_reports: SmsReports::default(),
            contacts_may_read: false,
            app_sees_mobile: false,
            token_life_secs: 7200,
            device_interval_secs: 2,
            device_life_secs: 600,
            clock_ahead_secs: 0,
        }
    }
}

impl CampusState {
    /// The member with this user id.
    pub fn member(&self, userid: &str) -> Option<&CorpMember> {
        self.members.get(&userid.to_ascii_lowercase())
    }

    /// The member with this user id, to change it.
    pub fn member_mut(&mut self, userid: &str) -> Option<&mut CorpMember> {
        self.members.get_mut(&userid.to_ascii_lowercase())
    }

    /// Whether the account with this number may sign in today; `None` where there is no such account.
    pub fn condition(&self, number: &str) -> Option<Condition> {
        let condition = self.accounts.get(number)?.condition;
        Some(if self.bad_days.is_on(BadDay::AccountLocked) {
            Condition::Locked
        } else {
            condition
        })
    }

    /// Whether a member other than `userid` has this number.
    pub fn is_taken(&self, mobile: &str, userid: &str) -> bool {
        self.members.values().any(|member| {
            member.mobile.as_deref() == Some(mobile) && !member.userid.eq_ignore_ascii_case(userid)
        })
    }

    /// Puts a message into the phone's inbox, without a serial number.
    pub fn deliver(&mut self, to: &str, text: String) {
        self.deliver_as(to, text, String::new());
    }

    /// Puts a message of the SMS service into the phone's inbox.
    pub fn deliver_as(&mut self, to: &str, text: String, serial: String) {
        if self.bad_days.is_on(BadDay::NoSms) {
            return;
        }
        let at = self.now();
        let to = to.to_owned();
        self.phone.messages.push_front(PhoneMessage {
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
