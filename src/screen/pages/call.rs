//! A volunteer is called: the whole screen in one colour, with the desk's number and words that are read from across the
//! room. Any student can open it and close it; it holds nothing, and what lies beneath stays as it is. How long it lasts
//! is the desk's matter.

use ratatui::layout::{Rect, Size};

use super::pen::ButtonIs;
use super::{Hit, PageInput, PagePen, PageResult, Tip, UiPage, tip};
use crate::screen::cells::fill;
use crate::screen::layout::{Stack, centred};
use crate::screen::theme::Role;
use crate::screen::widgets::LargeText;
use crate::screen::{DeskCommand, UiKey, UiView};

/// The rows of the plain words, the button and the blanks between them.
const WORDS_ROWS: u16 = 5;
/// A number of so many rows is read from five metres.
const FAR_ROWS: u16 = 15;

/// The call, until the student or the volunteer takes it back, or it is over.
pub struct CallPage;

/// The words and the desk's number as large as there is room for. The number comes first: the words have what leaves it
/// large enough for five metres.
fn large(words: &str, number: &str, room: Size) -> [Option<LargeText>; 2] {
    let words = LargeText::within(words, Size::new(room.width, room.height / 3));
    let used = rows(words.as_ref());
    let beside = Size::new(room.width, room.height.saturating_sub(used));
    match LargeText::within(number, beside) {
        Some(number) if number.size().height >= FAR_ROWS => [words, Some(number)],
        _ => [None, LargeText::within(number, room)],
    }
}

/// The rows of a text with the blank below it.
fn rows(text: Option<&LargeText>) -> u16 {
    text.map_or(0, |text| text.size().height.saturating_add(1))
}

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
        let desk = pen.view.desk_number.get();
        let room = Size::new(area.width, area.height.saturating_sub(WORDS_ROWS));
        let large = large(&pen.words("large-call"), &desk.to_string(), room);
        let each = large.iter().map(|text| rows(text.as_ref()));
        let used = each.fold(0_u16, u16::saturating_add);
        let mut stack = Stack::new(area);
        stack.skip(room.height.saturating_sub(used) / 2);
        for text in large.into_iter().flatten() {
            let size = text.size();
            let row = stack.take(size.height);
            text.draw(centred(row, size), style, pen.buf);
            stack.skip(1);
        }
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
            PageInput::Key(UiKey::Enter | UiKey::Esc | UiKey::Call) => {
                PageResult::desk(DeskCommand::EndCall)
            }
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
