//! yingxin (迎新台): a registration kiosk that runs in a terminal.
//!
//! # The map
//!
//! - [`visit`] is the core: what a visit is and what may happen next. It depends on no other module; it has no I/O, no
//!   clock, no randomness, no terminal and no async.
//! - [`text`] holds the texts of the screen, in two languages. It depends on no other module.
//! - [`campus`] is what lies outside: the ports, one adapter for each protocol with its settings, and the campus pack. It
//!   depends on `visit` and `text`. Wire formats stay in their adapter.
//! - [`practice`] is the simulated campus: an HTTP server on loopback. It knows only the wire formats.
//! - [`store`] keeps the events: the journal and its projection. It depends on `visit`.
//! - [`screen`] draws and translates keys; it holds unfinished input. It depends on `visit`, `campus::pack` and `text`.
//! - [`desk`] is the runtime: the loop, effects, timers, the terminal, the checks. It depends on all of these except
//!   `practice`, which it reaches over HTTP as it reaches any campus.
//! - [`config`] resolves the file, the environment and the flags to one configuration. It depends on `visit`, `text` and
//!   the settings of `campus`.
//! - [`commands`] has a file for each subcommand; `desk` runs what they prepare. [`cli`] defines them. [`help`] holds the
//!   references.
//!
//! Three small modules lie beneath: [`cli_error`], an error with its remedy and exit code; [`picture`], which reads the QR
//! codes of image files; [`table`], which reads TOML with faults that name their line.
//!
//! # Glossary
//!
//! | here | elsewhere |
//! |---|---|
//! | fact ([`visit::Fact`]) | event, in event sourcing: named by a past participle, never changed, never deleted |
//! | command ([`visit::Command`]) | command, named by an imperative; it may be refused |
//! | `decide`, [`visit::evolve()`] | command handler (pure: facts and effects), reducer (pure: the next state) |
//! | journal | write-ahead log: a step is shown only after its facts are synced |
//! | sled, the database | projection of the journal; it can be rebuilt from it |
//! | visit keys | crypto-shredding: destroying a visit's key erases its records |
//! | effect ([`visit::Effect`]), in flight | a request to a gateway that has no reply yet |
//! | outbox entry | a request that the campus still has to receive; retried while it is idempotent, else by a person |
//! | breaker | circuit breaker: a gateway that did not answer is only probed, with backoff |
//! | port, adapter | hexagonal architecture: a trait of [`campus`], its implementation for one protocol |
//! | parked visit, pickup number | suspended session, and the token that finds it; the token proves no identity |
//! | step, way | a stage of a route; by the desk or by the student's phone |
//!
//! # Where a change goes
//!
//! **An SMS carrier** (an identity method likewise, in `campus/identity/`): a file in `campus/sms/` with its `NAME`, its
//! `SETTINGS`, an options type that reads them, and an implementation of `Sms`; one row in `CARRIERS` in
//! `campus/sms/mod.rs`. The configuration, its template and `yingxin help config` follow (`YINGXIN_BLESS=1 cargo test
//! references`). Distinguish "certainly not sent" from "unknown": only the former may go to the next carrier. Tests of the
//! wire format lie in `tests/it/campus/`; put recorded requests of the vendor's SDK into `tests/vectors/`.
//!
//! **A page**: a file in `screen/pages/` that implements `UiPage`; its place in the match of `screen/ui/spot.rs` (the
//! compiler demands it for a new `Place`); its texts in both `.ftl` files (a test finds unused and missing ones). A page
//! changes nothing: it returns a `PageResult`. The tests draw it at every size and in both languages.
//!
//! **A key of a page**, Esc as well: `UiPage::handle` in the page's own file. What a page leaves to all pages (F-keys, an
//! Esc that it does not use) is in `screen/ui/`. What a command then leads to is in `visit/decide/`, a file for each step.
//!
//! **A timer of the desk**: `desk/state/due.rs` has the durations and says which one a page has; `desk/state/idle.rs`
//! counts them down; `desk/state/view.rs` hands what is left to the drawing.
//!
//! **A route of a campus**, or the order of its steps: data, in `campus/pack/imut.routes.toml`; what does not change
//! between routes (the university, its notice, codes, hotline) in `campus/pack/imut.toml`. **A new question** between
//! routes is code as well: a variant of [`visit::Question`] in `visit/rules.rs`, its words (`ask-...`) in both `.ftl`
//! files, and its line in `help/pack.md`.
//!
//! **A fact**: a variant of [`visit::Fact`] in `visit/fact.rs`. The compiler then demands: its change of state in
//! `visit/evolve.rs`; the student it names and what it counts in `visit/fact.rs` (`visits forget` destroys by that); its
//! part in the day's report in `visit/report/reading.rs`; the pickup number that it gives, if any, in `store/story.rs`; its words for the audit in `commands/audit/words.rs`. Never rename or reuse the serialised name of a
//! variant: old journals must be read. The test of all kinds of facts makes the new one by construction.
//!
//! **A field of [`visit::Visit`]** or of another type that the database keeps: give it a serde default, and raise `SCHEMA`
//! in `store/projection.rs`, so that databases of earlier programs are rebuilt from the journal.
//!
//! **Personal data** that the desk did not have before, from an adapter to the screen: [`visit::Student`] in
//! `visit/person.rs`; the adapters that read it (`campus/identity/`, for OIDC `claims.rs` with `mod.rs`, which asks for
//! more where a token says too little; the roster's columns in `commands/roster/people.rs`); the accounts of the practice
//! campus (`practice/seed.rs`, and `practice/state.rs`, which holds them); the pages that name a student (`parked_visit.rs`
//! in `screen/`; `result`, `vouch`, `unbind`, `script` and `waiting_list` in `screen/pages/`); the notice to the student in
//! each pack (`notice.what`).
//!
//! **An effect**, a request to a new kind of gateway: its act and reply in `visit/effect.rs` and `visit/command.rs`; its
//! gateway in `visit/gateways.rs`; whether the outbox may hold it in `visit/outbox.rs` and `visit/decide/outbox.rs`; its
//! deadline and what its reply leads to in `visit/decide/mod.rs`. Outside the core: its port in `campus/mod.rs`, its adapter,
//! its place in `campus/connections.rs`; its start in `desk/effects/runner.rs` and its breaker in `breakers.rs`; its row in
//! `desk/doctor/gateways.rs`; its names for people in `screen/pages/words.rs`, `outbox.rs` and the report. Exhaustive
//! matches name most of these.
//!
//! **A language**: a variant of `Lang` in `text/mod.rs` with its `.ftl` file, a field of `Localized` in
//! `campus/pack/mod.rs` with its reader in `campus/pack/terms.rs`, and its words in every embedded pack.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod campus;
pub mod cli;
pub mod cli_error;
pub mod clock;
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
