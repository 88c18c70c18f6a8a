//! yingxin (迎新台): a registration kiosk that runs in a terminal. The map of the house:
//!
//! - [`visit`] is the core: what a visit is and what may happen next. It knows nobody; it has no I/O, no clock, no
//!   randomness, no terminal and no async.
//! - [`text`] is the words people read, in two languages. It knows nobody.
//! - [`campus`] is what lies outside: ports, one adapter a file, how a desk reaches them, and the pack. It knows `visit`
//!   and `text`. Wire formats end there.
//! - [`practice`] is the embedded campus: an HTTP server on loopback. It knows only the wire, nothing of this house.
//! - [`store`] keeps what happened: the journal (truth) and sled (what it adds up to). It knows `visit`.
//! - [`screen`] draws and understands keys; it holds what is half typed. It knows `visit`, `campus::pack` and `text`.
//! - [`desk`] is the runtime: the loop, effects, timers, the terminal, the checks before the doors open. It knows all of
//!   these but `practice`, which it reaches as it reaches any campus.
//! - [`config`] is what a desk is told to be. It knows `visit` and `text`, and of `campus` how one is reached.
//! - [`commands`] has a file for each subcommand; each knows the folders it serves, and `desk` runs what they prepared.
//!   [`cli`] is how they are called, and does nothing.
//!
//! Three small things lie beneath: [`cli_error`] is what the program says before it gives up, and knows nobody;
//! [`picture`] reads the QR codes of image files, and knows `cli_error`; [`table`] reads the TOML files people write, with
//! faults that name the line, and knows `cli_error` and which characters `visit` lets be shown. Whoever reads a file or
//! may give up knows them.

#![forbid(unsafe_code)]
#![warn(clippy::unwrap_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod campus;
pub mod cli;
pub mod cli_error;
pub mod commands;
pub mod config;
pub mod desk;
pub mod help;
pub mod picture;
pub mod practice;
pub mod screen;
pub mod store;
pub mod table;
pub mod text;
pub mod visit;
