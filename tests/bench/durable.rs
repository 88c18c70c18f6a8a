//! Figures taken inside the process: the store's durable step beside a bare append and sync, and the QR.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::widgets::Widget;
use yingxin::screen::qr::{QrArt, QrPalette};
use yingxin::store::{Batch, Location, Store};
use yingxin::visit::{
    Answer, Fact, Outcome, Question, Recorded, StepKind, Visit, VisitId, Way, Word, evolve,
};

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
        word: Word::Student,
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
                let recorded = Recorded {
                    visit: id,
                    at,
                    fact: fact.clone(),
                };
                evolve(&mut visit, &recorded);
                batch.records.push(recorded);
            }
            batch.visits.push(visit);
        }
        store.commit(batch).blocking_recv().unwrap().unwrap();
    }
    store.close().unwrap();
}

/// The median of one durable step of the store, and of a bare append of as many bytes with fdatasync on the same disk,
/// taken in turn.
pub fn steps(dir: &Path, count: usize) -> (Duration, Duration) {
    let store = open(dir);
    let mut bare = std::fs::File::create(dir.join("bare")).unwrap();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let id = VisitId(1);
    let mut visit = Visit::open(id, Way::Desk, Timestamp::now());
    for step in 0..count {
        let fact = if step == 0 {
            Fact::VisitOpened { prefers: Way::Desk }
        } else {
            Fact::PageTurned { page: step }
        };
        let recorded = Recorded {
            visit: id,
            at: Timestamp::now(),
            fact,
        };
        evolve(&mut visit, &recorded);
        let batch = Batch {
            records: vec![recorded],
            visits: vec![visit.clone()],
        };
        let began = Instant::now();
        store.commit(batch).blocking_recv().unwrap().unwrap();
        ours.push(began.elapsed());
        // The store writes to sled after it has answered: that must not fall into the bare append's time.
        std::thread::sleep(Duration::from_millis(5));
        let began = Instant::now();
        bare.write_all(&[7u8; 300]).unwrap();
        bare.sync_data().unwrap();
        theirs.push(began.elapsed());
    }
    store.close().unwrap();
    (super::median(ours), super::median(theirs))
}

/// The median time to make and draw the QR of a 60-byte URL for 80x24, and how many cells it has.
pub fn qr(count: usize) -> (Duration, String) {
    let url = format!("https://register.example.edu.cn/wecom/{}", "x".repeat(23));
    assert_eq!(url.len(), 60);
    let area = Rect::new(0, 0, 80, 24);
    let mut times = Vec::new();
    for _ in 0..count {
        let began = Instant::now();
        let art = QrArt::fit(&url, Size::new(80, 24), QrPalette::Rgb).unwrap();
        let mut buffer = Buffer::empty(area);
        (&art).render(area, &mut buffer);
        times.push(began.elapsed());
        std::hint::black_box(buffer);
    }
    (super::median(times), "80x24".to_owned())
}
