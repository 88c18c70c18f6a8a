//! The pieces that pages are made of. They draw what they are given, hold at most what is being typed, and know nothing
//! of visits. Every one clips itself to its area and may be given any size, also none.

mod banner;
mod bar;
mod big_text;
mod button;
mod choice_list;
mod code_boxes;
mod field;
mod footer;
mod keyed_list;
mod keypad;
mod large_text;
mod line_field;
mod number_field;
mod overlay;
mod phone;
mod progress;
mod secret_field;
mod text_block;

use ratatui::layout::Rect;

pub use banner::{Banner, BannerKind, Countdown};
pub use bar::Bar;
#[cfg(test)]
use big_text::BigSize;
pub use big_text::{BigText, DoneMark, NotedMark};
pub use button::Button;
pub use choice_list::ChoiceList;
pub use code_boxes::CodeField;
pub use field::Field;
pub use footer::{Footer, FooterRow, Hint};
pub use keyed_list::{KeyedList, KeyedRow};
pub use keypad::{Keypad, KeypadKey};
pub use large_text::LargeText;
pub use line_field::LineField;
pub use number_field::NumberField;
pub use overlay::Overlay;
pub use phone::{PhonePicture, held_phone_frame, phone_frame};
pub use progress::{Progress, StepMark, StepNames};
pub use secret_field::SecretField;
pub use text_block::{TextBlock, wrap};

/// What can be tapped, gathered while drawing and asked on a tap.
#[derive(Clone, Debug)]
pub struct Hits<T> {
    places: Vec<(Rect, T)>,
}

impl<T> Hits<T> {
    /// No places.
    pub fn new() -> Self {
        Hits { places: Vec::new() }
    }

    /// Forgets all: before a frame is drawn.
    pub fn clear(&mut self) {
        self.places.clear();
    }

    /// An area and what a tap on it means. What is drawn later lies above.
    pub fn push(&mut self, area: Rect, hit: T) {
        if !area.is_empty() {
            self.places.push((area, hit));
        }
    }

    /// All places of the last frame.
    #[cfg(test)]
    pub fn places(&self) -> &[(Rect, T)] {
        &self.places
    }

    /// What a tap on this cell means.
    pub fn at(&self, column: u16, row: u16) -> Option<&T> {
        let hit = |area: &Rect| area.contains((column, row).into());
        self.places
            .iter()
            .rev()
            .find(|(area, _)| hit(area))
            .map(|(_, hit)| hit)
    }
}

impl<T> Default for Hits<T> {
    fn default() -> Self {
        Hits::new()
    }
}

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod tests;
