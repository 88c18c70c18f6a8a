//! Who a student is: one adapter a protocol.

mod cas_answer;
pub mod cas_rest;

pub use cas_rest::CasRest;
