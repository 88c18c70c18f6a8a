//! Effects on the campus: run, kept track of while they are in flight, and what is known of each gateway from how they went.

pub mod backoff;
mod breakers;
mod delivery;
mod in_flight;
mod runner;

pub use breakers::Breakers;
pub use in_flight::InFlightEffects;
pub use runner::EffectRunner;

#[cfg(test)]
mod tests;
