//! Who a student is: one adapter a protocol, and how several of them are combined.

mod browsing;
mod cas_answer;
pub mod cas_form;
pub mod cas_rest;
mod cas_ticket;
mod form_body;
pub mod ldap;
mod ldap_wire;
pub mod oidc;
mod page;
pub mod ways;
pub mod wisedu;

pub use cas_form::CasForm;
pub use cas_rest::CasRest;
pub use ldap::Ldap;
pub use oidc::{Oidc, OidcOptions, OidcPassword};
pub use ways::{Judging, Missed, PasswordWay, Ways};
pub use wisedu::Wisedu;
