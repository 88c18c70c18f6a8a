//! The cookies of one sign-in (RFC 6265), by path and age. All of them go back to the one server they came from.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

/// More cookies than any sign-in sets, and the longest accepted cookie, in bytes.
const MOST_COOKIES: usize = 20;
const LONGEST_COOKIE: usize = 4096;

/// The cookies of one server.
#[derive(Default)]
pub(super) struct Cookies(Vec<Cookie>);

struct Cookie {
    name: String,
    value: Zeroizing<String>,
    path: String,
    /// Until when it is good, monotonic. `None` for as long as the sign-in.
    until: Option<Duration>,
}

impl Cookies {
    /// Keeps what a `Set-Cookie` line of the answer from this address says (RFC 6265 5.2, 5.3). `now` is monotonic, `wall`
    /// the time of day.
    pub fn keep(&mut self, line: &str, from: &Url, now: Duration, wall: jiff::Timestamp) {
        let mut parts = line.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || name.len().saturating_add(value.len()) > LONGEST_COOKIE {
            return;
        }
        let mut path = default_path(from);
        let (mut max_age, mut expires) = (None, None);
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "path" if value.starts_with('/') && value.len() <= LONGEST_COOKIE => {
                    path = value.to_owned()
                }
                "max-age" => max_age = value.parse::<i64>().ok(),
                "expires" => expires = date(value),
                _ => {}
            }
        }
        // Max-Age wins (RFC 6265 5.3).
        let left = match (max_age, expires) {
            (Some(seconds), _) => Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0))),
            (None, Some(until)) => {
                Some(Duration::try_from(until.duration_since(wall)).unwrap_or_default())
            }
            (None, None) => None,
        };
        self.0
            .retain(|known| known.name != name || known.path != path);
        if left == Some(Duration::ZERO) || self.0.len() >= MOST_COOKIES {
            return;
        }
        self.0.push(Cookie {
            name: name.to_owned(),
            value: Zeroizing::new(value.to_owned()),
            path,
            until: left.map(|left| now.saturating_add(left)),
        });
    }

    /// The `Cookie` header for a request to this address: those with the longer path first (RFC 6265 5.4).
    pub fn header(&self, to: &Url, now: Duration) -> Option<HeaderValue> {
        let mut fitting: Vec<&Cookie> = self
            .0
            .iter()
            .filter(|cookie| cookie.fits(to.path(), now))
            .collect();
        fitting.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let mut line = Zeroizing::new(String::with_capacity(
            MOST_COOKIES.saturating_mul(LONGEST_COOKIE),
        ));
        for cookie in fitting {
            if !line.is_empty() {
                line.push_str("; ");
            }
            line.push_str(&cookie.name);
            line.push('=');
            line.push_str(&cookie.value);
        }
        let mut header = HeaderValue::from_str(&line).ok()?;
        header.set_sensitive(true);
        Some(header).filter(|_| !line.is_empty())
    }
}

impl Cookie {
    /// RFC 6265 5.1.4: the path is this one or a folder above it.
    fn fits(&self, path: &str, now: Duration) -> bool {
        let is_below = path.strip_prefix(self.path.as_str()).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/')
        });
        is_below && self.until.is_none_or(|until| now < until)
    }
}

/// The folder of the address (RFC 6265 5.1.4).
fn default_path(from: &Url) -> String {
    match from.path().rsplit_once('/') {
        Some((folder, _)) if !folder.is_empty() => folder.to_owned(),
        Some(_) | None => "/".to_owned(),
    }
}

/// `Wed, 09 Jun 2021 10:18:14 GMT`, and with dashes as old servers write it.
fn date(text: &str) -> Option<jiff::Timestamp> {
    let text = text.replace('-', " ");
    jiff::fmt::rfc2822::parse(&text)
        .ok()
        .map(|date| date.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse(&format!("https://cas.example{path}")).unwrap()
    }

    fn jar(lines: &[&str]) -> Cookies {
        let mut cookies = Cookies::default();
        for line in lines {
            cookies.keep(
                line,
                &url("/cas/login"),
                Duration::ZERO,
                jiff::Timestamp::UNIX_EPOCH,
            );
        }
        cookies
    }

    fn sent(cookies: &Cookies, path: &str, seconds: u64) -> String {
        let header = cookies.header(&url(path), Duration::from_secs(seconds));
        header
            .map(|header| header.to_str().unwrap().to_owned())
            .unwrap_or_default()
    }

    #[test]
    fn a_cookie_goes_back_below_its_path() {
        let cookies = jar(&[
            "a=root; Path=/",
            "a=cas; Path=/cas",
            "b=2",
            "c=3; path=/cas/admin",
            "d=4; path=/ca",
        ]);
        assert_eq!(sent(&cookies, "/cas/login", 0), "a=cas; b=2; a=root");
        assert_eq!(sent(&cookies, "/cas/admin/x", 0), "c=3; a=cas; b=2; a=root");
        assert_eq!(sent(&cookies, "/castle", 0), "a=root");
        assert_eq!(
            sent(&jar(&["a=1;Path=/;HttpOnly", "a=4; path=/"]), "/", 0),
            "a=4"
        );
    }

    #[test]
    fn a_cookie_ends_with_its_age() {
        let cookies = jar(&[
            "a=1; Max-Age=60",
            "b=2; Expires=Thu, 01-Jan-1970 00:01:00 GMT",
            "c=3",
        ]);
        assert_eq!(sent(&cookies, "/cas/login", 59), "a=1; b=2; c=3");
        assert_eq!(sent(&cookies, "/cas/login", 60), "c=3");
        let gone = jar(&[
            "a=1",
            "a=; Max-Age=0",
            "b=1",
            "b=deleted; expires=Wed, 31 Dec 1969 00:00:00 GMT",
        ]);
        assert_eq!(sent(&gone, "/cas/login", 0), "");
    }

    #[test]
    fn cookies_are_pairs_and_bounded() {
        let long = format!("long={}", "x".repeat(5000));
        let mut cookies = jar(&["b = 2", "=3", "none", &long]);
        assert_eq!(sent(&cookies, "/cas/login", 0), "b=2");
        assert!(
            cookies
                .header(&url("/cas/login"), Duration::ZERO)
                .unwrap()
                .is_sensitive()
        );
        for n in 0..100 {
            cookies.keep(
                &format!("c{n}=1"),
                &url("/"),
                Duration::ZERO,
                jiff::Timestamp::UNIX_EPOCH,
            );
        }
        assert_eq!(cookies.0.len(), MOST_COOKIES);
        assert!(jar(&[]).header(&url("/"), Duration::ZERO).is_none());
    }
}
