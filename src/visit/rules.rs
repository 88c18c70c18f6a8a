//! What belongs to one campus and steers a visit: routes, steps, pages, limits. The pack fills it, the core interprets
//! it, and no code knows one university from another.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A campus's rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// In order of preference; each situation fits exactly one (checked when a pack is loaded).
    pub routes: Vec<Route>,
    /// The phone pages that steps refer to.
    pub pages: BTreeMap<PageId, Page>,
    pub student_number: StudentNumberRule,
    pub sms: SmsPolicy,
    /// After this long without an active member the follow step offers the other case.
    pub follow_patience: Duration,
    /// How long the desk goes on asking the directory by itself whether the member is active.
    pub follow_watch: Duration,
    /// How long a pickup number is good for.
    pub pickup_life: Duration,
}

/// The steps that fit a situation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub id: String,
    /// The answers it is for. A question that is not named does not matter to it and is not asked for its sake.
    pub when: BTreeMap<Question, Vec<Answer>>,
    pub steps: Vec<Step>,
}

/// One step of a route: which ways it allows, and what the phone shows meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub kind: StepKind,
    /// The ways this campus allows, the preferred one first.
    pub ways: Vec<Way>,
    /// The phone's pages in order, for the way by the phone.
    pub pages: Vec<PageId>,
}

/// Who does a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The kiosk, through the campus's APIs.
    Desk,
    /// The student's own phone, coached by the desk.
    Phone,
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Who takes which data, why, for how long (PIPL art. 17). Passed over where the desk takes none.
    Notice,
    /// Signing in with the unified identity (guide 一.2).
    Identity,
    /// Giving the mobile number (guide 一.3, first step of (一) and (二)).
    Number,
    /// Following the company's account in WeChat (guide 一.3).
    Follow,
    /// Verifying the number with a code (guide 一.3(二), steps 3 to 6).
    Verify,
}

/// A question that decides between routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Is the number given the one that this WeChat is bound to? (guide 一.3)
    WechatNumber,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Yes,
    No,
    Unsure,
}

impl Question {
    /// The answers a student may give, in the order they are shown.
    pub fn answers(self) -> &'static [Answer] {
        match self {
            Question::WechatNumber => &[Answer::Yes, Answer::No, Answer::Unsure],
        }
    }
}

/// The name of a phone page in the pack.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageId(pub String);

/// What a phone page's choices ("what do you see now?") lead to, in the order they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub leads: Vec<Lead>,
}

/// Where a choice leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lead {
    /// The next page of this step; after the last one the step is done by the student's word.
    Next,
    /// Back to the page before.
    Back,
    /// The step is done, whatever pages are left.
    StepDone,
    /// The phone says that the account is bound already.
    AlreadyBound,
    /// A question is answered, as when the phone shows that it is the other case.
    Answer { question: Question, answer: Answer },
    /// A help page of the program: the screen shows it, the visit stays.
    Help(String),
    /// A volunteer is needed: the screen says so, the visit stays.
    Volunteer,
}

/// What a student number looks like here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StudentNumberRule {
    /// The least and the most characters.
    pub min: usize,
    pub max: usize,
    /// Letters too, not digits alone.
    pub letters: bool,
}

/// How codes are issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmsPolicy {
    /// How long a code is good for.
    pub life: Duration,
    /// How long until it may be sent again.
    pub resend_after: Duration,
    /// Wrong tries until the code is spent.
    pub tries: u8,
    /// The most codes sent to one number in an hour and in a day.
    pub per_hour: u32,
    pub per_day: u32,
}

impl Default for SmsPolicy {
    /// The practice in China: five minutes, a minute, five tries, five an hour and ten a day.
    fn default() -> Self {
        SmsPolicy {
            life: Duration::from_secs(300),
            resend_after: Duration::from_secs(60),
            tries: 5,
            per_hour: 5,
            per_day: 10,
        }
    }
}
