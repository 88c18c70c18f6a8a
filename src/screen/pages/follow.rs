//! Following the company's account in WeChat (guide 一.3): the QR large, the words for the case at hand. The desk
//! notices by itself where it can; the student's word goes on always; after a while the other case is offered.

use std::time::Duration;

use ratatui::layout::Rect;

use super::pen::ButtonIs;
use super::scan::QrPanel;
use super::{PageInput, PagePen, PageResult, Tip, UiPage, other_way_tip, tip, visit};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::{UiKey, UiView};
use crate::visit::{ActKind, Answer, Command, Gateway, Question, Way};

/// The page of the account to follow.
pub struct FollowPage {
    way: Way,
    scan: QrPanel,
}

impl FollowPage {
    /// The page of the step done this way.
    pub fn new(way: Way) -> Self {
        FollowPage {
            way,
            scan: QrPanel::default(),
        }
    }

    /// The student said that WeChat has another number: the verification comes after.
    fn verifies(view: &UiView<'_>) -> bool {
        visit(view).and_then(|v| v.answer(Question::WechatNumber)) == Some(Answer::No)
    }

    fn is_late(view: &UiView<'_>) -> bool {
        view.other_case_in.is_some_and(|left| left.is_zero())
    }

    fn can_check(&self, view: &UiView<'_>) -> bool {
        self.way == Way::Desk && view.reach.directory_read.is_connected()
    }

    fn words(&self, pen: &mut PagePen<'_, '_>, area: Rect, has_qr: bool) {
        let view = pen.view;
        let mut stack = Stack::new(area);
        let account = view.front.account.get(view.lang);
        let title = pen.words_with("follow-title", &[("account", account.into())]);
        pen.say(&mut stack, &title, Role::Title);
        stack.skip(1);
        pen.tell(
            &mut stack,
            if has_qr {
                "follow-words"
            } else {
                "follow-words-no-qr"
            },
            Role::Text,
        );
        stack.skip(1);
        let (key, role) = match (Self::verifies(view), view.reach.directory_read) {
            (true, _) => ("follow-then-verify", Role::Text),
            (false, Gateway::Down { .. }) if self.way == Way::Desk => ("follow-down", Role::Info),
            (false, Gateway::Up | Gateway::Slow) if self.way == Way::Desk => {
                ("follow-notices", Role::Info)
            }
            _ => ("follow-said-by-hand", Role::Text),
        };
        pen.tell(&mut stack, key, role);
        stack.skip(1);
        let mut buttons = vec![("Enter", "follow-submit", UiKey::Enter, ButtonIs::Primary)];
        if self.can_check(view) {
            buttons.push(("R", "follow-check", UiKey::Char('r'), ButtonIs::On));
        }
        pen.buttons(&mut stack, &buttons);
        if Self::is_late(view) {
            stack.skip(1);
            pen.tell(&mut stack, "follow-late", Role::Warning);
            pen.tell(&mut stack, "follow-late-why", Role::Text);
            pen.buttons(
                &mut stack,
                &[("2", "follow-other-case", UiKey::Char('2'), ButtonIs::On)],
            );
        }
    }
}

impl UiPage for FollowPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let Some(qr) = &pen.view.front.follow_qr else {
            let mut stack = Stack::new(area);
            stack.skip(1);
            pen.tell(&mut stack, "follow-no-qr", Role::Warning);
            stack.skip(1);
            let rest = stack.rest();
            return self.words(pen, rest, false);
        };
        let words = self.scan.draw(pen, area, qr);
        self.words(pen, words, true);
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Enter) => PageResult::visit(Command::SayFollowed),
            PageInput::Key(UiKey::Char('r' | 'R')) if self.can_check(view) => {
                PageResult::visit(Command::CheckAgain)
            }
            PageInput::Key(UiKey::Char('2')) if Self::is_late(view) => {
                PageResult::visit(Command::Answer {
                    question: Question::WechatNumber,
                    answer: Answer::No,
                })
            }
            _ => PageResult::IGNORED,
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![
            tip("Enter", "follow-submit", 0, UiKey::Enter),
            tip("Esc", "do-back", 0, UiKey::Esc),
        ];
        tips.extend(other_way_tip(view));
        tips
    }

    fn help(&self) -> &'static str {
        "help-follow"
    }

    /// Watching the directory goes on by itself and holds nobody up.
    fn is_busy(&self, view: &UiView<'_>) -> bool {
        view.waiting_for
            .is_some_and(|wait| wait.what != ActKind::FindMember)
    }

    fn wake(&self, view: &UiView<'_>) -> Option<Duration> {
        view.other_case_in
            .filter(|left| !left.is_zero())
            .map(|left| view.now.mono.saturating_add(left))
    }
}
