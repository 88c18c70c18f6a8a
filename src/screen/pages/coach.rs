//! A step that the student's own phone does: the phone as it should look now, with the place to tap marked, and "what
//! do you see?". The student's word is the fact; help that a choice leads to is shown over the page.

use ratatui::layout::{Rect, Size};

use super::large::draw_large;
use super::route_card;
use super::scan::{QrPanel, QrTitle};
use super::{
    LeadHelpPage, PageInput, PagePen, PageResult, TellNumberPage, Tip, UiPage, digit_index,
    esc_tip, moved, other_way_tip, tip, title, visit,
};
use crate::campus::pack::{PhoneFace, PhoneItem, PhonePage};
use crate::screen::layout::{Stack, column, halves};
use crate::screen::theme::Role;
use crate::screen::widgets::{ChoiceList, PhonePicture, wrap};
use crate::screen::{UiKey, UiView};
use crate::visit::{Command, Lead, StepKind, route};

/// The columns and the maximum rows of each of two phones side by side, and the columns between them.
const EITHER: Size = Size::new(30, 18);
const BETWEEN: u16 = 2;
/// The minimum columns of the words beside two phones.
const WORDS_COLUMNS: u16 = 30;
/// Between the phones and the words.
const GAP: u16 = 3;
/// From a higher window on the choices stand a row apart.
const AIRY_ROWS: u16 = 36;

/// A page of the student's phone, and what to do on it.
pub struct CoachPage {
    step: StepKind,
    page: usize,
    selected: usize,
    /// The route's card stands beside the page.
    has_card: bool,
    scan: QrPanel,
}

impl CoachPage {
    /// The nth page of a step, counted from 0.
    pub fn new(step: StepKind, page: usize) -> Self {
        CoachPage {
            step,
            page,
            selected: 0,
            has_card: false,
            scan: QrPanel::default(),
        }
    }

    fn shown<'v>(&self, view: &UiView<'v>) -> Option<&'v PhonePage> {
        let pack = view.pack?;
        let id = route::page_id(&pack.rules, visit(view)?, self.step, self.page)?;
        pack.pages.get(id)
    }

    /// The choices in words; a page without any has one: on.
    fn choices(&self, pen: &PagePen<'_, '_>) -> Vec<String> {
        let of_page = self.shown(pen.view).map(|page| &page.choices);
        match of_page.filter(|choices| !choices.is_empty()) {
            Some(choices) => choices
                .iter()
                .map(|choice| choice.get(pen.view.lang).to_owned())
                .collect(),
            None => vec![pen.words("do-next")],
        }
    }

    fn count(&self, view: &UiView<'_>) -> usize {
        self.shown(view).map_or(1, |page| page.choices.len().max(1))
    }

    fn choose(&mut self, choice: usize, view: &UiView<'_>) -> PageResult {
        let Some(visit) = visit(view) else {
            return PageResult::IGNORED;
        };
        let lead = view
            .pack
            .and_then(|pack| route::lead(&pack.rules, visit, self.step, self.page, choice));
        match lead {
            None => PageResult::IGNORED,
            Some(Lead::Help(topic)) => PageResult::Open(Box::new(LeadHelpPage::topic(topic))),
            Some(Lead::Volunteer) => PageResult::Open(Box::new(LeadHelpPage::volunteer())),
            Some(_) => {
                self.selected = choice;
                PageResult::visit(Command::Choose { choice })
            }
        }
    }

    /// Whether the number can be typed here, to stand large: where the phone asks for it, and the desk has not set it.
    fn can_tell(&self, view: &UiView<'_>) -> bool {
        let is_open = visit(view).is_some_and(|visit| !visit.number_bound);
        is_open && self.shown(view).is_some_and(asks_for_number)
    }

    /// Whether a page of this step asks for a number that the desk does not have yet.
    fn will_ask(&self, view: &UiView<'_>) -> bool {
        let Some(visit) = visit(view).filter(|visit| visit.mobile.is_none()) else {
            return false;
        };
        let Some(pack) = view.pack else {
            return false;
        };
        route::page_ids(&pack.rules, visit, self.step)
            .iter()
            .any(|id| pack.pages.get(id).is_some_and(asks_for_number))
    }

    /// The words beside a phone's picture, from their title on.
    fn draw_beside(
        &self,
        pen: &mut PagePen<'_, '_>,
        area: Rect,
        page: Option<&PhonePage>,
        mobile: Option<&str>,
    ) {
        let mut stack = Stack::new(area);
        stack.skip(1);
        let rest = stack.rest().as_size();
        let below = pen.rows_of(rest, |pen, stack| {
            self.draw_words(pen, stack, page, mobile, false);
        });
        title::draw(pen, &mut stack, "coach-title", Role::Title, below);
        self.draw_words(pen, &mut stack, page, mobile, false);
    }

    /// What to do, what not to do, and "what do you see now?".
    fn draw_words(
        &self,
        pen: &mut PagePen<'_, '_>,
        stack: &mut Stack,
        page: Option<&PhonePage>,
        mobile: Option<&str>,
        with_qr: bool,
    ) {
        let view = pen.view;
        let airy = pen.window.height > AIRY_ROWS;
        if let Some(page) = page {
            let beside = page.say_with_qr.as_ref().filter(|_| with_qr);
            let say = beside.unwrap_or(&page.say);
            pen.say(stack, say.get(view.lang), Role::Text);
        }
        if let Some(warn) = page.and_then(|page| page.warn.as_ref()) {
            pen.say(stack, warn.get(view.lang), Role::Danger);
        }
        if let Some(version) = page.and_then(|page| page.version.as_deref()) {
            let words = pen.words_with("coach-version", &[("n", version.into())]);
            pen.say(stack, &words, Role::Dim);
        }
        stack.skip(1);
        let choices = self.choices(pen);
        if let Some(mobile) = mobile.filter(|_| page.is_some_and(asks_for_number)) {
            pen.tell(stack, "coach-number", Role::Text);
            let list = ChoiceList {
                choices: &choices,
                selected: None,
                airy,
            };
            let below = list.height(stack.rest().width);
            draw_large(pen, stack, mobile, below.saturating_add(2));
            stack.skip(1);
        }
        pen.tell(stack, "coach-ask", Role::Accent);
        pen.choices(stack, &choices, Some(self.selected), airy);
        if !self.has_card {
            draw_brief(pen, stack);
        }
    }
}

fn has_room_for_two(columns: u16) -> bool {
    let phones = EITHER.width.saturating_mul(2).saturating_add(BETWEEN);
    columns >= phones.saturating_add(GAP).saturating_add(WORDS_COLUMNS)
}

/// Draws two phones, each under the choice that it belongs to. Returns the area left for the words.
fn draw_either(
    pen: &mut PagePen<'_, '_>,
    area: Rect,
    page: &PhonePage,
    faces: &[PhoneFace; 2],
) -> Rect {
    let lang = pen.view.lang;
    let phones = EITHER.width.saturating_mul(2).saturating_add(BETWEEN);
    let (left, right) = halves(area, phones, GAP);
    let (first, second) = halves(left, EITHER.width, BETWEEN);
    let rows = EITHER.height.min(area.height.saturating_sub(1));
    let above = area.height.saturating_sub(rows).saturating_sub(1) / 2;
    let tap_word = pen.words("coach-tap");
    let numbered = (1_usize..).zip([first, second].into_iter().zip(faces));
    for ((number, (place, face)), choice) in numbered.zip(&page.choices) {
        let mut stack = Stack::new(place);
        stack.skip(above);
        let words = format!("{number}. {}", choice.get(lang));
        pen.say_centred(&mut Stack::new(stack.take(1)), &words, Role::Accent);
        let place = stack.take(rows);
        PhonePicture {
            title: &face.title,
            shows: &face.shows,
            lang,
            mobile: None,
            tap_word: &tap_word,
        }
        .draw(place, pen.buf, pen.theme);
    }
    let mut beside = Stack::new(right);
    beside.skip(above);
    beside.rest()
}

/// The route in a line below everything, where its card is not beside the page and a few rows are left.
fn draw_brief(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    let rest = stack.rest();
    if let Some(words) = route_card::brief(pen)
        && wrap(&words, rest.width).len() < usize::from(rest.height)
    {
        stack.skip(1);
        pen.say(stack, &words, Role::Dim);
    }
}

/// Whether the phone asks for the number here: then the visit's number is shown large.
fn asks_for_number(page: &PhonePage) -> bool {
    page.shows
        .iter()
        .any(|item| matches!(item, PhoneItem::Field { mobile: true, .. }))
}

impl UiPage for CoachPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        let view = pen.view;
        let page = self.shown(view);
        let either = page
            .and_then(|page| page.either.as_ref())
            .filter(|_| has_room_for_two(area.width));
        self.has_card = match either {
            // The second phone has priority over the card.
            Some(_) => has_room_for_two(route_card::columns_beside(area.width)),
            None => route_card::is_beside(area.width),
        };
        let area = if self.has_card {
            route_card::beside(pen, area)
        } else {
            area
        };
        // A code and its words stand in the middle by themselves.
        let whole = area;
        let area = column(area, 104);
        if let Some((page, faces)) = page.zip(either) {
            let words = draw_either(pen, area, page, faces);
            return self.draw_beside(pen, words, Some(page), None);
        }
        let mobile = visit(view)
            .and_then(|v| v.mobile.as_ref())
            .map(|mobile| mobile.grouped());
        let scan = page
            .and_then(|page| page.qr)
            .and_then(|which| view.front.qr(which));
        if let Some(qr) = scan {
            let title = QrTitle::of(pen, "coach-title");
            let mut scan = std::mem::take(&mut self.scan);
            scan.draw(pen, whole, qr, &title, |pen, stack| {
                self.draw_words(pen, stack, page, None, true);
            });
            self.scan = scan;
            return;
        }
        let size = match page {
            Some(_) => PhonePicture::size(Size::new(area.width / 2, area.height)),
            None => Size::ZERO,
        };
        let (left, right) = halves(area, size.width, GAP);
        if let Some(page) = page {
            let tap_word = pen.words("coach-tap");
            PhonePicture {
                title: &page.title,
                shows: &page.shows,
                lang: view.lang,
                mobile: mobile.as_deref(),
                tap_word: &tap_word,
            }
            .draw(left, pen.buf, pen.theme);
        }
        // The words begin where the phone does.
        let above = area.height.saturating_sub(size.height) / 2;
        let mut beside = Stack::new(right);
        beside.skip(above);
        self.draw_beside(pen, beside.rest(), page, mobile.as_deref());
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        match input {
            PageInput::Pick(choice) => self.choose(choice, view),
            PageInput::Key(UiKey::Enter) => self.choose(self.selected, view),
            PageInput::Key(UiKey::Char('n' | 'N')) if self.can_tell(view) => {
                PageResult::Open(Box::new(TellNumberPage::new(view)))
            }
            PageInput::Key(key) => match digit_index(key) {
                Some(choice) => self.choose(choice, view),
                None => match moved(key, self.selected, self.count(view)) {
                    Some(selected) => {
                        self.selected = selected;
                        PageResult::EDITED
                    }
                    None => PageResult::IGNORED,
                },
            },
            PageInput::Paste(_) | PageInput::Focus(_) => PageResult::IGNORED,
        }
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        let mut tips = vec![tip("Enter", "do-next", 0, UiKey::Enter), esc_tip(view)];
        if self.can_tell(view) {
            tips.push(tip("N", "coach-tell", 1, UiKey::Char('n')));
        }
        tips.extend(other_way_tip(view));
        tips
    }

    /// The same number is asked for again at the verification: a student who typed it on the phone can show it here.
    fn opens(&self, view: &UiView<'_>) -> Option<Box<dyn UiPage>> {
        let asks = self.step == StepKind::Verify && self.page == 0 && self.will_ask(view);
        asks.then(|| Box::new(TellNumberPage::new(view)) as Box<dyn UiPage>)
    }

    fn help(&self) -> &'static str {
        "help-coach"
    }
}
