//! The pages as HTML that needs no other file and prints on A4. It is well-formed XML too.

use std::fmt::Write as _;

use super::sheet::{CardPart, CardSheet, names};
use crate::campus::pack::{Pack, QrText};
use crate::commands::report::escaped;
use crate::screen::pages::hotline_number;
use crate::screen::qr::{QUIET, QrModules};
use crate::text::Text;
use crate::visit::DeskNumber;

const CARD: &str = "@page { size: A4; margin: 10mm }
body { font: 8.5pt/1.4 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif; color: #111; background: #fff; max-width: 190mm; \
margin: 0 auto }
section { break-after: page } section:last-child { break-after: auto }
h1 { font-size: 15pt; margin: 0 } .hotline { font-size: 12pt; margin: 1mm 0 2mm } .hotline b { margin-right: 1.5em }
.parts { columns: 2; column-gap: 6mm } h2 { font-size: 11pt; margin: 2.5mm 0 1mm; border-bottom: .5pt solid #111; break-after: avoid }
h3 { font-size: 9pt; margin: 1.5mm 0 0; break-after: avoid } ul { margin: 0; padding-left: 1.3em }
table { border-collapse: collapse; width: 100% } td { padding: .4mm 1mm; vertical-align: top } td:first-child { white-space: nowrap; \
font-weight: bold } tr { border-bottom: .3pt solid #bbb; break-inside: avoid }";

const POSTER: &str = "@page { size: A4; margin: 12mm }
body { font: 16pt/1.4 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif; color: #000; background: #fff; max-width: 186mm; \
margin: 0 auto; text-align: center }
h1 { font-size: 34pt; margin: 0 } .university { font-size: 20pt; margin: 0 } .scan { font-size: 24pt; font-weight: bold; margin: 0 }
svg { width: 130mm; height: 130mm; display: block; margin: 4mm auto } p { margin: 1mm 0 } .address { font-family: monospace; \
overflow-wrap: anywhere } footer { font-size: 13pt; margin-top: 4mm; border-top: 1pt solid #000 }";

/// The volunteer's page, a page each language.
pub fn card(sheets: &[CardSheet]) -> String {
    let title = sheets
        .first()
        .map_or(String::new(), |sheet| escaped(&sheet.title));
    let lang = sheets.first().map_or("", |sheet| sheet.lang.tag());
    let mut out = head(lang, &title, CARD);
    for sheet in sheets {
        let (lang, title) = (sheet.lang.tag(), escaped(&sheet.title));
        let _ = write!(
            out,
            "<section lang=\"{lang}\">\n<h1>{title}</h1>\n<p class=\"hotline\">"
        );
        for line in &sheet.hotline {
            let _ = write!(out, "<b>{}</b>", escaped(line));
        }
        out += "</p>\n<div class=\"parts\">\n";
        for part in &sheet.parts {
            out += &part_of(part);
        }
        out += "</div>\n</section>\n";
    }
    out + "</body>\n</html>\n"
}

fn part_of(part: &CardPart) -> String {
    let mut out = format!("<h2>{}</h2>\n", escaped(&part.title));
    if !part.keys.is_empty() {
        out += "<table>\n";
        for key in &part.keys {
            let (names, does) = (escaped(&names(key)), escaped(&key.does));
            let _ = writeln!(out, "<tr><td>{names}</td><td>{does}</td></tr>");
        }
        out += "</table>\n";
    }
    for (title, paragraphs) in &part.topics {
        if !title.is_empty() {
            let _ = writeln!(out, "<h3>{}</h3>", escaped(title));
        }
        out += "<ul>\n";
        for words in paragraphs {
            let _ = writeln!(out, "<li>{}</li>", escaped(words));
        }
        out += "</ul>\n";
    }
    out
}

/// The page for the wall, in these languages beside each other; `None` where no code holds the text.
pub fn poster(pack: &Pack, code: &QrText, desk: DeskNumber, texts: &[Text]) -> Option<String> {
    let drawn = svg(&code.text)?;
    let each = |out: &mut String, class: &str, words: &dyn Fn(&Text) -> String| {
        for text in texts {
            let (lang, words) = (text.lang().tag(), escaped(&words(text)));
            let _ = writeln!(out, "<p class=\"{class}\" lang=\"{lang}\">{words}</p>");
        }
    };
    let first = texts.first()?;
    let title = escaped(&first.get("welcome-title"));
    let mut out = head(first.lang().tag(), &title, POSTER);
    each(&mut out, "university", &|text| {
        pack.university.get(text.lang()).to_owned()
    });
    let _ = writeln!(out, "<h1>{title}</h1>");
    each(&mut out, "scan", &|text| text.get("welcome-scan"));
    out += &drawn;
    // Typed where the code cannot be scanned.
    if let Some(address) = &code.short {
        each(&mut out, "words", &|text| text.get("welcome-short"));
        let _ = writeln!(out, "<p class=\"address\">{}</p>", escaped(address));
    }
    each(&mut out, "words", &|text| {
        text.with("card-poster-desk", &[("desk", desk.get().into())])
    });
    out += "<footer>\n";
    if !pack.hotline.number.is_empty() {
        let number = hotline_number(&pack.hotline);
        each(&mut out, "words", &|text| {
            text.with("help-hotline", &[("number", number.clone().into())])
        });
    }
    if let Some(day) = code.expires {
        each(&mut out, "words", &|text| {
            text.with("card-poster-until", &[("day", day.to_string().into())])
        });
    }
    Some(out + "</footer>\n</body>\n</html>\n")
}

fn head(lang: &str, title: &str, style: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\"/>\n<title>{title}</title>\n\
         <style>\n{style}\n</style>\n</head>\n<body>\n"
    )
}

/// The code as one path: a square a dark module, in units of a module, on white.
fn svg(text: &str) -> Option<String> {
    let code = QrModules::of(text)?;
    let side = code.side().saturating_add(QUIET * 2);
    let mut path = String::new();
    for row in 0..code.side() {
        for column in (0..code.side()).filter(|column| code.is_dark(*column, row)) {
            let (x, y) = (column.saturating_add(QUIET), row.saturating_add(QUIET));
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\n\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\n<path fill=\"#000\" d=\"{path}\"/>\n</svg>\n"
    ))
}
