//! Who a student is: one adapter a protocol.

mod cas_answer;
pub mod cas_rest;
mod form;
pub mod oidc;

pub use cas_rest::CasRest;
pub use oidc::{Oidc, OidcOptions, OidcPassword};
