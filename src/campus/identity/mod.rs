//! Who a student is: one adapter a protocol, and how several of them are combined.

mod cas_answer;
pub mod cas_rest;
pub mod ways;

pub use cas_rest::CasRest;
pub use ways::{Judging, Missed, PasswordWay, Ways};
