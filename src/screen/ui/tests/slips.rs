//! The slip printer, where one is configured.

use super::handling::free;
use super::*;
use crate::campus::printer::PrinterTrouble;
use crate::screen::{PrinterNow, PrinterState};

const STATES: [PrinterNow; 8] = [
    PrinterNow::Untried,
    PrinterNow::Printing,
    PrinterNow::Printed,
    PrinterNow::Busy,
    PrinterNow::Failed(PrinterTrouble::NoPaper),
    PrinterNow::Failed(PrinterTrouble::Offline),
    PrinterNow::Failed(PrinterTrouble::Absent),
    PrinterNow::Failed(PrinterTrouble::NotAllowed),
];

fn parked(now: PrinterNow) -> Scene {
    let mut scene = Scene::of(scenes::Desk::JustParked);
    let is_of_this = now != PrinterNow::Untried;
    scene.printer = Some(PrinterState { now, is_of_this });
    scene
}

#[test]
fn what_the_printer_does_is_told_beside_the_number() {
    for (columns, rows) in [(80, 24), (100, 30), (200, 60)] {
        for lang in [Lang::Zh, Lang::En] {
            for now in STATES {
                let mut scene = parked(now);
                scene.lang = lang;
                let mut desk = Desk::new(columns, rows);
                desk.draw(&scene);
                scene.now.mono += Duration::from_secs(3);
                let text: String = desk.text(&scene).split_whitespace().collect();
                let words = match (lang, now) {
                    (Lang::Zh, PrinterNow::Untried) => "按P打印小票",
                    (Lang::Zh, PrinterNow::Printing) => "正在打印小票",
                    (Lang::Zh, PrinterNow::Printed) => "小票已打印",
                    (Lang::Zh, PrinterNow::Busy | PrinterNow::Failed(_)) => "没有打印",
                    (Lang::En, PrinterNow::Untried) => "Pprintsaslip",
                    (Lang::En, PrinterNow::Printing) => "isbeingprinted",
                    (Lang::En, PrinterNow::Printed) => "takeitwithyou",
                    (Lang::En, PrinterNow::Busy) => "stillprintsanotherslip",
                    (Lang::En, PrinterNow::Failed(_)) => "Noslipwasprinted",
                };
                assert!(
                    text.contains(words),
                    "{columns}x{rows} {now:?}\n{}",
                    desk.text(&scene)
                );
                // The way on is not pushed off the page.
                let button = if lang == Lang::Zh {
                    "Enter记好了"
                } else {
                    "EnterIhavenotedit"
                };
                assert!(
                    text.contains(button),
                    "{columns}x{rows} {now:?}\n{}",
                    desk.text(&scene)
                );
                assert_eq!(cells::faults::take(), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn p_prints_again_where_there_is_a_printer_and_nowhere_else() {
    let mut scene = parked(PrinterNow::Printed);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    assert!(
        matches!(desk.keys(&scene, "p"), UiAction::Ignored),
        "deaf at first"
    );
    scene.now.mono += Duration::from_secs(3);
    assert!(matches!(
        desk.keys(&scene, "p"),
        UiAction::Desk(DeskCommand::PrintSlip)
    ));
    scene.printer = None;
    assert!(matches!(desk.keys(&scene, "p"), UiAction::Ignored));
    assert!(!desk.text(&scene).contains("小票"));
}

#[test]
fn the_panel_says_how_the_printer_is() {
    let mut scene = free();
    let mut desk = Desk::new(100, 30);
    desk.opens_panel(&mut scene);
    scene.printer = None;
    assert!(!desk.text(&scene).contains("打印机"));
    let now = PrinterNow::Failed(PrinterTrouble::NoPaper);
    let is_of_this = false;
    scene.printer = Some(PrinterState { now, is_of_this });
    let text = desk.text(&scene);
    assert!(text.contains("打印机 没有纸"), "{text}");
}
