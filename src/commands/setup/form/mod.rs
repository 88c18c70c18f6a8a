//! `yingxin setup` on a terminal: the answers as a form. Each is checked when it is left, what is typed is kept in a draft
//! (never the PIN), and the desk is made as from a file of answers.

mod fields;
mod state;

use std::io::IsTerminal;
use std::path::Path;

use fields::FormField;
use state::{Form, FormAction};

use super::answers::{self, Answers};
use super::staging;
use super::{Settings, client, pack, sign_in};
use crate::cli::SetupArgs;
use crate::cli_error::{CliError, CliResult};
use crate::cli_lang::{self, both, pick};
use crate::commands::{prepare, runtime};
use crate::config::{Flags, environment};
use crate::desk::lock::pin::PinHash;
use crate::desk::terminal::input::TerminalEvent;
use crate::desk::terminal::{self, Guard, tty};
use crate::ours;
use crate::screen::theme::{Terminal, Theme};
use crate::table::{Document, Source};

/// What is typed, in the desk's folder, until the desk is made.
const DRAFT: &str = "setup-draft.toml";
/// Its longest text, in bytes.
const LONGEST_DRAFT: u64 = 64 * 1024;

/// Whether a form can be shown here.
pub fn is_possible() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// Shows the form until the desk is made or the form is left; `false` where it was left.
///
/// # Errors
/// The terminal's, or the draft cannot be written.
pub fn run(flags: &Flags, options: &SetupArgs, place: &Path) -> CliResult<bool> {
    terminal::check(&environment)?;
    let folder = place.parent().unwrap_or(Path::new("/"));
    staging::finish(folder)?;
    ours::make_folder(folder).map_err(|e| crate::commands::not_made(folder, &e))?;
    let mut before = read_draft(folder);
    if let Some(number) = options.desk {
        before.retain(|(field, _)| *field != FormField::Number);
        before.push((FormField::Number, number.to_string()));
    }
    let kind = Terminal::from_vars(environment);
    let (theme, _) = Theme::load(flags.theme.as_deref().unwrap_or(kind.default_theme()), None);
    let mut form = Form::new(cli_lang::lang(), &before);
    let runtime = runtime()?;
    let mut input = {
        let _inside = runtime.enter();
        tty::listen(false)
            .map_err(|e| CliError::io(pick("cannot read the terminal", "读不了终端"), &e))?
    };
    let mut guard = Guard::enter(kind)?;
    let gone =
        |e: std::io::Error| CliError::io(pick("cannot write to the terminal", "写不了终端"), &e);
    loop {
        guard.draw(|frame| form.draw(frame, &theme)).map_err(gone)?;
        let heard = runtime.block_on(input.recv());
        let action = match heard {
            // The terminal is gone: what is typed is kept.
            None => FormAction::Leave,
            Some(TerminalEvent::Resized) => {
                guard.repaint().map_err(gone)?;
                FormAction::Draw
            }
            Some(TerminalEvent::Input(input)) => {
                let action = form.take(input);
                // What the checks say is in the language of the form.
                cli_lang::switch(form.lang());
                action
            }
        };
        match action {
            FormAction::Draw => continue,
            FormAction::Leave => {
                write_draft(folder, &form)?;
                return Ok(false);
            }
            FormAction::Check(field) => {
                write_draft(folder, &form)?;
                form.say("setup-asking");
                guard.draw(|frame| form.draw(frame, &theme)).map_err(gone)?;
                check(&mut form, field);
            }
            FormAction::Make => {
                write_draft(folder, &form)?;
                // What is told while it is made stays to be read, above the doctor.
                drop(guard);
                match make(flags, &mut form, place, options.replace) {
                    Ok(true) => {
                        let _ = std::fs::remove_file(folder.join(DRAFT));
                        return Ok(true);
                    }
                    Ok(false) => {}
                    Err(error) => {
                        if let Some(field) = field_of(&error) {
                            form.go_to(field);
                        }
                        form.refuse(&error);
                    }
                }
                guard = Guard::enter(kind)?;
            }
        }
    }
}

/// Checks a field that was left, and goes back to it where it is wrong.
fn check(form: &mut Form, field: FormField) {
    let filled = form.filled();
    let is_filled = filled.iter().any(|(of, _)| *of == field);
    let together = field.with();
    let some = filled.into_iter().filter(|(of, _)| together.contains(of));
    let checked = of_text(&fields::answers(&some.collect::<Vec<_>>()))
        .and_then(|answers| check_alone(&answers, field));
    match checked {
        Ok(Some(told)) => form.tell(told),
        Ok(None) if is_filled => form.say("setup-good"),
        Ok(None) => form.say(form.field().hint()),
        Err(error) => {
            form.go_to(field);
            form.refuse(&error);
        }
    }
}

/// Checks what was typed; gives what it found out.
fn check_alone(answers: &Answers, field: FormField) -> CliResult<Option<String>> {
    let settings = Settings::new(answers.settings.clone(), None);
    let http = || client(&settings);
    if let Some(given) = &answers.sign_in {
        return sign_in::find(given, &settings, &http()?).map(|found| Some(found.told));
    }
    if matches!(field, FormField::AppSecret | FormField::ContactsSecret) {
        settings.check_secrets()?;
    }
    pack::make(answers, &http).map(|_| None)
}

/// Makes the desk; `false` where something is wrong that the form says by itself.
fn make(flags: &Flags, form: &mut Form, place: &Path, replaces: bool) -> CliResult<bool> {
    let mut answers = of_text(&fields::answers(&form.filled()))?;
    let folder = place.parent().unwrap_or(Path::new("/"));
    let [pin, again] = form.take_pins();
    match (pin, again) {
        (Some(pin), Some(again)) if pin.expose() == again.expose() => {
            let hash = PinHash::new(&pin).map_err(|what| {
                form.go_to(FormField::Pin);
                CliError::new(
                    crate::cli_error::Exit::BadData,
                    what,
                    pick("type another, twice", "请另输一个，输两次"),
                )
            })?;
            answers.pins = Some(hash.into());
        }
        // A desk that is set up again keeps its PIN.
        (None, None) if prepare::read_pins(&folder.join(super::PIN))?.is_some() => {}
        (pin, _) => {
            form.go_to(FormField::Pin);
            form.refuse_by(if pin.is_some() {
                "setup-pins-differ"
            } else {
                "setup-pin-missing"
            });
            return Ok(false);
        }
    }
    super::make(flags, &answers, None, place, replaces)?;
    Ok(true)
}

/// The answers in a text; paths are those of this folder.
fn of_text(text: &str) -> CliResult<Answers> {
    let source = Source {
        file: "setup",
        text,
    };
    Ok(answers::parse(&source, Path::new(""))?)
}

/// The field that an error names by its key.
fn field_of(error: &CliError) -> Option<FormField> {
    let mut words = error.what.split(": ");
    words.find_map(FormField::of_key)
}

/// What was typed before; a draft that cannot be read is none.
fn read_draft(folder: &Path) -> Vec<(FormField, String)> {
    let Ok(text) = ours::read_text(&folder.join(DRAFT), LONGEST_DRAFT) else {
        return Vec::new();
    };
    let source = Source {
        file: DRAFT,
        text: &text,
    };
    let Ok(document) = Document::parse(&source) else {
        return Vec::new();
    };
    let root = document.root();
    let read = |field: &FormField| {
        let (section, name) = field.place()?;
        let typed = root.text(&format!("{section}.{name}")).ok()??;
        Some((*field, typed.value))
    };
    FormField::ALL.iter().filter_map(read).collect()
}

fn write_draft(folder: &Path, form: &Form) -> CliResult<()> {
    let mut text = String::from(
        "# What was typed in `yingxin setup`, which goes on with it. The PIN is not in it.\n",
    );
    for (field, typed) in form.filled() {
        if let Some((section, name)) = field.place() {
            let value = crate::config::quoted(&typed);
            text.push_str(&format!("\"{section}.{name}\" = {value}\n"));
        }
    }
    ours::replace(&folder.join(DRAFT), text.as_bytes()).map_err(|e| {
        CliError::io(
            both!("cannot write into {}", "写不进 {}", folder.display()),
            &e,
        )
    })
}
