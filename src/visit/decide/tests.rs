//! Tests of the core: tables over [`super::decide`], whole journeys, and random sequences with their invariants.

mod aside;
pub(in crate::visit) mod campus;
mod campus_codes;
mod grant;
mod invariants;
mod journeys;
mod members;
mod outbox;
mod places;
mod queue;
pub(in crate::visit) mod rig;
mod sequences;
mod ticket;
mod unbind;
mod verify;
mod vouching;
mod waits;
mod walking;
mod whole;
