//! The Markdown of the references as plain text for a terminal: headings, paragraphs, lists, code and tables. Other
//! Markdown is not used there.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Renders Markdown as plain text without control characters. Paragraphs are filled to `width` cells; a table that is
/// wider becomes one entry for each row. A word longer than a line, such as an address, stays whole.
pub fn plain_text(markdown: &str, width: usize) -> String {
    let mut out = String::new();
    let mut lines = markdown.lines().peekable();
    let mut in_comment = false;
    while let Some(line) = lines.next() {
        if in_comment || line.starts_with("<!--") {
            in_comment = !line.contains("-->");
        } else if line.starts_with("```") {
            for code in lines.by_ref().take_while(|line| !line.starts_with("```")) {
                out.push_str(&format!("    {code}\n"));
            }
        } else if let Some(title) = line.strip_prefix('#') {
            let level = 1 + title.chars().take_while(|c| *c == '#').count();
            let title = inline(title.trim_start_matches('#').trim());
            let rule = if level == 1 { "=" } else { "-" };
            out.push_str(&format!("{title}\n{}\n", rule.repeat(title.width())));
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line));
            }
            table(&rows, width, &mut out);
        } else if line.trim().is_empty() {
            out.push('\n');
        } else {
            let mut paragraph = line.to_owned();
            while let Some(line) = lines.next_if(|line| continues(line)) {
                paragraph.push(' ');
                paragraph.push_str(line.trim());
            }
            let indent = if paragraph.starts_with("- ") { 2 } else { 0 };
            fill(&inline(&paragraph), 0, indent, width, &mut out);
        }
    }
    out
}

/// Whether a line belongs to the paragraph or list item before it.
fn continues(line: &str) -> bool {
    let starts = ["|", "#", "```", "- ", "<!--"];
    !line.trim().is_empty() && !starts.iter().any(|start| line.starts_with(start))
}

/// The cells of a table's row. `\|` is a bar inside a cell.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches('|');
    let line = line.strip_suffix('|').unwrap_or(line);
    line.replace("\\|", "\u{e000}")
        .split('|')
        .map(|cell| inline(cell.trim()).replace('\u{e000}', "|"))
        .collect()
}

/// A table as columns if they fit, else each row as an entry: its first cell, and the others indented below it.
fn table(rows: &[Vec<String>], width: usize, out: &mut String) {
    let is_rule = |row: &&Vec<String>| {
        row.iter()
            .all(|cell| !cell.is_empty() && cell.chars().all(|c| "-:".contains(c)))
    };
    let rows: Vec<&Vec<String>> = rows.iter().filter(|row| !is_rule(row)).collect();
    let count = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        })
        .collect();
    if widths.iter().sum::<usize>() + 2 * count <= width {
        for row in rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let pad = width.saturating_sub(cell.width());
                line.push_str(&format!("{cell}{}  ", " ".repeat(pad)));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        return;
    }
    let Some((head, rows)) = rows.split_first() else {
        return;
    };
    for row in rows {
        let mut named = row
            .iter()
            .zip(head.iter())
            .filter(|(cell, _)| !cell.is_empty());
        if let Some((cell, _)) = named.next() {
            fill(cell, 0, 2, width, out);
        }
        for (n, (cell, name)) in named.enumerate() {
            let text = match (n, name.is_empty()) {
                (0, _) | (_, true) => cell.clone(),
                _ => format!("{name}: {cell}"),
            };
            fill(&text, 4, 4, width, out);
        }
    }
}

/// Takes the marks out of a line: `**`, links, and backslashes before punctuation. Backticks stay.
fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut in_code = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = match c {
            '`' => {
                in_code = !in_code;
                out.push(c);
                after
            }
            '*' if !in_code && after.starts_with('*') => after.get(1..).unwrap_or_default(),
            '\\' if !in_code && after.starts_with(|c: char| c.is_ascii_punctuation()) => {
                out.extend(after.chars().next());
                after.get(1..).unwrap_or_default()
            }
            '[' if !in_code => match link(after) {
                Some((label, after)) => {
                    out.push_str(label);
                    after
                }
                None => {
                    out.push(c);
                    after
                }
            },
            _ => {
                out.push(c);
                after
            }
        };
    }
    out
}

/// The label of a link whose `[` was read, and the text after it.
fn link(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text.split_once("](")?;
    let (_, rest) = rest.split_once(')')?;
    (!label.contains(['[', ']'])).then_some((label, rest))
}

/// Fills a paragraph: the first line is indented by `first` cells, the others by `indent`. Lines break at spaces, and
/// between two wide (Chinese) characters, but before no closing mark and after no opening one.
pub fn fill(text: &str, first: usize, indent: usize, width: usize, out: &mut String) {
    let mut line = " ".repeat(first);
    let mut is_empty = true;
    for piece in pieces(text) {
        let word = piece.trim_end();
        if !is_empty && line.width() + word.width() > width {
            out.push_str(line.trim_end());
            out.push('\n');
            line = " ".repeat(indent);
        }
        line.push_str(piece);
        is_empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

/// The parts of a text between which a line may break, each with the spaces that follow it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        let Some((at, next)) = chars.peek() else {
            break;
        };
        let is_wide = |c: char| c.width() == Some(2) && c.is_alphabetic();
        let is_closing = |c: char| "，。；：、？！）】》”".contains(c);
        let after_space = c == ' ' && *next != ' ';
        let after_mark = is_closing(c) && !is_closing(*next) && *next != ' ';
        let between = is_wide(c) && (is_wide(*next) || "（【《“".contains(*next));
        if after_space || after_mark || between {
            pieces.extend(text.get(start..*at));
            start = *at;
        }
    }
    pieces.extend(text.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_filled_and_marks_taken_out() {
        let text = "# A *b*\n\nOne **two** [three](four.md)\nfive 20\\*\\*12 `a **b**`.\n- item one\n  goes on\n";
        assert_eq!(
            plain_text(text, 24),
            "A *b*\n=====\n\nOne two three five\n20**12 `a **b**`.\n- item one goes on\n"
        );
    }

    #[test]
    fn a_narrow_table_is_columns_and_a_wide_one_entries() {
        let text = "| key | is | default |\n|---|---|---|\n| `a` | 学号 x | 1 |\n| | two | |\n";
        assert_eq!(
            plain_text(text, 40),
            "key  is      default\n`a`  学号 x  1\n     two\n"
        );
        assert_eq!(
            plain_text(text, 14),
            "`a`\n    学号 x\n    default: 1\ntwo\n"
        );
    }

    #[test]
    fn code_is_indented_and_comments_are_left_out() {
        let text = "<!-- generated -->\n```sh\nyingxin   # run\n```\n";
        assert_eq!(plain_text(text, 10), "    yingxin   # run\n");
    }
}
