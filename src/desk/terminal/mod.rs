//! The terminal: its guard, what it sends and what is written to it; signals, and what the process promises as a whole.

mod burst;
mod guard;
mod halves;
pub mod input;
pub mod process;
pub mod signals;
pub mod tty;
mod wire;

pub use guard::{Guard, check, is_utf8, locale, set_panic_hook};
