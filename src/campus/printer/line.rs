//! A printer at the end of a line: a device or a connection, to which the bytes of ESC/POS are written. It is asked for its
//! paper before and after (DLE EOT, answered also while it is offline); one that does not answer is believed.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use escpos::utils::{RealTimeStatusRequest, RealTimeStatusResponse};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;

use super::{DEADLINE, Paper, PrinterTrouble, SlipPrinter};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long an answer about the paper may take.
const ANSWER: Duration = Duration::from_millis(500);
/// What is passed over before a question: answers that came by themselves.
const STALE: usize = 256;

/// A printer to which bytes are written.
pub(super) struct LinePrinter {
    to: Place,
    paper: Paper,
}

enum Place {
    Device(PathBuf),
    Network(SocketAddr),
}

impl LinePrinter {
    pub fn device(path: PathBuf, paper: Paper) -> Self {
        let to = Place::Device(path);
        LinePrinter { to, paper }
    }

    pub fn network(address: SocketAddr, paper: Paper) -> Self {
        let to = Place::Network(address);
        LinePrinter { to, paper }
    }

    fn open(&self) -> Result<Line, PrinterTrouble> {
        let opened = match &self.to {
            Place::Device(path) => open_device(path),
            Place::Network(address) => TcpStream::connect_timeout(address, CONNECT)
                .and_then(|stream| stream.set_nonblocking(true).map(|()| stream))
                .map(|stream| File::from(OwnedFd::from(stream))),
        };
        opened.map(Line).map_err(|error| trouble(&error))
    }
}

/// Opens the device, which is there: a file is neither made nor written to in its place.
fn open_device(path: &std::path::Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let mut options = OpenOptions::new();
    let file = options
        .read(true)
        .write(true)
        .custom_flags(flags)
        .open(path)?;
    if file.metadata()?.file_type().is_char_device() {
        Ok(file)
    } else {
        Err(io::ErrorKind::NotFound.into())
    }
}

fn trouble(error: &io::Error) -> PrinterTrouble {
    match error.kind() {
        io::ErrorKind::NotFound => PrinterTrouble::Absent,
        io::ErrorKind::PermissionDenied => PrinterTrouble::NotAllowed,
        // What the kernel's driver says of a printer without paper.
        io::ErrorKind::StorageFull => PrinterTrouble::NoPaper,
        _ => match error
            .raw_os_error()
            .map(rustix::io::Errno::from_raw_os_error)
        {
            Some(rustix::io::Errno::NXIO | rustix::io::Errno::NODEV) => PrinterTrouble::Absent,
            _ => PrinterTrouble::Offline,
        },
    }
}

impl SlipPrinter for LinePrinter {
    fn paper(&self) -> Paper {
        self.paper
    }

    fn print(&self, slip: &[u8]) -> Result<(), PrinterTrouble> {
        let mut line = self.open()?;
        line.state()?;
        if let Err(why) = line.send(slip, Instant::now() + DEADLINE) {
            // A printer that stops taking bytes may still say why.
            line.state()?;
            return Err(why);
        }
        line.state()
    }

    fn check(&self) -> Result<(), PrinterTrouble> {
        self.open()?.state()
    }
}

/// An open line that does not block.
struct Line(File);

impl Line {
    fn is_ready(&self, what: PollFlags, end: Instant) -> bool {
        let left = end.saturating_duration_since(Instant::now());
        let Ok(left) = Timespec::try_from(left) else {
            return false;
        };
        let mut asked = [PollFd::from_borrowed_fd(self.0.as_fd(), what)];
        poll(&mut asked, Some(&left)).is_ok_and(|ready| ready > 0)
    }

    fn send(&mut self, mut bytes: &[u8], end: Instant) -> Result<(), PrinterTrouble> {
        while !bytes.is_empty() {
            if !self.is_ready(PollFlags::OUT, end) {
                return Err(PrinterTrouble::Offline);
            }
            match self.0.write(bytes) {
                Ok(0) => return Err(PrinterTrouble::Offline),
                Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
                Err(error) if is_passing(&error) => {
                    // A line that is ready and takes nothing must not be asked in circles.
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(error) => return Err(trouble(&error)),
            }
        }
        Ok(())
    }

    /// One byte that the printer sent, where it does in time.
    fn receive(&mut self, end: Instant) -> Option<u8> {
        let mut byte = [0];
        while self.is_ready(PollFlags::IN, end) {
            match self.0.read(&mut byte) {
                Ok(1) => return Some(byte[0]),
                Err(error) if is_passing(&error) => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                _ => return None,
            }
        }
        None
    }

    /// How the printer says it is. One that does not answer, or in other words, is taken to be well.
    fn state(&mut self) -> Result<(), PrinterTrouble> {
        let now = Instant::now();
        for _ in 0..STALE {
            if self.receive(now).is_none() {
                break;
            }
        }
        for request in [
            RealTimeStatusRequest::RollPaperSensor,
            RealTimeStatusRequest::OfflineCause,
        ] {
            let (number, _) = request.into();
            self.send(&[0x10, 0x04, number], Instant::now() + ANSWER)?;
            let Some(answer) = self.receive(Instant::now() + ANSWER) else {
                return Ok(());
            };
            if let Some(why) = read_state(request, answer) {
                return Err(why);
            }
        }
        Ok(())
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    )
}

/// What an answer says is wrong.
fn read_state(request: RealTimeStatusRequest, answer: u8) -> Option<PrinterTrouble> {
    use RealTimeStatusResponse::{
        CoverClosed, ErrorOccurred, PrintingStopsDueToPaperEnd, RollPaperEndSensorPaperPresent,
    };
    let said = RealTimeStatusResponse::parse(request, answer).ok()?;
    let is = |what, value: bool| said.get(&what) == Some(&value);
    let no_paper = is(RollPaperEndSensorPaperPresent, false)
        || is(PrintingStopsDueToPaperEnd, true)
        || is(CoverClosed, false);
    if no_paper {
        Some(PrinterTrouble::NoPaper)
    } else {
        is(ErrorOccurred, true).then_some(PrinterTrouble::Offline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::sync::mpsc;

    /// A printer in the network that answers questions with this byte, and what it was sent.
    fn printer(answers: Option<u8>) -> (LinePrinter, mpsc::Receiver<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, got) = mpsc::channel();
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let mut all = Vec::new();
                let mut piece = [0; 4096];
                while let Ok(length @ 1..) = stream.read(&mut piece) {
                    let questions = piece[..length].windows(2).filter(|two| *two == [0x10, 4]);
                    if let Some(answer) = answers {
                        let _ = stream.write_all(&vec![answer; questions.count()]);
                    }
                    all.extend_from_slice(&piece[..length]);
                }
                let _ = sender.send(all);
            }
        });
        (LinePrinter::network(address, Paper::Narrow), got)
    }

    #[test]
    fn a_slip_goes_to_a_printer_that_says_it_is_well_and_to_one_that_says_nothing() {
        for answers in [Some(0b0001_0010), None] {
            let (printer, got) = printer(answers);
            assert_eq!(printer.print(b"slip"), Ok(()));
            let got = got.recv_timeout(DEADLINE).unwrap();
            assert!(got.windows(4).any(|piece| piece == b"slip"));
        }
    }

    #[test]
    fn a_printer_without_paper_gets_nothing() {
        // No paper at the end sensor; what is no answer at all is passed over.
        let (printer, got) = printer(Some(0b0111_0010));
        assert_eq!(printer.check(), Err(PrinterTrouble::NoPaper));
        assert_eq!(printer.print(b"slip"), Err(PrinterTrouble::NoPaper));
        for _ in 0..2 {
            let got = got.recv_timeout(DEADLINE).unwrap();
            assert!(!got.windows(4).any(|piece| piece == b"slip"));
        }
        let (printer, _got) = super::tests::printer(Some(0xff));
        assert_eq!(printer.check(), Ok(()));
    }

    #[test]
    fn what_is_not_there_is_told() {
        let absent = LinePrinter::device("/dev/usb/lp-none".into(), Paper::Wide);
        assert_eq!(absent.print(b"slip"), Err(PrinterTrouble::Absent));
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "kept").unwrap();
        let printer = LinePrinter::device(file.clone(), Paper::Wide);
        assert_eq!(printer.print(b"slip"), Err(PrinterTrouble::Absent));
        assert_eq!(std::fs::read(&file).unwrap(), b"kept");
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let off = LinePrinter::network(free, Paper::Wide);
        assert_eq!(off.check(), Err(PrinterTrouble::Offline));
    }

    /// A printer that takes nothing more, as one without paper does that cannot say so.
    #[test]
    fn a_printer_that_stops_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let line = LinePrinter::network(listener.local_addr().unwrap(), Paper::Wide);
        let mut line = line.open().unwrap();
        let end = Instant::now() + Duration::from_millis(300);
        let sent = line.send(&vec![0; 64 * 1024 * 1024], end);
        assert_eq!(sent, Err(PrinterTrouble::Offline));
        assert!(Instant::now() < end + Duration::from_secs(5));
    }
}
