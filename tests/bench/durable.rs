//! Figures taken inside the process: the store's durable step beside a bare append and sync, and the QR.

use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::widgets::Widget;
use yingxin::screen::qr::QrArt;
use yingxin::screen::theme::QrPalette;
use yingxin::store::{Batch, Location, Store};
use yingxin::visit::{
    Answer, Attestation, Fact, Outcome, Question, Recorded, StepKind, Visit, VisitId, Way, evolve,
};

use crate::place::URL;
use crate::table::{Table, Unit, median, ms};

fn open(dir: &Path) -> Store {
    let location = Location::new(dir);
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    Store::open(&location, today, &TimeZone::UTC).unwrap().0
}

/// Fills a store with visits that were opened, went a few steps and were closed.
pub fn closed_visits(dir: &Path, count: usize) {
    let store = open(dir);
    let done = |step| Fact::StepDone {
        step,
        word: Attestation::Student,
    };
    let facts = [
        Fact::VisitOpened {
            prefers: Way::Phone,
        },
        done(StepKind::Identity),
        done(StepKind::Number),
        Fact::Answered {
            question: Question::WechatNumber,
            answer: Answer::Yes,
        },
        done(StepKind::Follow),
        Fact::Closed {
            outcome: Outcome::Bound,
        },
    ];
    for chunk in (0..count).collect::<Vec<_>>().chunks(500) {
        let mut batch = Batch::default();
        for id in chunk {
            let (id, at) = (VisitId(*id as u128 + 1), Timestamp::now());
            let mut visit = Visit::open(id, Way::Phone, at);
            for fact in &facts {
                let recorded = Recorded::new(id, at, fact.clone());
                evolve(&mut visit, &recorded);
                batch.records.push(recorded);
            }
            batch.visits.push(visit);
        }
        store.commit(batch).blocking_recv().unwrap().unwrap();
    }
    store.close().unwrap();
}

/// Durable steps, and bare appends of as many bytes to a file of their own, taken in turn on the same disk.
pub struct Steps {
    /// In milliseconds.
    pub ours: Vec<f64>,
    pub bare: Vec<f64>,
    /// Of a step, in the journal.
    pub bytes: usize,
}

/// Takes so many steps of one visit.
pub fn steps(dir: &Path, count: usize) -> Steps {
    let store = open(dir);
    let mut visit = Visit::open(VisitId(1), Way::Desk, Timestamp::now());
    let mut step = |fact| {
        let recorded = Recorded::new(visit.id, Timestamp::now(), fact);
        evolve(&mut visit, &recorded);
        let batch = Batch {
            records: vec![recorded],
            visits: vec![visit.clone()],
        };
        let began = Instant::now();
        store.commit(batch).blocking_recv().unwrap().unwrap();
        let took = began.elapsed();
        // What the store does once it has answered must not fall into the bare append's time, nor into the next step's.
        std::thread::sleep(AFTERWARDS);
        took
    };
    let warm_up = 10;
    step(Fact::VisitOpened { prefers: Way::Desk });
    let before = journal_bytes(dir);
    for page in 0..warm_up {
        step(Fact::PageTurned { page });
    }
    let bytes = (journal_bytes(dir) - before) / warm_up;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    let mut file = File::options()
        .append(true)
        .create(true)
        .open(dir.join("bare"))
        .unwrap();
    for page in 0..count {
        ours.push(ms(step(Fact::PageTurned { page })));
        let began = Instant::now();
        file.write_all(&vec![7; bytes]).unwrap();
        file.sync_data().unwrap();
        bare.push(ms(began.elapsed()));
        std::thread::sleep(AFTERWARDS);
    }
    store.close().unwrap();
    Steps { ours, bare, bytes }
}

/// Longer than the pause after which the store writes its high-water mark.
const AFTERWARDS: Duration = Duration::from_millis(60);

/// How much is written in the journal's segments: room written ahead is zeros.
fn journal_bytes(dir: &Path) -> usize {
    let segments = std::fs::read_dir(dir.join("journal")).unwrap().flatten();
    let lengths = segments.map(|segment| {
        let bytes = std::fs::read(segment.path()).unwrap();
        bytes
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |last| last + 1)
    });
    lengths.sum()
}

/// The QR of a 60-byte URL, made and drawn, on three terminals.
pub fn qr(table: &mut Table) {
    for (columns, rows) in [(80, 24), (100, 45), (200, 80)] {
        let area = Rect::new(0, 0, columns, rows);
        let times = (0..500).map(|_| {
            let mut buffer = Buffer::empty(area);
            let began = Instant::now();
            let art = QrArt::fit(black_box(URL), Size::new(columns, rows), QrPalette::Rgb).unwrap();
            (&art).render(area, &mut buffer);
            let took = began.elapsed();
            black_box(buffer);
            ms(took)
        });
        let name = format!("QR of a 60-byte URL, made and drawn, {columns}x{rows}");
        table.held(&name, (median(times), 1.0), Unit::Ms, String::new());
    }
}
