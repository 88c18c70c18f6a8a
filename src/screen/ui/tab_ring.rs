//! Tab: from field to field of a page, then from button to button, and round again. A list of choices is one stop: the
//! arrows move in it.

use super::super::UiKey;
use super::super::pages::{Hit, PageInput};

/// The buttons of the last frame that Enter does not press by itself, and the one that Tab has reached. It is known by
/// what it does and not by its place: a button that comes or goes before it moves it.
#[derive(Default)]
pub struct TabRing {
    stops: Vec<Hit>,
    at: Option<Hit>,
}

impl TabRing {
    /// The buttons of the frame that was just drawn. Returns whether the one that Tab had reached is gone.
    pub fn set_stops(&mut self, stops: Vec<Hit>) -> bool {
        let reached = self.at.take();
        self.at = reached.filter(|at| stops.contains(at));
        self.stops = stops;
        self.at != reached
    }

    /// The button that Tab has reached.
    pub fn at(&self) -> Option<Hit> {
        self.at
    }

    /// Back to what the page itself highlights.
    pub fn leave(&mut self) {
        self.at = None;
    }

    /// One step on, or back; `fields` is the field in focus, counted from 0, and how many the page has. Returns whether
    /// another button is reached, or the page's own highlight again: if not, the key is the page's, for its fields.
    pub fn step(&mut self, key: UiKey, fields: (usize, usize)) -> bool {
        let (field, count) = fields;
        let is_back = key == UiKey::BackTab;
        let has_next = if is_back {
            field > 0
        } else {
            field.saturating_add(1) < count
        };
        let at = self.at;
        let place = self.stops.iter().position(|stop| Some(*stop) == at);
        if self.stops.is_empty() || place.is_none() && has_next {
            return false;
        }
        let next = match (place, is_back) {
            (None, false) => Some(0),
            (None, true) => self.stops.len().checked_sub(1),
            (Some(place), false) => place.checked_add(1),
            (Some(place), true) => place.checked_sub(1),
        };
        self.at = next.and_then(|next| self.stops.get(next).copied());
        // From its last field a page goes round to its first.
        self.at.is_some() || count <= 1
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
