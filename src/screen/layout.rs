//! Where things stand: named rectangles from the terminal's size. It draws nothing and never panics, from 0x0 on.

use ratatui::layout::{Rect, Size};

use super::qr::{QrArt, QrPlan};
use super::theme::QrPalette;

/// Below this a page says what is missing instead of being drawn.
pub const MIN_COLUMNS: u16 = 80;
/// The rows below which a page says what is missing.
pub const MIN_ROWS: u16 = 24;
/// From this many columns the practice phone stands beside the kiosk, which keeps its least width.
const BESIDE_COLUMNS: u16 = MIN_COLUMNS + PHONE_COLUMNS + 2;
const PHONE_COLUMNS: u16 = 44;
/// The columns between a code and the words beside it.
const QR_GAP: u16 = 2;

/// How much is missing to the least size; one of them may be 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooSmall {
    /// Columns that the terminal lacks.
    pub columns_missing: u16,
    /// Rows that the terminal lacks.
    pub rows_missing: u16,
}

/// The parts of every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// One row: who we are, the practice mark, the link.
    pub header: Rect,
    /// All between, without a margin.
    pub body: Rect,
    /// One row of keys.
    pub footer: Rect,
    /// Where the practice phone stands; `None` on a real desk.
    pub practice_phone: Option<PhonePlace>,
}

/// Where the practice phone is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhonePlace {
    /// Beside the kiosk's own screen.
    Beside(Rect),
    /// There is no room for it: in hand it takes the row of practice and the row of keys, and covers nothing.
    Rows,
}

/// The parts of a page on this terminal.
///
/// # Errors
/// Says how many columns and rows are missing.
pub fn frame(area: Rect, practice_phone: bool) -> Result<Frame, TooSmall> {
    if area.width < MIN_COLUMNS || area.height < MIN_ROWS {
        return Err(TooSmall {
            columns_missing: MIN_COLUMNS.saturating_sub(area.width),
            rows_missing: MIN_ROWS.saturating_sub(area.height),
        });
    }
    let mut stack = Stack::new(area);
    let header = stack.take(1);
    let footer = stack.bottom(1);
    let between = stack.rest();
    let kept = between.width.saturating_sub(PHONE_COLUMNS + 2);
    let (body, practice_phone) = if !practice_phone {
        (between, None)
    } else if area.width >= BESIDE_COLUMNS {
        let (body, phone) = halves(between, kept, 2);
        (body, Some(PhonePlace::Beside(phone)))
    } else {
        (between, Some(PhonePlace::Rows))
    };
    Ok(Frame {
        header,
        body,
        footer,
        practice_phone,
    })
}

/// A QR code and the words that go with it.
#[derive(Clone, Debug)]
pub struct QrAndWords {
    /// `None` where it cannot be drawn whole: the words have the body, and its short address is shown instead.
    pub art: Option<QrArt>,
    /// Exactly the art's cells; empty without it.
    pub qr: Rect,
    /// Beside the code, or beneath it.
    pub words: Rect,
}

/// Gives the code the room: the words get at least the first of `rooms` that leaves a code which phones read well, else the
/// last, and whatever the code leaves, up to `most` columns beside it. Beside or beneath, as the code becomes larger;
/// beside, where it is the same. Code and words stand in the middle as one.
pub fn qr_and_words(
    body: Rect,
    payload: impl AsRef<[u8]>,
    palette: QrPalette,
    rooms: &[Size],
    most: u16,
) -> QrAndWords {
    let payload = payload.as_ref();
    let planned = rooms.iter().enumerate().find_map(|(place, words)| {
        let (plan, is_beside) = plan_beside_or_above(body, payload, palette, *words)?;
        let is_last = place.saturating_add(1) == rooms.len();
        (is_last || plan.reads_well()).then_some((plan, is_beside, *words))
    });
    let drawn = planned.and_then(|(plan, is_beside, words)| {
        let art = QrArt::draw(payload, plan)?;
        Some((art, is_beside, words))
    });
    let Some((art, is_beside, words)) = drawn else {
        return QrAndWords {
            art: None,
            qr: Rect::ZERO,
            words: body,
        };
    };
    let size = art.size();
    let (qr, words) = if is_beside {
        let beside = most.max(words.width).saturating_add(QR_GAP);
        let group = column(body, size.width.saturating_add(beside));
        halves(group, size.width, QR_GAP)
    } else {
        let mut stack = Stack::new(body);
        let qr = stack.take(size.height);
        (qr, column(stack.rest(), most.max(words.width)))
    };
    QrAndWords {
        qr: centred(qr, size),
        words,
        art: Some(art),
    }
}

/// The larger code of those that leave so much room for the words beside or beneath it, and whether it is beside.
fn plan_beside_or_above(
    body: Rect,
    payload: &[u8],
    palette: QrPalette,
    words: Size,
) -> Option<(QrPlan, bool)> {
    let room_beside = if words.height <= body.height {
        let columns = body.width.saturating_sub(words.width);
        Size::new(columns.saturating_sub(QR_GAP), body.height)
    } else {
        Size::ZERO
    };
    let room_above = if words.width <= body.width {
        Size::new(body.width, body.height.saturating_sub(words.height))
    } else {
        Size::ZERO
    };
    let beside = QrArt::plan(payload, room_beside, palette);
    let above = QrArt::plan(payload, room_above, palette);
    let rank = |plan: Option<QrPlan>| plan.map(|plan| (plan.scale, plan.quiet));
    let is_beside = rank(beside) >= rank(above);
    let plan = if is_beside { beside } else { above };
    plan.map(|plan| (plan, is_beside))
}

/// A column of at most this width, in the middle.
pub fn column(area: Rect, max_width: u16) -> Rect {
    centred(area, Size::new(max_width, area.height))
}

/// A rectangle of this size in the middle, cut to the area.
pub fn centred(area: Rect, size: Size) -> Rect {
    let width = size.width.min(area.width);
    let height = size.height.min(area.height);
    Rect {
        x: area.x.saturating_add(area.width.saturating_sub(width) / 2),
        y: area
            .y
            .saturating_add(area.height.saturating_sub(height) / 2),
        width,
        height,
    }
}

/// So many columns at the left, a gap, and the rest.
pub fn halves(area: Rect, left: u16, gap: u16) -> (Rect, Rect) {
    let left = left.min(area.width);
    let used = left.saturating_add(gap).min(area.width);
    let right = Rect {
        x: area.x.saturating_add(used),
        width: area.width.saturating_sub(used),
        ..area
    };
    (
        Rect {
            width: left,
            ..area
        },
        right,
    )
}

/// Hands out rows of an area, from the top and from the bottom, until none is left.
#[derive(Clone, Copy, Debug)]
pub struct Stack {
    rest: Rect,
}

impl Stack {
    /// Begins with the whole area.
    pub fn new(area: Rect) -> Self {
        Stack { rest: area }
    }

    /// The next rows from the top; fewer where fewer are left.
    pub fn take(&mut self, rows: u16) -> Rect {
        let height = rows.min(self.rest.height);
        let taken = Rect {
            height,
            ..self.rest
        };
        self.skip(height);
        taken
    }

    /// Leaves rows blank.
    pub fn skip(&mut self, rows: u16) {
        let rows = rows.min(self.rest.height);
        self.rest.y = self.rest.y.saturating_add(rows);
        self.rest.height = self.rest.height.saturating_sub(rows);
    }

    /// Rows from the bottom.
    pub fn bottom(&mut self, rows: u16) -> Rect {
        let height = rows.min(self.rest.height);
        self.rest.height = self.rest.height.saturating_sub(height);
        Rect {
            y: self.rest.y.saturating_add(self.rest.height),
            height,
            ..self.rest
        }
    }

    /// What is left.
    pub fn rest(&self) -> Rect {
        self.rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_area_at_any_size() {
        for width in (0..=90).chain([126, 127, 200, 65_535]) {
            for height in (0..=30).chain([45, 65_535]) {
                let area = Rect::new(0, 0, width, height);
                let halves = halves(area, 44, 2);
                let boxes = [
                    centred(area, Size::new(40, 10)),
                    column(area, 60),
                    halves.0,
                    halves.1,
                ];
                assert!(
                    boxes
                        .iter()
                        .all(|part| area.union(*part) == area || part.is_empty())
                );
                for phone in [false, true] {
                    match frame(area, phone) {
                        Ok(frame) => {
                            assert_eq!(frame.practice_phone.is_some(), phone);
                            let all = frame.header.union(frame.body).union(frame.footer);
                            assert_eq!(area.union(all), area);
                            assert!(frame.body.width >= MIN_COLUMNS);
                        }
                        Err(missing) => {
                            assert!(missing.columns_missing > 0 || missing.rows_missing > 0);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = frame(Rect::new(0, 0, 20, 30), false);
        assert_eq!(
            missing,
            Err(TooSmall {
                columns_missing: 60,
                rows_missing: 0
            })
        );
    }

    #[test]
    fn the_phone_stands_beside_where_there_is_room_and_covers_nothing_where_not() {
        let wide = frame(Rect::new(0, 0, 130, 45), true).unwrap();
        let Some(PhonePlace::Beside(phone)) = wide.practice_phone else {
            panic!("{wide:?}");
        };
        assert!(!wide.body.intersects(phone));
        let narrow = frame(Rect::new(0, 0, 100, 45), true).unwrap();
        assert!(matches!(narrow.practice_phone, Some(PhonePlace::Rows)));
        assert_eq!(narrow.body.width, 100);
    }

    #[test]
    fn the_code_gets_the_room() {
        let url = "https://example.edu.cn/register/2026/desk-07?from=kiosk&l=zh";
        assert_eq!(url.len(), 60);
        let place = |width, height| {
            let body = Rect::new(0, 1, width, height);
            let place = qr_and_words(body, url, QrPalette::Rgb, &[Size::new(22, 6)], 64);
            let art = place.art.as_ref().unwrap();
            assert_eq!(place.qr.as_size(), art.size());
            assert!(!place.qr.intersects(place.words));
            assert_eq!(body.union(place.qr).union(place.words), body);
            // As one in the middle: as much air at the left as at the right.
            let group = place.qr.union(place.words);
            let air = (group.x, body.right() - group.right());
            assert!(air.0.abs_diff(air.1) <= 1, "{air:?} around {group:?}");
            assert!(place.words.width <= 64 || width < 100, "{:?}", place.words);
            let beside = place.words.x >= place.qr.right();
            (art.scale(), art.quiet(), beside)
        };
        assert_eq!(place(80, 22), (1, 4, true));
        assert_eq!(place(100, 43), (2, 2, true), "spaces from 100x45 on");
        assert_eq!(place(120, 43), (2, 4, true));
        assert_eq!(
            place(90, 60),
            (2, 4, false),
            "upright screens have the words beneath"
        );
        let none = qr_and_words(
            Rect::new(0, 0, 30, 9),
            url,
            QrPalette::Rgb,
            &[Size::new(22, 6)],
            64,
        );
        assert!(none.art.is_none());
        assert_eq!(none.words, Rect::new(0, 0, 30, 9));
    }

    /// The code gives up a step of scale for the words that are wished for, and never more than phones read well.
    #[test]
    fn words_come_before_a_larger_code_as_long_as_it_reads_well() {
        let url = "https://example.edu.cn/register/2026/desk-07?from=kiosk&l=zh";
        let place = |width, height, rooms: &[Size]| {
            let body = Rect::new(0, 1, width, height);
            let place = qr_and_words(body, url, QrPalette::Rgb, rooms, 64);
            let art = place.art.unwrap();
            (art.scale(), art.quiet(), place.words.width)
        };
        let least = Size::new(22, 6);
        let rooms = [Size::new(56, 24), Size::new(36, 15), least];
        assert_eq!(place(100, 43, &[least]), (2, 2, 24));
        assert_eq!(place(100, 43, &rooms), (1, 4, 57));
        assert_eq!(place(120, 43, &rooms), (1, 4, 64), "the first is had");
        assert_eq!(place(132, 43, &rooms), (2, 2, 56), "with a larger code");
        assert_eq!(place(96, 43, &rooms), (1, 4, 53), "else the second");
        // A code with a thin quiet zone is no gain: it is as it would be with the least room.
        assert_eq!(place(78, 22, &rooms), (1, 4, 35));
    }
}
