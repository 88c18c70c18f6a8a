//! The drill of five minutes: what it asks for and how that is done; at its end what to read again. What is done is ticked
//! off by the desk.

use std::time::Duration;

use ratatui::layout::Rect;

use super::columns::TableColumns;
use super::parked::DEAF_FOR;
use super::pen::ButtonIs;
use super::{Hit, PageInput, PagePen, PageResult, Tip, UiPage, digit_index, moved, tip};
use crate::screen::drill::{Drill, DrillOrder, DrillTask, MEANT, TaskState};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::widgets::Overlay;
use crate::screen::{DeskCommand, DeskState, PracticePhone, UiAction, UiKey, UiView};
use crate::visit::{Place, group_digits};

/// The drill's list, over any page.
#[derive(Default)]
pub struct DrillPage {
    /// The task whose words are shown; the one that needs them most, until another is chosen.
    chosen: Option<usize>,
    /// Since when it has shown the end, monotonic.
    over_since: Option<Duration>,
}

/// The key of what is asked for.
pub fn task_words(task: DrillTask) -> &'static str {
    match task {
        DrillTask::Register => "drill-register",
        DrillTask::PickUp => "drill-pick-up",
        DrillTask::Vouch => "drill-vouch",
        DrillTask::Ticket => "drill-ticket",
        DrillTask::BadDay => "drill-bad-day",
    }
}

fn how(task: DrillTask) -> &'static str {
    match task {
        DrillTask::Register => "drill-register-how",
        DrillTask::PickUp => "drill-pick-up-how",
        DrillTask::Vouch => "drill-vouch-how",
        DrillTask::Ticket => "drill-ticket-how",
        DrillTask::BadDay => "drill-bad-day-how",
    }
}

/// What a failed try at a task was. There is none at a ticket.
fn failed(task: DrillTask) -> Option<&'static str> {
    match task {
        DrillTask::Register => Some("drill-register-failed"),
        DrillTask::PickUp => Some("drill-pick-up-failed"),
        DrillTask::Vouch => Some("drill-vouch-failed"),
        DrillTask::Ticket => None,
        DrillTask::BadDay => Some("drill-bad-day-failed"),
    }
}

/// Whether what is in hand stands in the way of a task, which begins with somebody else.
fn must_leave_first(task: DrillTask, view: &UiView<'_>) -> bool {
    let DeskState::Visit { visit, place } = &view.desk else {
        return false;
    };
    let goes_on = match place {
        Place::Step { .. } | Place::Ask(_) | Place::Stuck => true,
        Place::AlreadyBound | Place::Bound | Place::NotedByWord | Place::Parked | Place::Closed => {
            false
        }
    };
    goes_on
        && match task {
            // What is in hand may be the one that they are done with.
            DrillTask::Register | DrillTask::PickUp | DrillTask::Ticket => false,
            DrillTask::Vouch => visit.owner().is_some() && !visit.vouched,
            DrillTask::BadDay => {
                let is_good = |phone: &PracticePhone| phone.bad_now().next().is_none();
                visit.holds_something() && view.phone.is_none_or(is_good)
            }
        }
}

fn is_over(view: &UiView<'_>) -> bool {
    view.drill.is_some_and(|drill| drill.is_over(view.now.mono))
}

impl DrillPage {
    /// The end may come under a key that was meant for the page beneath.
    fn look(&mut self, view: &UiView<'_>) {
        if is_over(view) {
            self.over_since.get_or_insert(view.now.mono);
        } else {
            self.over_since = None;
        }
    }

    fn hears_at(&self) -> Option<Duration> {
        let since = self.over_since?;
        Some(since.saturating_add(DEAF_FOR))
    }

    fn hears(&self, view: &UiView<'_>) -> bool {
        self.hears_at().is_none_or(|at| view.now.mono >= at)
    }

    fn selected(&self, drill: &Drill, is_over: bool) -> usize {
        let mut tasks = drill.tasks();
        let needed = tasks.position(|(_, state)| {
            if is_over {
                state.is_weak()
            } else {
                state.done.is_none()
            }
        });
        self.chosen.or(needed).unwrap_or_default()
    }

    fn draw_drill(&self, pen: &mut PagePen<'_, '_>, area: Rect, drill: &Drill) {
        let is_over = is_over(pen.view);
        let title = pen.words(if is_over { "drill-over" } else { "drill-title" });
        let inside = Overlay::large(&title, area).draw(area, pen.buf, pen.theme);
        let mut stack = Stack::new(inside);
        let mut foot = Stack::new(stack.bottom(1));
        if is_over {
            draw_result(pen, &mut stack, drill);
        } else {
            let n = DrillTask::ALL.len();
            let words = pen.words_with("drill-words", &[("n", n.into())]);
            pen.say(&mut stack, &words, Role::Text);
        }
        stack.skip(1);
        let selected = self.selected(drill, is_over);
        draw_tasks(pen, &mut stack, drill, selected);
        stack.skip(1);
        if let Some((task, state)) = drill.tasks().nth(selected) {
            if must_leave_first(task, pen.view) {
                pen.tell(&mut stack, "drill-leave-first", Role::Warning);
            }
            draw_how(pen, &mut stack, task);
            if let Some(words) = failed(task).filter(|_| state.failed > 0) {
                pen.tell(&mut stack, words, Role::Dim);
            }
        }
        let (primary, on) = if self.hears(pen.view) {
            (ButtonIs::Primary, ButtonIs::On)
        } else {
            (ButtonIs::Off, ButtonIs::Off)
        };
        let buttons = if is_over {
            [
                ("Enter", "drill-close", UiKey::Enter, primary),
                ("D", "drill-again", UiKey::Char('d'), on),
            ]
        } else {
            [
                ("Enter", "drill-go", UiKey::Enter, primary),
                ("X", "drill-end", UiKey::Char('x'), on),
            ]
        };
        pen.buttons(&mut foot, &buttons);
    }
}

/// Whether it is passed, which is whether all was done; how fast, and whether something is to be read again.
fn draw_result(pen: &mut PagePen<'_, '_>, stack: &mut Stack, drill: &Drill) {
    let took = drill.took(pen.view.now.mono);
    let values = [
        ("done", drill.done().into()),
        ("all", DrillTask::ALL.len().into()),
        ("took", clock(took).into()),
    ];
    let words = match drill.next() {
        Some(_) => "drill-not-passed",
        None if took <= MEANT => "drill-passed",
        None => "drill-passed-late",
    };
    let words = pen.words_with(words, &values);
    pen.say(stack, &words, Role::Title);
    let weak = drill.tasks().any(|(_, state)| state.is_weak());
    if weak {
        pen.tell(stack, "drill-read-again", Role::Warning);
    } else {
        pen.tell(stack, "drill-ready", Role::Success);
    }
}

fn draw_tasks(pen: &mut PagePen<'_, '_>, stack: &mut Stack, drill: &Drill, selected: usize) {
    let is_over = is_over(pen.view);
    let rows: Vec<[String; 4]> = drill
        .tasks()
        .map(|(task, state)| task_cells(pen, (task, state), drill.spent_on(task), is_over))
        .collect();
    let heads = [
        String::new(),
        pen.words("drill-head-task"),
        pen.words("drill-head-time"),
        String::new(),
    ];
    let columns = TableColumns::of(heads, &rows);
    columns.draw_heads(pen, stack);
    for ((index, row), (_, state)) in rows.iter().enumerate().zip(drill.tasks()) {
        let role = match state {
            _ if index == selected => Role::Selected,
            state if is_over && state.is_weak() => Role::Warning,
            TaskState { done: Some(_), .. } => Role::Success,
            TaskState { done: None, .. } => Role::Text,
        };
        let place = columns.draw_row(pen, stack, row, role);
        pen.hits.push(place, Hit::Pick(index));
    }
}

/// `1 ✓  what was asked for  1:05  what is to be said of it`.
fn task_cells(
    pen: &PagePen<'_, '_>,
    (task, state): (DrillTask, TaskState),
    spent: Option<Duration>,
    is_over: bool,
) -> [String; 4] {
    let mark = if state.done.is_some() { "✓" } else { " " };
    let number = (task as usize).saturating_add(1);
    let told = match state {
        TaskState { done: None, .. } if is_over => pen.words("drill-not-done"),
        TaskState { failed: 0, .. } => String::new(),
        TaskState { failed, .. } => pen.words_with("drill-failed", &[("n", failed.into())]),
    };
    [
        format!("{number} {mark}"),
        pen.words(task_words(task)),
        spent.map(clock).unwrap_or_default(),
        told,
    ]
}

/// How a task is done, with a student who can still be registered.
fn draw_how(pen: &mut PagePen<'_, '_>, stack: &mut Stack, task: DrillTask) {
    let phone = pen.view.phone;
    let next = phone.and_then(|phone| phone.next.as_ref());
    let or_any = |text: Option<&str>| text.unwrap_or("-").to_owned();
    let wechat = phone.map(|phone| group_digits(&phone.wechat));
    let values = [
        (
            "number",
            or_any(next.map(|next| next.number.as_str())).into(),
        ),
        (
            "password",
            or_any(next.map(|next| next.password.as_str())).into(),
        ),
        ("mobile", or_any(wechat.as_deref()).into()),
        ("pin", or_any(pen.view.practice_pin).into()),
    ];
    let words = pen.words_with(how(task), &values);
    for line in words.lines() {
        pen.say(stack, line, Role::Text);
    }
}

/// `1:05`.
fn clock(time: Duration) -> String {
    let secs = time.as_secs();
    format!("{}:{:02}", secs / 60, secs % 60)
}

impl UiPage for DrillPage {
    fn draw(&mut self, pen: &mut PagePen<'_, '_>, area: Rect) {
        self.look(pen.view);
        if let Some(drill) = pen.view.drill {
            self.draw_drill(pen, area, drill);
        }
    }

    fn handle(&mut self, input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
        let Some(drill) = view.drill else {
            return PageResult::CLOSED;
        };
        self.look(view);
        let is_over = is_over(view);
        match input {
            // What would take the page away; its list can be read at once.
            PageInput::Key(UiKey::Enter | UiKey::Esc | UiKey::Char('d' | 'D'))
                if !self.hears(view) => {}
            PageInput::Key(UiKey::Enter | UiKey::Esc) => return PageResult::CLOSED,
            PageInput::Key(UiKey::Char('x' | 'X')) if !is_over => {
                // The result opens by itself.
                return PageResult::Close(UiAction::Desk(DeskCommand::Drill(DrillOrder::End)));
            }
            PageInput::Key(UiKey::Char('d' | 'D')) if is_over => {
                return PageResult::Close(UiAction::Desk(DeskCommand::Drill(DrillOrder::Begin)));
            }
            PageInput::Key(key) => {
                let selected = self.selected(drill, is_over);
                let at = digit_index(key).filter(|at| *at < DrillTask::ALL.len());
                let at = at.or_else(|| moved(key, selected, DrillTask::ALL.len()));
                self.chosen = at.or(self.chosen);
            }
            PageInput::Pick(index) => self.chosen = Some(index),
            PageInput::Paste(_) | PageInput::Focus(_) => {}
        }
        PageResult::EDITED
    }

    fn tips(&self, view: &UiView<'_>) -> Vec<Tip> {
        if !self.hears(view) {
            Vec::new()
        } else if is_over(view) {
            vec![
                tip("Enter", "drill-close", 0, UiKey::Enter),
                tip("D", "drill-again", 0, UiKey::Char('d')),
            ]
        } else {
            vec![
                tip("Enter", "drill-go", 0, UiKey::Enter),
                tip("X", "drill-end", 0, UiKey::Char('x')),
            ]
        }
    }

    fn help(&self) -> &'static str {
        "help-volunteer"
    }

    fn wake(&self, view: &UiView<'_>) -> Option<Duration> {
        self.hears_at().filter(|at| *at > view.now.mono)
    }

    /// It waits for nothing that a visit waits for.
    fn is_busy(&self, _view: &UiView<'_>) -> bool {
        false
    }

    fn is_over(&self, view: &UiView<'_>) -> bool {
        view.drill.is_none()
    }
}
