//! A terminal's screen as an SVG picture: cells as rectangles, text placed cell by cell, so that wide characters stand
//! where the terminal has them whatever font draws them.

use std::fmt::Write;

use vt100::{Color, Screen};

const WIDE: usize = 9;
const HIGH: usize = 19;
/// The terminal's own colours, where the program sets none.
const INK: &str = "#d8dee9";
const PAPER: &str = "#101418";

/// Draws the screen with a title line above it.
pub fn draw(screen: &Screen, title: &str) -> String {
    let (rows, columns) = screen.size();
    let (width, height) = (usize::from(columns) * WIDE, (usize::from(rows) + 2) * HIGH);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"'Noto Sans Mono CJK SC','Sarasa Mono SC','DejaVu Sans Mono',monospace\" font-size=\"15\">\n\
         <title>{}</title>\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#2b2f36\"/>\n\
         <text x=\"{}\" y=\"{}\" fill=\"#9aa4b2\" text-anchor=\"middle\">{}</text>\n\
         <rect y=\"{}\" width=\"{width}\" height=\"{}\" fill=\"{PAPER}\"/>\n",
        escape(title),
        width / 2,
        HIGH,
        escape(title),
        HIGH * 3 / 2,
        usize::from(rows) * HIGH,
    );
    for row in 0..rows {
        papers(&mut svg, screen, row, columns);
        inks(&mut svg, screen, row, columns);
    }
    svg.push_str("</svg>\n");
    svg
}

/// The backgrounds of a row: one rectangle for each run of a colour.
fn papers(svg: &mut String, screen: &Screen, row: u16, columns: u16) {
    let mut column = 0;
    while column < columns {
        let paper = colours(screen, row, column).1;
        let start = column;
        while column < columns && colours(screen, row, column).1 == paper {
            column += 1;
        }
        if paper != PAPER {
            let (x, y) = (usize::from(start) * WIDE, top(row));
            let width = usize::from(column - start) * WIDE;
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HIGH}\" fill=\"{paper}\" shape-rendering=\"crispEdges\"/>"
            );
        }
    }
}

/// The characters of a row: one element for each word of a style and for each wide character, so that every one stands
/// in its cell whatever font draws it.
fn inks(svg: &mut String, screen: &Screen, row: u16, columns: u16) {
    let mut word = Word::default();
    for column in 0..columns {
        let Some(cell) = screen
            .cell(row, column)
            .filter(|cell| !cell.contents().trim().is_empty())
        else {
            word.end(svg, row);
            continue;
        };
        let (ink, _) = colours(screen, row, column);
        let x = usize::from(column) * WIDE;
        if let Some(path) = lines(cell.contents(), x, top(row)) {
            word.end(svg, row);
            let _ = writeln!(svg, "<path d=\"{path}\" stroke=\"{ink}\" fill=\"none\"/>");
            continue;
        }
        let block = match cell.contents() {
            "▄" => Some((top(row) + HIGH / 2, HIGH - HIGH / 2)),
            "▀" => Some((top(row), HIGH / 2)),
            "█" => Some((top(row), HIGH)),
            _ => None,
        };
        if let Some((y, height)) = block {
            // Blocks are shapes, not letters: fonts leave seams between them.
            word.end(svg, row);
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDE}\" height=\"{height}\" fill=\"{ink}\" shape-rendering=\"crispEdges\"/>"
            );
            continue;
        }
        if word.style != (ink.clone(), cell.bold()) || cell.is_wide() {
            word.end(svg, row);
        }
        if word.text.is_empty() {
            word = Word {
                x,
                style: (ink, cell.bold()),
                text: String::new(),
            };
        }
        word.text.push_str(&escape(cell.contents()));
        if cell.is_wide() {
            word.end(svg, row);
        }
    }
    word.end(svg, row);
}

/// Box drawing as lines from the middle of the cell: fonts for Chinese draw it two cells wide.
fn lines(glyph: &str, x: usize, y: usize) -> Option<String> {
    let (middle, centre) = (x + WIDE / 2, y + HIGH / 2);
    let (left, right) = (
        format!("M{x} {centre}H{middle}"),
        format!("M{middle} {centre}H{}", x + WIDE),
    );
    let (up, down) = (
        format!("M{middle} {y}V{centre}"),
        format!("M{middle} {centre}V{}", y + HIGH),
    );
    let path = match glyph {
        "─" => left + &right,
        "│" => up + &down,
        "┌" => right + &down,
        "┐" => left + &down,
        "└" => right + &up,
        "┘" => left + &up,
        _ => return None,
    };
    Some(path)
}

/// Characters of one style that follow each other.
#[derive(Default)]
struct Word {
    x: usize,
    style: (String, bool),
    text: String,
}

impl Word {
    fn end(&mut self, svg: &mut String, row: u16) {
        let Word {
            x,
            style: (ink, bold),
            text,
        } = std::mem::take(self);
        if !text.is_empty() {
            let weight = if bold { " font-weight=\"bold\"" } else { "" };
            let y = top(row) + HIGH * 3 / 4;
            let _ = writeln!(
                svg,
                "<text x=\"{x}\" y=\"{y}\" fill=\"{ink}\"{weight}>{text}</text>"
            );
        }
    }
}

fn top(row: u16) -> usize {
    usize::from(row) * HIGH + HIGH * 3 / 2
}

/// Ink and paper of a cell as SVG colours.
fn colours(screen: &Screen, row: u16, column: u16) -> (String, String) {
    // The second half of a wide character has no colours of its own.
    let half = screen
        .cell(row, column)
        .is_some_and(vt100::Cell::is_wide_continuation);
    let column = if half {
        column.saturating_sub(1)
    } else {
        column
    };
    let Some(cell) = screen.cell(row, column) else {
        return (INK.into(), PAPER.into());
    };
    let (ink, paper) = (name(cell.fgcolor(), INK), name(cell.bgcolor(), PAPER));
    if cell.inverse() {
        (paper, ink)
    } else {
        (ink, paper)
    }
}

fn name(color: Color, default: &str) -> String {
    const ANSI: [&str; 16] = [
        "#000000", "#cc3333", "#33aa55", "#c8a028", "#4477dd", "#aa55bb", "#33a5b5", "#c8c8c8",
        "#707070", "#ff6666", "#66dd88", "#ffd75f", "#77aaff", "#dd88ee", "#66d9e8", "#ffffff",
    ];
    match color {
        Color::Default => default.into(),
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        Color::Idx(n @ 0..16) => ANSI[usize::from(n)].into(),
        Color::Idx(n @ 16..=231) => {
            let part = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
            let n = n - 16;
            format!(
                "#{:02x}{:02x}{:02x}",
                part(n / 36),
                part(n / 6 % 6),
                part(n % 6)
            )
        }
        Color::Idx(n) => {
            let grey = 8 + 10 * (n - 232);
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
