//! Help at any moment, and the help that a phone page's choice leads to: the frequent questions, searched by typing, the
//! route of this visit, the keys. Text only; nothing is changed.

use ratatui::layout::{Rect, Size};

use super::forgotten::number;
use super::pen::ButtonIs;
use super::{
    Act, Did, Forgotten, Hit, Leave, Page, Pen, TicketForm, Tip, cause, digit_index, moved,
    route_card, tip, visit,
};
use crate::campus::pack::{Index, LONGEST_QUERY, Topic};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{LineField, Overlay, put, width, wrap};
use crate::screen::{DeskState, Key, View};
use crate::visit::Place;

/// What a tap on the button that leaves picks: no list is so long.
const LEAVE: usize = usize::MAX;
/// As does a tap on the button for a ticket.
const TICKET: usize = usize::MAX - 1;
/// How far a page key moves in the list.
const JUMP: usize = 5;

/// F1. The search line is always there: typing looks among the topics, whatever is shown.
pub struct Help {
    /// The key of the page's own help, shown on top.
    own: &'static str,
    /// The topics that fit where the visit stands.
    fitting: Vec<usize>,
    index: Index,
    query: LineField,
    selected: usize,
    shown: Shown,
    /// The rows that the last frame had for a page's lines, and how many lines did not fit.
    rows: u16,
    beyond: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    List,
    /// An entry's page, so many lines down.
    Page(Entry, u16),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    /// The steps of this visit.
    Route,
    /// A topic of the pack, by its place.
    Topic(usize),
    /// The keys of this machine.
    Keys,
    Leave,
    Ticket,
}

impl Help {
    /// `own` is the key of the page's own help. It opens at the topic that fits where the visit stands; without one, at
    /// the list.
    pub fn new(own: &'static str, view: &View<'_>) -> Self {
        let faq = &view.pack.faq;
        let fits = |topic: &Topic| match &view.desk {
            DeskState::Visit { place, .. } => match place {
                Place::Step { step, .. } => topic.steps.contains(step),
                Place::Ask(question) => topic.questions.contains(question),
                _ => false,
            },
            _ => false,
        };
        let fitting: Vec<usize> = (0..)
            .zip(faq)
            .filter(|(_, topic)| fits(topic))
            .map(|(place, _)| place)
            .collect();
        let shown = match fitting.first() {
            Some(place) => Shown::Page(Entry::Topic(*place), 0),
            None => Shown::List,
        };
        Help {
            own,
            fitting,
            index: Index::new(faq),
            query: LineField::new(LONGEST_QUERY),
            selected: 0,
            shown,
            rows: 1,
            beyond: 0,
        }
    }

    /// What the list offers: what was found, or everything, what fits first.
    fn entries(&self, view: &View<'_>) -> Vec<Entry> {
        if !self.query.text().trim().is_empty() {
            let found = self.index.find(self.query.text());
            return found.into_iter().map(Entry::Topic).collect();
        }
        let others = (0..view.pack.faq.len()).filter(|place| !self.fitting.contains(place));
        let mut entries = Vec::new();
        if route_card::is_shown(view) {
            entries.push(Entry::Route);
        }
        entries.extend(self.fitting.iter().copied().chain(others).map(Entry::Topic));
        entries.push(Entry::Keys);
        if can_leave(view) {
            entries.push(Entry::Ticket);
            entries.push(Entry::Leave);
        }
        entries
    }

    /// At the list, or at what fits where the visit stands.
    fn is_near(&self) -> bool {
        match self.shown {
            Shown::List => self.query.text().is_empty(),
            Shown::Page(Entry::Topic(place), _) => self.fitting.contains(&place),
            Shown::Page(..) => false,
        }
    }

    fn open(&mut self, place: usize, view: &View<'_>) -> Did {
        let entry = match place {
            LEAVE if can_leave(view) => Some(Entry::Leave),
            TICKET if can_leave(view) => Some(Entry::Ticket),
            _ => self.entries(view).get(place).copied(),
        };
        match entry {
            None => {}
            Some(Entry::Leave) => return Did::Open(Box::new(Leave::default())),
            Some(Entry::Ticket) => return Did::Open(Box::new(TicketForm::default())),
            Some(entry) => {
                self.selected = place;
                self.shown = Shown::Page(entry, 0);
            }
        }
        Did::Edited
    }

    fn list_key(&mut self, key: Key, view: &View<'_>) -> Did {
        let count = self.entries(view).len();
        match (key, digit_index(key)) {
            (Key::Enter, _) => return self.open(self.selected, view),
            (_, Some(place)) => return self.open(place, view),
            (Key::PageUp, _) => self.selected = self.selected.saturating_sub(JUMP),
            (Key::PageDown, _) => {
                let last = count.saturating_sub(1);
                self.selected = self.selected.saturating_add(JUMP).min(last);
            }
            (Key::Up | Key::Down | Key::Tab | Key::BackTab, _) => {
                self.selected = moved(key, self.selected, count).unwrap_or(0);
            }
            _ => self.look(|query| {
                query.key(key);
            }),
        }
        Did::Edited
    }

    fn page_key(&mut self, key: Key, entry: Entry, down: u16) -> Did {
        let page = self.rows.saturating_sub(1).max(1);
        let to = match key {
            Key::Enter => return Did::Close,
            Key::Up => down.saturating_sub(1),
            Key::Down => down.saturating_add(1),
            Key::PageUp => down.saturating_sub(page),
            Key::PageDown => down.saturating_add(page),
            _ => {
                self.look(|query| {
                    query.key(key);
                });
                return Did::Edited;
            }
        };
        self.shown = Shown::Page(entry, to.min(self.beyond));
        Did::Edited
    }

    /// Edits the query. Where that changes it, the list shows what is found.
    fn look(&mut self, edit: impl FnOnce(&mut LineField)) {
        let before = self.query.text().to_owned();
        edit(&mut self.query);
        if before != self.query.text() {
            self.selected = 0;
            self.shown = Shown::List;
        }
    }

    fn draw_list(&self, pen: &mut Pen<'_, '_>, stack: &mut Stack) {
        let entries = self.entries(pen.view);
        if entries.is_empty() {
            return pen.tell(stack, "help-none", Role::Text);
        }
        let titles: Vec<String> = entries.iter().map(|entry| title(pen, *entry)).collect();
        pen.choices(stack, &titles, Some(self.selected), false);
    }

    fn draw_page(&mut self, pen: &mut Pen<'_, '_>, area: Rect, entry: Entry, down: u16) {
        let mut stack = Stack::new(area);
        let title = title(pen, entry);
        pen.say(&mut stack, &title, Role::Title);
        let paragraphs = page_lines(pen, entry);
        let mut lines = wrapped(spaced(&paragraphs), area.width);
        if entry == Entry::Route || lines.len() > usize::from(stack.rest().height) {
            lines = wrapped(paragraphs, area.width);
        }
        let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let fits = count <= stack.rest().height;
        let below = stack.bottom(u16::from(!fits));
        let rows = stack.rest().height;
        self.rows = rows;
        self.beyond = count.saturating_sub(rows);
        let down = down.min(self.beyond);
        self.shown = Shown::Page(entry, down);
        for (words, role) in lines.iter().skip(usize::from(down)) {
            let row = stack.take(1);
            put(row, row.x, row.y, words, pen.theme.style(*role), pen.buf);
        }
        let left = self.beyond.saturating_sub(down);
        if left > 0 {
            let words = pen.words_with("help-more", &[("n", left.into())]);
            pen.say(&mut Stack::new(below), &words, Role::Accent);
        }
    }

    fn draw_foot(&self, pen: &mut Pen<'_, '_>, foot: Rect) {
        let list = self.shown == Shown::List;
        let (enter, esc) = match list {
            true => ("help-open", "do-close"),
            false => ("help-back", "help-list"),
        };
        let mut x = foot.x;
        let mut beside = |pen: &mut Pen<'_, '_>, key, label, hit, state| {
            let place = Rect {
                x,
                width: foot.right().saturating_sub(x),
                ..foot
            };
            let took = pen.button_at(place, key, label, hit, state);
            x = x.saturating_add(took).saturating_add(2);
        };
        beside(pen, "Enter", enter, Hit::Key(Key::Enter), ButtonIs::Primary);
        beside(pen, "Esc", esc, Hit::Key(Key::Esc), ButtonIs::On);
        if list && can_leave(pen.view) {
            beside(pen, "", "help-leave", Hit::Pick(LEAVE), ButtonIs::On);
        }
        if can_leave(pen.view) {
            beside(pen, "", "ticket-title", Hit::Pick(TICKET), ButtonIs::On);
        }
    }
}

fn can_leave(view: &View<'_>) -> bool {
    matches!(view.desk, DeskState::Visit { .. })
}

fn title(pen: &Pen<'_, '_>, entry: Entry) -> String {
    let view = pen.view;
    match entry {
        Entry::Route => pen.words("route-title"),
        Entry::Topic(place) => view
            .pack
            .faq
            .get(place)
            .map_or_else(String::new, |topic| topic.title.get(view.lang).to_owned()),
        Entry::Keys => pen.words("help-keys-title"),
        Entry::Leave => pen.words("help-leave"),
        Entry::Ticket => pen.words("ticket-title"),
    }
}

/// An entry's paragraphs.
fn page_lines(pen: &Pen<'_, '_>, entry: Entry) -> Vec<(String, Role)> {
    let view = pen.view;
    match entry {
        Entry::Route => route_card::lines(pen),
        Entry::Topic(place) => view.pack.faq.get(place).map_or_else(Vec::new, |topic| {
            let words = topic.text.iter().map(|text| text.get(view.lang));
            words.map(|words| (words.to_owned(), Role::Text)).collect()
        }),
        Entry::Keys => ["help-keys", "help-keys-more"]
            .map(|key| (pen.words(key), Role::Text))
            .into(),
        Entry::Leave | Entry::Ticket => Vec::new(),
    }
}

/// Paragraphs with a blank row before each.
fn spaced(paragraphs: &[(String, Role)]) -> Vec<(String, Role)> {
    let blank = || (String::new(), Role::Text);
    paragraphs
        .iter()
        .flat_map(|paragraph| [blank(), paragraph.clone()])
        .collect()
}

/// Lines of this width; what fits is left as it is, with the blanks at its beginning.
fn wrapped(lines: Vec<(String, Role)>, columns: u16) -> Vec<(String, Role)> {
    let lay = |(words, role): (String, Role)| match width(&words) <= columns {
        true => vec![(words, role)],
        false => wrap(&words, columns)
            .into_iter()
            .map(|line| (line, role))
            .collect(),
    };
    lines.into_iter().flat_map(lay).collect()
}

/// Whom to ask, below everything; with a trouble, its cause for the volunteer.
fn draw_whom_to_ask(pen: &mut Pen<'_, '_>, stack: &mut Stack) {
    let number = number(&pen.view.pack.hotline);
    let hotline = pen.words_with("help-hotline", &[("number", number.into())]);
    let mut lines = vec![(
        format!("{} {hotline}", pen.words("help-volunteer")),
        Role::Text,
    )];
    if let Some(trouble) = visit(pen.view).and_then(|v| v.trouble.as_ref()) {
        let cause = cause(pen.text, trouble);
        let words = pen.words_with("help-cause", &[("cause", cause.into())]);
        lines.push((words, Role::Dim));
    }
    let lines = wrapped(lines, stack.rest().width);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let mut below = Stack::new(stack.bottom(rows));
    for (words, role) in lines {
        pen.say(&mut below, &words, role);
    }
}

impl Page for Help {
    fn draw(&mut self, pen: &mut Pen<'_, '_>, area: Rect) {
        let title = pen.words("help-title");
        let inside = Overlay {
            title: &title,
            size: Size::new(72, area.height.saturating_sub(4).clamp(18, 28)),
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let foot = stack.bottom(1);
        draw_whom_to_ask(pen, &mut stack);
        stack.bottom(1);
        // Below it stands what the page is about; what was looked for needs the room.
        if self.is_near() {
            pen.tell(&mut stack, self.own, Role::Dim);
        }
        let placeholder = pen.words("help-search");
        let field = self.query.field("", &placeholder, true);
        let row = stack.take(1);
        pen.caret = field.draw(row, pen.buf, pen.theme);
        stack.skip(1);
        match self.shown {
            Shown::List => self.draw_list(pen, &mut stack),
            Shown::Page(entry, down) => self.draw_page(pen, stack.rest(), entry, down),
        }
        self.draw_foot(pen, foot);
    }

    fn act(&mut self, act: Act<'_>, view: &View<'_>) -> Did {
        match (act, self.shown) {
            (Act::Key(Key::Help), _) | (Act::Key(Key::Esc), Shown::List) => Did::Close,
            (Act::Key(Key::Esc), Shown::Page(..)) => {
                self.shown = Shown::List;
                Did::Edited
            }
            (Act::Key(key), Shown::List) => self.list_key(key, view),
            (Act::Key(key), Shown::Page(entry, down)) => self.page_key(key, entry, down),
            (Act::Paste(text), _) => {
                self.look(|query| query.paste(text));
                Did::Edited
            }
            (Act::Pick(place), _) => self.open(place, view),
            (Act::Focus(_), _) => Did::Edited,
        }
    }

    fn tips(&self, _view: &View<'_>) -> Vec<Tip> {
        match self.shown {
            Shown::List => vec![
                tip("Enter", "help-open", 0, Key::Enter),
                tip("Esc", "do-close", 0, Key::Esc),
            ],
            Shown::Page(..) => vec![
                tip("Enter", "help-back", 0, Key::Enter),
                tip("Esc", "help-list", 0, Key::Esc),
            ],
        }
    }

    fn help(&self) -> &'static str {
        self.own
    }

    fn is_busy(&self, _view: &View<'_>) -> bool {
        false
    }
}

/// What a choice on the phone leads to: a topic, or a volunteer.
pub struct LeadHelp {
    title: &'static str,
    words: &'static str,
    forgotten: bool,
}

impl LeadHelp {
    pub fn volunteer() -> Self {
        LeadHelp {
            title: "lead-volunteer-title",
            words: "lead-volunteer-words",
            forgotten: false,
        }
    }

    /// A topic the pack names; one that is not known calls a volunteer.
    pub fn topic(topic: &str) -> Self {
        match topic {
            "cache" => LeadHelp {
                title: "lead-cache-title",
                words: "lead-cache-words",
                forgotten: false,
            },
            "forgotten" => LeadHelp {
                title: "forgotten-title",
                words: "lead-forgotten-words",
                forgotten: true,
            },
            _ => LeadHelp {
                title: "lead-unknown-title",
                words: "lead-unknown-words",
                forgotten: false,
            },
        }
    }
}

impl Page for LeadHelp {
    fn draw(&mut self, pen: &mut Pen<'_, '_>, area: Rect) {
        let title = pen.words(self.title);
        let inside = Overlay {
            title: &title,
            size: Size::new(62, 14),
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let foot = stack.bottom(1);
        stack.skip(1);
        pen.tell(&mut stack, self.words, Role::Text);
        stack.skip(1);
        let number = number(&pen.view.pack.hotline);
        let words = pen.words_with("lead-volunteer-hotline", &[("number", number.into())]);
        pen.say(&mut stack, &words, Role::Dim);
        let took = pen.button_at(
            foot,
            "Enter",
            "help-back",
            Hit::Key(Key::Enter),
            ButtonIs::Primary,
        );
        if self.forgotten {
            let beside = Rect {
                x: foot.x.saturating_add(took).saturating_add(2),
                width: foot.width.saturating_sub(took).saturating_sub(2),
                ..foot
            };
            pen.button_at(
                beside,
                "F4",
                "forgotten-title",
                Hit::Key(Key::Forgotten),
                ButtonIs::On,
            );
        }
    }

    fn act(&mut self, act: Act<'_>, view: &View<'_>) -> Did {
        match act {
            Act::Key(Key::Esc | Key::Enter) => Did::Close,
            Act::Key(Key::Forgotten) => Did::Open(Box::new(Forgotten::new(view))),
            Act::Key(Key::Char('t' | 'T')) if can_leave(view) => {
                Did::Open(Box::new(TicketForm::default()))
            }
            _ => Did::Edited,
        }
    }

    fn tips(&self, _view: &View<'_>) -> Vec<Tip> {
        vec![
            tip("Enter", "help-back", 0, Key::Enter),
            tip("T", "ticket-title", 1, Key::Char('t')),
        ]
    }

    fn help(&self) -> &'static str {
        "help-coach"
    }

    fn is_busy(&self, _view: &View<'_>) -> bool {
        false
    }
}
