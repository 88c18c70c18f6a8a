//! A reader of ESC/POS that draws the slip: its dots are read by the decoder of QR codes, its text is GB18030.

use super::*;
use crate::campus::printer::Paper;
use crate::visit::{DeskNumber, Pickup};
use image::{DynamicImage, GrayImage, Luma};
use std::sync::Mutex;
use std::time::Duration;

/// What a printer makes of its bytes.
#[derive(Default)]
struct Drawn {
    lines: Vec<String>,
    pictures: Vec<GrayImage>,
    cuts: usize,
    is_chinese: bool,
}

/// Reads the bytes as a printer does; whatever is no order that the desk uses is a fault.
fn draw(bytes: &[u8], paper: Paper) -> Drawn {
    let mut drawn = Drawn::default();
    let mut line = Vec::new();
    let mut scale = 1;
    let mut at = 0;
    while at < bytes.len() {
        match &bytes[at..] {
            [0x1b, b'@', ..] => at += 2,
            [0x1c, b'&', ..] => {
                drawn.is_chinese = true;
                at += 2;
            }
            [0x1b, b'a' | b'E', ..] => at += 3,
            [0x1b, b'd', lines, ..] => {
                for _ in 0..*lines {
                    drawn.take(&mut line, scale, paper);
                }
                at += 3;
            }
            [0x1d, b'!', size, ..] => {
                scale = u16::from(size >> 4) + 1;
                at += 3;
            }
            [0x1d, b'V', b'A', ..] => {
                drawn.cuts += 1;
                at += 4;
            }
            [0x1d, b'v', b'0', 0, xl, xh, yl, yh, rest @ ..] => {
                let wide = usize::from(u16::from_le_bytes([*xl, *xh]));
                let rows = usize::from(u16::from_le_bytes([*yl, *yh]));
                assert_eq!(wide * 8, usize::from(paper.dots()), "the paper's width");
                let picture = GrayImage::from_fn((wide * 8) as u32, rows as u32, |x, y| {
                    let byte = rest[y as usize * wide + x as usize / 8];
                    let is_dark = byte >> (7 - x % 8) & 1 == 1;
                    Luma([if is_dark { 0 } else { 255 }])
                });
                drawn.pictures.push(picture);
                at += 8 + wide * rows;
            }
            [b'\n', ..] => {
                drawn.take(&mut line, scale, paper);
                at += 1;
            }
            [byte, ..] => {
                assert!(
                    *byte >= 0x20,
                    "an order that is not known at {at}: {byte:#x}"
                );
                line.push(*byte);
                at += 1;
            }
            [] => {}
        }
    }
    assert!(line.is_empty(), "text behind the cut");
    drawn
}

impl Drawn {
    fn take(&mut self, line: &mut Vec<u8>, scale: u16, paper: Paper) {
        let (text, _, faulty) = encoding_rs::GB18030.decode(line);
        assert!(!faulty, "not GB18030");
        let columns = u16::try_from(unicode_width::UnicodeWidthStr::width(&*text)).unwrap();
        assert!(columns * scale <= paper.columns(), "{text} is too wide");
        self.lines.push(text.into_owned());
        line.clear();
    }

    fn text(&self) -> String {
        self.lines.join("\n")
    }

    fn codes(&self) -> Vec<String> {
        let read = |picture: &GrayImage| {
            let picture = DynamicImage::ImageLuma8(picture.clone());
            crate::picture::find(&picture, std::path::Path::new("slip")).unwrap()
        };
        self.pictures.iter().flat_map(read).collect()
    }
}

fn pickup() -> Pickup {
    Pickup::new(DeskNumber::new(17).unwrap(), 482)
}

fn slip(ticket: Option<&crate::visit::TicketRow>, lang: crate::text::Lang) -> Vec<SlipLine> {
    let pack = crate::campus::pack::embedded().unwrap();
    let of = SlipOf {
        desk: DeskNumber::new(17).unwrap(),
        pickup: Some(pickup()),
        ticket,
        now: "2026-09-01T08:00:00Z".parse().unwrap(),
        is_practice: false,
    };
    let text = crate::text::Text::new(lang);
    lines(&of, &pack, &text, &jiff::tz::TimeZone::UTC)
}

#[test]
fn a_slip_has_the_number_its_code_and_where_to_come_back() {
    for paper in [Paper::Narrow, Paper::Wide] {
        for lang in crate::text::Lang::ALL.iter().copied() {
            let bytes = paper::bytes(&slip(None, lang), paper).unwrap();
            let drawn = draw(&bytes, paper);
            assert_eq!(drawn.codes(), [pickup().code()]);
            let text = drawn.text();
            assert!(text.contains("017-4822"), "{text}");
            assert!(
                drawn
                    .lines
                    .iter()
                    .any(|line| line.contains("17") && !line.contains("017"))
            );
            assert!(drawn.is_chinese && drawn.cuts == 1);
        }
        let bytes = paper::bytes(&slip(None, crate::text::Lang::Zh), paper).unwrap();
        let text = draw(&bytes, paper).text().replace('\n', "");
        assert!(
            text.contains("内蒙古工业大学") && text.contains("请回到 17 号台"),
            "{text}"
        );
    }
}

/// What a text holds is printed, or left out, and never an order to the printer.
#[test]
fn no_text_is_an_order() {
    let hostile = "甲\u{1b}@\u{1d}V\u{10}\u{4}\u{202e}乙😀\u{9b}ÿ\t丙";
    let lines = [
        SlipLine::Text(hostile.into()),
        SlipLine::Title(hostile.into()),
        SlipLine::Large(hostile.into()),
        SlipLine::Text("长".repeat(100_000)),
        SlipLine::Code("x".repeat(100_000)),
    ];
    let drawn = draw(&paper::bytes(&lines, Paper::Narrow).unwrap(), Paper::Narrow);
    assert_eq!(drawn.cuts, 1);
    assert!(drawn.lines[0].starts_with("甲@V") && drawn.lines[0].contains('丙'));
    assert!(drawn.lines.len() < 130, "{}", drawn.lines.len());
}

/// A printer that holds each slip until it is told to go on.
struct Held {
    goes_on: Mutex<Receiver<Result<(), PrinterTrouble>>>,
}

impl SlipPrinter for Held {
    fn paper(&self) -> Paper {
        Paper::Narrow
    }

    fn print(&self, _: &[u8]) -> Result<(), PrinterTrouble> {
        let goes_on = self.goes_on.lock().unwrap();
        goes_on.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    fn check(&self) -> Result<(), PrinterTrouble> {
        Ok(())
    }
}

#[test]
fn a_printer_that_hangs_holds_one_slip_and_one_more() {
    let (tell, goes_on) = std::sync::mpsc::channel();
    let goes_on = Mutex::new(goes_on);
    let (news, mut inbox) = mpsc::channel(4);
    let printing = Printing::start(Arc::new(Held { goes_on }), news).unwrap();
    let slip = || vec![SlipLine::Gap];
    assert!(printing.print(slip()));
    // The second waits once the thread has the first.
    let end = std::time::Instant::now() + Duration::from_secs(20);
    while !printing.print(slip()) && std::time::Instant::now() < end {
        std::thread::sleep(Duration::from_millis(5));
    }
    let refused = (0..100).filter(|_| !printing.print(slip())).count();
    assert!(refused >= 99, "{refused}");
    tell.send(Err(PrinterTrouble::NoPaper)).unwrap();
    tell.send(Ok(())).unwrap();
    for wanted in [Err(PrinterTrouble::NoPaper), Ok(())] {
        match inbox.blocking_recv() {
            Some(LoopEvent::Printed(printed)) => assert_eq!(printed, wanted),
            _ => panic!("no news of the printer"),
        }
    }
}
