//! The report: how long `yingxin report` takes for a month of 30 days with 500 visits each, read from the journal.

use std::time::Instant;

use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use yingxin::store::{Batch, Location, Store};
use yingxin::visit::{
    Attestation, EffectId, Fact, Mobile, Name, Nonce, Outcome, Proof, Recorded, StepKind, Student,
    StudentNumber, Visit, VisitId, Way, evolve,
};

use crate::place::Place;
use crate::table::{Table, Unit, median, ms};

const DAYS: u128 = 30;
const VISITS: u128 = 500;
/// In milliseconds, with the start of the program.
const LIMIT: f64 = 1000.0;

pub fn month(table: &mut Table, place: &Place) {
    let records = fill(place);
    let times = (0..5).map(|_| {
        let began = Instant::now();
        let output = place
            .report("month", "2026-09-01..2026-09-30")
            .output()
            .unwrap();
        let took = ms(began.elapsed());
        let told = String::from_utf8_lossy(&output.stdout);
        let json: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(json["total"]["bound_seen"], 15_000, "{output:?}");
        took
    });
    let what = format!("a report of 30 days, 15,000 visits, {records} records");
    table.held(&what, (median(times), LIMIT), Unit::Ms, String::new());
}

/// The turns of a visit, each a record of its own.
fn life(n: u128, at: Timestamp) -> Vec<Fact> {
    let id = u64::try_from(n).unwrap();
    let (effect, mobile) = (EffectId(id), Mobile::parse(&format!("138{id:08}")).unwrap());
    let student = Student {
        number: StudentNumber::from_campus(&format!("2026{id:06}")),
        name: Name::new("欧阳娜娜"),
    };
    let done = |step| Fact::StepDone {
        step,
        word: Attestation::Campus,
    };
    vec![
        Fact::VisitOpened { prefers: Way::Desk },
        Fact::SignInAsked {
            effect,
            student: student.number.clone(),
        },
        Fact::Identified {
            student,
            proof: Proof::SignIn,
        },
        done(StepKind::Identity),
        Fact::NumberGiven {
            mobile: mobile.clone(),
        },
        Fact::BindAsked { effect },
        Fact::NumberBound,
        Fact::CodeIssued {
            effect,
            nonce: Nonce(id),
            mobile,
            expires: at,
        },
        Fact::CodeSent,
        Fact::CodeAccepted,
        done(StepKind::Follow),
        Fact::Closed {
            outcome: Outcome::Bound,
        },
    ]
}

fn fill(place: &Place) -> usize {
    let zone = TimeZone::UTC;
    let location = Location::new(place.store("month"));
    let today = Timestamp::now().to_zoned(zone.clone()).date();
    let (store, _) = Store::open(&location, today, &zone).unwrap();
    let mut records = 0;
    for day in 0..DAYS {
        let noon = date(2026, 9, 1).at(12, 0, 0, 0).to_zoned(zone.clone());
        let hours = i64::try_from(day).unwrap() * 24;
        let noon = noon.unwrap().timestamp() + SignedDuration::from_hours(hours);
        let ids = (day * VISITS + 1)..=(day * VISITS + VISITS);
        let mut visits: Vec<(Visit, Vec<Fact>)> = ids
            .map(|n| (Visit::open(VisitId(n), Way::Desk, noon), life(n, noon)))
            .collect();
        for step in 0..visits[0].1.len() {
            let mut batch = Batch::default();
            let at = noon + SignedDuration::from_secs(i64::try_from(step).unwrap() * 20);
            for (visit, facts) in &mut visits {
                let (visit_id, fact) = (visit.id, facts[step].clone());
                let recorded = Recorded::new(visit_id, at, fact);
                evolve(visit, &recorded);
                batch.records.push(recorded);
                batch.visits.push(visit.clone());
            }
            records += batch.records.len();
            store.commit(batch).blocking_recv().unwrap().unwrap();
        }
    }
    store.close().unwrap();
    records
}
