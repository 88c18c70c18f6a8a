//! Wide characters and their halves. Where one half is overwritten, the terminal blanks the other: tmux with its own
//! colours, xterm with those of the character. ratatui's comparison does not know that, so the other half is marked to
//! be drawn although its cell did not change.

use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

/// Which cells of the last frame began a wide character.
#[derive(Default)]
pub(super) struct WideCells {
    area: Rect,
    heads: Vec<bool>,
}

impl WideCells {
    /// Marks what this frame must redraw, and remembers the frame.
    pub fn mend(&mut self, buf: &mut Buffer) {
        let area = buf.area;
        let before = std::mem::replace(&mut self.heads, heads(buf));
        let was_so = std::mem::replace(&mut self.area, area) == area;
        if !was_so {
            // Another size: the whole frame is drawn.
            return;
        }
        for (index, _) in before.iter().enumerate().filter(|(_, was)| **was) {
            if self.heads.get(index) == Some(&true) {
                continue;
            }
            for half in [index, index.saturating_add(1)] {
                if let Some(cell) = buf.content.get_mut(half) {
                    cell.set_diff_option(CellDiffOption::AlwaysUpdate);
                }
            }
        }
    }
}

/// For each cell, whether a wide character begins there that is seen: none does behind another.
fn heads(buf: &Buffer) -> Vec<bool> {
    let columns = usize::from(buf.area.width).max(1);
    let mut heads = vec![false; buf.content.len()];
    for (cells, heads) in buf.content.chunks(columns).zip(heads.chunks_mut(columns)) {
        let mut is_behind = false;
        for (cell, head) in cells.iter().zip(heads) {
            // One byte is never wide, and most cells hold one.
            *head = !is_behind && cell.symbol().len() > 1 && cell.symbol().width() > 1;
            is_behind = *head;
        }
    }
    heads
}
