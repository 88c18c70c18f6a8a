//! A volunteer is called: the whole screen in one colour, with words and the desk's number that are read from across the
//! room. Any student can open it and close it; it holds nothing.

use ratatui::layout::{Rect, Size};

use super::pen::ButtonIs;
use super::{Hit, PageInput, PagePen, PageResult, Tip, UiPage, tip};
use crate::screen::cells::fill;
use crate::screen::layout::{Stack, centred};
use crate::screen::theme::Role;
use crate::screen::widgets::LargeText;
use crate::screen::{UiKey, UiView};

/// The rows of the plain words, the button and the blanks between them.
const WORDS_ROWS: u16 = 7;

/// The call, until the student or the volunteer takes it back.
#[derive(Default)]
pub struct CallPage;

impl UiPage for CallPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        // The margins too: it is the colour that is seen first.
        let area = Rect {
            x: area.x.saturating_sub(1),
            width: area.width.saturating_add(2),
            ..area
        };
        let style = pen.theme.style(Role::Call);
        fill(area, pen.buf, style);
        let room = Size::new(area.width, area.height.saturating_sub(WORDS_ROWS));
        let large = LargeText::within(&pen.words("large-call"), room);
        let size = large.as_ref().map_or(Size::ZERO, LargeText::size);
        let mut stack = Stack::new(area);
        let above = room.height.saturating_sub(size.height) / 2;
        stack.skip(above);
        let row = stack.take(size.height);
        if let Some(large) = large {
            large.draw(centred(row, size), style, pen.buf);
        }
        stack.skip(1);
        let desk = pen.view.desk_number.get();
        let title = pen.words_with("call-title", &[("desk", desk.into())]);
        for words in [title, pen.words("call-words")] {
            pen.say_centred(&mut stack, &words, Role::Call);
        }
        stack.skip(1);
        let wide = pen.button_width("Enter", "call-over");
        let place = centred(stack.take(1), Size::new(wide, 1));
        let hit = Hit::Key(UiKey::Enter);
        pen.button_at(place, "Enter", "call-over", hit, ButtonIs::Primary);
    }

    fn handle(&mut self, input: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Key(UiKey::Enter | UiKey::Esc | UiKey::Call) => PageResult::CLOSED,
            _ => PageResult::EDITED,
        }
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        vec![tip("Enter", "call-over", 0, UiKey::Enter)]
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn is_busy(&self, _view: &UiView<'_>) -> bool {
        false
    }
}
