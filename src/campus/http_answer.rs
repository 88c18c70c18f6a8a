//! One answer over HTTP, read to its end: its cap, its compression, and the few headers that count.

use std::io::Read;
use std::time::Duration;

use reqwest::header::{
    CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER, SET_COOKIE,
};
use reqwest::{RequestBuilder, StatusCode};
use zeroize::Zeroizing;

use super::tls_fault::TlsFault;

/// The longest pause that a service may ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// A complete answer.
pub(super) struct HttpAnswer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub retry_after: Option<Duration>,
    /// The server's clock.
    pub date: Option<jiff::Timestamp>,
    /// The `Set-Cookie` lines.
    pub cookies: Vec<Zeroizing<String>>,
    /// The `Content-Type`, with the charset.
    pub content_type: Option<String>,
    /// It may hold a token.
    pub body: Zeroizing<Vec<u8>>,
}

/// Why there is no answer to read.
pub(super) enum NotReceived {
    /// An error's kind, without its text, which may name an address with a token in it; whether the request left; and
    /// the fault of TLS, where it is one.
    Lost {
        why: &'static str,
        left: bool,
        fault: Option<TlsFault>,
    },
    /// It came, and is longer than the cap.
    TooLong,
    /// It came, in a compression that cannot be read.
    Unreadable,
}

/// Sends a request once, and reads its answer up to so many bytes.
pub(super) async fn receive(
    request: RequestBuilder,
    cap: usize,
) -> Result<HttpAnswer, NotReceived> {
    let sent = request.send().await;
    let mut response = sent.map_err(|e| NotReceived::Lost {
        why: error_kind(&e),
        left: !(e.is_connect() || e.is_builder()),
        fault: TlsFault::in_error(&e),
    })?;
    let status = response.status();
    let location = header(response.headers(), LOCATION.as_str()).map(str::to_owned);
    let retry_after = header(response.headers(), RETRY_AFTER.as_str()).and_then(read_retry_after);
    let date = header(response.headers(), DATE.as_str()).and_then(read_date);
    let cookies = response.headers().get_all(SET_COOKIE).iter();
    let cookies = cookies.filter_map(|line| Some(Zeroizing::new(line.to_str().ok()?.to_owned())));
    let cookies = cookies.take(50).collect();
    let content_type = header(response.headers(), CONTENT_TYPE.as_str()).map(str::to_owned);
    let encoding = header(response.headers(), CONTENT_ENCODING.as_str()).map(str::to_lowercase);
    // Grown by hand: a growing Vec leaves unwiped pieces of a token behind.
    let mut body = Zeroizing::new(Vec::with_capacity(cap));
    while let Some(piece) = response.chunk().await.map_err(|e| NotReceived::Lost {
        why: error_kind(&e),
        left: true,
        fault: None,
    })? {
        if piece.len() > cap.saturating_sub(body.len()) {
            return Err(NotReceived::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    if let Some(encoding) = encoding.filter(|encoding| encoding != "identity") {
        body = unpack(&encoding, &body, cap)?;
    }
    Ok(HttpAnswer {
        status,
        location,
        retry_after,
        date,
        cookies,
        content_type,
        body,
    })
}

/// A body that a server compressed without being asked (RFC 9110 8.4.1). It may unpack to as many bytes as it might have had
/// without.
fn unpack(encoding: &str, packed: &[u8], cap: usize) -> Result<Zeroizing<Vec<u8>>, NotReceived> {
    let unpacked: Box<dyn Read> = match encoding {
        "gzip" | "x-gzip" => Box::new(flate2::read::MultiGzDecoder::new(packed)),
        // Some servers leave the frame of zlib out. Its first byte has this low half.
        "deflate" if packed.first().is_some_and(|first| first & 15 == 8) => {
            Box::new(flate2::read::ZlibDecoder::new(packed))
        }
        "deflate" => Box::new(flate2::read::DeflateDecoder::new(packed)),
        _ => return Err(NotReceived::Unreadable),
    };
    let most = u64::try_from(cap).unwrap_or(u64::MAX).saturating_add(1);
    let mut body = Zeroizing::new(Vec::with_capacity(cap.saturating_add(1)));
    match unpacked.take(most).read_to_end(&mut body) {
        Ok(length) if length > cap => Err(NotReceived::TooLong),
        Ok(_) => Ok(body),
        Err(_) => Err(NotReceived::Unreadable),
    }
}

fn error_kind(error: &reqwest::Error) -> &'static str {
    match error {
        e if e.is_timeout() => "deadline",
        e if e.is_connect() => "no connection",
        e if e.is_body() || e.is_decode() => "broken off",
        e if e.is_builder() => "not a request",
        _ => "no answer",
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A date as HTTP writes it (RFC 9110 5.6.7).
fn read_date(text: &str) -> Option<jiff::Timestamp> {
    let date = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    Some(date.timestamp())
}

/// Seconds, or a date (RFC 9110 10.2.3).
fn read_retry_after(text: &str) -> Option<Duration> {
    let pause = match text.trim().parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = read_date(text)?;
            Duration::try_from(until.duration_since(jiff::Timestamp::now())).unwrap_or_default()
        }
    };
    Some(pause.min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compressed_answer_is_unpacked_up_to_its_cap() {
        use flate2::Compression;
        use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
        use std::io::Write;
        let text = "统一身份认证 ".repeat(100);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(text.as_bytes()).unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
        zlib.write_all(text.as_bytes()).unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::best());
        bare.write_all(text.as_bytes()).unwrap();
        let (gzip, zlib) = (gzip.finish().unwrap(), zlib.finish().unwrap());
        let bare = bare.finish().unwrap();
        for (encoding, packed) in [("gzip", &gzip), ("deflate", &zlib), ("deflate", &bare)] {
            let unpacked = unpack(encoding, packed, text.len()).ok().unwrap();
            assert_eq!(&**unpacked, text.as_bytes(), "{encoding}");
            let too_long = unpack(encoding, packed, text.len() - 1);
            assert!(matches!(too_long, Err(NotReceived::TooLong)), "{encoding}");
        }
        assert!(unpack("br", &gzip, 1000).is_err());
        assert!(unpack("gzip", b"no gzip", 1000).is_err());
    }

    #[test]
    fn a_pause_is_read_as_seconds_or_date_and_bounded() {
        assert_eq!(read_retry_after(" 30 "), Some(Duration::from_secs(30)));
        assert_eq!(read_retry_after("99999999"), Some(LONGEST_RETRY_AFTER));
        let past = read_retry_after("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(past, Some(Duration::ZERO));
        let far = read_retry_after("Fri, 06 Nov 2499 08:49:37 GMT");
        assert_eq!(far, Some(LONGEST_RETRY_AFTER));
        assert_eq!(read_retry_after("soon"), None);
    }
}
