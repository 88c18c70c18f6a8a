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

/// The characters of a row: one element for each run of a style, with every character's place.
fn inks(svg: &mut String, screen: &Screen, row: u16, columns: u16) {
    let mut run: Option<(String, bool, String, String)> = None;
    for column in 0..=columns {
        let cell = screen.cell(row, column).filter(|_| column < columns);
        let glyph = cell
            .map(|cell| cell.contents())
            .filter(|text| !text.trim().is_empty());
        let x = usize::from(column) * WIDE;
        if let (Some(half @ ("▄" | "▀" | "█")), Some(_)) = (glyph, cell) {
            // Blocks are shapes, not letters: fonts leave seams between them.
            let ink = colours(screen, row, column).0;
            let (y, height) = match half {
                "▄" => (top(row) + HIGH / 2, HIGH - HIGH / 2),
                "▀" => (top(row), HIGH / 2),
                _ => (top(row), HIGH),
            };
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDE}\" height=\"{height}\" fill=\"{ink}\" shape-rendering=\"crispEdges\"/>"
            );
            continue;
        }
        let style = cell.map(|cell| (colours(screen, row, column).0, cell.bold()));
        let goes_on = matches!((&run, &style), (Some((ink, bold, _, _)), Some((i, b))) if ink == i && bold == b);
        if !goes_on && let Some((ink, bold, places, text)) = run.take() {
            let weight = if bold { " font-weight=\"bold\"" } else { "" };
            let y = top(row) + HIGH * 3 / 4;
            let _ = writeln!(
                svg,
                "<text y=\"{y}\" x=\"{}\" fill=\"{ink}\"{weight}>{text}</text>",
                places.trim_end()
            );
        }
        if let (Some(glyph), Some((ink, bold))) = (glyph, style) {
            let (_, _, places, text) = run.get_or_insert((ink, bold, String::new(), String::new()));
            let _ = write!(places, "{x} ");
            text.push_str(&escape(glyph));
        }
    }
}

fn top(row: u16) -> usize {
    usize::from(row) * HIGH + HIGH * 3 / 2
}

/// Ink and paper of a cell as SVG colours.
fn colours(screen: &Screen, row: u16, column: u16) -> (String, String) {
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
