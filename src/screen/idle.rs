//! The idle countdown, as the desk hands it to the drawing.

use std::time::Duration;

/// Nobody has touched the desk for a while, and the time until the screen is cleared is counted down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdleCountdown {
    /// What is left of it.
    pub left: Duration,
    /// The whole of it: what the bar is full at.
    pub of: Duration,
}
