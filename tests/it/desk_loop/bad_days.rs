//! Days when things come at once: a volunteer turns to somebody else, an answer comes late, the disk fails or is full in
//! the middle of a visit, a campus does not answer, an adapter panics.

use super::*;

const COUNTDOWN: &str = "您还在吗";
/// The longest pause after a first failure.
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// The pickup number that is read on the screen.
fn pickup_in(text: &str) -> String {
    let at = text.find("001-").unwrap_or_else(|| panic!("{text}"));
    text[at..].chars().take(8).collect()
}

/// 20260001 has given a number, and the desk asks whether it is WeChat's.
async fn to_ask(keys: &mut Keys, ports: &Arc<FakeCampus>) {
    to_number(keys, ports).await;
    gives_number(keys).await;
    ports.wait_for_calls("bind", 1, PATIENCE).await;
    ports.bind.push(Ok(Binding::Set));
    keys.shows(ASK).await;
}

#[tokio::test]
async fn a_volunteer_takes_up_another_visit_while_one_is_in_hand() {
    let dir = tempfile::tempdir().unwrap();
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).against(&ports);
    desk.run(async |keys| {
        to_ask(keys, &ports).await;
        waits(keys).await;
        to_number_as(keys, &ports, "20260002").await;
        keys.types("139").await.shows("[139").await;
        takes_up_the_last(keys).await;
        keys.shows(ASK).await;
        // Whoever stood there is told the number, which is the one in the list.
        keys.shows("请告诉刚才那位同学").await;
        let told = pickup_in(&keys.text());
        // The other one waits, with nothing of what was half typed, and goes on in turn.
        unlocks(keys).await;
        keys.types("w").await.shows("20****02").await;
        keys.hides("20****01").await;
        assert_eq!(pickup_in(&keys.text()), told);
        keys.key(UiKey::Enter).await;
        keys.shows(NUMBER).await;
        assert!(!keys.text().contains("139"), "{}", keys.text());
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_answer_to_a_parked_visit_is_kept_and_brings_nobody_back() {
    let dir = tempfile::tempdir().unwrap();
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        gives_number(keys).await;
        ports.wait_for_calls("bind", 1, PATIENCE).await;
        unlocks(keys).await;
        keys.types("p").await;
        notes_number(keys).await;
        ports.bind.push(Ok(Binding::Set));
        keys.key(UiKey::Enter).await.shows(NOTICE).await;
        a_while().await;
        assert!(
            squeezed(&keys.text()).contains(&squeezed(NOTICE)),
            "{}",
            keys.text()
        );
        takes_up_the_last(keys).await;
        keys.shows(ASK).await;
        assert_eq!(ports.count("bind"), 1, "asked again");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn esc_answers_in_a_wait_though_nothing_can_be_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), fake_campus());
    let desk = Desk::at(dir.path()).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_identity(keys).await;
        signs_in(keys, "20260001").await;
        ports.wait_for_calls("sign in", 1, PATIENCE).await;
        disk.breaks();
        keys.key(UiKey::Esc).await.hides("正在核对身份").await;
        disk.mends();
        keys.types("practice-0001").await.key(UiKey::Enter).await;
        ports.wait_for_calls("sign in", 2, PATIENCE).await;
        ports.sign_in.push(Ok(student("20260001")));
        ports.find.push(Ok(not_active()));
        keys.shows(NUMBER).await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn esc_answers_though_the_answer_cannot_be_kept_and_it_is_not_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), fake_campus());
    let desk = Desk::at(dir.path()).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        gives_number(keys).await;
        ports.wait_for_calls("bind", 1, PATIENCE).await;
        disk.breaks();
        ports.bind.push(Ok(Binding::Set));
        // The campus has answered: it is not waited for any more, and the page says what is the matter.
        keys.shows(NOT_KEPT).await.hides("正在登记手机号").await;
        keys.key(UiKey::Esc).await.shows("要离开吗").await;
        keys.key(UiKey::Esc).await.hides("要离开吗").await;
        disk.mends();
        keys.shows(ASK).await.hides(NOT_KEPT).await;
        assert_eq!(ports.count("bind"), 1, "asked twice");
    })
    .await
    .unwrap();
}

/// The outbox retries while the student is at the desk; Esc gives the screen back, and no retry takes it again.
#[tokio::test]
async fn esc_answers_in_a_try_of_the_outbox_and_it_does_not_begin_anew() {
    let dir = tempfile::tempdir().unwrap();
    let (clock, ports) = (HeldClock::new(), fake_campus());
    let desk = Desk::at(dir.path()).by(&clock).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        gives_number(keys).await;
        ports.wait_for_calls("bind", 1, PATIENCE).await;
        ports.bind.push(Err(Failure::Offline));
        keys.shows("手机号已经记下").await;
        clock.advance(FIRST_PAUSE);
        ports.wait_for_calls("bind", 2, PATIENCE).await;
        // Longer than the pause that the try began with.
        clock.advance(FIRST_PAUSE * 2);
        keys.shows("正在登记手机号").await.key(UiKey::Esc).await;
        keys.hides("正在登记手机号").await.shows("没有回应").await;
        clock.advance(FIRST_PAUSE);
        a_while().await;
        assert_eq!(ports.count("bind"), 2, "begun anew");
        keys.key(UiKey::Enter).await;
        ports.wait_for_calls("bind", 3, PATIENCE).await;
        ports.bind.push(Ok(Binding::Set));
        keys.shows(ASK).await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_full_disk_in_mid_visit_lets_it_end_and_takes_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let (disk, ports) = (Disk::new(), fake_campus());
    let desk = Desk::at(dir.path()).on(&disk).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        disk.fills();
        gives_number(keys).await;
        keys.shows("本机磁盘已满").await;
        ports.wait_for_calls("bind", 1, PATIENCE).await;
        ports.bind.push(Ok(Binding::Set));
        keys.shows(ASK).await.key(UiKey::Char('1')).await;
        keys.shows(FOLLOW).await;
        let active = Member {
            status: MemberStatus::Active,
            mobile: None,
        };
        ports.find.push(Ok(active));
        keys.shows("绑 定 成 功").await.key(UiKey::Enter).await;
        keys.shows("去旁边的迎新台").await;
        keys.key(UiKey::Enter).await.key(UiKey::Enter).await;
        assert!(
            !squeezed(&keys.text()).contains(&squeezed(NOTICE)),
            "{}",
            keys.text()
        );
        disk.mends();
        keys.hides("磁盘已满").await;
        keys.key(UiKey::Enter).await.shows(NOTICE).await;
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn enter_again_and_again_asks_a_silent_campus_once() {
    let dir = tempfile::tempdir().unwrap();
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).against(&ports);
    desk.run(async |keys| {
        to_identity(keys).await;
        signs_in(keys, "20260001").await;
        for _ in 0..5 {
            keys.key(UiKey::Enter).await;
        }
        ports.wait_for_calls("sign in", 1, PATIENCE).await;
        keys.key(UiKey::Enter).await.shows("正在核对身份").await;
        ports.sign_in.push(Ok(student("20260001")));
        ports.wait_for_calls("find", 1, PATIENCE).await;
        keys.key(UiKey::Enter).await.key(UiKey::Enter).await;
        ports.find.push(Ok(not_active()));
        keys.shows(NUMBER).await;
        gives_number(keys).await;
        for _ in 0..5 {
            keys.key(UiKey::Enter).await;
        }
        ports.wait_for_calls("bind", 1, PATIENCE).await;
        keys.key(UiKey::Enter).await.shows("正在登记手机号").await;
        ports.bind.push(Ok(Binding::Set));
        // No Enter of those goes on to the question either.
        keys.shows(ASK).await;
        a_while().await;
        keys.shows(ASK).await;
        for port in ["sign in", "find", "bind"] {
            assert_eq!(ports.count(port), 1, "{port}");
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_adapter_that_falls_ends_the_desk_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let ports = fake_campus();
    let desk = Desk::at(dir.path()).against(&ports);
    let ended = desk
        .run(async |keys| {
            to_number(keys, &ports).await;
            ports.panic_when_called();
            gives_number(keys).await;
            std::future::pending().await
        })
        .await;
    let said = ended.expect_err("it went on").to_string();
    assert!(said.contains("a fault of its own"), "{said}");

    let ports = fake_campus();
    let desk = Desk::at(dir.path()).against(&ports);
    desk.run(async |keys| {
        keys.shows(OFFERED).await.shows("20****01").await;
        // What was asked of the campus is settled by its rule: setting a number may be repeated.
        ports.wait_for_calls("bind", 1, PATIENCE).await;
        // Nothing waits for that: a student who comes back signs in meanwhile.
        signs_in(keys, "20260001").await;
        ports.wait_for_calls("sign in", 1, PATIENCE).await;
        ports.sign_in.push(Ok(student("20260001")));
        keys.shows("正在登记手机号").await;
        ports.bind.push(Ok(Binding::Set));
        keys.shows(ASK).await;
        assert_eq!(ports.count("bind"), 1, "asked twice");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn one_key_ends_the_idle_countdown_and_says_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let ports = fake_campus();
    let clock = HeldClock::new();
    let desk = Desk::at(dir.path()).by(&clock).against(&ports);
    desk.run(async |keys| {
        to_number(keys, &ports).await;
        keys.types("138").await.shows("[138").await;
        clock.advance(IDLE);
        keys.shows(COUNTDOWN).await;
        keys.key(UiKey::Char('9')).await.hides(COUNTDOWN).await;
        let squeezed = squeezed(&keys.text());
        assert!(
            squeezed.contains("[138") && !squeezed.contains("[1389"),
            "{}",
            keys.text()
        );
        // The student does not come: the screen is cleared, the number stands for a minute, and the visit waits.
        clock.advance(IDLE);
        keys.shows(COUNTDOWN).await;
        clock.advance(IDLE);
        keys.shows("请记下这个续办号").await;
        assert!(!keys.text().contains("138"), "{}", keys.text());
        clock.advance(IDLE);
        keys.shows(WELCOME).await;
        assert!(!keys.text().contains("138"), "{}", keys.text());
        unlocks(keys).await;
        keys.types("w").await.shows("20****01").await;
    })
    .await
    .unwrap();
}
