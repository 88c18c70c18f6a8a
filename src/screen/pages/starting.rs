//! The first frame: neutral, until the store is ready, and again until it has kept a pickup number. It takes function keys
//! only and shows no personal data.

use ratatui::layout::Rect;

use super::title::PageTitle;
use super::{PageInput, PagePen, PageResult, Tip, UiPage};
use crate::screen::UiView;
use crate::screen::layout::{Stack, column};
use crate::screen::theme::Role;

/// The page before the store is ready.
#[derive(Default)]
pub struct StartingPage;

impl UiPage for StartingPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let mut stack = Stack::new(column(area, 60));
        stack.skip(area.height / 3);
        let words = pen.words("starting-words");
        let room = stack.rest().as_size();
        let title = PageTitle::new(pen, "starting-title", Role::Title, room).centred();
        title.draw(pen, &mut stack, area.right());
        if pen.view.pack.is_some() {
            // The records are open: a pickup number is being kept.
            return;
        }
        stack.skip(1);
        pen.say_centred(&mut stack, &words, Role::Dim);
    }

    fn handle(&mut self, _act: PageInput<'_>, _view: &UiView<'_>) -> PageResult {
        PageResult::EDITED
    }

    fn tips(&self, _view: &UiView<'_>) -> Vec<Tip> {
        Vec::new()
    }

    fn help(&self) -> &'static str {
        "help-welcome"
    }
}
