//! `yingxin theme list` and `yingxin theme preview NAME`: the available themes, and how one draws each role.
//!
//! Exit codes: 0 success, 65 the theme is broken, 66 there is no theme of this name.

use std::path::Path;
use std::process::ExitCode;

use ratatui::style::Style;

use super::{say, say_as_is, tell};
use crate::cli_error::{CliResult, Exit};
use crate::escape;
use crate::screen::theme::{Role, Theme, ThemeFault, ThemeFaultKind, roles, sgr};

/// Prints the names of the themes, one on each line; faults of the user's own themes go to stderr.
///
/// # Errors
/// Stdout cannot be written.
pub fn list(user_dir: Option<&Path>) -> CliResult<ExitCode> {
    let mut names = String::new();
    let mut broken = false;
    for name in Theme::names(user_dir) {
        let (_, fault) = Theme::load(&name, user_dir);
        if let Some(mut fault) = fault {
            fault.used.clear();
            print_fault(&fault);
            broken = true;
        }
        names.push_str(&escape::line(&name));
        names.push('\n');
    }
    say(&names)?;
    Ok(if broken {
        Exit::BadData.into()
    } else {
        ExitCode::SUCCESS
    })
}

/// Prints a sample of every role of a theme; the fault of a broken theme goes to stderr.
///
/// # Errors
/// Stdout cannot be written.
pub fn preview(name: &str, user_dir: Option<&Path>) -> CliResult<ExitCode> {
    let (theme, fault) = Theme::load(name, user_dir);
    if let Some(mut fault) = fault {
        // No other theme is drawn in its place.
        fault.used.clear();
        print_fault(&fault);
        return Ok(match fault.what {
            ThemeFaultKind::Unknown(_) => Exit::NoInput.into(),
            _ => Exit::BadData.into(),
        });
    }
    say_as_is(&samples(&theme))?;
    Ok(ExitCode::SUCCESS)
}

/// One line for each role: its key in theme files, then a sample in its style on its background.
fn samples(theme: &Theme) -> String {
    let mut text = String::new();
    let reset = sgr(Style::default());
    for (role, key) in roles() {
        let style = theme.style(beneath(role)).patch(theme.style(role));
        text.push_str(&format!(
            "{key:<15}{}  迎新台 yingxin 138 0013 8000  {reset}\n",
            sgr(style)
        ));
    }
    text
}

/// The role that is the background of this role on a page.
fn beneath(role: Role) -> Role {
    match role {
        Role::Placeholder => Role::Field,
        Role::PhoneDim => Role::PhoneScreen,
        Role::OverlayTitle => Role::Overlay,
        _ => Role::Screen,
    }
}

fn print_fault(fault: &ThemeFault) {
    tell(&format!(
        "yingxin theme: {}\n",
        escape::line(&fault.to_string())
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_shown_in_its_style() {
        let theme = Theme::builtin("dark").unwrap();
        let text = samples(&theme);
        for (_, key) in roles() {
            assert_eq!(
                text.lines()
                    .filter(|line| line.split_whitespace().next() == Some(key))
                    .count(),
                1,
                "{key}"
            );
        }
        assert!(
            text.lines()
                .all(|line| line.contains("\x1b[0;") && line.ends_with("\x1b[0m"))
        );
    }
}
