//! The text of an answer in its own charset (WHATWG Encoding, HTML 13.2.3): the byte order mark, `Content-Type`, what the
//! page says of itself, and for pages that say nothing UTF-8, or GB18030 where the bytes are no UTF-8.

use encoding_rs::{Encoding, GB18030, UTF_8};
use zeroize::Zeroizing;

use super::http::HttpAnswer;

/// How far a page is searched for its charset, in bytes. Browsers read 1024; old pages have long comments before it.
const PRESCAN: usize = 4096;

/// The text of an answer. It may hold a token.
pub(super) fn text_of(answer: &HttpAnswer) -> Zeroizing<String> {
    decode(answer.content_type.as_deref(), &answer.body)
}

/// The text of a body with this `Content-Type`. What cannot be read becomes U+FFFD.
pub(crate) fn decode(content_type: Option<&str>, body: &[u8]) -> Zeroizing<String> {
    let (encoding, mark) = Encoding::for_bom(body).unwrap_or_else(|| {
        let named = content_type.and_then(charset).or_else(|| said(body));
        let is_utf_8 = std::str::from_utf8(body).is_ok();
        let guessed = if is_utf_8 { UTF_8 } else { GB18030 };
        (named.unwrap_or(guessed), 0)
    });
    let (text, _) = encoding.decode_without_bom_handling(body.get(mark..).unwrap_or_default());
    Zeroizing::new(text.into_owned())
}

/// The charset that a `Content-Type` names.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    labelled(&content_type.to_ascii_lowercase(), "charset=")
}

/// The charset that a page or an XML declaration names itself by. A page that can be read so far is no UTF-16.
fn said(body: &[u8]) -> Option<&'static Encoding> {
    let head = body.get(..PRESCAN).unwrap_or(body);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let is_xml = head.trim_start().starts_with("<?xml");
    let found = if is_xml {
        labelled(head.split("?>").next().unwrap_or_default(), "encoding=")
    } else {
        head.split("<meta")
            .skip(1)
            .find_map(|tag| labelled(tag.split('>').next().unwrap_or_default(), "charset="))
    };
    found.map(Encoding::output_encoding)
}

/// The label after this word.
fn labelled(text: &str, word: &str) -> Option<&'static Encoding> {
    let (_, rest) = text.split_once(word)?;
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    let end = |c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c));
    Encoding::for_label(rest.split(end).next()?.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_in_the_charset_it_names() {
        let locked = "账号已被锁定";
        let gbk = |before: &str| {
            let mut page = before.as_bytes().to_vec();
            page.extend_from_slice(&GB18030.encode(locked).0);
            page
        };
        let utf_8 = |before: &str| format!("{before}{locked}").into_bytes();
        for (content_type, body) in [
            (Some("text/html;charset=GBK"), gbk("")),
            (Some("text/html; Charset=\"gb2312\""), gbk("")),
            (Some("text/html"), gbk("<meta charset=gbk>")),
            (
                None,
                gbk("<META http-equiv='Content-Type' content='text/html; charset=GB2312'>"),
            ),
            (None, gbk("<?xml version='1.0' encoding='GBK'?>")),
            // Nothing is said, and it is no UTF-8.
            (None, gbk("<p>")),
            (None, utf_8("<p>")),
            // The header wins over the page, the mark over both (HTML 13.2.3.2).
            (Some("text/html;charset=utf-8"), utf_8("<meta charset=gbk>")),
            (Some("text/html;charset=gbk"), utf_8("\u{feff}")),
            (Some("text/html;charset=nonsense"), utf_8("")),
        ] {
            let text = decode(content_type, &body);
            assert!(text.ends_with(locked), "{content_type:?} {:?}", &*text);
            assert!(!text.starts_with('\u{feff}'));
        }
        assert_eq!(*decode(None, b"\xff\xfea\0"), "a");
        assert_eq!(
            *decode(Some("text/html;charset=utf-8"), b"\xff"),
            "\u{fffd}"
        );
    }
}
