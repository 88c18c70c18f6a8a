//! Welcome: the registration QR as large as it goes, and what to do in words that are understood from two metres.
//! Nothing of any student is here; a pickup number half typed is forgotten when the page is left.

use std::time::Duration;

use ratatui::layout::{Rect, Size};

use super::pen::ButtonIs;
use super::scan::{QrPanel, QrTitle};
use super::title::begin;
use super::{Hit, PageInput, PagePen, PageResult, ScanRefusal, Tip, UiPage, foreign_desk, tip};
use crate::campus::pack::{PackQr, Scanned};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, LineField, Overlay};
use crate::screen::{DeskCommand, UiKey, UiView};
use crate::visit::{Command, Pickup, PickupError, Question, Way};

/// The page between two students.
#[derive(Default)]
pub struct WelcomePage {
    pickup: Option<PickupEntry>,
    scan: QrPanel,
}

struct PickupEntry {
    field: LineField,
    wrong: Option<PickupError>,
    /// It was looked for: the view's word on it counts from here on.
    asked: bool,
}

impl WelcomePage {
    /// No visit is opened while the store cannot write.
    fn is_closed(view: &UiView<'_>) -> bool {
        !view.store.takes_visits()
    }

    fn open(view: &UiView<'_>, how: Command) -> PageResult {
        if Self::is_closed(view) {
            PageResult::EDITED
        } else {
            PageResult::visit(how)
        }
    }

    /// What stands below the title.
    fn words(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
        let view = pen.view;
        let by_desk = usual_way(view) == Way::Desk;
        let has_qr = view.front.register_qr.is_some();
        stack.skip(1);
        if Self::is_closed(view) {
            return pen.tell(stack, "welcome-closed", Role::Danger);
        }
        if has_qr {
            pen.tell(stack, "welcome-scan", Role::Accent);
            pen.tell(stack, "welcome-scan-after", Role::Text);
            stack.skip(1);
        } else if view.front.uses.contains(&PackQr::Register) {
            pen.tell(stack, "welcome-no-qr", Role::Warning);
            pen.tell(stack, "welcome-no-qr-way", Role::Text);
            stack.skip(1);
        }
        let (here, after, enter) = if by_desk {
            ("welcome-here", "welcome-here-after", "welcome-enter")
        } else {
            (
                "welcome-phone-way",
                "welcome-phone-way-after",
                "welcome-enter-phone",
            )
        };
        pen.tell(stack, here, Role::Accent);
        pen.tell(stack, after, Role::Text);
        stack.skip(1);
        let buttons = [
            ("Enter", enter, UiKey::Enter, ButtonIs::Primary),
            ("S", "welcome-scanned", UiKey::Char('s'), ButtonIs::On),
            ("C", "welcome-other", UiKey::Char('c'), ButtonIs::On),
            ("P", "welcome-pickup", UiKey::Char('p'), ButtonIs::On),
        ];
        for (key, label, hit, state) in buttons {
            let is_there = match hit {
                UiKey::Char('s') => has_qr,
                UiKey::Char('c') => asks_standing(view),
                _ => true,
            };
            if is_there {
                pen.button(stack, key, label, Hit::Key(hit), state);
            }
        }
    }

    fn draw_pickup(entry: &PickupEntry, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("pickup-title");
        let inside = Overlay {
            title: &title,
            size: Size::new(56, 10),
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        stack.skip(1);
        let label = pen.words("pickup-ask");
        let row = stack.take(Field::HEIGHT);
        let field = entry.field.field(&label, "", true);
        pen.caret = field.draw(row, pen.buf, pen.theme);
        let missed = pen.view.pickup_missed.filter(|_| entry.asked);
        let told = match (entry.wrong, missed) {
            (Some(PickupError::Length), _) => Some(pen.words("pickup-length")),
            (Some(PickupError::Character), _) => Some(pen.words("pickup-character")),
            (Some(PickupError::Check), _) => Some(pen.words("pickup-check")),
            (None, _) if entry.asked && !pen.view.pickup_wait.is_zero() => {
                Some(pen.words("pickup-wait"))
            }
            (None, Some(pickup)) => {
                let foreign = foreign_desk(pen, pickup);
                Some(foreign.unwrap_or_else(|| pen.words("pickup-missed")))
            }
            (None, None) => None,
        };
        match told {
            Some(words) => {
                pen.mark_wrong(row);
                pen.say(&mut stack, &words, Role::Warning)
            }
            None => stack.skip(1),
        }
        stack.skip(1);
        pen.buttons(
            &mut stack,
            &[
                ("Enter", "do-next", UiKey::Enter, ButtonIs::Primary),
                ("Esc", "do-back", UiKey::Esc, ButtonIs::On),
            ],
        );
    }

    fn handle_pickup(&mut self, input: PageInput<'_>) -> PageResult {
        let Some(entry) = &mut self.pickup else {
            return PageResult::IGNORED;
        };
        match input {
            PageInput::Key(UiKey::Esc) => self.pickup = None,
            PageInput::Key(UiKey::Enter) => match Pickup::parse(entry.field.text()) {
                Ok(pickup) => {
                    entry.asked = true;
                    return PageResult::desk(DeskCommand::FindPickup { pickup });
                }
                Err(why) => entry.wrong = Some(why),
            },
            PageInput::Key(key) => {
                if entry.field.key(key) {
                    (entry.wrong, entry.asked) = (None, false);
                }
            }
            PageInput::Paste(text) => {
                entry.field.paste(text);
                (entry.wrong, entry.asked) = (None, false);
            }
            PageInput::Pick(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }
}

/// Opens a visit of a student who has not scanned the code.
fn begun(prefers: Way, first_time: bool) -> Command {
    Command::Open {
        prefers,
        first_time,
        scanned: false,
    }
}

/// How a student is started in who chose neither: by the phone also where the desk could sign in and this campus has no
/// use for it.
fn usual_way(view: &UiView<'_>) -> Way {
    if view.pack.is_some_and(|pack| pack.rules.desk_takes_part()) {
        view.reach.usual_way()
    } else {
        Way::Phone
    }
}

/// Whether this campus has routes for others than those who come for the first time.
fn asks_standing(view: &UiView<'_>) -> bool {
    view.asks(Question::Standing)
}

impl UiPage for WelcomePage {
    fn wake(&self, view: &UiView<'_>) -> Option<Duration> {
        let asked = self.pickup.as_ref().is_some_and(|entry| entry.asked);
        let waits = asked && !view.pickup_wait.is_zero();
        waits.then(|| view.now.mono.saturating_add(view.pickup_wait))
    }

    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        if let Some(entry) = &self.pickup {
            return Self::draw_pickup(entry, pen, area);
        }
        let qr = pen.view.front.register_qr.as_ref();
        match qr.filter(|_| !Self::is_closed(pen.view)) {
            None => {
                let (mut stack, _) = begin(pen, area, (60, 14), "welcome-title", Role::Title);
                Self::words(pen, &mut stack);
            }
            Some(qr) => {
                let title = QrTitle::of(pen, "welcome-title");
                self.scan.draw(pen, area, qr, &title, Self::words);
            }
        }
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        if self.pickup.is_some() {
            return self.handle_pickup(input);
        }
        match input {
            PageInput::Key(UiKey::Enter) => Self::open(view, begun(usual_way(view), true)),
            PageInput::Key(UiKey::Char('s' | 'S' | ' '))
                if view.front.uses.contains(&PackQr::Register) =>
            {
                let scanned = Command::Open {
                    prefers: Way::Phone,
                    first_time: true,
                    scanned: true,
                };
                Self::open(view, scanned)
            }
            PageInput::Key(UiKey::Char('c' | 'C')) if asks_standing(view) => {
                Self::open(view, begun(usual_way(view), false))
            }
            PageInput::Key(UiKey::Char('p' | 'P')) => {
                self.pickup = Some(PickupEntry {
                    field: LineField::new(24),
                    wrong: None,
                    asked: false,
                });
                PageResult::EDITED
            }
            // Who was given a number may begin to type it at once.
            PageInput::Key(UiKey::Char(digit)) if digit.is_ascii_digit() => {
                let mut field = LineField::new(24);
                field.key(UiKey::Char(digit));
                self.pickup = Some(PickupEntry {
                    field,
                    wrong: None,
                    asked: false,
                });
                PageResult::EDITED
            }
            _ => PageResult::IGNORED,
        }
    }

    /// A pickup number is looked for as a typed one is. A student number begins a visit at the desk: the form of the
    /// sign-in gets it.
    fn scan(&mut self, code: &Scanned, view: &UiView<'_>) -> Result<PageResult, ScanRefusal> {
        if let Some(pickup) = code.pickup {
            let mut field = LineField::new(24);
            field.paste(&pickup.code());
            self.pickup = Some(PickupEntry {
                field,
                wrong: None,
                asked: true,
            });
            return Ok(PageResult::desk(DeskCommand::FindPickup { pickup }));
        }
        if self.pickup.is_some() {
            return Err(ScanRefusal::NotHere);
        }
        match usual_way(view) {
            Way::Desk => Ok(Self::open(view, begun(Way::Desk, true))),
            Way::Phone => Err(ScanRefusal::NotHere),
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        if self.pickup.is_some() {
            return vec![
                tip("Enter", "do-next", 0, UiKey::Enter),
                tip("Esc", "do-back", 0, UiKey::Esc),
            ];
        }
        let pickup = tip("P", "welcome-pickup", 4, UiKey::Char('p'));
        if Self::is_closed(view) {
            return vec![pickup];
        }
        let enter = match usual_way(view) {
            Way::Desk => "welcome-enter",
            Way::Phone => "welcome-enter-phone",
        };
        let mut tips = vec![tip("Enter", enter, 0, UiKey::Enter), pickup];
        if view.front.register_qr.is_some() {
            tips.insert(1, tip("S", "welcome-scanned", 1, UiKey::Char('s')));
        }
        tips
    }

    fn help(&self) -> &'static str {
        "help-welcome"
    }
}
