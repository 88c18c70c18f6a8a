//! The desk's loop with a buffer for a screen and a channel for a keyboard.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc;
use yingxin::campus::connections::Connections;
use yingxin::campus::directory::WeComOptions;
use yingxin::campus::identity::CasRest;
use yingxin::campus::pack::{self, Pack};
use yingxin::campus::sms::tencent::TencentOptions;
use yingxin::campus::tls::Trust;
use yingxin::cli_error::CliResult;
use yingxin::desk::Setup;
use yingxin::desk::kiosk::{Canvas, Kiosk};
use yingxin::desk::lock::{PinHash, PinList};
use yingxin::desk::terminal::input::TerminalEvent;
use yingxin::desk::terminal::signals::Signals;
use yingxin::practice::Credentials;
use yingxin::screen::theme::{Colours, Terminal as Ability};
use yingxin::screen::{UiInput, UiKey};
use yingxin::store::Location;
use yingxin::text::Lang;
use yingxin::visit::{DeskNumber, Secret, StepKind, VolunteerName, Way};

use super::disk::Disk;
use crate::support::clock::HeldClock;
use crate::support::ports::fake::FakeCampus;

pub const PIN: &str = "471100";
/// How long a desk may be without input before its idle countdown begins.
pub const IDLE: Duration = Duration::from_secs(600);
/// How long a test waits for something to appear: a disk under load is slow.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What is on the glass.
#[derive(Default)]
struct Seen {
    text: String,
    frames: usize,
    broken: bool,
    /// The next frame is a programmer's mistake.
    falls: bool,
}

struct Glass {
    terminal: Terminal<TestBackend>,
    seen: Arc<Mutex<Seen>>,
}

impl Canvas for Glass {
    fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let mut seen = self.seen.lock().unwrap();
        if seen.broken {
            return Err(io::Error::from_raw_os_error(5));
        }
        if std::mem::take(&mut seen.falls) {
            drop(seen);
            panic!("a fall");
        }
        let _ = self.terminal.draw(render);
        seen.text = text_of(self.terminal.backend().buffer());
        seen.frames += 1;
        Ok(())
    }

    fn repaint(&mut self) -> io::Result<()> {
        let _ = self.terminal.clear();
        Ok(())
    }
}

/// A desk to be run.
pub struct Desk {
    dir: PathBuf,
    /// The practice campus that the desk reaches.
    campus: Option<String>,
    idle: Duration,
    disk: Option<Disk>,
    ports: Option<Arc<FakeCampus>>,
    clock: Option<Arc<HeldClock>>,
    vouching_binds: bool,
    pins: Option<PinList>,
}

impl Desk {
    pub fn at(dir: &Path) -> Desk {
        Desk {
            dir: dir.join("store"),
            campus: None,
            idle: IDLE,
            disk: None,
            ports: None,
            clock: None,
            vouching_binds: false,
            pins: None,
        }
    }

    pub fn on(self, disk: &Disk) -> Desk {
        Desk {
            disk: Some(disk.clone()),
            ..self
        }
    }

    pub fn against(self, ports: &Arc<FakeCampus>) -> Desk {
        Desk {
            ports: Some(ports.clone()),
            ..self
        }
    }

    /// The desk's time is this clock's.
    pub fn by(self, clock: &Arc<HeldClock>) -> Desk {
        Desk {
            clock: Some(clock.clone()),
            ..self
        }
    }

    /// The campus takes a volunteer's word for a sign-in.
    pub fn where_vouching_binds(self) -> Desk {
        Desk {
            vouching_binds: true,
            ..self
        }
    }

    /// Beside the PIN for all there are these volunteers' own.
    pub fn with_volunteers(self, named: &[(&str, &str)]) -> Desk {
        let mut pins = PinList::from(hash(PIN));
        for (name, pin) in named {
            let name = VolunteerName::parse(name).unwrap();
            pins.set(Some(name), hash(pin)).unwrap();
        }
        Desk {
            pins: Some(pins),
            ..self
        }
    }

    /// Seconds until the idle countdown begins.
    pub fn patient_for(self, seconds: u64) -> Desk {
        Desk {
            idle: Duration::from_secs(seconds),
            ..self
        }
    }

    pub fn connected_to(self, url: &str) -> Desk {
        Desk {
            campus: Some(url.to_owned()),
            ..self
        }
    }

    /// Runs the desk while somebody does something at it; then its input ends. Gives how the loop ended.
    pub async fn run(self, work: impl AsyncFnOnce(&mut Keys)) -> CliResult<()> {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let glass = Glass {
            terminal: Terminal::new(TestBackend::new(100, 32)).unwrap(),
            seen: seen.clone(),
        };
        let (sender, input) = mpsc::channel(256);
        let mut kiosk = match &self.clock {
            Some(clock) => Kiosk::with_clock(glass, self.setup(), clock.clone()),
            None => Kiosk::new(glass, self.setup()),
        };
        if let Some(disk) = &self.disk {
            kiosk = kiosk.on_disk(Arc::new(disk.clone()));
        }
        if let Some(ports) = &self.ports {
            kiosk = kiosk.against(ports.campus());
        }
        let running = kiosk.run(input, Signals::new().unwrap());
        tokio::pin!(running);
        let mut keys = Keys { sender, seen };
        tokio::select! {
            ended = &mut running => return ended,
            () = work(&mut keys) => {}
        }
        drop(keys);
        running.await
    }

    fn setup(&self) -> Setup {
        std::fs::create_dir_all(&self.dir).unwrap();
        let mut pack = sends_codes(pack::for_practice(pack::embedded().unwrap()).unwrap());
        pack.rules.vouching_binds = self.vouching_binds;
        pack.front.numbers.vouching_binds = self.vouching_binds;
        Setup {
            terminal: Ability {
                colours: Colours::Rgb,
                no_color: false,
                console: false,
            },
            pack: pack::BegunPack::Whole(Box::new(pack)),
            number: DeskNumber::default(),
            lang: Lang::Zh,
            theme: None,
            themes_dir: None,
            store: Location::new(&self.dir),
            key_file: None,
            idle: self.idle,
            pins: self.pins.clone().unwrap_or_else(|| hash(PIN).into()),
            has_scanner: false,
            connections: self.campus.as_deref().map(practice).unwrap_or_default(),
            orders: Default::default(),
            locked: None,
            practice: None,
        }
    }
}

/// A campus whose desk sends codes too has more that can go wrong.
pub fn sends_codes(mut pack: Pack) -> Pack {
    let routes = pack.rules.routes.iter_mut();
    for step in routes.flat_map(|route| &mut route.steps) {
        if step.kind == StepKind::Verify {
            step.ways = vec![Way::Phone, Way::Desk];
        }
    }
    pack
}

fn hash(pin: &str) -> PinHash {
    PinHash::for_practice(&Secret::new(pin.to_owned())).unwrap()
}

/// What is read on the screen: a wide character takes two cells and is one character.
fn text_of(buffer: &ratatui::buffer::Buffer) -> String {
    let mut text = String::new();
    for row in buffer
        .content()
        .chunks(usize::from(buffer.area.width).max(1))
    {
        let mut cells = row.iter();
        while let Some(cell) = cells.next() {
            text.push_str(cell.symbol());
            if unicode_width::UnicodeWidthStr::width(cell.symbol()) > 1 {
                cells.next();
            }
        }
        text.push('\n');
    }
    text
}

/// Somebody at the desk.
pub struct Keys {
    sender: mpsc::Sender<TerminalEvent>,
    seen: Arc<Mutex<Seen>>,
}

impl Keys {
    pub async fn key(&mut self, key: UiKey) -> &mut Self {
        self.sender
            .send(TerminalEvent::Input(UiInput::Key(key)))
            .await
            .unwrap();
        self
    }

    pub async fn types(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.key(UiKey::Char(c)).await;
        }
        self
    }

    /// Waits until the screen shows a text; spaces and line breaks are not compared.
    pub async fn shows(&mut self, text: &str) -> &mut Self {
        self.until(text, true).await
    }

    pub async fn hides(&mut self, text: &str) -> &mut Self {
        self.until(text, false).await
    }

    async fn until(&mut self, text: &str, there: bool) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        let wanted = squeezed(text);
        while squeezed(&self.text()).contains(&wanted) != there {
            assert!(
                Instant::now() < end,
                "waited for {text:?} to be {there}; the screen:\n{}",
                self.text()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self
    }

    pub fn text(&self) -> String {
        self.seen.lock().unwrap().text.clone()
    }

    pub fn frames(&self) -> usize {
        self.seen.lock().unwrap().frames
    }

    pub fn breaks_the_glass(&self) {
        self.seen.lock().unwrap().broken = true;
    }

    /// The next frame panics, as a bug in the program would.
    pub fn falls_at_the_next_frame(&self) {
        self.seen.lock().unwrap().falls = true;
    }
}

/// Without spaces, line breaks and the buffer's quotes.
pub fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '"')
        .collect()
}

/// The practice campus at this address.
fn practice(url: &str) -> Connections {
    let known = Credentials::practice();
    Connections {
        printer: None,
        identity: vec![CasRest::at(format!("{url}/cas"), known.cas_service)],
        directory: Some(Box::new(WeComOptions {
            url: url.to_owned(),
            corp_id: known.corp_id,
            contacts_secret: Some(Secret::new(known.contacts_secret)),
            app_secret: Some(Secret::new(known.app_secret)),
            department: Some(known.department),
        })),
        sms: vec![Box::new(TencentOptions {
            endpoint: url.to_owned(),
            region: known.sms_region,
            secret_id: Secret::new(known.sms_secret_id),
            secret_key: Secret::new(known.sms_secret_key),
            app_id: known.sms_app_id,
            sign: known.sms_sign,
            template: known.sms_template,
        })],
        trust: Trust::LoopbackOnly,
    }
}
