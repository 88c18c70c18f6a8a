//! A question that decides the route: one screen, one key. "Not sure" first shows where to look.

use ratatui::layout::Rect;

use super::large::draw_large;
use super::title;
use super::{PageInput, PagePen, PageResult, Tip, UiPage, digit_index, esc_tip, moved, tip, visit};
use crate::screen::theme::Role;
use crate::screen::{UiKey, UiView};
use crate::visit::{Answer, Command, Question, StepKind};

/// The rows of the longest question, with where to look.
const ROWS: u16 = 17;

/// A question with its answers.
pub struct AskPage {
    question: Question,
    selected: usize,
    /// How to look it up is shown: the student was not sure once.
    looked: bool,
}

impl AskPage {
    /// The page of this question.
    pub fn new(question: Question) -> Self {
        AskPage {
            question,
            selected: 0,
            looked: false,
        }
    }

    /// The first "not sure" shows where to look; the second one is the answer.
    fn choose(&mut self, index: usize) -> PageResult {
        let Some(answer) = self.question.answers().get(index).copied() else {
            return PageResult::IGNORED;
        };
        self.selected = index;
        if answer == Answer::Unsure && !self.looked {
            self.looked = true;
            return PageResult::EDITED;
        }
        PageResult::visit(Command::Answer {
            question: self.question,
            answer,
        })
    }
}

/// The title of the question about a number that the desk does not have.
fn unseen_number(view: &UiView<'_>) -> &'static str {
    let is_given = visit(view).is_some_and(|visit| visit.has_done(StepKind::Number));
    if is_given {
        "ask-wechat-number-title-phone"
    } else {
        "ask-wechat-number-title-before"
    }
}

impl UiPage for AskPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let name = format!("ask-{}", self.question.name());
        let about_the_number = self.question == Question::WechatNumber;
        let mobile = visit(pen.view).and_then(|v| v.mobile.as_ref());
        let mobile = mobile.filter(|_| about_the_number);
        let title = if about_the_number && mobile.is_none() {
            unseen_number(pen.view).to_owned()
        } else {
            format!("{name}-title")
        };
        let (mut stack, _) = title::begin(pen, area, (72, ROWS), &title, Role::Title);
        pen.tell(&mut stack, &format!("{name}-words"), Role::Dim);
        stack.skip(1);
        if let Some(mobile) = mobile {
            let grouped = mobile.grouped();
            // The answers, and where to look.
            draw_large(pen, &mut stack, &grouped, 8);
            stack.skip(1);
        }
        let choices: Vec<String> = self
            .question
            .answers()
            .iter()
            .map(|answer| pen.words(&format!("{name}-{}", answer.name())))
            .collect();
        let airy = stack.rest().height > 20;
        pen.choices(&mut stack, &choices, Some(self.selected), airy);
        if self.looked {
            stack.skip(1);
            pen.tell(&mut stack, &format!("{name}-look"), Role::Text);
            pen.tell(&mut stack, &format!("{name}-path"), Role::Accent);
            pen.tell(&mut stack, &format!("{name}-path-after"), Role::Dim);
        }
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Pick(index) => self.choose(index),
            PageInput::Key(UiKey::Enter) => self.choose(self.selected),
            PageInput::Key(key) => match digit_index(key) {
                Some(index) => self.choose(index),
                None => match moved(key, self.selected, self.question.answers().len()) {
                    Some(selected) => {
                        self.selected = selected;
                        PageResult::EDITED
                    }
                    None => PageResult::IGNORED,
                },
            },
            PageInput::Paste(_) | PageInput::Focus(_) => PageResult::IGNORED,
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        vec![tip("Enter", "do-next", 0, UiKey::Enter), esc_tip(view)]
    }

    fn help(&self) -> &'static str {
        "help-ask"
    }
}
