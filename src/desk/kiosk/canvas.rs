//! What a desk draws on: the guarded terminal, or a test's glass.

use ratatui::Frame;

use crate::desk::terminal::Guard;

/// What the desk draws on: the guarded terminal, or a test's.
pub trait Canvas {
    /// Draws what changed.
    ///
    /// # Errors
    /// The terminal is gone.
    fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> std::io::Result<()>;

    /// Lets the next frame be drawn whole.
    ///
    /// # Errors
    /// The terminal is gone.
    fn repaint(&mut self) -> std::io::Result<()>;
}

impl Canvas for Guard {
    fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> std::io::Result<()> {
        Guard::draw(self, render)
    }

    fn repaint(&mut self) -> std::io::Result<()> {
        Guard::repaint(self)
    }
}
