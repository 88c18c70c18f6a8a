//! Torture tests: the desk is killed, its power is cut, its files are damaged, its keyboard gets random input. This is the
//! short form; `./scripts/torture` runs the long one and prints the results as a table.
//!
//! Each test prints rows `| part | tried | result |`, and its seed. `YINGXIN_TORTURE=long` chooses the long form,
//! `YINGXIN_SEED=N` repeats a run.

mod chance;
mod damage;
mod disks;
mod keys;
mod kills;
mod power;

/// Whether this is the long form.
pub fn is_long() -> bool {
    std::env::var("YINGXIN_TORTURE").is_ok_and(|form| form == "long")
}

/// The number of tries: in the short form, and in the long one.
fn times(short: usize, long: usize) -> usize {
    if is_long() { long } else { short }
}

/// A row of the table.
fn row(part: &str, tried: impl std::fmt::Display, result: impl std::fmt::Display) {
    println!("| {part} | {tried} | {result} |");
}
