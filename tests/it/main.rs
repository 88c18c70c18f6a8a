//! All tests that use the program from outside, in one test program: linking one program takes a minute less than
//! linking many. What reads its own memory, or ends by a panic, runs this program again as a child with that one test.

#![allow(clippy::unwrap_used, clippy::panic)]

mod campus;
mod canary;
mod cli;
mod copying;
mod desk_loop;
mod doctor;
mod film;
mod forgotten;
mod help;
mod hostile;
mod journey;
mod keeping;
mod kill;
mod kiosk;
mod lists;
mod makes;
mod oidc;
mod ours;
mod packaged;
mod packs;
mod panic;
mod practice;
mod practice_store;
mod references;
mod report;
mod setup;
mod shifts;
mod sign_in;
mod store;
mod support;
mod terminal;
mod tickets;
mod torture;
mod unbind;

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

/// The program's allocator: a child of this program that is searched for a password must free memory as the program does.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);
