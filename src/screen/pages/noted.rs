//! Every step is done by the student's word alone: noted, and on a page that cannot be confused with the green one. It
//! says what the phone shows when the word is true.

use ratatui::layout::{Rect, Size};

use super::title::PageTitle;
use super::{PageInput, PagePen, PageResult, Tip, UiPage, finish_on, tip, visit};
use crate::screen::layout::{Stack, centred, column};
use crate::screen::theme::Role;
use crate::screen::widgets::NotedMark;
use crate::screen::{UiKey, UiView};

/// What the student said is noted; the desk has not seen it.
#[derive(Default)]
pub struct NotedPage;

impl UiPage for NotedPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let mut stack = Stack::new(column(area, 76));
        let words = 9_u16;
        let mark = NotedMark::size(room(area, words));
        let used = mark.height.saturating_add(words);
        let room = Size::new(area.width.min(76), area.height.saturating_sub(used));
        let title = PageTitle::new(pen, "noted-title", Role::Warning, room).centred();
        let used = used.saturating_add(title.large_rows());
        stack.skip(area.height.saturating_sub(used) / 2);
        draw_mark(pen, &mut stack, area, words);
        stack.skip(1);
        title.draw(pen, &mut stack, area.right());
        let words = pen.words("noted-words");
        pen.say_centred(&mut stack, &words, Role::Text);
        stack.skip(1);
        let words = when_true(pen);
        pen.say_centred(&mut stack, &words, Role::Accent);
        // Without a student number there is no member to look up.
        if visit(pen.view).is_some_and(|visit| visit.student.is_some())
            && pen.view.reach.directory_read.is_connected()
        {
            let words = pen.words("noted-later");
            pen.say_centred(&mut stack, &words, Role::Dim);
        }
        let words = pen.words("noted-else");
        pen.say_centred(&mut stack, &words, Role::Text);
        let words = pen.words("noted-next");
        pen.say_centred(&mut stack, &words, Role::Dim);
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        finish_on(input)
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        vec![tip("Enter", "done-submit", 0, UiKey::Enter)]
    }

    fn help(&self) -> &'static str {
        "help-done"
    }
}

/// The room for the mark above so many rows of words.
fn room(area: Rect, words: u16) -> Size {
    Size::new(area.width, area.height.saturating_sub(words))
}

/// The mark of what is noted, as large as it fits above so many rows of words.
pub(super) fn draw_mark(pen: &mut PagePen<'_, '_>, stack: &mut Stack, area: Rect, words: u16) {
    let size = NotedMark::size(room(area, words));
    let row = stack.take(size.height);
    NotedMark::draw(centred(row, size), pen.theme.style(Role::ByWord), pen.buf);
}

/// What the phone shows when what was said is true.
pub(super) fn when_true(pen: &PagePen<'_, '_>) -> String {
    let account = pen.view.front.account.get(pen.view.lang);
    if account.is_empty() {
        pen.words("noted-true-when-no-account")
    } else {
        pen.words_with("noted-true-when", &[("account", account.into())])
    }
}
