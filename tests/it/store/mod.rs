//! The store from outside: every acknowledged event is read again, whatever happened to the process or its files.

mod by_the_program;
mod clock;
mod damage;
pub mod desk;
mod disks;
mod erased;
mod many;
mod old_marks;
pub mod opener;
mod places;
mod reading;
mod recorded;
mod retention;
mod upkeep;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use yingxin::store::{Location, RowStatus, Store, StoreError, VisitRow, list_read_only};
use yingxin::visit::{
    Attestation, EffectId, Fact, Failure, Nonce, Outcome, Proof, SignInRefusal, SmsAllowance,
    SmsPolicy, StepKind, VisitId,
};

use desk::*;

#[test]
fn what_was_committed_is_there_again_and_a_clean_close_needs_no_rebuild() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let (store, first) = open(dir.path());
    assert!(first.visits.is_empty() && !first.rebuilt && first.damaged == 0);
    for facts in journey(1) {
        commit(&store, desk.batch(1, facts)).unwrap();
    }
    commit(&store, desk.batch(2, vec![opened(), parked(2)])).unwrap();
    commit(&store, desk.batch(3, vec![opened(), closed()])).unwrap();
    store.close().unwrap();
    for _ in 0..2 {
        let (store, again) = open(dir.path());
        assert!(!again.rebuilt);
        assert_eq!(sorted(again.visits), desk.waiting());
        assert_eq!((again.counts.opened, again.counts.bound), (3, 1));
        assert_eq!((again.counts.parked, again.damaged), (1, 0));
        store.close().unwrap();
    }
    // The store goes on: a closed visit is not loaded, an open one continues.
    let (store, _) = open(dir.path());
    commit(&store, desk.batch(1, vec![parked(1)])).unwrap();
    store.close().unwrap();
    let (_store, again) = open(dir.path());
    assert!(!again.rebuilt);
    assert_eq!(sorted(again.visits), desk.waiting());
}

#[test]
fn a_kill_after_any_acknowledged_commit_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    let mut steps: Vec<(u128, Vec<Fact>)> = journey(7).into_iter().map(|f| (7, f)).collect();
    steps.push((8, vec![opened()]));
    steps.push((8, vec![parked(8)]));
    for (id, facts) in steps {
        commit(&store, desk.batch(id, facts)).unwrap();
        let image = tempfile::tempdir().unwrap();
        copy_dir(dir.path(), image.path());
        let (_killed, again) = open(image.path());
        assert!(again.rebuilt);
        assert_eq!(sorted(again.visits), desk.waiting());
        assert_eq!(again.damaged, 0);
        assert!(!again.cut);
    }
}

#[test]
fn limits_survive_both_kinds_of_stop() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    commit(&store, desk.batch(1, vec![opened()])).unwrap();
    for n in 0..4 {
        let refused = vec![sign_in_asked(n, 1), sign_in_refused(1)];
        commit(&store, desk.batch(1, refused)).unwrap();
    }
    for n in 0..5 {
        let issued = code_issued(100 + n, 1);
        commit(&store, desk.batch(1, vec![issued, Fact::CodeSent])).unwrap();
    }
    let killed = tempfile::tempdir().unwrap();
    copy_dir(dir.path(), killed.path());
    store.close().unwrap();
    for (path, rebuilt) in [(dir.path(), false), (killed.path(), true)] {
        let (_store, again) = open(path);
        assert_eq!(again.rebuilt, rebuilt);
        let now = at(desk.clock);
        assert!(!again.limits.sign_in_wait(&number(1), now).is_zero());
        assert!(again.limits.sign_in_wait(&number(2), now).is_zero());
        let sms = again.limits.sms(&mobile(1), &SmsPolicy::default(), now);
        assert!(matches!(sms, SmsAllowance::After(_)));
    }
}

#[test]
fn the_desks_own_limits_survive_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    commit(&store, desk.batch(1, vec![opened()])).unwrap();
    let refused = (10..40).map(sign_in_refused).collect();
    commit(&store, desk.batch(1, refused)).unwrap();
    let issued = (1..4).map(|n| code_issued(100 + n, n)).collect();
    commit(&store, desk.batch(1, issued)).unwrap();
    let killed = tempfile::tempdir().unwrap();
    copy_dir(dir.path(), killed.path());
    store.close().unwrap();
    let policy = SmsPolicy {
        desk_per_hour: 3,
        ..SmsPolicy::default()
    };
    for path in [dir.path(), killed.path()] {
        let (_store, again) = open(path);
        let now = at(desk.clock);
        let slowed = again.limits.sign_in_slowed(now);
        assert!(!slowed.is_zero(), "a word tried on every account");
        let newcomer = again.limits.sign_in_wait(&number(99), now);
        assert!(newcomer.is_zero(), "the desk is closed to nobody");
        let sms = again.limits.sms(&mobile(9), &policy, now);
        assert_eq!(sms, SmsAllowance::DeskFull);
        let sms = again.limits.sms(&mobile(9), &SmsPolicy::default(), now);
        assert_eq!(sms, SmsAllowance::Yes);
    }
}

#[test]
fn a_second_instance_is_told_who_was_first() {
    let dir = tempfile::tempdir().unwrap();
    let (_store, _) = open(dir.path());
    match try_open(dir.path()).err() {
        Some(StoreError::Locked { pid, .. }) => assert_eq!(pid, std::process::id()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_in_the_way_and_a_key_kept_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error = try_open(&file).err().unwrap();
    assert!(matches!(error, StoreError::NotADirectory { .. }));
    let location = Location {
        dir: dir.path().join("store"),
        key: Some(dir.path().join("elsewhere.key")),
        retention_days: None,
    };
    let (store, _) = Store::open(&location, today(), &zone()).unwrap();
    store.close().unwrap();
    assert!(dir.path().join("elsewhere.key").exists());
    assert!(!location.dir.join("desk.key").exists());
}

#[test]
fn files_are_for_this_user_alone_and_hold_no_person() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("store");
    let mut desk = Desk::default();
    let (store, _) = open(&dir);
    for facts in journey(77) {
        commit(&store, desk.batch(1, facts)).unwrap();
    }
    commit(&store, desk.batch(1, vec![code_issued(9, 77)])).unwrap();
    store.close().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    let mut files = 0;
    let mut todo = vec![dir.clone()];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        files += 1;
        let bytes = fs::read(&path).unwrap();
        for canary in ["13800000077", "202600000077", "欧阳"] {
            let found = bytes.windows(canary.len()).any(|w| w == canary.as_bytes());
            assert!(!found, "{canary} in {}", path.display());
        }
        // sled creates its files with the default mode; the directory keeps other users out.
        if !path.starts_with(dir.join("derived")) {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
    assert!(files > 5);
}

#[test]
fn visits_are_listed_masked_and_the_store_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let location = Location::new(dir.path());
    assert!(list_read_only(&location, &zone()).unwrap().is_empty());
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    for facts in journey(123_456) {
        commit(&store, desk.batch(1, facts)).unwrap();
    }
    commit(&store, desk.batch(1, vec![parked(4)])).unwrap();
    let agreed = Fact::StepDone {
        step: StepKind::Notice,
        word: Attestation::Student,
    };
    commit(&store, desk.batch(2, vec![opened(), agreed])).unwrap();
    let check = |rows: Vec<VisitRow>| {
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].student.as_deref(), Some("20********56"));
        assert_eq!(rows[0].mobile.as_deref(), Some("138****3456"));
        assert_eq!(rows[0].name.as_deref(), Some("欧***"));
        assert_eq!(rows[0].status, RowStatus::Parked);
        assert!(rows[0].pickup.is_some());
        assert_eq!(rows[1].stage, "notice");
        assert_eq!(rows[1].status, RowStatus::Open);
    };
    // While the store is in use, the journal is read.
    check(list_read_only(&location, &zone()).unwrap());
    store.close().unwrap();
    check(list_read_only(&location, &zone()).unwrap());
    let (_store, again) = open(dir.path());
    assert!(!again.rebuilt, "looking in disturbed the clean mark");
}

#[test]
fn a_forgotten_visit_is_gone_for_good() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = Desk::default();
    let (store, _) = open(dir.path());
    for n in [1, 2] {
        for facts in journey(n) {
            commit(&store, desk.batch(u128::from(n), facts)).unwrap();
        }
    }
    store.forget(VisitId(1)).blocking_recv().unwrap().unwrap();
    stop(store, dir.path());
    let (_store, again) = open(dir.path());
    assert_eq!(again.damaged, 0);
    let ids: Vec<_> = again.visits.iter().map(|v| v.id).collect();
    assert_eq!(ids, [VisitId(2)]);
}

#[test]
fn codes_are_the_same_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let code = |store: &Store| {
        let code = store.code_key().derive(VisitId(1), &mobile(1), Nonce(5));
        code.expose().to_owned()
    };
    let (store, _) = open(dir.path());
    let first = code(&store);
    store.close().unwrap();
    let (store, _) = open(dir.path());
    assert_eq!(code(&store), first);
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let n = 0u64..3;
    prop_oneof![
        Just(opened()),
        n.clone().prop_map(|n| sign_in_asked(n, n)),
        n.clone().prop_map(sign_in_refused),
        n.clone().prop_map(|n| Fact::Identified {
            student: student(n),
            proof: Proof::SignIn
        }),
        n.clone()
            .prop_map(|n| Fact::NumberGiven { mobile: mobile(n) }),
        n.clone().prop_map(|n| code_issued(n, n)),
        n.prop_map(parked),
        Just(Fact::CodeAccepted),
        Just(Fact::Resumed { by: Proof::SignIn }),
        Just(Fact::BegunAgain),
        Just(closed()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn rebuilding_comes_to_the_same_as_going_on(
        turns in prop::collection::vec((0u128..4, prop::collection::vec(any_fact(), 1..4)), 1..25)
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut desk = Desk::default();
        let (store, _) = open(dir.path());
        for (id, facts) in turns {
            commit(&store, desk.batch(id, facts)).unwrap();
        }
        let killed = tempfile::tempdir().unwrap();
        copy_dir(dir.path(), killed.path());
        store.close().unwrap();
        let (_one, clean) = open(dir.path());
        let (_two, rebuilt) = open(killed.path());
        prop_assert!(!clean.rebuilt && rebuilt.rebuilt);
        prop_assert_eq!(sorted(clean.visits), desk.waiting());
        prop_assert_eq!(sorted(rebuilt.visits), desk.waiting());
        prop_assert_eq!(clean.limits, rebuilt.limits);
        prop_assert_eq!(clean.counts, rebuilt.counts);
        prop_assert_eq!(rebuilt.damaged, 0);
    }
}

fn sign_in_asked(effect: u64, n: u64) -> Fact {
    Fact::SignInAsked {
        effect: EffectId(effect),
        student: number(n),
    }
}

fn sign_in_refused(n: u64) -> Fact {
    Fact::SignInRefused {
        student: number(n),
        why: Failure::Rejected(SignInRefusal::WrongPassword),
    }
}

fn code_issued(effect: u64, n: u64) -> Fact {
    Fact::CodeIssued {
        effect: EffectId(effect),
        nonce: Nonce(n),
        mobile: mobile(n),
        expires: at(300),
    }
}

fn closed() -> Fact {
    Fact::Closed {
        outcome: Outcome::Bound,
    }
}
