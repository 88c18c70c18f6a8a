//! The practice phone: what a practice student's phone shows and can do, plainly marked. It stands beside the kiosk's
//! screen; where there is no room for it, it takes the row of practice and the row of keys while it is in hand, and for a
//! long message further rows from the page, so that it covers nothing of the page that it is used with. It shows what the practice campus sent, and asks for actions; it
//! is never there on a real desk.

use ratatui::layout::Rect;

use super::drill::DrillPage;
use super::phone_keys::{PhoneAsks, beside_more, draw_keys, draw_more};
use super::{Hit, PageInput, PagePen, PageResult, digit_index, visit};
use crate::screen::cells::{fill, put, put_clipped, width};
use crate::screen::drill::DrillOrder;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::{ChoiceList, NumberField, held_phone_frame, phone_frame, wrap};
use crate::screen::{DeskCommand, PracticePhone, UiKey};
use crate::visit::{Mobile, group_digits};

/// The most rows that the phone takes over the page.
const MOST_STRIP_ROWS: u16 = 3;

/// Whether keys go to the phone, and what they mean there.
#[derive(Default)]
pub struct PhonePanel {
    is_held: bool,
    asks: PhoneAsks,
}

impl PhonePanel {
    /// Whether the phone is in hand: keys go to it, where nothing lies over the page.
    pub fn is_held(&self) -> bool {
        self.is_held
    }

    /// The keys are the desk's again.
    pub fn lay_down(&mut self) {
        self.is_held = false;
        self.forget();
    }

    /// Takes the phone in hand, or lays it down.
    pub fn take_or_lay_down(&mut self) {
        self.is_held = !self.is_held;
        self.forget();
    }

    /// Forgets what is half typed.
    fn forget(&mut self) {
        self.asks = PhoneAsks::Actions;
    }

    /// Draws the phone into the area beside the kiosk's screen; `held` while it has the keys.
    pub fn draw(
        &mut self,
        pen: &mut PagePen<'_, '_>,
        area: Rect,
        phone: &PracticePhone,
        held: bool,
    ) {
        let inside = if held {
            held_phone_frame(area, &pen.words("phone-title-held"), pen.buf, pen.theme)
        } else {
            phone_frame(area, &pen.words("phone-title"), pen.buf, pen.theme)
        };
        pen.hits.push(area, Hit::Key(UiKey::Phone));
        let mut stack = Stack::new(inside);
        let page = page_title(pen, phone);
        pen.say(&mut stack, &page, Role::PhoneHeading);
        let wechat = wechat(pen, phone);
        pen.say(&mut stack, &wechat, Role::PhoneDim);
        if let Some(next) = next(pen, phone) {
            pen.say(&mut stack, &next, Role::PhoneDim);
        }
        if let PhoneAsks::Number(field) = &self.asks {
            let label = pen.words("phone-new-number");
            let row = stack.take(2);
            pen.caret = field.draw(&label, "", true, row, pen.buf, pen.theme);
        }
        stack.skip(1);
        if let Some(said) = &phone.said {
            let said = named(pen, "phone-said-", said);
            pen.say(&mut stack, &said, Role::PhoneTap);
            stack.skip(1);
        }
        let mut foot = Stack::new(stack.bottom(2));
        let hint = if held {
            "phone-focus"
        } else {
            "phone-unfocused"
        };
        pen.tell(&mut foot, hint, Role::PhoneDim);
        match self.asks {
            PhoneAsks::Days => draw_days(pen, &mut stack, phone),
            PhoneAsks::Actions | PhoneAsks::Number(_) => draw_actions(pen, &mut stack, phone),
        }
        draw_messages(pen, &mut stack, phone);
    }

    /// The rows that the phone takes at this width where there is no room beside the page.
    pub fn strip_rows(&self, pen: &PagePen<'_, '_>, columns: u16, phone: &PracticePhone) -> u16 {
        let lines = self.strip_lines(pen, columns.saturating_sub(2), phone);
        u16::try_from(lines.len()).unwrap_or(MOST_STRIP_ROWS)
    }

    /// What the phone says there: one line, or a whole message.
    fn strip_lines(
        &self,
        pen: &PagePen<'_, '_>,
        columns: u16,
        phone: &PracticePhone,
    ) -> Vec<String> {
        let (ways, columns) = match &self.asks {
            PhoneAsks::Actions => (shown(pen, phone), beside_more(pen, columns)),
            PhoneAsks::Number(_) => (vec![pen.words("phone-new-number")], columns),
            PhoneAsks::Days => (bad_days(pen, phone), columns),
        };
        let mut lines = wrap(&labelled(pen, &ways, columns), columns);
        lines.truncate(MOST_STRIP_ROWS.into());
        lines
    }

    /// Draws the phone as rows over the page, which say that the keys are its own.
    pub fn draw_strip(&self, pen: &mut PagePen<'_, '_>, area: Rect, phone: &PracticePhone) {
        let style = pen.theme.style(Role::Selected);
        fill(area, pen.buf, style);
        let inside = Rect {
            x: area.x.saturating_add(1),
            width: area.width.saturating_sub(2),
            ..area
        };
        let mut end = (inside.x, inside.y);
        for (y, line) in (inside.y..inside.bottom()).zip(self.strip_lines(pen, inside.width, phone))
        {
            let used = put_clipped(inside, inside.x, y, &line, style, pen.buf);
            end = (inside.x.saturating_add(used), y);
        }
        match &self.asks {
            PhoneAsks::Actions => draw_more(
                pen,
                Rect {
                    height: 1,
                    ..inside
                },
            ),
            PhoneAsks::Number(field) => {
                let (x, y) = (end.0.saturating_add(1), end.1);
                let typed = put(inside, x, y, &field.grouped(), style, pen.buf);
                pen.caret = Some((x.saturating_add(typed), y).into());
            }
            PhoneAsks::Days => {}
        }
    }

    /// Draws the keys of the phone in the place of the desk's; those of the strip, where there is none.
    pub fn draw_keys(
        &self,
        pen: &mut PagePen<'_, '_>,
        area: Rect,
        phone: &PracticePhone,
        more: bool,
    ) {
        draw_keys(pen, area, phone, &self.asks, more);
    }

    /// What an input means while the phone is in hand: nothing of it is the desk's.
    pub fn handle(
        &mut self,
        input: PageInput<'_>,
        phone: &PracticePhone,
        is_drilled: bool,
    ) -> PageResult {
        match self.asks {
            PhoneAsks::Actions => self.handle_actions(input, phone, is_drilled),
            PhoneAsks::Number(_) => self.handle_number(input),
            PhoneAsks::Days => self.handle_days(input, phone, is_drilled),
        }
    }

    fn handle_actions(
        &mut self,
        input: PageInput<'_>,
        phone: &PracticePhone,
        is_drilled: bool,
    ) -> PageResult {
        match input {
            PageInput::Key(UiKey::Char('d' | 'D')) => return self.drill(is_drilled),
            PageInput::Key(UiKey::Esc) => self.lay_down(),
            PageInput::Key(UiKey::Char('n' | 'N')) => {
                self.asks = PhoneAsks::Number(NumberField::new());
            }
            PageInput::Key(UiKey::Char('b' | 'B')) => self.asks = PhoneAsks::Days,
            PageInput::Key(key) => {
                let action = digit_index(key).filter(|at| *at < phone.actions.len());
                if let Some(action) = action {
                    return PageResult::desk(DeskCommand::PhoneAction { action });
                }
            }
            PageInput::Paste(_) | PageInput::Pick(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }

    /// The page of the drill, which begins where none runs.
    fn drill(&mut self, is_drilled: bool) -> PageResult {
        self.lay_down();
        if is_drilled {
            PageResult::Open(Box::new(DrillPage::default()))
        } else {
            PageResult::desk(DeskCommand::Drill(DrillOrder::Begin))
        }
    }

    fn handle_days(
        &mut self,
        input: PageInput<'_>,
        phone: &PracticePhone,
        is_drilled: bool,
    ) -> PageResult {
        match input {
            // The drill's line says F9, D, and who took a bad day back still has the phone in hand.
            PageInput::Key(UiKey::Char('d' | 'D')) => return self.drill(is_drilled),
            PageInput::Key(UiKey::Esc | UiKey::Char('b' | 'B')) => self.forget(),
            PageInput::Key(key) => {
                let day = digit_index(key).filter(|at| *at < phone.bad_days.len());
                if let Some(day) = day {
                    return PageResult::desk(DeskCommand::BadDay { day });
                }
            }
            PageInput::Paste(_) | PageInput::Pick(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }

    fn handle_number(&mut self, input: PageInput<'_>) -> PageResult {
        let PhoneAsks::Number(field) = &mut self.asks else {
            return PageResult::EDITED;
        };
        match input {
            PageInput::Key(UiKey::Esc) => self.forget(),
            PageInput::Key(UiKey::Enter) => {
                if let Ok(mobile) = Mobile::parse(field.raw()) {
                    self.forget();
                    return PageResult::desk(DeskCommand::PhoneNumber {
                        mobile: mobile.as_str().to_owned(),
                    });
                }
            }
            PageInput::Key(key) => {
                field.key(key);
            }
            PageInput::Paste(text) => field.paste(text),
            PageInput::Pick(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }
}

fn page_title(pen: &PagePen<'_, '_>, phone: &PracticePhone) -> String {
    named(pen, "phone-page-", &phone.page)
}

fn wechat(pen: &PagePen<'_, '_>, phone: &PracticePhone) -> String {
    let number = group_digits(&phone.wechat);
    pen.words_with("phone-wechat", &[("number", number.into())])
}

/// Who can be registered next.
fn next(pen: &PagePen<'_, '_>, phone: &PracticePhone) -> Option<String> {
    let next = phone.next.as_ref()?;
    let values = [
        ("number", next.number.as_str().into()),
        ("password", next.password.as_str().into()),
    ];
    Some(pen.words_with("phone-next", &values))
}

/// The first of several ways to say it that fits the columns behind the phone's name; where none does, behind its short
/// one. A text message is as long as it is.
fn labelled(pen: &PagePen<'_, '_>, ways: &[String], columns: u16) -> String {
    let label = pen.words("phone-strip");
    let mut whole = ways.iter().map(|words| format!("[{label}] {words}"));
    whole
        .find(|words| width(words) <= columns)
        .unwrap_or_else(|| {
            let last = ways.last().map_or("", String::as_str);
            format!("[{}] {last}", pen.words("phone-strip-short"))
        })
}

/// The page in a line, the best way first: what was said last, the newest message where messages are read, else whose
/// phone it is. The page gives way to the news.
fn shown(pen: &PagePen<'_, '_>, phone: &PracticePhone) -> Vec<String> {
    let page = page_title(pen, phone);
    match (&phone.said, phone.messages.first()) {
        (Some(said), Some(message)) if said.ends_with("-read") => vec![message.clone()],
        (Some(said), _) => {
            let news = named(pen, "phone-said-", said);
            vec![format!("{news} | {page}"), news]
        }
        (None, _) => vec![format!("{page} | {}", wechat(pen, phone)), page],
    }
}

/// What the menu of bad days is for, or which of them are set; how many, where their names are too long.
fn bad_days(pen: &PagePen<'_, '_>, phone: &PracticePhone) -> Vec<String> {
    let names = bad_names(pen, phone);
    if names.is_empty() {
        return vec![pen.words("phone-days-none")];
    }
    let days = names.join(&pen.words("words-between"));
    vec![
        pen.words_with("bad-days-now", &[("days", days.into())]),
        pen.words_with("bad-days-count", &[("n", names.len().into())]),
    ]
}

/// What goes wrong now, each by its short name, on this day or for the student who is there on any day.
pub fn bad_names(pen: &PagePen<'_, '_>, phone: &PracticePhone) -> Vec<String> {
    let own = visit(pen.view).and_then(|visit| {
        let owner = visit.owner().map(|student| &student.number);
        let number = visit.tried_as.as_ref().or(owner)?;
        phone.own_trouble(number.as_str())
    });
    phone
        .bad_now()
        .map(|id| named(pen, "bad-day-short-", id))
        .chain(own.map(|id| named(pen, "own-trouble-", id)))
        .collect()
}

fn draw_actions(pen: &mut PagePen<'_, '_>, stack: &mut Stack, phone: &PracticePhone) {
    pen.tell(stack, "phone-actions", Role::PhoneHeading);
    let actions: Vec<String> = phone
        .actions
        .iter()
        .take(9)
        .map(|id| named(pen, "phone-do-", id))
        .collect();
    draw_choices(pen, stack, &actions, Hit::Phone);
}

fn draw_days(pen: &mut PagePen<'_, '_>, stack: &mut Stack, phone: &PracticePhone) {
    pen.tell(stack, "phone-days", Role::PhoneHeading);
    let days: Vec<String> = phone
        .bad_days
        .iter()
        .map(|day| {
            let words = named(pen, "bad-day-", &day.id);
            if day.on {
                pen.words_with("bad-day-on", &[("day", words.into())])
            } else {
                words
            }
        })
        .collect();
    draw_choices(pen, stack, &days, Hit::BadDay);
}

fn draw_choices(
    pen: &mut PagePen<'_, '_>,
    stack: &mut Stack,
    choices: &[String],
    hit: impl Fn(usize) -> Hit,
) {
    let list = ChoiceList {
        choices,
        selected: None,
        airy: false,
    };
    let rows = list.height(stack.rest().width);
    let area = stack.take(rows);
    list.draw(area, pen.buf, &pen.theme.on_phone(), pen.hits, hit);
    stack.skip(1);
}

fn draw_messages(pen: &mut PagePen<'_, '_>, stack: &mut Stack, phone: &PracticePhone) {
    pen.tell(stack, "phone-messages", Role::PhoneHeading);
    if phone.messages.is_empty() {
        pen.tell(stack, "phone-no-messages", Role::PhoneDim);
    }
    for message in phone.messages.iter().take(4) {
        pen.say(stack, message, Role::PhoneScreen);
    }
}

/// The words of an id; one that is not known is shown as it is.
fn named(pen: &PagePen<'_, '_>, prefix: &str, id: &str) -> String {
    pen.text
        .find(&format!("{prefix}{id}"), &[])
        .unwrap_or_else(|| id.to_owned())
}
