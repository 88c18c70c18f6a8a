//! Samba as a domain controller of Active Directory, which no one here wrote. It ends with its value.
//!
//! Its ports are fixed, and not everybody may listen there: it gets no interface to listen on, and a bridge leads from
//! a port of the system's choice to its Unix socket.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::BytesMut;
use ldap3_proto::LdapCodec;
use ldap3_proto::proto::{LdapBindCred, LdapBindRequest, LdapExtendedRequest, LdapMsg, LdapOp};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsConnector;
use tokio_util::codec::{Decoder, Encoder};

use crate::support::PATIENCE;
use crate::support::certificates::{Authority, Signed};
use crate::support::servers::{self, Running};
use crate::support::slapd::Entry;

/// The whole domain. A search in it is answered with a referral as well.
pub const BASE: &str = "DC=campus,DC=test";
/// The account that searches, by its user principal name.
pub const SERVICE: &str = "yingxin@campus.test";
pub const SERVICE_PASSWORD: &str = "canary-Service-1";
/// So many wrong passwords lock an account.
pub const TRIES: usize = 6;

pub const DISABLED: &str = "userAccountControl: 514\n";
/// The account ended with the year 2000. Moments are counted in tenths of a microsecond since 1601.
pub const ENDED: &str = "accountExpires: 126227808000000000\n";
/// Another password has to be set first.
pub const MUST_CHANGE: &str = "pwdLastSet: 0\n";
/// A password of 1970, in a domain that takes each for 42 days.
pub const EXPIRED: &str = "pwdLastSet: 116444736000000000\n";
/// A bit for each hour of a week, and none of them is set.
pub const AT_NO_HOUR: &str = "logonHours:: AAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
pub const ELSEWHERE: &str = "userWorkstations: ELSEWHERE\n";

const PEOPLE: &str = "OU=People,DC=campus,DC=test";
/// Samba's own: whoever writes an account may say when its password was set.
const TELLS_WHEN_SET: &str = "--controls=local_oid:1.3.6.1.4.1.7165.4.3.20:0";

pub struct Samba {
    /// With StartTLS: without TLS Active Directory takes no password.
    pub at: SocketAddr,
    /// What its certificate is signed by.
    pub authority: Authority,
    bridge: JoinHandle<()>,
    _running: Running,
    _dir: tempfile::TempDir,
}

impl Drop for Samba {
    fn drop(&mut self) {
        self.bridge.abort();
    }
}

impl Samba {
    /// Starts it with these accounts.
    pub async fn start(entries: &[Entry<'_>]) -> Samba {
        let authority = Authority::new();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path();
        let copied = Command::new("cp")
            .arg("-r")
            .arg(servers::path("samba/domain"))
            .arg(path.join("private"))
            .status();
        assert!(copied.unwrap().success());
        std::fs::create_dir(path.join("run")).unwrap();
        std::fs::write(path.join("smb.conf"), configuration(path)).unwrap();
        write_certificate(path, &authority.signs("127.0.0.1"));
        fill(path, entries);
        let log = path.join("log");
        let told = File::create(&log).unwrap();
        // It ends with its standard input, too.
        let child = samba(path, "usr/sbin/samba")
            .args(["-i", "-M", "single", "--debug-stdout"])
            .stdin(Stdio::piped())
            .stdout(told.try_clone().unwrap())
            .stderr(told)
            .spawn();
        let mut running = Running(child.unwrap());
        let socket = path.join("private/ldapi");
        wait_for(&socket, &mut running.0, &log).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Samba {
            at: listener.local_addr().unwrap(),
            authority,
            bridge: tokio::spawn(bridge(listener, socket)),
            _running: running,
            _dir: dir,
        }
    }

    /// What it writes itself in its answer to a sign-in by this name.
    pub async fn says(&self, name: &str, password: &str) -> String {
        let mut plain = TcpStream::connect(self.at).await.unwrap();
        let start_tls = LdapExtendedRequest {
            name: "1.3.6.1.4.1.1466.20037".to_owned(),
            value: None,
        };
        ask(&mut plain, LdapOp::ExtendedRequest(start_tls)).await;
        let connector = TlsConnector::from(Arc::new(self.trusting()));
        let host = ServerName::try_from("127.0.0.1").unwrap();
        let mut private = connector.connect(host, plain).await.unwrap();
        let bind = LdapBindRequest {
            version: 3,
            dn: name.to_owned(),
            cred: LdapBindCred::Simple(password.to_owned()),
        };
        match ask(&mut private, LdapOp::BindRequest(bind)).await {
            LdapOp::BindResponse(answer) => answer.res.message,
            other => panic!("{other:?}"),
        }
    }

    fn trusting(&self) -> ClientConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.der()).unwrap();
        ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth()
    }
}

async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), op: LdapOp) -> LdapOp {
    let mut codec = LdapCodec::default();
    let mut bytes = BytesMut::new();
    let message = LdapMsg {
        msgid: 1,
        op,
        ctrl: Vec::new(),
    };
    codec.encode(message, &mut bytes).unwrap();
    stream.write_all(&bytes).await.unwrap();
    stream.flush().await.unwrap();
    bytes.clear();
    loop {
        let got = stream.read_buf(&mut bytes).await.unwrap();
        assert!(got > 0, "it hung up");
        if let Some(message) = codec.decode(&mut bytes).unwrap() {
            return message.op;
        }
    }
}

async fn bridge(listener: TcpListener, socket: PathBuf) {
    let mut calls = JoinSet::new();
    while let Ok((mut kiosk, _)) = listener.accept().await {
        let socket = socket.clone();
        calls.spawn(async move {
            if let Ok(mut server) = UnixStream::connect(socket).await {
                let _ = tokio::io::copy_bidirectional(&mut kiosk, &mut server).await;
            }
        });
    }
}

async fn wait_for(socket: &Path, child: &mut Child, log: &Path) {
    let patience = Instant::now();
    while UnixStream::connect(socket).await.is_err() {
        if child.try_wait().unwrap().is_some() || patience.elapsed() > PATIENCE {
            panic!("{}", std::fs::read_to_string(log).unwrap());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A program of Samba's, with the configuration of this folder.
fn samba(dir: &Path, program: &str) -> Command {
    let root = servers::path("samba");
    let run = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/samba_run");
    let mut command = Command::new(run);
    command
        .arg(&root)
        .arg(root.join(program))
        .arg(format!("--configfile={}", dir.join("smb.conf").display()));
    command
}

/// The interface is one that no machine has: its address is kept for documentation (RFC 5737).
fn configuration(dir: &Path) -> String {
    let dir = dir.display();
    format!(
        "[global]\nnetbios name = DC\nworkgroup = CAMPUS\nrealm = CAMPUS.TEST\n\
         server role = active directory domain controller\nserver services = ldap\n\
         interfaces = 203.0.113.1\nbind interfaces only = yes\n\
         private dir = {dir}/private\nlock directory = {dir}/run\nstate directory = {dir}/run\n\
         cache directory = {dir}/run\npid directory = {dir}/run\nncalrpc dir = {dir}/run\nbinddns dir = {dir}/run\n\
         tls certfile = {dir}/certificate.pem\ntls keyfile = {dir}/key.pem\ntls cafile =\n"
    )
}

fn write_certificate(dir: &Path, signed: &Signed) {
    std::fs::write(dir.join("certificate.pem"), &signed.certificate).unwrap();
    // Samba takes no key that others may read.
    let key = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(dir.join("key.pem"));
    key.unwrap().write_all(signed.key.as_bytes()).unwrap();
}

fn fill(dir: &Path, entries: &[Entry<'_>]) {
    let accounts = dir.join("accounts.ldif");
    std::fs::write(&accounts, ldif(entries)).unwrap();
    let filled = samba(dir, "usr/bin/ldbmodify")
        .arg(TELLS_WHEN_SET)
        .arg("-H")
        .arg(dir.join("private/sam.ldb"))
        .arg(accounts)
        .output();
    let filled = filled.unwrap();
    assert!(
        filled.status.success(),
        "{}",
        String::from_utf8_lossy(&filled.stderr)
    );
}

fn ldif(entries: &[Entry<'_>]) -> String {
    let mut text = format!(
        "dn: {BASE}\nchangetype: modify\nreplace: lockoutThreshold\nlockoutThreshold: {TRIES}\n\n\
         dn: {PEOPLE}\nchangetype: add\nobjectClass: organizationalUnit\n\n"
    );
    let service = Entry {
        number: "yingxin",
        password: SERVICE_PASSWORD,
        more: "",
    };
    for entry in entries.iter().chain([&service]) {
        let Entry {
            number,
            password,
            more,
        } = entry;
        let (name, password) = (STANDARD.encode("张三"), quoted(password));
        write!(
            text,
            "dn: CN={number},{PEOPLE}\nchangetype: add\nobjectClass: user\nsAMAccountName: {number}\n\
             userPrincipalName: {number}@campus.test\ndisplayName:: {name}\nunicodePwd:: {password}\n{more}"
        )
        .unwrap();
        for (attribute, usual) in [("userAccountControl", 512), ("pwdLastSet", now())] {
            if !more.contains(attribute) {
                writeln!(text, "{attribute}: {usual}").unwrap();
            }
        }
        text.push('\n');
    }
    text
}

/// A password as `unicodePwd` has it: in quotation marks, in UTF-16.
fn quoted(password: &str) -> String {
    let units = format!("\"{password}\"");
    let bytes: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
    STANDARD.encode(bytes)
}

/// Now, in tenths of a microsecond since 1601.
fn now() -> u64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    (since_1970.as_secs() + 11_644_473_600) * 10_000_000
}
