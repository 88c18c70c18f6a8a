//! WeCom's JSON, read as leniently as it is written: its gateway passes on what members typed as their names, with raw
//! control characters, backslashes that escape nothing, and bytes of other charsets. An answer that cannot be read all
//! the same is named in the log by its place; its content may be personal and is not.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::DirectoryFailure;
use crate::visit::Failure;

/// Reads the fields of an answer to `call`.
///
/// # Errors
/// It is no JSON even so, or lacks a field.
pub fn read<T: DeserializeOwned>(call: &str, body: &[u8]) -> Result<T, DirectoryFailure> {
    // The first attempt costs nothing for an answer that keeps to the standard.
    if let Ok(answer) = serde_json::from_slice(body) {
        return Ok(answer);
    }
    let mended = mended(body);
    serde_json::from_str(&mended).map_err(|error| {
        tracing::warn!(
            call,
            bytes = body.len(),
            line = error.line(),
            column = error.column(),
            kind = ?error.classify(),
            "wecom: an answer that cannot be read"
        );
        Failure::Unavailable
    })
}

/// The answer with what is not allowed within strings escaped. Between strings nothing is changed.
fn mended(body: &[u8]) -> Zeroizing<String> {
    let text: Cow<'_, str> = String::from_utf8_lossy(body);
    let text = text
        .trim_start_matches('\u{feff}')
        .trim_end_matches(['\0', ' ', '\r', '\n']);
    let mut mended = Zeroizing::new(String::with_capacity(text.len().saturating_mul(2)));
    let mut is_string = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                is_string = !is_string;
                mended.push(c);
            }
            '\\' if is_string => {
                let escapes = |next: &char| "\"\\/bfnrtu".contains(*next);
                mended.push(c);
                match chars.next_if(escapes) {
                    Some(next) => mended.push(next),
                    None => mended.push(c),
                }
            }
            c if is_string && c < ' ' => mended.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => mended.push(c),
        }
    }
    mended
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Told {
        status: u8,
        name: String,
    }

    fn told(body: &[u8]) -> Option<(u8, String)> {
        let told: Result<Told, _> = read("user/get", body);
        told.ok().map(|told| (told.status, told.name))
    }

    #[test]
    fn what_members_typed_is_read() {
        for (body, name) in [
            (&b"{\"name\":\"Li\x08Si\",\"status\":4}"[..], "Li\u{8}Si"),
            (
                b"{\"name\":\"a\nb\tc\x14\",\n\t\"status\":4}",
                "a\nb\tc\u{14}",
            ),
            (b"{\"name\":\"a\\xb\\\",\\\\\",\"status\":4}", "a\\xb\",\\"),
            (
                b"\xef\xbb\xbf{\"status\":4,\"name\":\"\\n\x01\"}\r\n\0",
                "\n\u{1}",
            ),
            (b"{\"name\":\"\xd5\xc5\",\"status\":4}", "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(told(body), Some((4, name.to_owned())));
        }
    }

    /// Where the log of a test goes.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_log_says_where_an_answer_cannot_be_read_and_not_what_it_says() {
        let log = Written::default();
        // Another test that comes here for the first time may be in the middle of asking who listens, and hear that nobody
        // does: what it heard holds until it is asked again.
        for _ in 0..500 {
            let writer = log.clone();
            let subscriber = tracing_subscriber::fmt()
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .finish();
            tracing::subscriber::with_default(subscriber, || {
                assert_eq!(told(b"{\"name\":\"canary\",\n\"status\":\"canary\"}"), None);
            });
            if !log.0.lock().unwrap().is_empty() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        for said in ["user/get", "line=2", "column=17", "bytes=", "kind=Data"] {
            assert!(log.contains(said), "{said}: {log}");
        }
        assert!(!log.contains("canary"), "{log}");
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for body in [
            &b""[..],
            b"<html>",
            b"{\"name\":\"a",
            b"{\"name\":\"a\"}",
            b"{\"name\":\"a\",\"status\":\x08 4}",
            b"{\"name\":\"a\\",
        ] {
            assert_eq!(told(body), None, "{body:?}");
        }
    }
}
