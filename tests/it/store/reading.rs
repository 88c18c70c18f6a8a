//! A store that is only read: each way of reading says the same of a place where there is none, and makes nothing there.

use super::*;
use yingxin::store::{VisitSelector, check, read_report, shifts, stats, story, tickets_read_only};
use yingxin::visit::report::ReportDays;

#[test]
fn where_there_is_no_store_nothing_is_read_and_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let (none, empty) = (dir.path().join("none"), dir.path().join("empty"));
    fs::create_dir(&empty).unwrap();
    let zone = zone();
    let days = || ReportDays::new(today(), today(), &zone).unwrap();
    for place in [&none, &empty] {
        let location = Location::new(place);
        assert!(list_read_only(&location, &zone).unwrap().is_empty());
        assert!(tickets_read_only(&location, &zone).unwrap().is_empty());
        assert!(shifts(&location, &zone, &days()).unwrap().is_empty());
        let read = read_report(&location, &zone, days(), &|_| None, true).unwrap();
        assert!(read.report.total.served == 0 && read.visits.is_empty());
        let which = VisitSelector::Visit(VisitId(1));
        assert!(story(&location, &zone, &which).unwrap().is_none());
        let counted = stats(&location, &zone);
        assert!(matches!(counted, Err(StoreError::Missing { .. })));
    }
    let checked = check(&Location::new(&none), &zone);
    assert!(matches!(checked, Err(StoreError::Missing { .. })));
    assert!(check(&Location::new(&empty), &zone).is_ok());
    assert!(!none.exists());
    assert_eq!(fs::read_dir(&empty).unwrap().count(), 0);
}
