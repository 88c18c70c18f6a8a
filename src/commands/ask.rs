//! Requests to a running kiosk over its socket. It knows the wire format, not the meaning of a question.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use zeroize::Zeroizing;

use super::runtime;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::both;
use crate::desk::socket::{self, IpcQuestion, IpcReply, SocketAddress};
use crate::ours::NotOurs;

/// Waited longer for an answer than the kiosk takes at most.
const LONGER: Duration = Duration::from_secs(2);

/// The answer of the kiosk of this store; `None` if no kiosk runs.
///
/// # Errors
/// A kiosk runs and does not answer; or the folder, or who answers there, is another user's: then nothing was sent.
pub fn kiosk(dir: &Path, question: &IpcQuestion) -> CliResult<Option<IpcReply>> {
    let address = match SocketAddress::of(dir) {
        Ok(address) => address,
        Err(error) => {
            return match NotOurs::of(&error) {
                Some(not_ours) => Err(not_ours.into()),
                None => Ok(None),
            };
        }
    };
    let asked = runtime()?.block_on(async {
        let Ok(stream) = UnixStream::connect(&address.path).await else {
            return Ok(None);
        };
        let name = socket::path(dir);
        let patience = question.patience().saturating_add(LONGER);
        match tokio::time::timeout(patience, talk(stream, &name, question)).await {
            Ok(reply) => reply.map(Some),
            Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut)),
        }
    });
    match asked {
        Ok(Some(IpcReply::Error(why))) => Err(no_answer(&why)),
        Ok(reply) => Ok(reply),
        Err(error) => Err(match NotOurs::of(&error) {
            Some(not_ours) => not_ours.into(),
            None => no_answer(&error.to_string()),
        }),
    }
}

/// The error of a running kiosk that does not answer.
pub fn no_answer(why: &str) -> CliError {
    CliError::new(
        Exit::Unavailable,
        both!(
            "the running kiosk did not answer: {why}",
            "运行中的迎新台没有答复：{why}"
        ),
        both!("try again in a moment", "请稍后再试"),
    )
}

async fn talk(mut stream: UnixStream, name: &Path, question: &IpcQuestion) -> io::Result<IpcReply> {
    socket::guard_peer(&stream, name)?;
    // The line may hold a PIN. It is allocated at its full size: a growing buffer leaves copies on the heap.
    let mut line = Zeroizing::new(Vec::with_capacity(1024));
    serde_json::to_writer(&mut *line, question)?;
    line.push(b'\n');
    stream.write_all(&line).await?;
    let mut line = String::new();
    let mut answer = BufReader::new(stream.take(socket::ANSWER));
    answer.read_line(&mut line).await?;
    Ok(serde_json::from_str(&line)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::behind_pin::wire;
    use crate::visit::Secret;

    /// Listens on the socket by the number given, answers nothing, and prints what it was sent.
    const LISTENER: &str = "
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
os.setuid(int(sys.argv[2]))
s.listen(1)
print('ready', flush=True)
c = s.accept()[0]
c.settimeout(5)
print(repr(c.recv(4096)), flush=True)
";

    /// What a listener of this user is sent, and what the command says.
    fn sent_to(user: u32) -> Option<(String, CliError)> {
        use std::io::BufRead;
        let dir = tempfile::tempdir().unwrap();
        let mut listener = std::process::Command::new("python3")
            .arg("-c")
            .arg(LISTENER)
            .arg(socket::path(dir.path()))
            .arg(user.to_string())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .ok()?;
        let mut told = io::BufReader::new(listener.stdout.take().unwrap()).lines();
        assert_eq!(told.next().unwrap().unwrap(), "ready");
        let pin = wire(&Secret::new("471100".into()));
        let refused = kiosk(dir.path(), &IpcQuestion::ConfirmClock { pin }).unwrap_err();
        let sent = told.next().unwrap().unwrap();
        listener.wait().unwrap();
        Some((sent, refused))
    }

    #[test]
    fn a_pin_is_sent_to_nobody_but_this_user_and_root() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let Some((sent, _)) = sent_to(0) else {
            return;
        };
        assert!(sent.contains("471100"), "it is asked at all: {sent}");
        let (sent, refused) = sent_to(54_321).unwrap();
        assert_eq!(sent, "b''");
        assert_eq!(refused.exit, Exit::NoPermission);
        assert!(refused.what.contains("54321"), "{refused}");
    }
}
