//! The volunteer's panel: what can be done, each deed under a letter of its own that never changes; today's counts, what
//! is connected, who waits. Persons are masked here too. Leaving the program is the last deed and confirmed by typing.

use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::checkup::CheckupList;
use super::panel_gateways::{draw_delivery, draw_gateways, draw_printer};
use super::waiting_list::draw_preview;
use super::{
    DayPage, HandoverPage, Hit, LeaveDeskPage, OutboxPage, PageInput, PagePen, PageResult,
    ScanRefusal, TicketFormPage, TicketsPage, VouchPage, WaitingPage, can_vouch, cause, moved,
    parked_visits, script, visit,
};
use crate::campus::pack::Scanned;
use crate::screen::cells::width;
use crate::screen::layout::{Stack, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::{Field, KeyedRow, LineField, Overlay};
use crate::screen::{DeskCommand, DeskState, LeaveWays, UiAction, UiKey, UiView, Volunteer};
use crate::visit::{Command, OutboxRow, ParkedFor, Visit};

/// What is typed to leave the program.
const QUIT_WORDS: [&str; 2] = ["quit", "退出"];

/// The panel behind the PIN.
#[derive(Default)]
pub struct VolunteerPanel {
    /// The marked deed; the first, until another is chosen.
    selected: Option<PanelDeed>,
    /// Ending the visit was chosen once and is asked for again.
    ends: bool,
    /// What is typed to confirm that the program is left.
    quits: Option<LineField>,
    /// Why the deed whose letter was pressed last cannot be done now: the key of its words.
    refused: Option<&'static str>,
    checkup: CheckupList,
}

/// A deed of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PanelDeed {
    GoOn,
    Papers,
    Next,
    Park,
    Restart,
    Ticket,
    End,
    Waiting,
    Tickets,
    Outbox,
    Day,
    HandOver,
    Clock,
    Examine,
    Quit,
}

impl PanelDeed {
    /// All of them, in the order in which they stand. What leaves the program is last.
    const ALL: [PanelDeed; 15] = [
        PanelDeed::GoOn,
        PanelDeed::Papers,
        PanelDeed::Next,
        PanelDeed::Park,
        PanelDeed::Restart,
        PanelDeed::Ticket,
        PanelDeed::End,
        PanelDeed::Waiting,
        PanelDeed::Tickets,
        PanelDeed::Outbox,
        PanelDeed::Day,
        PanelDeed::HandOver,
        PanelDeed::Clock,
        PanelDeed::Examine,
        PanelDeed::Quit,
    ];

    /// Its letter, in every state of the desk.
    fn letter(self) -> char {
        match self {
            PanelDeed::GoOn => 'G',
            PanelDeed::Papers => 'V',
            PanelDeed::Next => 'N',
            PanelDeed::Park => 'P',
            PanelDeed::Restart => 'R',
            PanelDeed::Ticket => 'T',
            PanelDeed::End => 'X',
            PanelDeed::Waiting => 'W',
            PanelDeed::Tickets => 'K',
            PanelDeed::Outbox => 'O',
            PanelDeed::Day => 'D',
            PanelDeed::HandOver => 'H',
            PanelDeed::Clock => 'L',
            PanelDeed::Examine => 'C',
            PanelDeed::Quit => 'Q',
        }
    }

    fn key(self) -> UiKey {
        UiKey::Char(self.letter().to_ascii_lowercase())
    }

    fn of_key(key: UiKey) -> Option<Self> {
        let UiKey::Char(c) = key else {
            return None;
        };
        let deeds = PanelDeed::ALL.into_iter();
        let mut fits = deeds.filter(|deed| deed.letter() == c.to_ascii_uppercase());
        fits.next()
    }

    /// The key of its words; `needed` where some of the outbox waits for a person.
    fn words(self, needed: bool) -> &'static str {
        match self {
            PanelDeed::GoOn => "panel-go-on",
            PanelDeed::Papers => "panel-vouch",
            PanelDeed::Restart => "panel-restart",
            PanelDeed::Park => "panel-park",
            PanelDeed::Next => "panel-next",
            PanelDeed::End => "panel-end",
            PanelDeed::Waiting => "panel-waiting-list",
            PanelDeed::Ticket => "panel-ticket",
            PanelDeed::Tickets => "panel-tickets-list",
            PanelDeed::Outbox if needed => "panel-outbox-needed",
            PanelDeed::Outbox => "panel-outbox",
            PanelDeed::Day => "panel-day",
            PanelDeed::HandOver => "panel-hand-over",
            PanelDeed::Clock => "panel-clock",
            PanelDeed::Examine => "panel-examine",
            PanelDeed::Quit => "panel-quit",
        }
    }

    /// Why it cannot be done now: the key of its words. What can be done is offered, and `None` here.
    fn why_not(self, view: &UiView<'_>) -> Option<&'static str> {
        let (in_hand, is_offered, is_open) = match &view.desk {
            DeskState::Visit { visit, .. } => (true, false, visit.is_open()),
            DeskState::Offered { .. } => (false, true, false),
            DeskState::Starting | DeskState::Free | DeskState::JustParked { .. } => {
                (false, false, false)
            }
        };
        // Papers are compared with whom the desk knows.
        let is_known = visit(view).and_then(Visit::owner).is_some();
        let none_open = if in_hand {
            "panel-visit-over"
        } else {
            "panel-no-visit"
        };
        let (is_possible, why) = match self {
            PanelDeed::GoOn => (in_hand || is_offered && !is_known, none_open),
            PanelDeed::Papers => (
                is_offered && is_known || can_vouch(view),
                why_no_papers(view),
            ),
            PanelDeed::Next | PanelDeed::Park | PanelDeed::Restart | PanelDeed::Ticket => {
                (is_open, none_open)
            }
            PanelDeed::End => (is_open || is_offered, none_open),
            // The journal is there once students are served.
            PanelDeed::Day | PanelDeed::HandOver => (view.pack.is_some(), "starting-words"),
            PanelDeed::Clock => (view.doubted_clock.is_some(), "panel-clock-sure"),
            // The checks would take the screen from the student at the desk.
            PanelDeed::Examine => (!in_hand, "panel-examine-later"),
            PanelDeed::Waiting | PanelDeed::Tickets | PanelDeed::Outbox | PanelDeed::Quit => {
                return None;
            }
        };
        (!is_possible).then_some(why)
    }
}

/// Each letter of the panel, and the key of its words.
pub fn panel_keys() -> impl Iterator<Item = (char, &'static str)> {
    let deeds = PanelDeed::ALL.into_iter();
    deeds.map(|deed| (deed.letter(), deed.words(false)))
}

/// Why nobody can be vouched for now.
fn why_no_papers(view: &UiView<'_>) -> &'static str {
    match &view.desk {
        DeskState::Starting | DeskState::Free | DeskState::JustParked { .. } => "panel-no-visit",
        DeskState::Offered { .. } => "panel-papers-nobody",
        DeskState::Visit { visit, .. } if visit.vouched => "panel-papers-seen",
        DeskState::Visit { visit, .. } if visit.student.is_some() => "panel-papers-signed-in",
        DeskState::Visit { .. } if !view.has_roster => "vouch-no-roster",
        DeskState::Visit { .. } => "panel-papers-later",
    }
}

/// Whether the machine is this desk and nothing else: leaving it has a page of its own.
fn locked(view: &UiView<'_>) -> bool {
    match view.leave {
        LeaveWays::Program => false,
        LeaveWays::System { .. } => true,
    }
}

fn deeds(view: &UiView<'_>) -> Vec<PanelDeed> {
    let all = PanelDeed::ALL.into_iter();
    all.filter(|deed| deed.why_not(view).is_none()).collect()
}

fn outbox<'v>(view: &UiView<'v>) -> &'v [OutboxRow] {
    if let Volunteer::Open { outbox, .. } = view.volunteer {
        outbox
    } else {
        &[]
    }
}

fn open_tickets(view: &UiView<'_>) -> usize {
    if let Volunteer::Open { tickets, .. } = view.volunteer {
        tickets.len()
    } else {
        0
    }
}

impl VolunteerPanel {
    /// Draws the panel, or the checkup while there is one.
    pub fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        if let Some(checkup) = pen.view.checkup {
            return self.checkup.draw(pen, area, checkup);
        }
        let title = match pen.view.volunteer {
            Volunteer::Open { by: Some(name), .. } => {
                pen.words_with("panel-title-by", &[("name", name.as_str().into())])
            }
            _ => pen.words("panel-title"),
        };
        let inside = Overlay::large(&title, area).draw(area, pen.buf, pen.theme);
        let (left, right) = halves(inside, inside.width.saturating_mul(9) / 20, 2);
        self.draw_deeds(pen, left);
        let mut stack = Stack::new(right);
        draw_today(pen, &mut stack);
        draw_gateways(pen, &mut stack);
        draw_printer(pen, &mut stack);
        stack.skip(1);
        draw_preview(pen, &mut stack);
    }

    fn selected(&self, deeds: &[PanelDeed]) -> Option<usize> {
        let chosen = self.selected.as_ref();
        let place = chosen.and_then(|chosen| deeds.iter().position(|deed| deed == chosen));
        place.or(Some(0)).filter(|at| *at < deeds.len())
    }

    fn draw_deeds(&self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let view = pen.view;
        let mut stack = Stack::new(area);
        let deeds = deeds(view);
        let words: Vec<String> = deeds.iter().map(|deed| self.words(pen, *deed)).collect();
        let rows: Vec<KeyedRow<'_, Hit>> = deeds
            .iter()
            .zip(&words)
            .map(|(deed, words)| KeyedRow {
                letter: deed.letter(),
                words,
                hit: Hit::Key(deed.key()),
            })
            .collect();
        let selected = self.selected(&deeds).filter(|_| self.quits.is_none());
        pen.deeds(&mut stack, &rows, selected);
        if let Some(typed) = &self.quits {
            let label = pen.words("panel-quit-type");
            let row = stack.take(Field::HEIGHT);
            let field = typed.field(&label, "", true);
            pen.caret = field.draw(row, pen.buf, pen.theme);
            return pen.tell(&mut stack, "panel-quit-how", Role::Warning);
        }
        if let Some(why) = self.refused {
            pen.tell(&mut stack, why, Role::Warning);
        }
        if let Some(trouble) = visit(view).and_then(|v| v.trouble.as_ref()) {
            let cause = cause(pen.text, trouble);
            let words = pen.words_with("panel-cause", &[("cause", cause.into())]);
            pen.say(&mut stack, &words, Role::Warning);
        }
        draw_delivery(pen, &mut stack);
    }

    fn words(&self, pen: &PagePen<'_, '_>, deed: PanelDeed) -> String {
        let view = pen.view;
        let n = match deed {
            PanelDeed::Waiting => parked_visits(view).len(),
            PanelDeed::Tickets => open_tickets(view),
            _ => outbox(view).len(),
        };
        let key = match deed {
            PanelDeed::End if self.ends => "panel-end-sure",
            PanelDeed::Quit if locked(view) => "panel-leave-desk",
            deed => deed.words(view.needs_person > 0),
        };
        let clock = view.doubted_clock.unwrap_or(view.now.wall);
        // The other texts have no place for them.
        let values = [
            ("n", n.into()),
            ("needed", view.needs_person.into()),
            ("moment", script::moment(clock, &TimeZone::system()).into()),
        ];
        pen.words_with(key, &values)
    }

    fn act(&mut self, deed: PanelDeed, view: &UiView<'_>) -> PageResult {
        let was_asked = std::mem::take(&mut self.ends);
        self.selected = Some(deed);
        match deed {
            PanelDeed::GoOn if matches!(view.desk, DeskState::Offered { .. }) => {
                PageResult::Close(UiAction::Visit(Command::ResumeByVolunteer))
            }
            PanelDeed::GoOn => PageResult::Close(UiAction::Desk(DeskCommand::Lock)),
            PanelDeed::Papers if can_vouch(view) => {
                PageResult::Open(Box::new(VouchPage::default()))
            }
            PanelDeed::Papers => PageResult::Close(UiAction::Visit(Command::ResumeByVolunteer)),
            PanelDeed::Restart => PageResult::Close(UiAction::Visit(Command::BeginAgain)),
            PanelDeed::Park => PageResult::Close(UiAction::Visit(Command::Park {
                why: ParkedFor::Student,
            })),
            PanelDeed::Next => PageResult::Close(UiAction::Desk(DeskCommand::NextStudent)),
            PanelDeed::End if was_asked => PageResult::Close(UiAction::Visit(Command::End)),
            PanelDeed::End => {
                self.ends = true;
                PageResult::EDITED
            }
            PanelDeed::Waiting => PageResult::Open(Box::new(WaitingPage::default())),
            PanelDeed::Ticket => PageResult::Open(Box::new(TicketFormPage::from_panel())),
            PanelDeed::Tickets => PageResult::Open(Box::new(TicketsPage::default())),
            PanelDeed::Outbox => PageResult::Open(Box::new(OutboxPage::default())),
            PanelDeed::Day => DayPage::open(),
            PanelDeed::HandOver => HandoverPage::open(),
            PanelDeed::Clock => PageResult::desk(DeskCommand::ConfirmClock),
            PanelDeed::Examine => PageResult::desk(DeskCommand::Examine { message: false }),
            PanelDeed::Quit if locked(view) => PageResult::Open(Box::new(LeaveDeskPage::default())),
            PanelDeed::Quit => {
                self.quits = Some(LineField::new(16));
                PageResult::EDITED
            }
        }
    }

    /// The word that leaves the program is being typed.
    fn confirm(&mut self, input: PageInput<'_>) -> PageResult {
        let Some(typed) = &mut self.quits else {
            return PageResult::EDITED;
        };
        match input {
            PageInput::Key(UiKey::Enter) => {
                let word = typed.text().trim().to_lowercase();
                if QUIT_WORDS.contains(&word.as_str()) {
                    return PageResult::Close(UiAction::Desk(DeskCommand::Quit));
                }
                typed.clear();
            }
            PageInput::Key(UiKey::Esc) => self.quits = None,
            PageInput::Key(UiKey::Volunteer) => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            PageInput::Key(key) => {
                typed.key(key);
            }
            PageInput::Paste(_) | PageInput::Pick(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }

    /// A scanned number is looked for among those who wait.
    ///
    /// # Errors
    /// The word that leaves the program is being typed.
    pub fn scan(&self, code: &Scanned) -> Result<PageResult, ScanRefusal> {
        if self.quits.is_some() {
            return Err(ScanRefusal::NotHere);
        }
        Ok(PageResult::Open(Box::new(WaitingPage::scanned(code))))
    }

    /// Whether the word that leaves the program is being typed.
    pub fn is_quitting(&self) -> bool {
        self.quits.is_some()
    }

    /// What an input means here.
    pub fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        if let Some(checkup) = view.checkup {
            return self.checkup.handle(input, checkup);
        }
        if self.is_quitting() {
            return self.confirm(input);
        }
        let deeds = deeds(view);
        let key = match input {
            PageInput::Key(key) => key,
            PageInput::Pick(_) | PageInput::Paste(_) | PageInput::Focus(_) => {
                return PageResult::EDITED;
            }
        };
        let selected = self.selected(&deeds);
        self.refused = None;
        if let Some(deed) = PanelDeed::of_key(key) {
            if deeds.contains(&deed) {
                return self.act(deed, view);
            }
            (self.refused, self.ends) = (deed.why_not(view), false);
            return PageResult::EDITED;
        }
        match key {
            UiKey::Esc if self.ends => self.ends = false,
            UiKey::Esc | UiKey::Volunteer => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Lock));
            }
            UiKey::Enter => {
                if let Some(deed) = selected.and_then(|at| deeds.get(at)) {
                    return self.act(*deed, view);
                }
            }
            UiKey::Char('/') => return PageResult::Open(Box::new(WaitingPage::default())),
            UiKey::Char(digit) if digit.is_ascii_digit() => {
                return PageResult::Open(Box::new(WaitingPage::typed(digit)));
            }
            key => {
                let at = moved(key, selected.unwrap_or_default(), deeds.len());
                if let Some(deed) = at.and_then(|at| deeds.get(at)) {
                    (self.selected, self.ends) = (Some(*deed), false);
                }
            }
        }
        PageResult::EDITED
    }
}

fn draw_today(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    let Volunteer::Open { counts, .. } = pen.view.volunteer else {
        return;
    };
    pen.tell(stack, "panel-today", Role::Title);
    let words = pen.words_with(
        "panel-counts",
        &[
            ("opened", counts.opened.into()),
            ("bound", counts.bound.into()),
            ("word", counts.by_word.into()),
            ("already", counts.already_bound.into()),
            ("parked", counts.parked.into()),
            ("ended", counts.ended.into()),
        ],
    );
    for line in unbroken(&words, stack.rest().width) {
        pen.say(stack, &line, Role::Text);
    }
    stack.skip(1);
}

/// A list in lines of at most so many cells: a count stays beside its word.
fn unbroken(list: &str, wide: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in list.split_inclusive(['，', ',']) {
        match lines.last_mut() {
            Some(line) if width(line).saturating_add(width(part)) <= wide => line.push_str(part),
            _ => lines.push(part.trim_start().to_owned()),
        }
    }
    lines
}
