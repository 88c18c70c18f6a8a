//! The screen as a whole: which page is shown, what lies over it, and all that is half typed. It changes no visit: it
//! draws a [`UiView`] and answers input with a [`UiAction`].
//!
//! A new page is made whenever the visit's place changes, so nothing typed outlives its place.

mod around;
mod spot;
mod tab_ring;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use zeroize::Zeroize;

use super::cells;
use super::layout::{self, PhonePlace, Stack};
use super::pages::{
    CallPage, DrillPage, ForgottenPage, HelpPage, Hit, LeavePage, PageInput, PagePen, PageResult,
    PhonePanel, StartingPage, Tip, UiPage, VolunteerPage, draw_idle, draw_small, may_step_aside,
    next_minute, next_second, other_way, tip,
};
use super::theme::{Role, Theme};
use super::widgets::Hits;
use super::{DeskCommand, DeskState, PracticePhone, UiAction, UiInput, UiKey, UiView, Volunteer};
use crate::campus::pack::Pack;
use crate::text::{Lang, Text};
use crate::visit::{Command, StepKind, Way, route};
use around::{draw_bands, draw_footer, draw_header, margin};
use spot::{Spot, page, spot};
use tab_ring::{TabRing, TabStep, input_of};

/// All that is half typed, and what it takes to draw.
pub struct Ui {
    theme: Theme,
    text: Text,
    spot: Spot,
    page: Box<dyn UiPage>,
    overlay: Option<Box<dyn UiPage>>,
    phone: PhonePanel,
    /// Whether the drill was over when its page was opened last by itself; `None` where it was not begun.
    drill_shown: Option<bool>,
    hits: Hits<Hit>,
    ring: TabRing,
    sent: Option<Sent>,
    /// The last frame was too small for any page.
    small: bool,
}

/// Something was sent off: the same page sends nothing again until it is answered, something is typed, or a moment has
/// passed in which nothing came of it.
#[derive(Clone, Copy)]
struct Sent {
    at: Duration,
    waited: bool,
}

const NOTHING_CAME: Duration = Duration::from_secs(1);

impl Ui {
    /// A screen that shows the page before the store is ready.
    pub fn new(theme: Theme, lang: Lang) -> Self {
        Ui {
            theme,
            text: Text::new(lang),
            spot: Spot::Starting,
            page: Box::new(StartingPage),
            overlay: None,
            phone: PhonePanel::default(),
            drill_shown: None,
            hits: Hits::new(),
            ring: TabRing::default(),
            sent: None,
            small: false,
        }
    }

    /// Parses the other language's texts, once per change. [`Ui::draw`] does it by itself where the view's differs.
    pub fn set_lang(&mut self, lang: Lang) {
        if self.text.lang() != lang {
            self.text = Text::new(lang);
        }
    }

    /// Draws with another theme from the next frame on.
    pub fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
    }

    /// Forgets everything half typed; what is secret is zeroized.
    pub fn wipe(&mut self) {
        self.spot = Spot::Starting;
        self.page = Box::new(StartingPage);
        self.overlay = None;
        self.phone.lay_down();
        self.sent = None;
        self.hits.clear();
        self.ring = TabRing::default();
    }

    /// When the screen must be drawn again by itself, as a moment of the view's monotonic clock; `None` for never. Only
    /// what is visible and counts is waited for.
    pub fn next_wake(&self, view: &UiView<'_>) -> Option<Duration> {
        let idle = view.idle.map(|counting| next_second(view, counting.left));
        let patience = view.patience_left.map(|left| next_minute(view, left));
        if self.small {
            // The page is not drawn: nothing of it counts, and a moment that only drawing ends would come for ever.
            return idle;
        }
        let overlay = self.overlay.as_ref().and_then(|page| page.wake(view));
        [idle, patience, overlay, self.page.wake(view)]
            .into_iter()
            .flatten()
            .min()
    }

    /// Draws a whole frame.
    pub fn draw(&mut self, frame: &mut Frame<'_>, view: &UiView<'_>) {
        self.sync_with(view);
        let area = frame.area();
        let over_student = self.shows_volunteers_page();
        let buf = frame.buffer_mut();
        self.hits.clear();
        cells::fill(area, buf, self.theme.style(Role::Screen));
        // Whose the keys are is seen: nothing of the desk is marked while they are the phone's.
        let held = self.held_phone(view);
        let resting = held.map(|_| self.theme.at_rest());
        let mut pen = PagePen {
            buf,
            theme: resting.as_ref().unwrap_or(&self.theme),
            text: &self.text,
            view,
            hits: &mut self.hits,
            caret: None,
            reached: self.ring.at(),
            stops: Vec::new(),
        };
        let parts = layout::frame(area, view.phone.is_some());
        self.small = parts.is_err();
        let parts = match parts {
            Ok(parts) => parts,
            Err(small) => return draw_small(&mut pen, area, &small),
        };
        draw_header(&mut pen, parts.header);
        let mut stack = Stack::new(parts.body);
        let in_rows = held.filter(|_| parts.practice_phone == Some(PhonePlace::Rows));
        let strip = in_rows.map(|_| stack.take(1));
        let told = self.page.told_at(view);
        draw_bands(&mut pen, &mut stack, over_student, strip.is_some(), told);
        let body = margin(stack.rest());
        // A box has the body to itself: of what lies beneath only parts would be seen, and no whole word or code.
        if self.overlay.is_none() && view.idle.is_none() {
            self.page.draw(&mut pen, body);
        }
        pen.theme = &self.theme;
        if held.is_some() {
            pen.let_go();
        }
        let place = parts.practice_phone;
        draw_phone(&mut self.phone, &mut pen, place, strip, held.is_some());
        draw_over(self.overlay.as_mut(), &mut pen, body);
        let tips = tips(self.overlay.as_deref(), &*self.page, view);
        let (row, is_over) = (parts.footer, self.overlay.is_some());
        match held {
            Some(phone) => self.phone.draw_keys(&mut pen, row, phone, strip.is_none()),
            None => draw_footer(&mut pen, row, tips, is_over),
        }
        if view.idle.is_some() {
            pen.let_go();
        }
        let caret = pen.caret.filter(|_| pen.reached.is_none());
        let stops = std::mem::take(&mut pen.stops);
        if self.ring.set_stops(stops) {
            // The page's own highlight is back.
            return self.draw(frame, view);
        }
        if let Some(caret) = caret.filter(|at| area.contains(*at)) {
            frame.set_cursor_position(caret);
        }
    }

    /// What an input means. A paste is overwritten when it was taken in: it may have been a password.
    pub fn handle(&mut self, mut input: UiInput, view: &UiView<'_>) -> UiAction {
        let action = self.interpret(&input, view);
        if let UiInput::Paste(text) = &mut input {
            text.zeroize();
        }
        action
    }

    fn interpret(&mut self, input: &UiInput, view: &UiView<'_>) -> UiAction {
        self.sync_with(view);
        if view.idle.is_some() {
            // The key only ends the desk's countdown; it does nothing on the page.
            return UiAction::Edited;
        }
        let input = match input {
            UiInput::Key(key) => PageInput::Key(*key),
            UiInput::Paste(text) => PageInput::Paste(text),
            UiInput::Scroll { down: true } => PageInput::Key(UiKey::Down),
            UiInput::Scroll { down: false } => PageInput::Key(UiKey::Up),
            UiInput::Tap { column, row } => match self.hits.at(*column, *row).copied() {
                None => return UiAction::Ignored,
                Some(Hit::Phone(action)) => {
                    return UiAction::Desk(DeskCommand::PhoneAction { action });
                }
                Some(Hit::BadDay(day)) => return UiAction::Desk(DeskCommand::BadDay { day }),
                Some(hit) => match input_of(hit) {
                    Some(input) => input,
                    None => return UiAction::Ignored,
                },
            },
        };
        let Some(input) = self.tabbed(input, view) else {
            return UiAction::Edited;
        };
        if let PageInput::Key(key) = input
            && let Some(action) = self.handle_global_key(key, view)
        {
            return action;
        }
        if self.small || self.spot == Spot::Starting && self.overlay.is_none() {
            return UiAction::Ignored;
        }
        if let Some(phone) = self.held_phone(view)
            && let Some(result) = self.phone.handle(input, phone, view.drill.is_some())
        {
            return self.apply(result);
        }
        self.handle_on_page(input, view)
    }

    /// The practice phone while keys go to it: it is in hand, and nothing lies over the page.
    fn held_phone<'v>(&self, view: &UiView<'v>) -> Option<&'v PracticePhone> {
        view.phone
            .filter(|_| self.phone.focused && self.overlay.is_none())
    }

    /// What an input means where Tab has reached a button, or reaches one now: none where nothing is left to do.
    fn tabbed<'i>(&mut self, input: PageInput<'i>, view: &UiView<'_>) -> Option<PageInput<'i>> {
        let holds_phone = view.phone.is_some() && self.phone.focused;
        let is_elsewhere = self.small || holds_phone && self.overlay.is_none();
        match input {
            PageInput::Key(key @ (UiKey::Tab | UiKey::BackTab)) if !is_elsewhere => {
                let top = self.overlay.as_ref().unwrap_or(&self.page);
                match self.ring.step(key, top.fields(view)) {
                    TabStep::Page => Some(input),
                    TabStep::Moved => None,
                }
            }
            PageInput::Key(UiKey::Enter) => {
                let pressed = self.ring.at();
                self.ring.leave();
                // What is no key or choice is no button.
                Some(pressed.and_then(input_of).unwrap_or(input))
            }
            _ => {
                self.ring.leave();
                Some(input)
            }
        }
    }

    /// The keys that mean the same on every page.
    fn handle_global_key(&mut self, key: UiKey, view: &UiView<'_>) -> Option<UiAction> {
        match key {
            UiKey::Language => Some(UiAction::Desk(DeskCommand::Language)),
            UiKey::Theme => Some(UiAction::Desk(DeskCommand::Theme)),
            UiKey::Repaint => Some(UiAction::Desk(DeskCommand::Repaint)),
            // The phone may still be on its way.
            UiKey::Phone if view.practice || view.phone.is_some() => {
                self.phone.focused = !self.phone.focused;
                self.phone.forget();
                Some(UiAction::Edited)
            }
            UiKey::Phone => Some(UiAction::Ignored),
            UiKey::Help if self.overlay.is_none() => {
                let help = HelpPage::new(self.page.help(), view);
                self.lay_over(Some(Box::new(help)));
                Some(UiAction::Edited)
            }
            UiKey::Call if !self.shows_volunteers_page() && self.spot != Spot::Starting => {
                self.lay_over(Some(Box::new(CallPage)));
                Some(UiAction::Edited)
            }
            UiKey::Volunteer if !self.shows_volunteers_page() => {
                let (page, action) = match view.volunteer {
                    // An open lock that is not on the screen is no volunteer's: the PIN is asked for again.
                    Volunteer::Open { .. } => {
                        (VolunteerPage::default(), UiAction::Desk(DeskCommand::Lock))
                    }
                    Volunteer::Left { by: None } => (
                        VolunteerPage::reopening(),
                        UiAction::Desk(DeskCommand::Reopen),
                    ),
                    // Whoever it is says so, by Enter or by a PIN of their own.
                    Volunteer::Left { by: Some(_) }
                    | Volunteer::Locked
                    | Volunteer::Checking
                    | Volunteer::Wrong { .. } => (VolunteerPage::default(), UiAction::Edited),
                };
                self.lay_over(Some(Box::new(page)));
                Some(action)
            }
            _ => None,
        }
    }

    /// Whether a volunteer's page lies over the page: the PIN pad, the panel, or one that was opened from it.
    pub fn shows_volunteers_page(&self) -> bool {
        self.overlay
            .as_ref()
            .is_some_and(|page| page.is_volunteers())
    }

    /// Input that is not global: the overlay gets it or, where there is none, the page.
    fn handle_on_page(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> UiAction {
        let goes_on = matches!(input, PageInput::Key(UiKey::Enter) | PageInput::Pick(_));
        let over = self.overlay.is_some();
        let top = self.overlay.as_mut().unwrap_or(&mut self.page);
        let busy = top.is_busy(view);
        if goes_on && (busy || (self.sent.is_some() && !over)) {
            return UiAction::Ignored;
        }
        if busy && !over && matches!(input, PageInput::Key(UiKey::Esc)) {
            return self.escape(view);
        }
        let result = top.handle(input, view);
        if over {
            return self.apply(result);
        }
        match (&result, input) {
            (PageResult::Stay(UiAction::Ignored), PageInput::Key(key)) => {
                return self.handle_unused_key(key, view);
            }
            (PageResult::Stay(UiAction::Edited), _) => self.sent = None,
            (PageResult::Stay(UiAction::Visit(_) | UiAction::Desk(_)), _) => {
                if busy {
                    return UiAction::Ignored;
                }
                self.sent = Some(Sent {
                    at: view.now.mono,
                    waited: false,
                });
            }
            _ => {}
        }
        self.apply(result)
    }

    /// Opens or closes the overlay as the page wants it; the action is the desk's.
    fn apply(&mut self, result: PageResult) -> UiAction {
        match result {
            PageResult::Stay(action) => action,
            PageResult::Open(page) => {
                self.lay_over(Some(page));
                UiAction::Edited
            }
            PageResult::OpenWith(page, action) => {
                self.lay_over(Some(page));
                action
            }
            PageResult::Close(action) => {
                self.lay_over(None);
                action
            }
        }
    }

    /// Lays a page over the page, or takes it away. The buttons of the frame before are gone with what they belonged to.
    fn lay_over(&mut self, page: Option<Box<dyn UiPage>>) {
        self.overlay = page;
        self.ring = TabRing::default();
    }

    /// What a key means that the page itself has no use for.
    fn handle_unused_key(&mut self, key: UiKey, view: &UiView<'_>) -> UiAction {
        match key {
            UiKey::Esc => self.escape(view),
            UiKey::Forgotten if matches!(view.desk, DeskState::Visit { .. }) => {
                self.lay_over(Some(Box::new(ForgottenPage::new(view))));
                UiAction::Edited
            }
            // Every key is a touch; this one has no other meaning, and the line with the minutes is drawn again.
            UiKey::Char(' ') if view.patience_left.is_some() => UiAction::Edited,
            UiKey::StepAside if may_step_aside(view) => UiAction::Visit(Command::StepAside),
            UiKey::OtherWay if view.waiting_for.is_none() => match other_way(view) {
                Some(way) => UiAction::Visit(Command::Prefer { way }),
                None => UiAction::Ignored,
            },
            _ => UiAction::Ignored,
        }
    }

    /// Esc gives up what is waited for, then takes the last thing back; where nothing can be taken back it leaves, and
    /// asks first where something was given.
    fn escape(&mut self, view: &UiView<'_>) -> UiAction {
        let DeskState::Visit { visit, .. } = &view.desk else {
            return match view.waiting_for {
                Some(_) => UiAction::Visit(Command::Back),
                None => UiAction::Ignored,
            };
        };
        // At the confirmation of an unbinding Esc drops the sign-in: it may be the wrong account.
        let unbinds = matches!(self.spot, Spot::Step(_, StepKind::Unbind, Way::Desk, _));
        let lets_go = unbinds && visit.old.is_some();
        let goes_back = |pack: &Pack| route::back_to(visit, &pack.rules, view.reach).is_some();
        let takes_back = visit.page > 0 || view.pack.is_some_and(goes_back);
        if self.page.is_busy(view) || lets_go || takes_back {
            return UiAction::Visit(Command::Back);
        }
        if !visit.holds_something() {
            return UiAction::Visit(Command::Leave);
        }
        self.lay_over(Some(Box::new(LeavePage::default())));
        UiAction::Edited
    }

    /// Makes a new page where the visit's place changed, and drops what has nothing left to show.
    fn sync_with(&mut self, view: &UiView<'_>) {
        self.set_lang(view.lang);
        let spot = spot(view);
        if spot != self.spot {
            self.page = page(&spot, view);
            self.spot = spot;
            self.sent = None;
            self.ring = TabRing::default();
            if !self.shows_volunteers_page() {
                let opens = self.page.opens(view);
                self.lay_over(opens);
            }
        }
        if self.overlay.as_ref().is_some_and(|page| page.is_over(view)) {
            self.lay_over(None);
        }
        self.open_drill(view);
        if let Some(sent) = &mut self.sent {
            let answered = sent.waited && view.waiting_for.is_none();
            sent.waited |= view.waiting_for.is_some();
            let nothing = !sent.waited && view.now.mono.saturating_sub(sent.at) >= NOTHING_CAME;
            if answered || nothing {
                self.sent = None;
            }
        }
    }

    /// The drill's page opens by itself when the drill begins, and when it is over.
    fn open_drill(&mut self, view: &UiView<'_>) {
        let drill = view.drill.map(|drill| drill.is_over(view.now.mono));
        let may = self.overlay.is_none() && self.spot != Spot::Starting;
        match drill {
            _ if drill == self.drill_shown => {}
            Some(_) if !may => {}
            None => self.drill_shown = None,
            Some(is_over) => {
                self.drill_shown = Some(is_over);
                self.phone.lay_down();
                self.lay_over(Some(Box::new(DrillPage::default())));
            }
        }
    }
}

/// Draws the practice phone where it stands: beside the page, or as the strip while it is in hand.
fn draw_phone(
    panel: &mut PhonePanel,
    pen: &mut PagePen<'_, '_>,
    place: Option<PhonePlace>,
    strip: Option<Rect>,
    is_held: bool,
) {
    match (place, pen.view.phone, strip) {
        (Some(PhonePlace::Beside(rect)), Some(phone), _) => panel.draw(pen, rect, phone, is_held),
        (Some(PhonePlace::Rows), Some(phone), Some(row)) => panel.draw_strip(pen, row, phone),
        _ => {}
    }
}

/// Draws what has the body instead of the page: the countdown before all else.
fn draw_over(overlay: Option<&mut Box<dyn UiPage>>, pen: &mut PagePen<'_, '_>, body: Rect) {
    match (overlay, pen.view.idle) {
        (_, Some(counting)) => draw_idle(pen, body, counting),
        (Some(overlay), None) => {
            pen.let_go();
            overlay.draw(pen, body);
        }
        (None, None) => {}
    }
}

/// What the keys do on the page that is on top.
fn tips(overlay: Option<&dyn UiPage>, page: &dyn UiPage, view: &UiView<'_>) -> Vec<Tip> {
    let mut tips = overlay.unwrap_or(page).tips(view);
    if overlay.is_none() && may_step_aside(view) {
        tips.push(tip("F6", "do-step-aside", 1, UiKey::StepAside));
    }
    tips
}

/// Says where the screen stands, and nothing that was typed.
impl std::fmt::Debug for Ui {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ui")
            .field("spot", &self.spot)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
