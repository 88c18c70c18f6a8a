//! Signing in on the student's own phone: the code to scan, the same in letters with its address, and the other ways. It
//! asks for no password and holds nothing.

use ratatui::layout::Rect;

use super::large::draw_large_code;
use super::pen::ButtonIs;
use super::scan::{QrPanel, QrTitle};
use super::title::begin;
use super::{PageInput, PagePen, PageResult, Tip, esc_tip, tip, visit};
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::screen::{PhoneSignIn, ShownCode, UiKey, UiView};
use crate::visit::{Command, SignInMethod};

/// What stands above the code.
#[derive(Clone, Copy)]
pub struct Heading {
    /// The key of the title.
    pub title: &'static str,
    /// Who is to sign in, where that is not clear.
    pub who: Option<&'static str>,
}

/// Whether the student signs in on their phone here.
pub fn is_by_phone(view: &UiView<'_>) -> bool {
    let chosen = visit(view).map(|visit| visit.means).unwrap_or_default();
    view.reach.device_grant.is_connected() && view.reach.means(chosen) == SignInMethod::Device
}

/// Esc at the password form takes the student back to the code, where both are there.
pub fn back_to_code(input: PageInput<'_>, view: &UiView<'_>) -> Option<PageResult> {
    let is_esc = matches!(input, PageInput::Key(UiKey::Esc)) && view.waiting_for.is_none();
    (is_esc && view.reach.has_both_sign_in_methods()).then_some(PageResult::visit(
        Command::ChooseSignInMethod {
            means: SignInMethod::Device,
        },
    ))
}

/// The page's body.
pub fn draw(pen: &mut PagePen<'_, '_>, area: Rect, heading: Heading, scan: &mut QrPanel) {
    match pen.view.granting {
        Some(PhoneSignIn {
            code: Some(code),
            is_heard,
        }) => {
            let whole = code.whole_address.as_ref().map(|whole| whole.as_str());
            let payload = whole.unwrap_or(&code.address);
            let title = QrTitle::of(pen, heading.title);
            scan.draw_whole(pen, area, payload, &title, |pen, stack, has_qr| {
                draw_words(pen, stack, heading, code, (has_qr, *is_heard));
            });
        }
        granting => {
            let is_asked = granting.is_some();
            let (mut stack, _) = begin(pen, area, (64, 12), heading.title, Role::Title);
            draw_who(pen, &mut stack, heading);
            stack.skip(1);
            // Between two of them there is a moment in which neither is under way.
            let has_failed = !is_asked && visit(pen.view).is_some_and(|v| v.trouble.is_some());
            if has_failed {
                pen.tell(&mut stack, "grant-none", Role::Text)
            } else {
                pen.tell(&mut stack, "grant-asking", Role::Info)
            }
            stack.skip(1);
            buttons(pen, &mut stack, has_failed);
        }
    }
}

fn draw_who(pen: &mut PagePen<'_, '_>, stack: &mut Stack, heading: Heading) {
    if let Some(who) = heading.who {
        pen.tell(stack, who, Role::Accent);
    }
}

/// What to do with the code, beside or beneath it.
fn draw_words(
    pen: &mut PagePen<'_, '_>,
    stack: &mut Stack,
    heading: Heading,
    code: &ShownCode,
    (has_qr, is_heard): (bool, bool),
) {
    draw_who(pen, stack, heading);
    let (first, second) = match (has_qr, code.whole_address.is_some()) {
        (true, true) => ("grant-scan", "grant-same-code"),
        (true, false) => ("grant-scan-plain", "grant-type-code"),
        (false, _) => ("grant-no-qr", "grant-type-code"),
    };
    if !has_qr {
        pen.say(stack, &code.address, Role::Accent);
    }
    pen.tell(stack, first, Role::Text);
    pen.tell(stack, "grant-no-password", Role::Dim);
    stack.skip(1);
    pen.tell(stack, second, Role::Text);
    let after = |pen: &mut PagePen<'_, '_>, stack: &mut Stack| {
        draw_after_code(pen, stack, code, (has_qr, is_heard));
    };
    let below = pen.rows_of(stack.rest().as_size(), after);
    draw_large_code(pen, stack, &code.user_code, below);
    after(pen, stack);
}

/// Where else the code is typed, how long it is waited for, and the other ways.
fn draw_after_code(
    pen: &mut PagePen<'_, '_>,
    stack: &mut Stack,
    code: &ShownCode,
    (has_qr, is_heard): (bool, bool),
) {
    if has_qr {
        stack.skip(1);
        pen.tell(stack, "grant-by-hand", Role::Dim);
        pen.say(stack, &code.address, Role::Accent);
    }
    stack.skip(1);
    if is_heard {
        let n = pen.view.grant_patience.as_secs() / 60;
        let words = pen.words_with("grant-waits", &[("n", n.into())]);
        pen.say(stack, &words, Role::Info);
    } else {
        pen.tell(stack, "grant-not-heard", Role::Warning)
    }
    stack.skip(1);
    buttons(pen, stack, false);
}

/// Another code where there is none any more, and the other ways.
fn buttons(pen: &mut PagePen<'_, '_>, stack: &mut Stack, is_over: bool) {
    let view = pen.view;
    let mut buttons = Vec::new();
    if is_over {
        buttons.push(("N", "grant-anew", UiKey::Char('n'), ButtonIs::Primary));
    }
    if view.reach.has_both_sign_in_methods() {
        buttons.push(("P", "grant-password", UiKey::Char('p'), ButtonIs::On));
    }
    if super::other_way(view).is_some() {
        buttons.push(("F5", "way-to-phone", UiKey::OtherWay, ButtonIs::On));
    }
    if is_over {
        buttons.push(("F8", "call-volunteer", UiKey::Call, ButtonIs::On));
    }
    if !buttons.is_empty() {
        pen.buttons(stack, &buttons);
    }
}

/// What a key means while the code is shown or was.
pub fn handle(input: PageInput<'_>, view: &UiView<'_>) -> PageResult {
    match input {
        PageInput::Key(UiKey::Enter | UiKey::Char('n' | 'N')) if view.granting.is_none() => {
            PageResult::visit(Command::StartDeviceGrant)
        }
        PageInput::Key(UiKey::Char('p' | 'P')) if view.reach.has_both_sign_in_methods() => {
            PageResult::visit(Command::ChooseSignInMethod {
                means: SignInMethod::Password,
            })
        }
        _ => PageResult::IGNORED,
    }
}

/// The keys for the footer.
pub fn tips(view: &UiView<'_>) -> Vec<Tip> {
    let mut tips = vec![esc_tip(view)];
    if view.reach.has_both_sign_in_methods() {
        tips.insert(0, tip("P", "grant-password", 0, UiKey::Char('p')));
    }
    if view.granting.is_none() {
        tips.insert(0, tip("N", "grant-anew", 0, UiKey::Char('n')));
    }
    tips
}
