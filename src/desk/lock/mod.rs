//! The volunteer's lock: the PIN, how often it was wrong, and whether the panel is open.

mod panel;
pub mod pin;
pub mod pin_list;
mod pin_tries;

pub use panel::{LockState, OPEN_FOR, PanelLock};
pub use pin::PinHash;
pub use pin_list::{PinList, PinVerdict, PinWay, can_lift};
pub use pin_tries::PinTries;
