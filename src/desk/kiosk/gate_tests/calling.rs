//! The call for a volunteer: five minutes and no longer, nobody is sent away meanwhile, and it belongs to its page.

use super::*;
use crate::desk::state::IdleWatch;
use crate::screen::{UiInput, UiKey};

/// An impatient desk that serves, with its clock.
async fn serving(dir: &Path) -> (Kiosk<Glass>, Arc<Still>, Arc<FakeCampus>) {
    let fake = Arc::new(FakeCampus::default());
    let clock = Arc::new(Still::default());
    let mut kiosk = desk_with(dir, &fake, clock.clone());
    kiosk.desk.state.idle = IdleWatch::new(Duration::from_secs(90));
    kiosk.opens().await;
    (kiosk, clock, fake)
}

fn open() -> Command {
    Command::Open {
        prefers: Way::Desk,
        first_time: true,
        scanned: false,
    }
}

impl Kiosk<Glass> {
    fn presses(&mut self, key: UiKey) {
        // The page is chosen by drawing it.
        self.draw().unwrap();
        let (_input, mut rest) = mpsc::channel(1);
        self.hear(TerminalEvent::Input(UiInput::Key(key)), &mut rest);
    }

    fn is_called(&self) -> bool {
        self.phase.view(&self.desk.state).is_called
    }

    fn counts_down(&self) -> bool {
        self.phase.view(&self.desk.state).idle.is_some()
    }

    /// So many seconds pass, and what is due by then is done.
    async fn waits(&mut self, clock: &Still, seconds: u32) {
        clock.passes(seconds);
        for _ in 0..3 {
            self.tick();
            self.settles().await;
        }
    }
}

#[tokio::test]
async fn a_call_lasts_five_minutes_and_the_student_is_not_sent_away_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let (mut kiosk, clock, _) = serving(dir.path()).await;
    kiosk.does(open()).await;
    let visit = kiosk.desk.state.hand.visit();
    kiosk.presses(UiKey::Call);
    assert!(kiosk.is_called());
    kiosk.waits(&clock, 299).await;
    assert!(kiosk.is_called() && !kiosk.counts_down());
    assert_eq!(kiosk.desk.state.hand.visit(), visit);
    // The desk wakes for its end by itself.
    let end = kiosk.desk.state.now().mono + Duration::from_secs(1);
    assert!(kiosk.next_wake().is_some_and(|wake| wake <= end));
    kiosk.waits(&clock, 1).await;
    assert!(!kiosk.is_called());
    assert!(
        kiosk.counts_down(),
        "nobody is sent away without a countdown"
    );
    assert_eq!(kiosk.desk.state.hand.visit(), visit);
    kiosk.waits(&clock, 20).await;
    assert_eq!(kiosk.desk.state.hand, Hand::Free);
}

#[tokio::test]
async fn a_call_is_taken_back_by_its_key_and_ends_with_its_page_and_with_the_volunteer() {
    let dir = tempfile::tempdir().unwrap();
    let (mut kiosk, clock, _) = serving(dir.path()).await;
    kiosk.does(open()).await;
    kiosk.presses(UiKey::Call);
    kiosk.presses(UiKey::Call);
    assert!(!kiosk.is_called());
    // After that the desk is as impatient as before.
    kiosk.waits(&clock, 95).await;
    assert!(kiosk.counts_down());
    kiosk.presses(UiKey::Enter);
    // The page beneath goes on by itself.
    kiosk.presses(UiKey::Call);
    kiosk.does(Command::Agree).await;
    assert!(!kiosk.is_called());
    kiosk.presses(UiKey::Call);
    assert!(kiosk.is_called());
    kiosk.presses(UiKey::Volunteer);
    assert!(!kiosk.is_called());
    kiosk.presses(UiKey::Esc);
    assert!(!kiosk.is_called(), "who was called has been there");
}

#[tokio::test]
async fn a_call_from_the_first_page_stays_as_long_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mut kiosk, clock, _) = serving(dir.path()).await;
    kiosk.presses(UiKey::Char('p'));
    kiosk.presses(UiKey::Char('0'));
    kiosk.presses(UiKey::Call);
    kiosk.waits(&clock, 299).await;
    assert!(kiosk.is_called());
    kiosk.waits(&clock, 1).await;
    assert!(!kiosk.is_called() && !kiosk.desk.state.is_untidy);
    assert_eq!(kiosk.desk.state.called, None);
}
