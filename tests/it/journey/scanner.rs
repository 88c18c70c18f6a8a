//! A barcode scanner at a real desk: a keyboard that types faster than hands.

use std::time::Duration;

use super::{ZH, password};
use crate::support::kiosk::Place;
use crate::support::{Desk, ENTER, F6};

/// Types as a scanner does: a character every few milliseconds.
fn scans(desk: &mut Desk, code: &str, end: &str) {
    for c in code.chars() {
        desk.types(c.encode_utf8(&mut [0; 4]));
        std::thread::sleep(Duration::from_millis(3));
    }
    desk.types(end);
}

#[test]
fn a_scanner_types_no_password_and_trips_no_key() {
    let place = Place::connected();
    place.desk_setting("scanner = \"keyboard\"");
    place.pack_section(
        "[student_number]\nmin = 4\nmax = 20\nletters = true\ncodes = [\"https://card.example/s/{student_number}\"]",
    );
    let mut desk = place.kiosk(ZH.lang, 100, 45);
    desk.shows(ZH.welcome);
    // S and C are keys there, and digits begin a pickup number.
    scans(&mut desk, "https://card.example/s/20260001", "\r\n");
    desk.shows(ZH.notice).types(ENTER);
    desk.shows(ZH.identity).shows("20260001");
    scans(&mut desk, "https://card.example/s/20260002", "\t");
    desk.shows("密码和 PIN 请用键盘输入");
    desk.pastes(&password("20260001")).types(ENTER);
    // What is typed is typed, and a digit is an answer.
    desk.shows(ZH.number).pastes("13700137000").types(ENTER);
    desk.shows(ZH.ask).types("2");
    desk.shows(ZH.follow).types(ENTER);
    desk.shows(ZH.send_code).shows("F6 让下一位").types(F6);
    desk.shows("请记下这个续办号");
    let pickup = desk.qr();
    desk.shows("记好了 ] <").types(ENTER).shows(ZH.welcome);
    scans(&mut desk, &pickup, "\n");
    desk.shows("20****01");
}
