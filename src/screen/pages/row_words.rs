//! The words that the rows of the volunteer's lists have in common.

use jiff::Timestamp;

use super::PagePen;
use crate::screen::UiView;
use crate::visit::Pickup;

/// Stands where there is no pickup number, as wide as one.
const NO_NUMBER: &str = "--------";

/// Stands where something else is not known.
pub const NOTHING: &str = "-";

/// A pickup number as it is read out.
pub fn pickup_words(pickup: Option<Pickup>) -> String {
    pickup.map_or_else(|| NO_NUMBER.to_owned(), |pickup| pickup.to_string())
}

/// Whole minutes since a moment.
pub fn minutes_since(view: &UiView<'_>, since: Timestamp) -> i64 {
    view.now.wall.duration_since(since).as_secs().max(0) / 60
}

/// How long something waits.
pub fn waited(pen: &PagePen<'_, '_>, since: Timestamp) -> String {
    let minutes = minutes_since(pen.view, since);
    pen.words_with("panel-since", &[("n", minutes.into())])
}
