//! The place of a visit, over the store: after a power cut at any page of any route, the place, the page and the answers are
//! read again, from the journal and from the projection.

use super::*;
use crate::support::walk::Walk;
use yingxin::store::Batch;
use yingxin::visit::{Command, Visit};

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_page_of_a_route_is_lost(
        picks in proptest::collection::vec(0usize..12, 4..40),
        clean: bool,
    ) {
        let pack = yingxin::campus::pack::embedded().unwrap();
        let mut walk = Walk::open(&pack, false);
        let dir = tempfile::tempdir().unwrap();
        let (store, _) = open(dir.path());
        let mut kept = 0;
        // The question of the notice is answered first: an empty visit is not kept over a restart.
        for pick in picks.iter().chain([&0]) {
            let records = walk.facts[kept..].to_vec();
            kept = walk.facts.len();
            let visits = vec![walk.visit.clone()];
            commit(&store, Batch { records, visits }).unwrap();
            if !walk.step(*pick, !pick.is_multiple_of(3)) {
                break;
            }
        }
        let records = walk.facts[kept..].to_vec();
        let visits = vec![walk.visit.clone()];
        if !records.is_empty() {
            commit(&store, Batch { records, visits }).unwrap();
        }
        if clean {
            store.close().unwrap();
        } else {
            stop(store, dir.path());
        }
        let (store, again) = open(dir.path());
        let found: Vec<Visit> = again.visits;
        if !walk.visit.is_closed() {
            prop_assert_eq!(&found, &vec![walk.visit.clone()]);
            let before = walk.seen();
            walk.visit = found[0].clone();
            walk.does(Command::Recover);
            walk.does(Command::ResumeByVolunteer);
            if walk.visit.is_open() {
                prop_assert_eq!(walk.seen(), before);
            }
        }
        store.close().unwrap();
    }
}
