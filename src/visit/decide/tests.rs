//! Tests of the core: tables over [`super::decide`], whole journeys, and random sequences with their invariants.

pub(in crate::visit) mod campus;
mod journeys;
pub(in crate::visit) mod rig;
