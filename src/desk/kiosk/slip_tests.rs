//! When the desk prints, and that nothing waits for the printer.

use std::sync::Mutex;
use std::sync::mpsc as sync_mpsc;

use super::gate_tests::{Glass, desk_at, sign_in, student};
use super::*;
use crate::campus::fake::FakeCampus;
use crate::campus::printer::{Paper, PrinterTrouble, SlipPrinter};
use crate::desk::state::Hand;
use crate::screen::{DeskCommand, PrinterNow, UiAction};
use crate::visit::{Command, FreeText, ParkedFor, TicketContact, Way};

/// A printer that keeps what it gets, and says what it is told to.
struct Kept {
    got: sync_mpsc::Sender<Vec<u8>>,
    says: Mutex<Result<(), PrinterTrouble>>,
}

impl SlipPrinter for Kept {
    fn paper(&self) -> Paper {
        Paper::Wide
    }

    fn print(&self, slip: &[u8]) -> Result<(), PrinterTrouble> {
        self.got.send(slip.to_vec()).unwrap();
        *self.says.lock().unwrap()
    }

    fn check(&self) -> Result<(), PrinterTrouble> {
        *self.says.lock().unwrap()
    }
}

async fn desk(dir: &std::path::Path) -> (Kiosk<Glass>, Arc<Kept>, sync_mpsc::Receiver<Vec<u8>>) {
    let fake = FakeCampus::carrier("fake");
    let (got, slips) = sync_mpsc::channel();
    let printer = Arc::new(Kept {
        got,
        says: Mutex::new(Ok(())),
    });
    let mut campus = fake.campus();
    campus.printer = Some(printer.clone());
    let mut kiosk = desk_at(dir, &fake).against(campus);
    kiosk.opens().await;
    let open = Command::Open {
        prefers: Way::Desk,
        first_time: true,
        scanned: false,
    };
    kiosk.does(open).await;
    kiosk.does(Command::Agree).await;
    fake.sign_in.push(Ok(student()));
    kiosk.does(Command::SignIn(sign_in())).await;
    (kiosk, printer, slips)
}

/// The slip as text: GB18030 keeps ASCII as it is.
fn text(slip: &[u8]) -> String {
    encoding_rs::GB18030.decode(slip).0.into_owned()
}

/// What the printer said reaches the loop.
async fn hears(kiosk: &mut Kiosk<Glass>) -> Option<PrinterNow> {
    let news = kiosk.inbox.recv().await.unwrap();
    kiosk.take_event(news).unwrap();
    kiosk.desk.state.printer
}

#[tokio::test]
async fn a_parked_visit_is_printed_once_and_again_by_a_key() {
    let dir = tempfile::tempdir().unwrap();
    let (mut kiosk, printer, slips) = desk(dir.path()).await;
    assert_eq!(kiosk.desk.state.printer, Some(PrinterNow::Untried));
    kiosk.unlocks();
    let why = ParkedFor::Queue;
    kiosk.does(Command::Park { why }).await;
    assert!(matches!(kiosk.desk.state.hand, Hand::JustParked(_)));
    for _ in 0..3 {
        kiosk.with_serving(Serving::print_new);
    }
    let wait = Duration::from_secs(20);
    let slip = text(&slips.recv_timeout(wait).unwrap());
    assert!(slip.contains("001-") && slip.contains("desk 1"), "{slip}");
    // Whoever finds it learns nothing of the student.
    let student = student();
    assert!(!slip.contains(student.number.as_str()) && !slip.contains(student.name.as_str()));
    assert_eq!(hears(&mut kiosk).await, Some(PrinterNow::Printed));
    assert!(slips.try_recv().is_err(), "once");

    *printer.says.lock().unwrap() = Err(PrinterTrouble::NoPaper);
    kiosk.react(UiAction::Desk(DeskCommand::PrintSlip));
    let failed = PrinterNow::Failed(PrinterTrouble::NoPaper);
    assert_eq!(hears(&mut kiosk).await, Some(failed));
    assert!(slips.recv_timeout(wait).is_ok());
    // The page is left whatever the printer says.
    kiosk.react(UiAction::Desk(DeskCommand::Continue));
    kiosk.settles().await;
    assert_eq!(kiosk.desk.state.hand, Hand::Free);
}

#[tokio::test]
async fn a_student_who_went_away_gets_no_slip() {
    let dir = tempfile::tempdir().unwrap();
    let (mut kiosk, _, slips) = desk(dir.path()).await;
    let id = kiosk.desk.state.hand.visit().unwrap();
    let why = ParkedFor::Idle;
    kiosk.with_serving(|s, _| s.visits.enqueue(id, Command::Park { why }));
    kiosk.settles().await;
    kiosk.desk.state.show(Hand::JustParked(id));
    kiosk.with_serving(Serving::print_new);
    kiosk.react(UiAction::Desk(DeskCommand::PrintTicket { visit: id }));
    assert!(
        slips.recv_timeout(Duration::from_millis(200)).is_err(),
        "the panel is locked"
    );
}

#[tokio::test]
async fn the_script_of_a_ticket_is_printed_masked() {
    let dir = tempfile::tempdir().unwrap();
    let (mut kiosk, _, slips) = desk(dir.path()).await;
    let reason = format!(
        "the page hangs for {} 13800138000",
        student().number.as_str()
    );
    kiosk
        .does(Command::OpenTicket {
            reason: FreeText::new(&reason),
            contact: TicketContact::default(),
        })
        .await;
    kiosk.with_serving(Serving::print_new);
    let slip = text(&slips.recv_timeout(Duration::from_secs(20)).unwrap());
    let flat = slip.replace('\n', " ");
    assert!(flat.contains("the page hangs for ****"), "{slip}");
    let student = student();
    for hidden in [
        student.number.as_str(),
        student.name.as_str(),
        "13800138000",
    ] {
        assert!(!slip.contains(hidden), "{hidden}: {slip}");
    }
    assert!(slip.contains(&student.number.masked()), "{slip}");
}
