//! What input means: for every page alike, for what has the keys, and where a page itself has no use for it.

use zeroize::Zeroize;

use super::super::pages::{
    CallPage, ForgottenPage, HelpPage, Hit, LeavePage, PageInput, PageResult, UiPage,
    VolunteerPage, may_step_aside, other_way, takes_back,
};
use super::super::{DeskCommand, DeskState, UiAction, UiInput, UiKey, UiView, Volunteer};
use super::spot::Spot;
use super::tab_ring::input_of;
use super::{Sent, Ui};
use crate::visit::Command;

impl Ui {
    /// What an input means. A paste and a scan are overwritten when they were taken in: a paste may have been a password.
    pub fn handle(&mut self, mut input: UiInput, view: &UiView<'_>) -> UiAction {
        let action = self.interpret(&input, view);
        if let UiInput::Paste(text) | UiInput::Scan(text) = &mut input {
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
        let was_told = self.scan_refused.take().is_some();
        let action = match input {
            UiInput::Scan(text) => self.take_scan(text, view),
            UiInput::Key(_) | UiInput::Paste(_) | UiInput::Tap { .. } | UiInput::Scroll { .. } => {
                if self.spot == Spot::Welcome {
                    // A scan that led to no visit is not for the next student's.
                    self.carried = None;
                }
                self.interpret_by_hand(input, view)
            }
        };
        match action {
            // What was said of the scan is gone.
            UiAction::Ignored if was_told => UiAction::Edited,
            action => action,
        }
    }

    fn interpret_by_hand(&mut self, input: &UiInput, view: &UiView<'_>) -> UiAction {
        let input = match input {
            UiInput::Scan(_) => return UiAction::Ignored,
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
        if self.is_calling(view) {
            return self.apply(CallPage.handle(input, view));
        }
        match self.held_phone(view) {
            Some(phone) => {
                let result = self.phone.handle(input, phone, view.drill.is_some());
                self.apply(result)
            }
            None => self.handle_on_page(input, view),
        }
    }

    /// What an input means where Tab has reached a button, or reaches one now: none where nothing is left to do.
    fn tabbed<'i>(&mut self, input: PageInput<'i>, view: &UiView<'_>) -> Option<PageInput<'i>> {
        let takes_tab = !self.small && self.held_phone(view).is_none();
        match input {
            PageInput::Key(key @ (UiKey::Tab | UiKey::BackTab)) if takes_tab => {
                let fields = self.top(view).fields(view);
                (!self.ring.step(key, fields)).then_some(input)
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
        let calls = self.is_calling(view);
        let may_call = !self.shows_volunteers_page() && self.spot != Spot::Starting;
        match key {
            UiKey::Language => Some(UiAction::Desk(DeskCommand::Language)),
            UiKey::Theme => Some(UiAction::Desk(DeskCommand::Theme)),
            UiKey::Repaint => Some(UiAction::Desk(DeskCommand::Repaint)),
            // The phone may still be on its way.
            UiKey::Phone
                if !calls && self.overlay.is_none() && (view.practice || view.phone.is_some()) =>
            {
                self.phone.take_or_lay_down();
                Some(UiAction::Edited)
            }
            UiKey::Phone => Some(UiAction::Ignored),
            UiKey::Help if !calls && self.overlay.is_none() => {
                let help = HelpPage::new(self.page.help(), view);
                self.lay_over(Some(Box::new(help)));
                Some(UiAction::Edited)
            }
            UiKey::Call if !calls && may_call => Some(UiAction::Desk(DeskCommand::Call)),
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
                    // The person says who they are, by Enter or by a PIN of their own.
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
    pub(super) fn apply(&mut self, result: PageResult) -> UiAction {
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
        if self.page.is_busy(view) || takes_back(view) {
            return UiAction::Visit(Command::Back);
        }
        if !visit.holds_something() {
            return UiAction::Visit(Command::Leave);
        }
        self.lay_over(Some(Box::new(LeavePage::default())));
        UiAction::Edited
    }
}
