//! How a desk reaches its campus: the settings of each adapter that is connected, and how the adapters are made of them.
//! Reading happens before the first frame, so that errors are printed; connecting happens after it, because the HTTP
//! client takes time. Nothing is sent to the campus here.

use super::http::{EndpointError, Http, HttpOptions};
use super::identity::{self, SignIn, Ways};
use super::printer::PrinterOptions;
use super::setting::{BoxedConnector, SettingValues, in_order};
use super::sms::{self, FailoverSms};
use super::tls::Trust;
use super::{Campus, Directory, Sms, directory};
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};

/// How the campus is reached: an entry for each adapter. The secrets are read already.
#[derive(Debug, Default)]
pub struct Connections {
    /// The ways of signing in, the first to be asked first.
    pub identity: Vec<BoxedConnector<SignIn>>,
    /// The directory; `None` for the student's word (guide 一.3).
    pub directory: Option<BoxedConnector<Box<dyn Directory>>>,
    /// The carriers of messages, the first to be asked first.
    pub sms: Vec<BoxedConnector<Box<dyn Sms>>>,
    /// The slip printer on the desk.
    pub printer: Option<PrinterOptions>,
    /// Whose certificates are trusted.
    pub trust: Trust,
}

impl Connections {
    /// Reads the settings of the adapters that are filled in. The trust is the default one.
    ///
    /// # Errors
    /// Where an adapter is named that does not exist, a section is half filled in, or a secret cannot be read.
    pub fn read(values: &dyn SettingValues) -> CliResult<Self> {
        let ways = in_order(values, &identity::ORDER, identity::ADAPTERS)?;
        let carriers = in_order(values, &sms::ORDER, sms::CARRIERS)?;
        sms::check_together(values, &carriers)?;
        let ways = ways.into_iter().map(|way| (way.read)(values));
        let carriers = carriers.into_iter().map(|carrier| (carrier.read)(values));
        Ok(Connections {
            identity: ways.collect::<CliResult<_>>()?,
            directory: directory::read(values)?,
            sms: carriers.collect::<CliResult<_>>()?,
            printer: PrinterOptions::read(values)?,
            trust: Trust::default(),
        })
    }

    /// Whether nothing is connected: the student's phone does everything.
    pub fn is_guide(&self) -> bool {
        self.identity.is_empty() && self.directory.is_none() && self.sms.is_empty()
    }

    /// Makes the adapters. In guide mode not even an HTTP client is made.
    ///
    /// # Errors
    /// Where certificates cannot be read, or an address is wrong.
    pub fn connect(self) -> CliResult<Campus> {
        let is_guide = self.is_guide();
        let mut campus = Campus {
            printer: self.printer.map(PrinterOptions::connect),
            ..Campus::default()
        };
        if is_guide {
            return Ok(campus);
        }
        let http = client(self.trust)?;
        let mut passwords = Vec::new();
        for way in self.identity {
            let sign_in = connect("identity", way, &http)?;
            passwords.extend(sign_in.password);
            campus.device_grant = sign_in.device_grant.or(campus.device_grant);
        }
        if !passwords.is_empty() {
            campus.identity = Some(Box::new(Ways::new(passwords)));
        }
        if let Some(directory) = self.directory {
            campus.directory = connect("directory", directory, &http)?;
        }
        let mut carriers = Vec::new();
        for carrier in self.sms {
            carriers.push((carrier.name(), connect("sms", carrier, &http)?));
        }
        if !carriers.is_empty() {
            campus.sms = Some(Box::new(FailoverSms::new(carriers)));
        }
        Ok(campus)
    }
}

fn client(trust: Trust) -> CliResult<Http> {
    Http::new(&HttpOptions {
        trust,
        ..HttpOptions::default()
    })
    .map_err(|e| {
        CliError::new(
            Exit::Failure,
            e.to_string(),
            pick("then start the kiosk again", "然后重新启动迎新台"),
        )
    })
}

fn connect<P>(port: &str, connector: BoxedConnector<P>, http: &Http) -> CliResult<P> {
    let name = connector.name();
    connector.connect(http).map_err(|error: EndpointError| {
        CliError::new(
            Exit::Configuration,
            both!(
                "the address under [{port}.{name}] is {error}",
                "[{port}.{name}] 的网址有误：{error}"
            ),
            pick("run: yingxin config check", "请运行 yingxin config check"),
        )
    })
}
