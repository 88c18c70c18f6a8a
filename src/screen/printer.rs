//! How the slip printer is doing, and what is said of it. Nothing is drawn here.

use super::theme::Role;
use crate::campus::printer::PrinterTrouble;

/// What the printer did last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrinterNow {
    /// Nothing yet.
    Untried,
    /// It prints.
    Printing,
    /// It took the last slip.
    Printed,
    /// It still had others: the last slip was not taken.
    Busy,
    /// The last slip was not printed.
    Failed(PrinterTrouble),
}

/// The printer, as a page sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrinterState {
    /// What it did last.
    pub now: PrinterNow,
    /// That was the slip of the visit that was just parked.
    pub is_of_this: bool,
}

impl PrinterNow {
    /// The key of its words, and their role.
    pub fn words(self) -> (&'static str, Role) {
        match self {
            PrinterNow::Untried => ("printer-untried", Role::Dim),
            PrinterNow::Printing => ("printer-printing", Role::Info),
            PrinterNow::Printed => ("printer-well", Role::Success),
            PrinterNow::Busy => ("printer-busy", Role::Warning),
            PrinterNow::Failed(why) => (trouble(why), Role::Danger),
        }
    }
}

/// The key of what is wrong with a printer.
pub fn trouble(why: PrinterTrouble) -> &'static str {
    match why {
        PrinterTrouble::NoPaper => "printer-no-paper",
        PrinterTrouble::Offline => "printer-offline",
        PrinterTrouble::Absent => "printer-absent",
        PrinterTrouble::NotAllowed => "printer-not-allowed",
    }
}
