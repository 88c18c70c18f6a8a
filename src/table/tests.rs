//! The exact words of each fault.

use super::*;

fn fault(text: &str, read: impl Fn(&Table<'_>) -> Result<(), Fault>) -> String {
    let source = Source {
        file: "x.toml",
        text,
    };
    let fault = match Document::parse(&source) {
        Ok(document) => read(&document.root()).unwrap_err(),
        Err(fault) => fault,
    };
    format!("{fault}; {}", fault.remedy)
}

#[test]
fn a_fault_names_file_line_key_and_remedy() {
    let read = |root: &Table<'_>| {
        let desk = root.need_table("desk")?;
        desk.need_text("letter")?;
        desk.number("idle", 1..=9)?;
        desk.finish()?;
        root.finish()
    };
    for (text, wanted) in [
        (
            "",
            "x.toml:1: desk: is missing; add `desk = ...` at the top of the file",
        ),
        (
            "\n[desk]\n",
            "x.toml:2: desk.letter: is missing; add `letter = ...` to [desk]",
        ),
        (
            "[desk]\nletter = 3",
            "x.toml:2: desk.letter: a whole number where a text in \"quotes\" is wanted; write a text in \"quotes\"",
        ),
        (
            "[desk]\nletter = \"A\"\n\nlettre = 3",
            "x.toml:4: desk.lettre: no such key; did you mean `letter`?",
        ),
        (
            "[desk]\nletter = \"A\"\nidle = 10",
            "x.toml:3: desk.idle: 10 is out of range; write a number from 1 to 9",
        ),
        (
            "[desk]\nletter = \"A\\u001b\"",
            "x.toml:2: desk.letter: the character U+001B cannot be shown; take it out; long texts are wrapped by the program",
        ),
        (
            "[desk]\nletter = \"A\"\n[dask]\nx = 1",
            "x.toml:3: dask: no such key; did you mean `desk`?",
        ),
    ] {
        assert_eq!(fault(text, read), wanted, "{text}");
    }
    assert!(fault("[desk", read).starts_with("x.toml:1: not valid TOML: "));
    assert!(fault(&" ".repeat(FILE_CAP + 1), read).contains("larger than 256 KB"));
}

#[test]
fn the_reference_has_these_limits() {
    let limits = crate::help::find("limits").unwrap().markdown;
    assert_eq!(TEXT_CAP, 2000);
    let bound = format!("{} KB; 2,000 characters in a text", FILE_CAP >> 10);
    assert!(limits.contains(&bound), "{bound}");
}
