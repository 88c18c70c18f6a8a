//! Requests to a running kiosk over its socket. It knows the wire format, not the meaning of a question.

use std::io::{self, BufRead, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::cli_error::{CliError, CliResult, Exit};
use crate::desk::socket::{self, IpcQuestion, IpcReply, SocketAddress};

/// Waited longer for an answer than the kiosk takes at most.
const LONGER: Duration = Duration::from_secs(2);

/// The answer of the kiosk of this store; `None` if no kiosk runs.
///
/// # Errors
/// A kiosk runs and does not answer.
pub fn kiosk(dir: &Path, question: &IpcQuestion) -> CliResult<Option<IpcReply>> {
    let Ok(address) = SocketAddress::of(dir) else {
        return Ok(None);
    };
    let Ok(stream) = UnixStream::connect(&address.path) else {
        return Ok(None);
    };
    match talk(stream, question) {
        Ok(IpcReply::Error(why)) => Err(no_answer(&why)),
        Ok(reply) => Ok(Some(reply)),
        Err(e) => Err(no_answer(&e.to_string())),
    }
}

/// The error of a running kiosk that does not answer.
pub fn no_answer(why: &str) -> CliError {
    CliError::new(
        Exit::Unavailable,
        format!("the running kiosk did not answer: {why}"),
        "try again in a moment",
    )
}

fn talk(mut stream: UnixStream, question: &IpcQuestion) -> io::Result<IpcReply> {
    let patience = question.patience().saturating_add(LONGER);
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    // The line may hold a PIN. It is allocated at its full size: a growing buffer leaves copies on the heap.
    let mut line = Zeroizing::new(Vec::with_capacity(1024));
    serde_json::to_writer(&mut *line, question)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut line = String::new();
    io::BufReader::new(stream.take(socket::ANSWER)).read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}
