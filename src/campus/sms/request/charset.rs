//! The charset of a request. Older platforms read GBK.

use encoding_rs::GBK;
use zeroize::Zeroizing;

/// The charset of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::campus::sms) enum Charset {
    Utf8,
    Gbk,
}

/// The names of the charsets in the configuration.
pub(super) const CHARSETS: &[(&str, Charset)] = &[("utf-8", Charset::Utf8), ("gbk", Charset::Gbk)];

/// A text holds a character that the charset does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::campus::sms) struct Unencodable;

impl Charset {
    /// The text in this charset.
    ///
    /// # Errors
    /// Where the charset has no such character: nothing else is sent for it.
    pub fn encode(self, mut text: Zeroizing<String>) -> Result<Zeroizing<Vec<u8>>, Unencodable> {
        match self {
            Charset::Utf8 => Ok(Zeroizing::new(std::mem::take(&mut *text).into_bytes())),
            Charset::Gbk => {
                let (bytes, _, has_lost) = GBK.encode(&text);
                if has_lost {
                    Err(Unencodable)
                } else {
                    Ok(Zeroizing::new(bytes.into_owned()))
                }
            }
        }
    }

    /// Whether it has every character of this text.
    pub fn can_encode(self, text: &str) -> bool {
        self.encode(Zeroizing::new(text.to_owned())).is_ok()
    }

    /// The parameter of a `Content-Type`. UTF-8 goes without: some platforms compare the whole header.
    pub(super) fn parameter(self) -> &'static str {
        match self {
            Charset::Utf8 => "",
            Charset::Gbk => "; charset=GBK",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_sent_in_its_charset_or_not_at_all() {
        let encode = |charset: Charset, text: &str| charset.encode(Zeroizing::new(text.into()));
        assert_eq!(**encode(Charset::Gbk, "码").as_ref().unwrap(), [0xc2, 0xeb]);
        assert_eq!(encode(Charset::Gbk, "🙂"), Err(Unencodable));
        assert_eq!(
            **encode(Charset::Utf8, "🙂").as_ref().unwrap(),
            *"🙂".as_bytes()
        );
    }
}
