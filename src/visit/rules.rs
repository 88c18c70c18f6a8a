//! What belongs to one campus and steers a visit: routes, steps, pages, limits. The pack fills it, the core interprets
//! it, and no code knows one university from another.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{Patience, SmsPolicy};

/// A campus's rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// In order of preference; each situation fits exactly one (checked when a pack is loaded).
    pub routes: Vec<Route>,
    /// The phone pages that steps refer to.
    pub pages: BTreeMap<PageId, PageChoices>,
    /// Pages that several steps share, by the pack's name for them.
    pub page_lists: BTreeMap<String, Pages>,
    /// What a student number looks like.
    pub student_number: StudentNumberRule,
    /// How codes are issued.
    pub sms: SmsPolicy,
    /// After this long without an active member the follow step offers the other case.
    pub follow_patience: Duration,
    /// How long the desk goes on asking the directory by itself whether the member is active.
    pub follow_watch: Duration,
    /// How long the desk waits, untouched, while the student is busy with the phone.
    pub patience: Patience,
    /// How long a pickup number is good for.
    pub pickup_life: Duration,
    /// A number is bound on a volunteer's word for who the student is, without a sign-in.
    pub vouching_binds: bool,
}

impl Rules {
    /// Whether the desk may do some step that takes data.
    pub fn desk_takes_part(&self) -> bool {
        let mut steps = self.routes.iter().flat_map(|route| &route.steps);
        steps.any(|step| step.kind != StepKind::Notice && step.ways.contains(&Way::Desk))
    }

    /// Whether this page is the scan of the registration code (guide 一.1).
    pub fn is_scan(&self, page: &PageId) -> bool {
        let page = self.pages.get(page);
        page.is_some_and(|page| page.leads.contains(&Lead::Scanned))
    }

    /// Whether some step by the phone begins with the scan of the registration code.
    pub fn has_scan(&self) -> bool {
        let mut steps = self.routes.iter().flat_map(|route| &route.steps);
        steps.any(|step| step.pages.all().any(|page| self.is_scan(page)))
    }

    /// Whether some route depends on this question.
    pub fn asks(&self, question: Question) -> bool {
        self.routes
            .iter()
            .any(|route| route.when.contains_key(&question))
    }
}

/// The steps that fit a situation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The pack's id of the route.
    pub id: String,
    /// The answers it is for. A question that is not named does not matter to it and is not asked for its sake.
    pub when: BTreeMap<Question, Vec<Answer>>,
    /// Its steps in order.
    pub steps: Vec<Step>,
}

/// One step of a route: which ways it allows, and what the phone shows meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the step is about.
    pub kind: StepKind,
    /// The ways this campus allows, the preferred one first.
    pub ways: Vec<Way>,
    /// The phone's pages in order, for the way by the phone.
    pub pages: Pages,
}

/// The phone pages of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pages {
    /// The same pages for every answer.
    Same(Vec<PageId>),
    /// They differ by the answer to a question, which is then asked. Every answer has its pages.
    By {
        /// The question.
        question: Question,
        /// The pages by the answer.
        pages: BTreeMap<Answer, Vec<PageId>>,
    },
}

impl Pages {
    /// The pages, as far as the answers so far decide them.
    pub fn of(&self, answer: impl Fn(Question) -> Option<Answer>) -> &[PageId] {
        match self {
            Pages::Same(pages) => pages,
            Pages::By { question, pages } => answer(*question)
                .and_then(|given| pages.get(&given))
                .map_or(&[], Vec::as_slice),
        }
    }

    /// Every page that may be shown.
    pub fn all(&self) -> impl Iterator<Item = &PageId> {
        let (same, by) = match self {
            Pages::Same(pages) => (Some(pages), None),
            Pages::By { pages, .. } => (None, Some(pages.values())),
        };
        same.into_iter().chain(by.into_iter().flatten()).flatten()
    }
}

/// Who does a step.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Way {
    /// The kiosk, through the campus's APIs.
    Desk,
    /// The student's own phone, coached by the desk.
    Phone,
}

/// What a step is about.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum StepKind {
    /// Who takes which data, why, for how long (PIPL art. 17). Passed over where the desk takes none.
    Notice,
    /// Signing in with the unified identity (guide 一.2).
    Identity,
    /// Giving the mobile number (guide 一.3, first step of (一) and (二)).
    Number,
    /// Clearing WeChat's cache, which keeps the old identity (guide 三.2).
    Cache,
    /// Looking whether the cache is cleared: which page comes after 在校师生 (guide 三.2)?
    CacheCheck,
    /// Signing out of WeChat and restarting the phone, where the cache stays (guide 三.2): a thing to try, for those
    /// who can sign in again.
    SignOut,
    /// Undoing the old binding (guide 二 and 四.3).
    Unbind,
    /// Held back from binding at once after an unbinding (guide 二.3).
    Hold,
    /// Getting the WeCom app (guide 四.1).
    GetApp,
    /// Signing in to the WeCom app, by WeChat or by a number (guide 四.1).
    AppSignIn,
    /// Following the company's account in WeChat (guide 一.3).
    Follow,
    /// Verifying the number with a code (guide 一.3(二), steps 3 to 6).
    Verify,
    /// Activating the account on the campus's own page, where that comes first (an invented campus's rule).
    Activate,
    /// Binding or unbinding on a portal of the campus's own, without WeChat's pages (an invented campus's rule).
    Portal,
    /// Until what was done takes effect: a page says when to come back.
    Wait,
}

impl Way {
    /// Every way.
    pub const ALL: &'static [Way] = Way::VARIANTS;

    /// Its name in packs and in the journal.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl StepKind {
    /// Every kind of step.
    pub const ALL: &'static [StepKind] = StepKind::VARIANTS;

    /// Its name in packs and in the journal.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether a student may wait here for something that takes its time, on their own phone or from elsewhere: a code, a
    /// cache, a download, a portal. Then the next student can be taken meanwhile.
    pub fn takes_its_time(self) -> bool {
        match self {
            StepKind::Notice | StepKind::Identity | StepKind::Number | StepKind::Follow => false,
            StepKind::Cache
            | StepKind::CacheCheck
            | StepKind::SignOut
            | StepKind::Unbind
            | StepKind::Hold
            | StepKind::GetApp
            | StepKind::AppSignIn
            | StepKind::Verify
            | StepKind::Activate
            | StepKind::Portal
            | StepKind::Wait => true,
        }
    }
}

/// A question that decides between routes, or between the pages of a step. In the order in which they are asked.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Question {
    /// First time, a new student number, or staff who also study here? (guide 二, 三.4)
    Standing,
    /// Where is the old student number bound? (guide 三.3)
    OldBinding,
    /// Is the staff number bound in WeChat? (guide 三.4)
    StaffBound,
    /// After an unbinding in WeChat: the app, as the guide recommends, or WeChat again? (guide 三.2, 三.3)
    Onward,
    /// Which page came after 在校师生: the login page means that the cache is cleared. (guide 三.2)
    CacheCleared,
    /// Can they sign in to WeChat again? Asked before a sign-out, which is a thing to try where the cache is not cleared.
    /// (guide 三.2)
    SignInAgain,
    /// What kind of phone is it? The way to WeChat's cache differs. (guide 三.2)
    Phone,
    /// Is the number given the one that this WeChat is bound to? (guide 一.3)
    WechatNumber,
}

/// What a question may be answered.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// The student does not know.
    Unsure,
    /// Of [`Question::Standing`].
    FirstTime,
    /// A new number in place of an old one.
    NewNumber,
    /// Staff who also study here.
    Staff,
    /// Of [`Question::OldBinding`] and [`Question::Onward`].
    Wechat,
    /// The WeCom app.
    App,
    /// Of [`Question::Phone`].
    Iphone,
    /// An Android phone.
    Android,
    /// A HarmonyOS phone.
    Harmony,
}

impl Question {
    /// Every question, in the order in which they are asked.
    pub const ALL: &'static [Question] = Question::VARIANTS;

    /// Its name in packs, and in the names of its words.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The answers a student may give, in the order they are shown.
    pub fn answers(self) -> &'static [Answer] {
        use Answer::{
            Android, App, FirstTime, Harmony, Iphone, NewNumber, No, Staff, Unsure, Wechat, Yes,
        };
        match self {
            Question::Standing => &[FirstTime, NewNumber, Staff, Unsure],
            Question::OldBinding => &[Wechat, App, Unsure],
            Question::Onward => &[App, Wechat],
            Question::Phone => &[Iphone, Android, Harmony, Unsure],
            Question::StaffBound
            | Question::CacheCleared
            | Question::SignInAgain
            | Question::WechatNumber => &[Yes, No, Unsure],
        }
    }
}

impl Answer {
    /// Every answer.
    pub const ALL: &'static [Answer] = Answer::VARIANTS;

    /// Its name in packs, and in the names of its words.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The name of a phone page in the pack.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageId(pub String);

/// What a phone page's choices ("what do you see now?") lead to, in the order they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageChoices {
    /// Where each choice leads.
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
    /// The registration code was scanned: the next page. A page with this lead is the scan page; it is skipped if the
    /// code was scanned before.
    Scanned,
    /// The step is done, whatever pages are left.
    StepDone,
    /// The phone says that the account is bound already.
    AlreadyBound,
    /// A question is answered, as when the phone shows that it is the other case.
    Answer {
        /// The question.
        question: Question,
        /// The answer that the phone shows.
        answer: Answer,
    },
    /// A question is answered by what the phone shows, and that was what the step was for.
    Verdict {
        /// The question.
        question: Question,
        /// The answer that the phone shows.
        answer: Answer,
    },
    /// A help page of the program: the screen shows it, the visit stays.
    Help(String),
    /// A volunteer is needed: the screen says so, the visit stays.
    Volunteer,
    /// It goes on later, when another person's phone is at hand: the visit is parked.
    Park,
}

/// What a student number looks like here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StudentNumberRule {
    /// The least and the most characters.
    pub min: usize,
    /// The most characters.
    pub max: usize,
    /// Letters too, not digits alone.
    pub letters: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs and words use the one spelling, journals and tickets the other.
    #[test]
    fn names_are_spelt_as_they_are_serialized() {
        fn check<T: Copy + Serialize>(all: &[T], name: impl Fn(T) -> &'static str) {
            for one in all {
                let serialized = serde_json::to_value(one).unwrap();
                assert_eq!(serialized, name(*one));
            }
        }
        check(Question::ALL, Question::name);
        check(Answer::ALL, Answer::name);
        check(StepKind::ALL, StepKind::name);
        check(Way::ALL, Way::name);
    }
}
