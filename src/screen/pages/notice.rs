//! The notice before any personal data is taken (PIPL art. 17): who, why, what, how long, the contact. Agreeing is an
//! act of the student's own; leaving keeps nothing.

use ratatui::layout::Rect;

use super::pen::ButtonIs;
use super::{
    PageInput, PagePen, PageResult, Tip, UiPage, other_way, other_way_tip, tip, title, visit,
};
use crate::screen::layout::{Stack, column, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::wrap;
use crate::screen::{UiKey, UiView};
use crate::visit::{Command, Mark, Visit, Way};

/// The notice that the student agrees to.
#[derive(Default)]
pub struct NoticePage;

/// Whether the student changed from the phone to the desk in the middle of the visit: the title differs then.
fn is_taking_over(view: &UiView<'_>) -> bool {
    let has_begun = |visit: &Visit| {
        let mut done = visit.done.iter();
        done.any(|mark| matches!(mark, Mark::Step(_) | Mark::Scanned))
    };
    visit(view).is_some_and(has_begun)
}

/// The label of Esc: what happens if the student does not agree.
fn refusal(view: &UiView<'_>) -> &'static str {
    match (is_taking_over(view), other_way(view)) {
        (true, Some(Way::Phone)) => "notice-by-phone",
        (true, _) => "do-back",
        (false, _) => "notice-leave",
    }
}

impl UiPage for NoticePage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let notice = &pen.view.front.notice;
        let lang = pen.view.lang;
        let mut how_long = notice.how_long.get(lang).to_owned();
        if let Some(days) = pen.view.front.retention_days {
            how_long.push(' ');
            how_long.push_str(&pen.words_with("notice-days", &[("n", days.into())]));
        }
        let rows = [
            ("notice-who", notice.who.get(lang)),
            ("notice-why", notice.why.get(lang)),
            ("notice-what", notice.what.get(lang)),
            ("notice-how-long", how_long.as_str()),
            ("notice-whom-to-ask", notice.whom_to_ask.get(lang)),
        ];
        let title = if is_taking_over(pen.view) {
            "notice-title-desk"
        } else {
            "notice-title"
        };
        let place = column(area, 84);
        let wide = place.width.saturating_sub(17);
        let whole: usize = rows
            .iter()
            .map(|(_, words)| wrap(words, wide).len().max(1))
            .sum();
        let below = u16::try_from(whole).unwrap_or(u16::MAX).saturating_add(1);
        // On a high window the buttons stay with what they are about: with air between the rows, and a large title.
        let most = below.saturating_add(20);
        let above = area.height.saturating_sub(most) / 3;
        let mut stack = Stack::new(Rect {
            y: place.y.saturating_add(above),
            height: place.height.min(most),
            ..place
        });
        stack.skip(1);
        let mut foot = Stack::new(stack.bottom(2));
        title::draw(pen, &mut stack, title, Role::Title, below);
        stack.skip(1);
        let airy = usize::from(stack.rest().height) >= whole.saturating_add(rows.len());
        for (label, words) in rows {
            let (left, right) = halves(stack.rest(), 15, 2);
            let (mut labels, mut text) = (Stack::new(left), Stack::new(right));
            pen.tell(&mut labels, label, Role::Accent);
            pen.say(&mut text, words, Role::Text);
            let used = right.height.saturating_sub(text.rest().height);
            stack.skip(used.max(1).saturating_add(u16::from(airy)));
        }
        pen.buttons(
            &mut foot,
            &[
                ("Enter", "notice-agree", UiKey::Enter, ButtonIs::Primary),
                ("Esc", refusal(pen.view), UiKey::Esc, ButtonIs::On),
            ],
        );
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Enter) => PageResult::visit(Command::Agree),
            PageInput::Key(UiKey::Esc) if is_taking_over(view) => match other_way(view) {
                Some(way) => PageResult::visit(Command::Prefer { way }),
                None => PageResult::IGNORED,
            },
            _ => PageResult::IGNORED,
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![
            tip("Enter", "notice-agree", 0, UiKey::Enter),
            tip("Esc", refusal(view), 0, UiKey::Esc),
        ];
        tips.extend(other_way_tip(view));
        tips
    }

    fn help(&self) -> &'static str {
        "help-notice"
    }
}
