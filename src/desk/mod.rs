//! The runtime: the loop, effects, timers, the link monitor, input, the terminal and signals. Tasks never hold a visit.

pub mod socket;
