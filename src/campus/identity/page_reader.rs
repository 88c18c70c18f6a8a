//! Hands a page to the tokenizer with pauses. The tokenizer goes from one attribute to the next by calling itself, where
//! their values stand in double quotation marks; so a tag with a hundred thousand of them would overflow the stack of the
//! desk. A pause is an error that makes it return; asked for the next token, it goes on where it was.

use html5gum::{Readable, Reader, StringReader};

/// How many values are read between two pauses.
const VALUES: u32 = 64;

/// A page on its way to the tokenizer.
pub(super) struct PageReader<'a> {
    text: StringReader<'a>,
    /// Values in double quotation marks since the last pause.
    values: u32,
}

/// Nothing was read yet: ask again.
#[derive(Debug, thiserror::Error)]
#[error("a pause")]
pub(super) struct Pause;

impl<'a> PageReader<'a> {
    pub fn new(text: &'a str) -> Self {
        PageReader {
            text: text.to_reader(),
            values: 0,
        }
    }
}

impl Reader for PageReader<'_> {
    type Error = Pause;

    fn read_byte(&mut self) -> Result<Option<u8>, Pause> {
        let Ok(byte) = self.text.read_byte();
        Ok(byte)
    }

    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> Result<bool, Pause> {
        let Ok(is_read) = self.text.try_read_string(text, case_sensitive);
        Ok(is_read)
    }

    fn read_until<'b>(
        &'b mut self,
        needle: &[u8],
        char_buf: &'b mut [u8; 4],
    ) -> Result<Option<&'b [u8]>, Pause> {
        // Only within such a value are these looked for together; and only there does the tokenizer know, after a pause, in
        // what it was.
        let is_value = needle.contains(&b'"') && needle.contains(&b'&') && !needle.contains(&b'>');
        if is_value {
            self.values = self.values.saturating_add(1);
            if self.values > VALUES {
                self.values = 0;
                return Err(Pause);
            }
        }
        let Ok(read) = self.text.read_until(needle, char_buf);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use html5gum::{DefaultEmitter, Token, Tokenizer};

    use super::*;

    /// What the tokenizer makes of a page, without the pauses.
    fn tokens(text: &str) -> Vec<Token<()>> {
        let emitter: DefaultEmitter = DefaultEmitter::default();
        let all = Tokenizer::new_with_emitter(PageReader::new(text), emitter);
        all.filter_map(Result::ok).collect()
    }

    #[test]
    fn a_pause_changes_nothing() {
        let mut page = String::from("<a");
        for n in 0..300 {
            page += &format!(
                " b{n}=\"c&amp;{n}\" d{n}='e\"{n}' f{n}=\"\"g{n}=h\"\ti{n} = \"j>k\r\nl\"/"
            );
        }
        page += ">m<n o=\"p\">";
        let emitter: DefaultEmitter = DefaultEmitter::default();
        let whole: Vec<Token<()>> = Tokenizer::new_with_emitter(&page, emitter)
            .flatten()
            .collect();
        assert_eq!(tokens(&page), whole);
    }

    #[test]
    fn a_tag_of_a_megabyte_overflows_no_stack() {
        let page = format!("<form{}>x", " a=\"b\"".repeat(150_000));
        let read = tokens(&page);
        assert!(matches!(read.last(), Some(Token::String(text)) if text.value.as_slice() == b"x"));
    }
}
