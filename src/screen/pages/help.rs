//! Help at any moment: the frequent questions, searched by typing, the route of this visit, the keys. Text only; nothing
//! is changed.

use ratatui::layout::{Rect, Size};

use super::forgotten::number;
use super::pen::ButtonIs;
use super::reading::{ScrollState, wrapped};
use super::{
    Hit, LeavePage, PageInput, PagePen, PageResult, TicketFormPage, Tip, UiPage, cause,
    digit_index, moved, route_card, tip, visit,
};
use crate::campus::pack::{FaqTopic, Index, LONGEST_QUERY};
use crate::screen::cells::put;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{ChoiceList, LineField, Overlay};
use crate::screen::{DeskCommand, DeskState, UiKey, UiView};
use crate::visit::Place;

/// How far a page key moves in the list.
const JUMP: usize = 5;

/// F1. The search line is always there: typing looks among the topics, whatever is shown.
pub struct HelpPage {
    /// The key of the page's own help, shown on top.
    own: &'static str,
    /// The topics that fit where the visit stands.
    fitting: Vec<usize>,
    index: Index,
    query: LineField,
    selected: usize,
    shown: HelpShown,
    reading: ScrollState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HelpShown {
    List,
    /// An entry's page.
    Page(HelpEntry),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HelpEntry {
    /// The steps of this visit.
    Route,
    /// A topic of the pack, by its place.
    Topic(usize),
    /// The keys of this machine.
    Keys,
    Leave,
    Ticket,
    Call,
}

impl HelpPage {
    /// `own` is the key of the page's own help. It opens at the topic that fits where the visit stands; without one, at
    /// the list.
    pub fn new(own: &'static str, view: &UiView<'_>) -> Self {
        let faq = view.topics();
        let fits = |topic: &FaqTopic| match &view.desk {
            DeskState::Visit { place, .. } => match place {
                Place::Step { step, .. } => topic.steps.contains(step),
                Place::Ask(question) => topic.questions.contains(question),
                Place::AlreadyBound
                | Place::Bound
                | Place::NotedByWord
                | Place::Parked
                | Place::Closed
                | Place::Stuck => false,
            },
            DeskState::Starting
            | DeskState::Free
            | DeskState::Offered { .. }
            | DeskState::JustParked { .. } => false,
        };
        let fitting: Vec<usize> = (0..)
            .zip(faq)
            .filter(|(_, topic)| fits(topic))
            .map(|(place, _)| place)
            .collect();
        let shown = match fitting.first() {
            Some(place) => HelpShown::Page(HelpEntry::Topic(*place)),
            None => HelpShown::List,
        };
        HelpPage {
            own,
            fitting,
            index: Index::new(faq),
            query: LineField::new(LONGEST_QUERY),
            selected: 0,
            shown,
            reading: ScrollState::default(),
        }
    }

    /// What the list offers: what was found, or everything, what fits first.
    fn entries(&self, view: &UiView<'_>) -> Vec<HelpEntry> {
        if !self.query.text().trim().is_empty() {
            let found = self.index.find(self.query.text());
            return found.into_iter().map(HelpEntry::Topic).collect();
        }
        let others = (0..view.topics().len()).filter(|place| !self.fitting.contains(place));
        let mut entries = Vec::new();
        if route_card::is_shown(view) {
            entries.push(HelpEntry::Route);
        }
        entries.extend(
            self.fitting
                .iter()
                .copied()
                .chain(others)
                .map(HelpEntry::Topic),
        );
        entries.push(HelpEntry::Keys);
        entries.push(HelpEntry::Call);
        if can_leave(view) {
            entries.push(HelpEntry::Ticket);
            entries.push(HelpEntry::Leave);
        }
        entries
    }

    /// At the list, or at what fits where the visit stands.
    fn is_near(&self) -> bool {
        match self.shown {
            HelpShown::List => self.query.text().is_empty(),
            HelpShown::Page(HelpEntry::Topic(place)) => self.fitting.contains(&place),
            HelpShown::Page(..) => false,
        }
    }

    fn open(&mut self, place: usize, view: &UiView<'_>) -> PageResult {
        match self.entries(view).get(place).copied() {
            None => {}
            Some(HelpEntry::Leave) => return leave(),
            Some(HelpEntry::Ticket) => return open_ticket(),
            Some(HelpEntry::Call) => return PageResult::desk(DeskCommand::Call),
            Some(entry) => {
                self.selected = place;
                self.shown = HelpShown::Page(entry);
                self.reading = ScrollState::default();
            }
        }
        PageResult::EDITED
    }

    fn list_key(&mut self, key: UiKey, view: &UiView<'_>) -> PageResult {
        let count = self.entries(view).len();
        match (key, digit_index(key)) {
            (UiKey::Enter, _) => return self.open(self.selected, view),
            (_, Some(place)) => return self.open(place, view),
            (UiKey::PageUp, _) => self.selected = self.selected.saturating_sub(JUMP),
            (UiKey::PageDown, _) => {
                let last = count.saturating_sub(1);
                self.selected = self.selected.saturating_add(JUMP).min(last);
            }
            (UiKey::Up | UiKey::Down | UiKey::Tab | UiKey::BackTab, _) => {
                self.selected = moved(key, self.selected, count).unwrap_or(0);
            }
            _ => self.look(|query| {
                query.key(key);
            }),
        }
        PageResult::EDITED
    }

    fn page_key(&mut self, key: UiKey) -> PageResult {
        if key == UiKey::Enter {
            return PageResult::CLOSED;
        }
        let reads = !matches!(key, UiKey::Home | UiKey::End);
        if !(reads && self.reading.key(key)) {
            self.look(|query| {
                query.key(key);
            });
        }
        PageResult::EDITED
    }

    /// Edits the query. Where that changes it, the list shows what is found.
    fn look(&mut self, edit: impl FnOnce(&mut LineField)) {
        let before = self.query.text().to_owned();
        edit(&mut self.query);
        if before != self.query.text() {
            self.selected = 0;
            self.shown = HelpShown::List;
        }
    }

    /// Where not all entries are seen at once, the row below them says which one is selected and how to see the others.
    fn draw_list(&self, pen: &mut PagePen<'_, '_>, stack: &mut Stack, below: Rect) {
        let entries = self.entries(pen.view);
        if entries.is_empty() {
            return pen.tell(stack, "help-none", Role::Text);
        }
        let titles: Vec<String> = entries.iter().map(|entry| title(pen, *entry)).collect();
        let list = ChoiceList {
            choices: &titles,
            selected: Some(self.selected),
            airy: false,
        };
        let rest = stack.rest();
        if list.height(rest.width) > rest.height {
            let at = self.selected.saturating_add(1);
            let values = [("at", at.into()), ("all", titles.len().into())];
            let words = pen.words_with("help-list-place", &values);
            let style = pen.theme.style(Role::Accent);
            put(below, below.x, below.y, &words, style, pen.buf);
            pen.hits.push(below, Hit::Key(UiKey::Down));
        }
        pen.choices(stack, &titles, Some(self.selected), false);
    }

    fn draw_page(&mut self, pen: &mut PagePen<'_, '_>, area: Rect, entry: HelpEntry) {
        let mut stack = Stack::new(area);
        let title = title(pen, entry);
        pen.say(&mut stack, &title, Role::Title);
        let paragraphs = page_lines(pen, entry);
        let mut lines = wrapped(spaced(&paragraphs), area.width);
        if entry == HelpEntry::Route || lines.len() > usize::from(stack.rest().height) {
            lines = wrapped(paragraphs, area.width);
        }
        self.reading.draw(pen, stack.rest(), &lines);
    }

    fn draw_foot(&self, pen: &mut PagePen<'_, '_>, foot: Rect) {
        let list = self.shown == HelpShown::List;
        let (enter, esc) = if list {
            ("help-open", "do-close")
        } else {
            ("help-back", "help-list")
        };
        let beside = |pen: &mut PagePen<'_, '_>, row: &mut Rect, key, label, hit, state| {
            if row.width >= pen.button_width(key, label) {
                let took = pen
                    .button_at(*row, key, label, hit, state)
                    .saturating_add(2);
                row.x = row.x.saturating_add(took);
                row.width = row.width.saturating_sub(took);
            }
        };
        let mut stack = Stack::new(foot);
        let mut row = stack.take(1);
        let call = Hit::Key(UiKey::Call);
        if can_leave(pen.view) {
            let leave = Hit::Key(UiKey::StepAside);
            beside(pen, &mut row, "F8", "call-volunteer", call, ButtonIs::On);
            beside(pen, &mut row, "F6", "help-leave", leave, ButtonIs::On);
            row = stack.take(1);
        }
        let state = if list && self.entries(pen.view).is_empty() {
            ButtonIs::Off
        } else {
            ButtonIs::Primary
        };
        let key = Hit::Key(UiKey::Enter);
        beside(pen, &mut row, "Enter", enter, key, state);
        if can_leave(pen.view) {
            let ticket = Hit::Key(UiKey::Ticket);
            beside(pen, &mut row, "F7", "ticket-title", ticket, ButtonIs::On);
        }
        // The footer names Esc too: where there is no room, it is the one to go.
        let key = Hit::Key(UiKey::Esc);
        beside(pen, &mut row, "Esc", esc, key, ButtonIs::On);
        if !can_leave(pen.view) {
            beside(pen, &mut row, "F8", "call-volunteer", call, ButtonIs::On);
        }
    }
}

fn leave() -> PageResult {
    PageResult::Open(Box::new(LeavePage::default()))
}

fn open_ticket() -> PageResult {
    PageResult::Open(Box::new(TicketFormPage::default()))
}

pub(super) fn can_leave(view: &UiView<'_>) -> bool {
    matches!(view.desk, DeskState::Visit { .. })
}

fn title(pen: &PagePen<'_, '_>, entry: HelpEntry) -> String {
    let view = pen.view;
    match entry {
        HelpEntry::Route => pen.words("route-title"),
        HelpEntry::Topic(place) => view
            .topics()
            .get(place)
            .map_or_else(String::new, |topic| topic.title.get(view.lang).to_owned()),
        HelpEntry::Keys => pen.words("help-keys-title"),
        HelpEntry::Leave => pen.words("help-leave"),
        HelpEntry::Ticket => pen.words("ticket-title"),
        HelpEntry::Call => pen.words("call-volunteer"),
    }
}

/// An entry's paragraphs.
fn page_lines(pen: &PagePen<'_, '_>, entry: HelpEntry) -> Vec<(String, Role)> {
    let view = pen.view;
    match entry {
        HelpEntry::Route => route_card::lines(pen),
        HelpEntry::Topic(place) => view.topics().get(place).map_or_else(Vec::new, |topic| {
            let words = topic.text.iter().map(|text| text.get(view.lang));
            words.map(|words| (words.to_owned(), Role::Text)).collect()
        }),
        HelpEntry::Keys => ["help-keys", "help-keys-more", "help-keys-second"]
            .map(|key| (pen.words(key), Role::Text))
            .into(),
        HelpEntry::Leave | HelpEntry::Ticket | HelpEntry::Call => Vec::new(),
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

/// The contact for help, below everything; with a trouble, its cause for the volunteer.
fn draw_whom_to_ask(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    let number = number(&pen.view.front.hotline);
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

impl UiPage for HelpPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let title = pen.words("help-title");
        let inside = Overlay {
            title: &title,
            size: Size::new(72, area.height.saturating_sub(3).clamp(18, 28)),
        }
        .draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let foot = stack.bottom(1_u16.saturating_add(u16::from(can_leave(pen.view))));
        draw_whom_to_ask(pen, &mut stack);
        let below = stack.bottom(1);
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
            HelpShown::List => self.draw_list(pen, &mut stack, below),
            HelpShown::Page(entry) => self.draw_page(pen, stack.rest(), entry),
        }
        self.draw_foot(pen, foot);
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match (input, self.shown) {
            (PageInput::Key(UiKey::StepAside), _) if can_leave(view) => leave(),
            (PageInput::Key(UiKey::Ticket), _) if can_leave(view) => open_ticket(),
            (PageInput::Key(UiKey::Help), _) | (PageInput::Key(UiKey::Esc), HelpShown::List) => {
                PageResult::CLOSED
            }
            (PageInput::Key(UiKey::Esc), HelpShown::Page(..)) => {
                self.shown = HelpShown::List;
                PageResult::EDITED
            }
            (PageInput::Key(key), HelpShown::List) => self.list_key(key, view),
            (PageInput::Key(key), HelpShown::Page(_)) => self.page_key(key),
            (PageInput::Paste(text), _) => {
                self.look(|query| query.paste(text));
                PageResult::EDITED
            }
            (PageInput::Pick(place), _) => self.open(place, view),
            (PageInput::Focus(_), _) => PageResult::EDITED,
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        match self.shown {
            HelpShown::List if self.entries(view).is_empty() => {
                vec![tip("Esc", "do-close", 0, UiKey::Esc)]
            }
            HelpShown::List => vec![
                tip("Enter", "help-open", 0, UiKey::Enter),
                tip("Esc", "do-close", 0, UiKey::Esc),
            ],
            HelpShown::Page(_) => {
                let mut tips = vec![
                    tip("Enter", "help-back", 0, UiKey::Enter),
                    tip("Esc", "help-list", 0, UiKey::Esc),
                ];
                tips.extend(self.reading.tip());
                tips
            }
        }
    }

    fn help(&self) -> &'static str {
        self.own
    }

    fn is_busy(&self, _view: &UiView<'_>) -> bool {
        false
    }
}
