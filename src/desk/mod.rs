//! The runtime: the loop, effects, timers, the link monitor, input, the terminal and signals. Tasks never hold a visit.

pub mod input;
pub mod log;
pub mod pin;
pub mod setup;
pub mod signals;
pub mod socket;
pub mod terminal;
mod wire;

pub use setup::Setup;
