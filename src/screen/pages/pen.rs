//! What pages draw with: the buffer, the theme, the words, the places that can be tapped. Nothing is decided here.

use fluent_bundle::FluentValue;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::Hit;
use crate::screen::cells::put;
use crate::screen::layout::Stack;
use crate::screen::theme::{Role, Theme};
use crate::screen::widgets::{
    Banner, BannerKind, Button, ChoiceList, Hits, KeyedList, KeyedRow, TextBlock,
};
use crate::screen::{UiKey, UiView};
use crate::text::Text;

/// A pen for one frame.
pub struct PagePen<'p, 'v> {
    /// The frame's cells.
    pub buf: &'p mut Buffer,
    /// How large the frame is.
    pub window: Size,
    /// The styles.
    pub theme: &'p Theme,
    /// The words of the language.
    pub text: &'p Text,
    /// What the frame is drawn from.
    pub view: &'p UiView<'v>,
    /// The places to tap.
    pub hits: &'p mut Hits<Hit>,
    /// Where the real cursor goes.
    pub caret: Option<Position>,
    /// The button that Tab has reached: it is highlighted instead of the page's own.
    pub reached: Option<Hit>,
    /// The buttons that Enter does not press by itself, as they are drawn: Tab goes through them.
    pub stops: Vec<Hit>,
}

impl PagePen<'_, '_> {
    /// What was drawn so far takes no taps, no Tab and no typing.
    pub fn let_go(&mut self) {
        self.hits.clear();
        self.stops.clear();
        self.caret = None;
    }

    /// The rows that something takes in so much room; nothing of it is drawn.
    pub fn rows_of(&self, room: Size, draw: impl FnOnce(&mut PagePen<'_, '_>, &mut Stack)) -> u16 {
        let area = Rect::new(0, 0, room.width, room.height);
        let mut buf = Buffer::empty(area);
        let mut hits = Hits::new();
        let mut pen = PagePen {
            buf: &mut buf,
            window: self.window,
            theme: self.theme,
            text: self.text,
            view: self.view,
            hits: &mut hits,
            caret: None,
            reached: self.reached,
            stops: Vec::new(),
        };
        let mut stack = Stack::new(area);
        draw(&mut pen, &mut stack);
        area.height.saturating_sub(stack.rest().height)
    }

    /// A text of the current language.
    pub fn words(&self, key: &str) -> String {
        self.text.get(key)
    }

    /// A text with its variables.
    pub fn words_with(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        self.text.with(key, values)
    }

    /// Wrapped words at the top of what is left.
    pub fn say(&mut self, stack: &mut Stack, words: &str, role: Role) {
        let block = TextBlock::new(words, self.theme.style(role));
        stack.skip(block.draw(stack.rest(), self.buf));
    }

    /// The same, each line in the middle.
    pub fn say_centred(&mut self, stack: &mut Stack, words: &str, role: Role) {
        let block = TextBlock::new(words, self.theme.style(role)).centred();
        stack.skip(block.draw(stack.rest(), self.buf));
    }

    /// A text by its key.
    pub fn tell(&mut self, stack: &mut Stack, key: &str, role: Role) {
        let words = self.words(key);
        self.say(stack, &words, role);
    }

    /// A button on a row of its own.
    pub fn button(&mut self, stack: &mut Stack, key: &str, label: &str, hit: Hit, state: ButtonIs) {
        let area = stack.take(1);
        self.button_at(area, key, label, hit, state);
    }

    /// The columns that a button takes.
    pub fn button_width(&self, key: &str, label: &str) -> u16 {
        let label = self.words(label);
        let key = Some(key).filter(|key| !key.is_empty());
        let (focused, enabled) = (false, true);
        Button {
            label: &label,
            key,
            focused,
            enabled,
        }
        .width()
    }

    /// A button at the left of an area; gives the columns it took.
    pub fn button_at(
        &mut self,
        area: Rect,
        key: &str,
        label: &str,
        hit: Hit,
        state: ButtonIs,
    ) -> u16 {
        let state = self.state_for_tab(hit, state);
        let label = self.words(label);
        let button = Button {
            label: &label,
            key: Some(key).filter(|key| !key.is_empty()),
            focused: state == ButtonIs::Primary,
            enabled: state != ButtonIs::Off,
        };
        let drawn = button.draw(area, self.buf, self.theme);
        if state != ButtonIs::Off {
            self.hits.push(drawn, hit);
        }
        // One that cannot be tapped keeps its place.
        button.width().min(area.width)
    }

    /// A button that Tab has reached is what Enter presses; the page's own one is not, as long as Tab is elsewhere.
    fn state_for_tab(&mut self, hit: Hit, state: ButtonIs) -> ButtonIs {
        match (state, self.reached) {
            (ButtonIs::Off, _) | (ButtonIs::Primary, None) => state,
            (ButtonIs::Primary, Some(_)) => ButtonIs::On,
            // One that was drawn already is no other stop.
            (ButtonIs::On, _) if self.stops.contains(&hit) => ButtonIs::On,
            (ButtonIs::On, reached) => {
                self.stops.push(hit);
                if reached == Some(hit) {
                    ButtonIs::Primary
                } else {
                    ButtonIs::On
                }
            }
        }
    }

    /// What a list highlights: nothing while Tab is at a button.
    fn highlight(&self, selected: Option<usize>) -> Option<usize> {
        selected.filter(|_| self.reached.is_none())
    }

    /// Buttons side by side, going on in the next row where they do not fit.
    pub fn buttons(&mut self, stack: &mut Stack, buttons: &[(&str, &str, UiKey, ButtonIs)]) {
        let mut row = stack.take(1);
        let mut used = 0_u16;
        for (key, label, hit, state) in buttons {
            let words = self.words(label);
            let wide = Button {
                label: &words,
                key: Some(key),
                focused: *state == ButtonIs::Primary,
                enabled: true,
            }
            .width();
            if used > 0 && used.saturating_add(wide) > row.width {
                row = stack.take(1);
                used = 0;
            }
            let place = Rect {
                x: row.x.saturating_add(used),
                width: row.width.saturating_sub(used),
                ..row
            };
            self.button_at(place, key, label, Hit::Key(*hit), *state);
            used = used.saturating_add(wide).saturating_add(2);
        }
    }

    /// Marks a field, which was drawn into the area, as the one that is wrong: a sign and a colour at its label.
    pub fn mark_wrong(&mut self, area: Rect) {
        let label = Rect {
            height: area.height.min(1),
            ..area
        };
        let style = self.theme.style(Role::Warning);
        self.buf.set_style(label.intersection(self.buf.area), style);
        put(
            label,
            label.x.saturating_add(1),
            label.y,
            "!",
            style,
            self.buf,
        );
    }

    /// Numbered choices, each of them to be tapped.
    pub fn choices(
        &mut self,
        stack: &mut Stack,
        choices: &[String],
        selected: Option<usize>,
        airy: bool,
    ) {
        let selected = self.highlight(selected);
        let list = ChoiceList {
            choices,
            selected,
            airy,
        };
        let rows = list.height(stack.rest().width);
        let area = stack.take(rows);
        list.draw(area, self.buf, self.theme, self.hits, Hit::Pick);
    }

    /// Deeds with a letter each, each of them to be tapped.
    pub fn deeds(
        &mut self,
        stack: &mut Stack,
        rows: &[KeyedRow<'_, Hit>],
        selected: Option<usize>,
    ) {
        let selected = self.highlight(selected);
        let list = KeyedList { rows, selected };
        let height = list.height(stack.rest().width);
        let area = stack.take(height);
        list.draw(area, self.buf, self.theme, self.hits);
    }

    /// A banner with its word: colour alone never shows a state.
    pub fn banner(&mut self, stack: &mut Stack, kind: BannerKind, word: &str, text: &str) {
        let word = self.words(word);
        let banner = Banner {
            kind,
            word: &word,
            text,
        };
        stack.skip(banner.draw(stack.rest(), self.buf, self.theme));
    }
}

/// How a button is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonIs {
    /// The one thing to do.
    Primary,
    On,
    Off,
}
