//! Tab: from field to field of a page, then from button to button, and round again. A list of choices is one stop: the
//! arrows move in it.

use super::super::UiKey;
use super::super::pages::{Hit, PageInput};

/// The buttons of the last frame that Enter does not press by itself, and the one that Tab has reached.
#[derive(Default)]
pub struct TabRing {
    stops: Vec<Hit>,
    at: Option<usize>,
}

/// What a key for the ring comes to.
pub enum TabStep {
    /// The page's own fields are next: the key is the page's.
    Page,
    /// Another button is reached, or the page's own highlight again.
    Moved,
}

impl TabRing {
    /// The buttons of the frame that was just drawn.
    pub fn set_stops(&mut self, stops: Vec<Hit>) {
        self.at = self.at.filter(|at| *at < stops.len());
        self.stops = stops;
    }

    /// The button that Tab has reached.
    pub fn at(&self) -> Option<usize> {
        self.at
    }

    /// Back to what the page itself highlights.
    pub fn leave(&mut self) {
        self.at = None;
    }

    /// What Enter presses instead of what the page highlights.
    pub fn pressed(&self) -> Option<Hit> {
        self.stops.get(self.at?).copied()
    }

    /// One step on, or back; `fields` is the field in focus, counted from 0, and how many the page has.
    pub fn step(&mut self, key: UiKey, fields: (usize, usize)) -> TabStep {
        let (field, count) = fields;
        let is_back = key == UiKey::BackTab;
        let has_next = if is_back {
            field > 0
        } else {
            field.saturating_add(1) < count
        };
        if self.stops.is_empty() || self.at.is_none() && has_next {
            return TabStep::Page;
        }
        let last = self.stops.len().saturating_sub(1);
        self.at = match (self.at, is_back) {
            (None, false) => Some(0),
            (None, true) => Some(last),
            (Some(at), false) => Some(at.saturating_add(1)).filter(|at| *at <= last),
            (Some(at), true) => at.checked_sub(1),
        };
        // From its last field a page goes round to its first.
        if self.at.is_none() && count > 1 {
            TabStep::Page
        } else {
            TabStep::Moved
        }
    }
}

/// What a tap on a place is for the page; none where it is the practice phone's.
pub fn input_of(hit: Hit) -> Option<PageInput<'static>> {
    match hit {
        Hit::Key(key) => Some(PageInput::Key(key)),
        Hit::Pick(index) => Some(PageInput::Pick(index)),
        Hit::Focus(index) => Some(PageInput::Focus(index)),
        Hit::Phone(_) | Hit::BadDay(_) => None,
    }
}
