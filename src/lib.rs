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
//! Seven small modules lie beneath: [`age`], files that a passphrase seals; [`cli_error`], an error with its remedy and
//! exit code; [`cli_lang`], the language of the command line; [`escape`], foreign text as it is printed and logged;
//! [`ours`], which opens the files that must be this desk's own; [`picture`], which reads the QR codes of image files;
//! [`table`], which reads TOML with faults that name their line.
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
//! | parked visit, pickup number | suspended session, and the token that finds it (desk, serial, check digit); it proves no identity |
//! | step, way | a stage of a route; by the desk or by the student's phone |
//!
//! # Where a change goes
//!
//! Exhaustive matches name most places: where this list says "the compiler demands", start and follow its errors.
//!
//! **An SMS carrier**: a platform that takes one request over HTTP is no code, but a recipe in `help/sms.md` (华为云 has
//! one), and so is one that makes and checks its own codes. Else a file in `campus/sms/` with its `NAME`, its
//! `SETTINGS`, an options type that reads them, and an implementation of `Sms` (with `CodeChecker` where it checks its
//! own codes: such a one stands alone, `check_together`); one row in `CARRIERS` in `campus/sms/mod.rs`, and one in the
//! table of `help/sms.md`. An identity method likewise, in `campus/identity/` and `help/sign-in.md`. The configuration,
//! its template and `yingxin help config` follow (`YINGXIN_BLESS=1 cargo test references`). Distinguish "certainly not
//! sent" from "unknown": only the former may go to the next carrier. Tests of the wire format lie in
//! `tests/it/campus/`; the requests of the vendor's SDK are recorded by `scripts/vectors` and
//! `tests/vectors/record.py`.
//!
//! **A page**: a file in `screen/pages/` that implements `UiPage`; its place in the match of `screen/ui/spot.rs` (the
//! compiler demands it for a new `Place` or `StepKind`); its texts in both `.ftl` files (a test finds unused and
//! missing ones). A page changes nothing: it returns a `PageResult`. The tests draw it at every size and in both
//! languages; what its footer names is stated in `screen/ui/tests/footers.rs`. A title that can be large has a row in
//! `LARGE` of `screen/pages/title.rs` and its pictures in `screen/widgets/large_text.hex`, lines of GNU Unifont's own
//! file (a test names the missing ones).
//!
//! **A key of a page**, Esc as well: `UiPage::handle` in the page's own file, and `tips` for the footer; nothing else
//! where the command exists. What a page leaves to all pages (F-keys, an Esc that it does not use, Esc while it waits)
//! is in `screen/ui/input.rs`. What a command then leads to is in `visit/decide/`, a file for each step (`number.rs`
//! has `Command::ChangeNumber`, which leads back to the number); `whole.rs` has what is the same at each, as
//! `Command::Back`.
//!
//! **A timer of the desk**: `desk/state/due.rs` has the durations and says which one a page has. The watch for students
//! who went away is `desk/state/idle.rs`: a patience, then one countdown for all pages. Where the student is busy with
//! the phone, the pack says the patience: `route::phone_task` names a page's task, [`visit::Patience`] has its minutes.
//! A page with another gets it in `State::idle_at` (`due.rs`), by a method like `IdleWatch::at_least`. The call for a
//! volunteer (`desk/state/call.rs`) has a deadline of its own.
//! `desk/state/view.rs` hands what is left, and the whole, to the drawing, by the same `idle_at`.
//!
//! **A limit** on size, time or memory, the rotation of the log (`desk/log.rs`) as well: the constant stands in the
//! file that it bounds, its row in `help/limits.md`; tests beside the constants hold the rows equal to them.
//!
//! **A number of the day** on the volunteer's panel: a field of [`visit::Counts`] in `visit/counts.rs`, as for a field
//! of [`visit::Visit`] below, and in `visit/evolve/counted.json` (a test demands it); `Counts` stays `Copy`.
//! `draw_today` in `screen/pages/panel.rs` shows it, with `panel-counts` in both `.ftl` files. `desk/visits/turn.rs`
//! counts while the desk runs, `store/fold.rs` for the database (called by `store/writer/project.rs` and
//! `store/rebuild.rs`). They see a fact alone: what needs its time or its visit changes all four. The day's report is
//! another fold: `visit/report/`, with its words in `screen/pages/report_words.rs`; `yingxin report` and a page of the
//! panel (`screen/pages/day.rs`) show it. It has how long visits took, without the time they waited
//! (`visit/report/followed.rs`); in `Counts` that takes a field of `Visit`, kept by `visit/evolve.rs`.
//!
//! **A route of a campus**, or the order of its steps: data, in `campus/pack/imut.routes.toml`; what does not change
//! between routes (the university, its notice, codes, hotline) in `campus/pack/imut.toml`. **A new question** between
//! routes is code as well: a variant of [`visit::Question`] in `visit/rules.rs`, its words (`ask-...`) in both `.ftl`
//! files, its title's rows in `LARGE` (as for a page), its name in `help/pack.md` and in the comment of
//! `campus/pack/new.toml`, and an `[[faq]]` topic in `imut.routes.toml` (tests demand all three).
//!
//! **A command**: a variant of [`visit::Command`] in `visit/command.rs`, where `needs` says who may give it; the
//! compiler then demands its place in `take` and `fits_closed` (`visit/decide/mod.rs`); what it leads to is its step's
//! file there. A deed of the volunteer's panel is a `PanelDeed` in `screen/pages/panel.rs` (`volunteer.rs` asks for the
//! PIN).
//!
//! **A fact**: a variant of [`visit::Fact`] in `visit/fact.rs`; what facts are made of, as why a visit is parked or how
//! it ended, is in `visit/fact_parts.rs`. The compiler then demands: its change of state in `visit/evolve.rs`; the
//! student it names, what it counts and whether the student must be there for it, in `visit/fact_about.rs` (`visits
//! forget` destroys by the first); its part in the day's report in `visit/report/reading.rs`; the pickup number that it
//! gives, if any, in `store/story.rs`; its words for the audit in `commands/audit/words.rs`; whether it counts for
//! practice's drill, in `desk/drill.rs`. A test demands its line in `visit/evolve/recorded.jsonl`; `SCHEMA` as for a
//! field, if it changes a visit. Never rename or reuse the serialised name of a variant: old journals must be read.
//!
//! **A field of [`visit::Visit`]** (`visit/mod.rs`) or of another type that the database keeps: give it a serde
//! default, and raise `SCHEMA` in `store/projection.rs`, so that databases of earlier programs are rebuilt from the
//! journal. What old facts do not say is missing in the recorded visits of `visit/evolve/tests.rs`: it is taken out
//! there before they are compared.
//!
//! **Personal data** that the desk did not have before, from an adapter to the screen: a field of [`visit::Student`] in
//! `visit/person.rs`, as for a field of `Visit`. What reads it: in `campus/identity/`, `cas_answer.rs` for CAS and all
//! login pages, `ldap.rs` with `ldap_settings.rs`, and of `oidc/` `claims.rs`, `settings.rs`, and `mod.rs`, which asks
//! for more where a token says too little; of the roster (`commands/roster/`) `heading.rs`, `row_reader.rs`,
//! `people.rs`, and `told.rs`, which says what was read; `cli/subcommands.rs`, where its heading may be given, and
//! `import_roster` in `commands/mod.rs`, which hands it on. The practice campus (`practice/`) has it in `seed.rs` and
//! `state.rs`, and answers with it in `cas.rs` and `oidc.rs`; its roster is made in `commands/practice.rs`. Who names a
//! student: `parked_visit.rs` in `screen/`; `result`, `vouch`, `unbind`, `script`, `ticket` (the form) and
//! `waiting_list` in `screen/pages/`; the audit, `commands/audit/words.rs`; the lists: `commands/tickets.rs`;
//! `store/list.rs` with `commands/visits.rs`; `visit/report/mod.rs` and `fold.rs` with `commands/report/mod.rs`; the
//! test account in `desk/doctor/gateways.rs`. The notice of `imut.toml` and `new.toml` (`notice.what`) says what is
//! kept.
//!
//! **An effect**, a request to a new kind of gateway: its act and reply in `visit/effect.rs` and `visit/command.rs`;
//! its gateway in `visit/gateways.rs`. The compiler then demands: whether the outbox may hold it (`visit/outbox.rs`,
//! `visit/decide/outbox.rs`), its deadline and what its reply leads to (`visit/decide/mod.rs`), what giving it up and a
//! restart do with it (`give_up` and `recover` in `visit/decide/whole.rs`), its start, and once it has a `Port` its
//! probe, in `desk/effects/runner.rs`, its breaker (`desk/effects/breakers.rs`), what its reply does at the desk
//! (`desk/kiosk/events.rs`), its names for people in `screen/pages/` (`words.rs`, `outbox.rs`, `report_words.rs`), and
//! whether the report takes it for configured (`configured` in `visit/report/mod.rs`). It cannot demand: who asks for
//! it, a step's file in `visit/decide/`, or `whole.rs` for the end of a visit; its port in `campus/mod.rs`, its adapter
//! and its place in `campus/fake.rs`, its settings (chained in `config/settings.rs`), its place in
//! `campus/connections.rs`; its row in `desk/doctor/gateways.rs`, and its name there (`CheckupFinding::name` in
//! `screen/checkup.rs`); whether the panel shows it where it is absent (`draw_gateways` in `panel_gateways.rs`). A
//! reply that only informs needs no fact; an act that the outbox may hold needs one for when it was done and one for
//! when it failed (`record_failure`), as above. A visit's outbox is one queue: what stands first holds up the rest,
//! keeps the visit alive, and is said to wait for the campus (`Visit::owes_campus`).
//!
//! **What the desk prints**: the words of a slip in `desk/printing/slip.rs` (no name, no number whole), its bytes beside it;
//! how they reach a printer, and what it lacks, in `campus/printer/`. It is a port, and no effect: nothing waits for it.
//! **What a scanner reads** is told from keys in `desk/terminal/burst.rs`; `UiPage::scan` says what a page makes of it.
//!
//! **What the command line says**, in each language: a text stands in both where it is made, by `both!` or `pick` of
//! `cli_lang` (`cli_lang/sources.rs` looks for an error that does not); a command or option has its Chinese in
//! `cli/zh-CN.toml`, a setting in `config/zh-CN.toml`, a topic in `help/zh/`. Tests name what is missing.
//!
//! **A language**: a variant of `Lang` in `text/mod.rs` (the compiler demands the rest there) with its `.ftl` file (a
//! test demands every key); what may not begin a line in `screen/widgets/text_block.rs`; a
//! field of `Localized` in `campus/pack/mod.rs` with its reader in `campus/pack/terms.rs`; its words in every embedded
//! pack and in `tests/packs/`; the examples in `help/pack.md`. The configuration, the command line and the remedies
//! follow `Lang`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

pub mod age;
pub mod campus;
pub mod cli;
pub mod cli_error;
pub mod cli_lang;
pub mod clock;
pub mod commands;
pub mod config;
pub mod desk;
pub mod escape;
#[cfg(test)]
#[path = "../tests/fuzz/mod.rs"]
mod fuzz;
pub mod help;
pub mod ours;
pub mod picture;
pub mod practice;
pub mod screen;
pub mod store;
pub mod table;
pub mod text;
pub mod visit;
