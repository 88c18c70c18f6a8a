//! Following the company's account in WeChat (guide 一.3): the QR large, the words for the case at hand. The desk
//! notices by itself where it can; the student's word goes on always; after a while the other case is offered.

use std::time::Duration;

use ratatui::layout::Rect;

use super::pen::ButtonIs;
use super::scan::{QrPanel, QrTitle};
use super::{
    LeadHelpPage, PageInput, PagePen, PageResult, Tip, UiPage, digit_index, esc_tip, moved,
    other_way_tip, tip, visit,
};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::{UiKey, UiView};
use crate::visit::{ActKind, Answer, Command, Gateway, Question, Visit, Way, route};

/// The page of the account to follow.
pub struct FollowPage {
    way: Way,
    scan: QrPanel,
    /// The way on that is selected, after a lookup that did not see the follow.
    selected: usize,
}

/// A way on after a lookup that did not see the follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WayOn {
    /// Look again.
    Wait,
    /// WeChat has another number.
    OtherNumber,
    /// A person must help.
    NotWorking,
    /// The student's word.
    PhoneShows,
}

impl FollowPage {
    /// The page of the step done this way.
    pub fn new(way: Way) -> Self {
        FollowPage {
            way,
            scan: QrPanel::default(),
            selected: 0,
        }
    }

    /// The ways on after a lookup that did not see the follow; none before one.
    fn ways_on(view: &UiView<'_>) -> Vec<WayOn> {
        if !visit(view).is_some_and(Visit::has_looked_in_vain) {
            return Vec::new();
        }
        let other = view.other_case_in.map(|_| WayOn::OtherNumber);
        let last = [WayOn::NotWorking, WayOn::PhoneShows];
        std::iter::once(WayOn::Wait)
            .chain(other)
            .chain(last)
            .collect()
    }

    fn go(&mut self, place: usize, view: &UiView<'_>) -> PageResult {
        let Some(way) = Self::ways_on(view).get(place).copied() else {
            return PageResult::IGNORED;
        };
        self.selected = place;
        match way {
            WayOn::Wait => PageResult::visit(Command::CheckAgain),
            WayOn::OtherNumber => other_number(),
            WayOn::NotWorking => PageResult::Open(Box::new(LeadHelpPage::volunteer())),
            WayOn::PhoneShows => PageResult::visit(Command::SayFollowed),
        }
    }

    fn draw_ways_on(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, ways: &[WayOn]) {
        pen.tell(stack, "follow-not-seen-ways", Role::Warning);
        let label = |way: &WayOn| match way {
            WayOn::Wait => "follow-wait",
            WayOn::OtherNumber => "follow-other-case",
            WayOn::NotWorking => "follow-not-working",
            WayOn::PhoneShows => "follow-phone-shows",
        };
        let words: Vec<String> = ways.iter().map(|way| pen.words(label(way))).collect();
        pen.choices(stack, &words, Some(self.selected), false);
    }

    /// The verification comes after.
    fn verifies(view: &UiView<'_>) -> bool {
        visit(view)
            .zip(view.pack)
            .is_some_and(|(visit, pack)| route::verifies_later(visit, &pack.rules, view.reach))
    }

    fn is_late(view: &UiView<'_>) -> bool {
        view.other_case_in.is_some_and(|left| left.is_zero())
    }

    fn can_check(&self, view: &UiView<'_>) -> bool {
        self.way == Way::Desk && view.reach.directory_read.is_connected() && !Self::verifies(view)
    }

    /// What stands below the title.
    fn words(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, has_qr: bool) {
        let view = pen.view;
        let account = view.front.account.get(view.lang);
        stack.skip(1);
        let words = if has_qr {
            pen.words("follow-words")
        } else {
            pen.words_with("follow-words-no-qr", &[("account", account.into())])
        };
        pen.say(stack, &words, Role::Text);
        stack.skip(1);
        let ways = Self::ways_on(view);
        if !ways.is_empty() {
            return self.draw_ways_on(pen, stack, &ways);
        }
        if visit(view).is_some_and(|visit| visit.look.is_some()) {
            pen.tell(stack, "follow-looking", Role::Accent);
        }
        let (key, role) = match (Self::verifies(view), view.reach.directory_read) {
            (true, _) => ("follow-then-verify", Role::Text),
            (false, Gateway::Down { .. }) if self.way == Way::Desk => ("follow-down", Role::Info),
            (false, Gateway::Up | Gateway::Slow) if self.way == Way::Desk => {
                ("follow-notices", Role::Info)
            }
            _ => ("follow-said-by-hand", Role::Text),
        };
        pen.tell(stack, key, role);
        stack.skip(1);
        let mut buttons = vec![("Enter", "follow-submit", UiKey::Enter, ButtonIs::Primary)];
        if self.can_check(view) {
            buttons.push(("R", "follow-check", UiKey::Char('r'), ButtonIs::On));
        }
        pen.buttons(stack, &buttons);
        if Self::is_late(view) {
            stack.skip(1);
            pen.tell(stack, "follow-late", Role::Warning);
            pen.tell(stack, "follow-late-why", Role::Text);
            pen.buttons(
                stack,
                &[("2", "follow-other-case", UiKey::Char('2'), ButtonIs::On)],
            );
        }
    }
}

/// WeChat has another number than the one given: the other case.
fn other_number() -> PageResult {
    PageResult::visit(Command::Answer {
        question: Question::WechatNumber,
        answer: Answer::No,
    })
}

impl UiPage for FollowPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let account = pen.view.front.account.get(pen.view.lang);
        // Large there is only what is to be done: whom to follow may be anybody.
        let title = QrTitle {
            key: "step-follow",
            words: pen.words_with("follow-title", &[("account", account.into())]),
        };
        let Some(qr) = &pen.view.front.follow_qr else {
            let mut stack = Stack::new(area);
            stack.skip(1);
            pen.tell(&mut stack, "follow-no-qr", Role::Warning);
            stack.skip(1);
            pen.say(&mut stack, &title.words, Role::Title);
            return self.words(pen, &mut stack, false);
        };
        let mut scan = std::mem::take(&mut self.scan);
        scan.draw(pen, area, qr, &title, |pen, stack| {
            self.words(pen, stack, true);
        });
        self.scan = scan;
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        let ways = Self::ways_on(view);
        if !ways.is_empty() {
            let selected = self.selected.min(ways.len().saturating_sub(1));
            return match input {
                PageInput::Pick(place) => self.go(place, view),
                PageInput::Key(UiKey::Enter) => self.go(selected, view),
                PageInput::Key(UiKey::Char('r' | 'R')) => self.go(0, view),
                PageInput::Key(key) => match (digit_index(key), moved(key, selected, ways.len())) {
                    (Some(place), _) => self.go(place, view),
                    (None, Some(selected)) => {
                        self.selected = selected;
                        PageResult::EDITED
                    }
                    (None, None) => PageResult::IGNORED,
                },
                PageInput::Paste(_) | PageInput::Focus(_) => PageResult::IGNORED,
            };
        }
        match input {
            PageInput::Key(UiKey::Enter) if self.can_check(view) => {
                PageResult::visit(Command::CheckAgain)
            }
            PageInput::Key(UiKey::Enter) => PageResult::visit(Command::SayFollowed),
            PageInput::Key(UiKey::Char('r' | 'R')) if self.can_check(view) => {
                PageResult::visit(Command::CheckAgain)
            }
            PageInput::Key(UiKey::Char('2')) if Self::is_late(view) => other_number(),
            _ => PageResult::IGNORED,
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let enter = if Self::ways_on(view).is_empty() {
            "follow-submit"
        } else {
            "do-next"
        };
        let mut tips = vec![tip("Enter", enter, 0, UiKey::Enter), esc_tip(view)];
        tips.extend(other_way_tip(view));
        tips
    }

    fn help(&self) -> &'static str {
        "help-follow"
    }

    /// Watching the directory runs in the background and blocks no key.
    fn is_busy(&self, view: &UiView<'_>) -> bool {
        view.waiting_for
            .is_some_and(|wait| wait.what != ActKind::FindMember)
    }

    fn wake(&self, view: &UiView<'_>) -> Option<Duration> {
        let offers = Self::ways_on(view).is_empty();
        view.other_case_in
            .filter(|left| offers && !left.is_zero())
            .map(|left| view.now.mono.saturating_add(left))
    }
}
