//! Rows are found by number and by no other; damage costs one row.

use super::*;
use crate::store::disk::RealDisk;
use crate::visit::Name;

fn number(n: usize) -> StudentNumber {
    StudentNumber::from_campus(&format!("2026x{n:04}"))
}

fn enrolled(n: usize) -> Enrolled {
    Enrolled {
        student: Student {
            number: number(n),
            name: Name::new(&format!("欧阳{n}")),
        },
        mobile: n
            .is_multiple_of(2)
            .then(|| Mobile::parse(&format!("138{n:08}")).unwrap()),
    }
}

fn roster(dir: &Path, key: u8) -> Roster {
    let desk = DeskKey::from_bytes([key; 32]);
    Roster::new(&StorePaths::new(dir), &desk)
}

fn filled(rows: usize) -> (tempfile::TempDir, Roster) {
    let dir = tempfile::tempdir().unwrap();
    let roster = roster(dir.path(), 1);
    let all: Vec<_> = (0..rows).map(enrolled).collect();
    roster.replace(&RealDisk, &all).unwrap();
    (dir, roster)
}

#[test]
fn who_is_listed_is_found_and_nobody_else() {
    let (dir, roster) = filled(5000);
    for n in [0, 1, 2047, 2048, 4999] {
        assert_eq!(roster.find(&number(n)), Some(enrolled(n)));
    }
    assert_eq!(roster.find(&number(5000)), None);
    let shouted = StudentNumber::from_campus("2026X0001");
    assert_eq!(roster.find(&shouted), Some(enrolled(1)));
    assert_eq!(roster.stats().unwrap().unwrap().rows, 5000);
    let bytes = std::fs::read(dir.path().join("roster")).unwrap();
    for canary in ["2026x0001", "欧阳", "13800000002"] {
        let found = bytes.windows(canary.len()).any(|w| w == canary.as_bytes());
        assert!(!found, "{canary}");
    }
}

#[test]
fn one_is_taken_out_and_all_are_replaced_or_cleared() {
    let (dir, roster) = filled(10);
    assert!(roster.remove(&RealDisk, &number(3)).unwrap());
    assert!(!roster.remove(&RealDisk, &number(3)).unwrap());
    assert_eq!(roster.find(&number(3)), None);
    assert_eq!(roster.find(&number(4)), Some(enrolled(4)));
    assert_eq!(roster.stats().unwrap().unwrap().rows, 9);
    roster.replace(&RealDisk, &[enrolled(3)]).unwrap();
    assert_eq!(roster.find(&number(3)), Some(enrolled(3)));
    assert_eq!(roster.find(&number(4)), None);
    assert!(roster.clear(&RealDisk).unwrap());
    assert!(!roster.clear(&RealDisk).unwrap());
    assert_eq!(roster.find(&number(3)), None);
    assert_eq!(roster.stats().unwrap(), None);
    assert!(!dir.path().join("roster").exists());
}

#[test]
fn a_flipped_bit_costs_one_row_at_the_most() {
    let (dir, roster) = filled(6);
    let path = dir.path().join("roster");
    let whole = std::fs::read(&path).unwrap();
    let places = (0..HEADER_LEN).chain(HEADER..whole.len());
    for bit in places.map(|place| place * 8 + place % 8) {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, bytes).unwrap();
        let there = (0..6)
            .filter(|n| roster.find(&number(*n)).is_some())
            .count();
        assert!(there >= 5, "bit {bit}: {there}");
        assert_eq!(there == 6, bit / 8 < HEADER, "bit {bit}");
    }
    for len in (0..whole.len()).step_by(61) {
        std::fs::write(&path, &whole[..len]).unwrap();
        let _ = (roster.find(&number(0)), roster.stats(), roster.all());
    }
}

#[test]
fn another_desks_roster_is_not_read() {
    let (dir, _) = filled(3);
    let other = roster(dir.path(), 2);
    assert_eq!(other.find(&number(1)), None);
    assert!(other.stats().is_err());
}
