//! Effects on the campus: run, kept track of while they are in flight, and what is known of each gateway from how they went.

pub mod backoff;
mod breakers;
mod delivery;
mod in_flight;
mod runner;

pub use breakers::Links;
pub use in_flight::Flights;
pub use runner::Outside;

#[cfg(test)]
mod tests;
