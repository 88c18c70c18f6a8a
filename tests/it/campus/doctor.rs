//! `yingxin doctor` against servers of every other kind than the practice campus's: each passes where it is well, and
//! each is named with its cause and what to do where it is not. No student is affected.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use yingxin::campus::identity::ADAPTERS;
use yingxin::campus::sms::CARRIERS;
use yingxin::campus::tls_fault::TlsFault;

use super::aliyun::Service;
use super::house::House;
use super::models::{Model, Product, SERVICE as CAS_SERVICE};
use crate::support::certificates::Authority;
use crate::support::gammu::Modem;
use crate::support::proxy::{Exchange, Proxy};
use crate::support::slapd::{BASE, Entry, SERVICE, SERVICE_PASSWORD, Slapd};

/// Everything that a desk may be connected to, and its folder.
struct Desk {
    dir: tempfile::TempDir,
    apereo: Model,
    wisedu: Model,
    slapd: Slapd,
    house: House,
    aliyun: Service,
    modem: Modem,
}

impl Desk {
    async fn new() -> Desk {
        let entry = Entry {
            number: "20260001",
            password: "practice-0001",
            more: "",
        };
        let desk = Desk {
            dir: tempfile::tempdir().unwrap(),
            apereo: Model::start(Product::Apereo).await,
            wisedu: Model::start(Product::Wisedu).await,
            slapd: Slapd::start(&[entry], None),
            house: House::new().await,
            aliyun: Service::new().await,
            modem: Modem::start(0),
        };
        // What Aliyun says of a number that is none: the keys, the signature and the template were taken.
        let none = json!({"Code": "isv.MOBILE_NUMBER_ILLEGAL"});
        desk.aliyun.says(200, none);
        for (name, text) in [
            ("ldap", SERVICE_PASSWORD),
            ("id", "FAKEID"),
            ("key", "canary-key"),
            ("oidc", "practice-oidc-secret"),
        ] {
            write_secret(desk.dir.path(), name, text);
        }
        desk
    }

    /// Its configuration, with some of it said otherwise.
    fn configured(&self, changes: &[(&str, String)]) {
        let (apereo, wisedu, ldap) = (self.apereo.at, self.wisedu.at, self.slapd.at);
        let (issuer, client) = (
            self.house.url("/oidc"),
            self.house.campus.credentials().oidc_client,
        );
        let (aliyun, modem) = (&self.aliyun.url, self.modem.dir.path().display());
        let mut text = format!(
            "[identity.cas_form]\nurl = \"http://{apereo}/cas\"\nservice = \"{CAS_SERVICE}\"\n\
             [identity.wisedu]\nurl = \"http://{wisedu}/cas\"\nservice = \"{CAS_SERVICE}\"\n\
             [identity.ldap]\nurl = \"ldap://{ldap}\"\nbase = \"{BASE}\"\nbind_dn = \"{SERVICE}\"\n\
             bind_password_file = \"ldap\"\n\
             [identity.oidc]\nissuer = \"{issuer}\"\nclient_id = \"{client}\"\nclient_secret_file = \"oidc\"\ngrants = \"both\"\n\
             [sms.aliyun]\nendpoint = \"{aliyun}\"\nkey_id_file = \"id\"\nkey_secret_file = \"key\"\n\
             sign = \"练习大学\"\ntemplate = \"SMS_1\"\n\
             [sms.gammu]\noutbox = \"{modem}/outbox\"\nsent = \"{modem}/sent\"\nerror = \"{modem}/error\"\n"
        );
        for (before, after) in changes {
            assert!(text.contains(before), "{before}");
            text = text.replace(before, after);
        }
        std::fs::write(self.dir.path().join("yingxin.toml"), text).unwrap();
    }

    /// The gateways' rows and the clock's, and the exit code.
    async fn examined(&self) -> (i32, Vec<Value>) {
        examined(self.dir.path()).await
    }
}

/// What the doctor says of the desk in this folder.
async fn examined(dir: &Path) -> (i32, Vec<Value>) {
    let (code, rows, _) = examined_and_logged(dir).await;
    (code, rows)
}

/// The same, with what the doctor wrote to stderr.
async fn examined_and_logged(dir: &Path) -> (i32, Vec<Value>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yingxin"));
    command
        .arg("--config")
        .arg(dir.join("yingxin.toml"))
        .arg("--store")
        .arg(dir.join("store"))
        .args(["doctor", "--json"])
        .env("HOME", dir)
        .env("LANG", "C.UTF-8")
        .env("LC_MESSAGES", "en_US.UTF-8")
        .stdin(Stdio::null());
    // The models answer on this thread: the command is waited for on another.
    let ran = tokio::task::spawn_blocking(move || command.output()).await;
    let output = ran.unwrap().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let logged = String::from_utf8(output.stderr).unwrap();
    for canary in ["canary-key", SERVICE_PASSWORD] {
        assert!(!told.contains(canary), "{told}");
        assert!(!logged.contains(canary), "{logged}");
    }
    let rows = told.lines().map(|line| serde_json::from_str(line).unwrap());
    (output.status.code().unwrap(), rows.collect(), logged)
}

fn write_secret(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
}

fn row<'v>(rows: &'v [Value], gateway: &str) -> &'v Value {
    let mut found = rows.iter().filter(|row| row["subject"] == gateway);
    let row = found
        .next()
        .unwrap_or_else(|| panic!("no {gateway}: {rows:?}"));
    assert!(found.next().is_none(), "{gateway} stands there twice");
    row
}

const GATEWAYS: [&str; 6] = [
    "identity.cas_form",
    "identity.wisedu",
    "identity.ldap",
    "identity.oidc",
    "sms.aliyun",
    "sms.gammu",
];

#[tokio::test]
async fn every_kind_of_gateway_passes_where_it_is_well() {
    let desk = Desk::new().await;
    desk.configured(&[]);
    let (_, rows) = desk.examined().await;
    for gateway in GATEWAYS {
        let row = row(&rows, gateway);
        assert_eq!(row["verdict"], "pass", "{row}");
        assert_eq!(row["remedy"], Value::Null, "{row}");
    }
    let clock = rows.iter().find(|row| row["check"] == "clock").unwrap();
    assert!(
        clock["told"]
            .as_str()
            .unwrap()
            .contains("apart from the servers'"),
        "{clock}"
    );
    assert!(
        !desk.dir.path().join("store").exists(),
        "checks make no store"
    );
    // No student was signed in, no message is in flight, no code was requested.
    for model in [&desk.apereo, &desk.wisedu] {
        assert_eq!(model.seen.lock().unwrap().posts, 0);
    }
    assert_eq!(desk.house.calls("/oidc/device_authorization").await, 0);
    for folder in ["outbox", "sent", "error"] {
        assert_eq!(desk.modem.files(folder).len(), 0, "{folder}");
    }
    for (_, params, _) in desk.aliyun.asked() {
        assert_eq!(params["PhoneNumbers"], "0");
    }
}

/// Every adapter's server stands behind a certificate that nobody here trusts. The campus's own platform stands beside no
/// other carrier: the desk is examined once with the one and once with the others.
#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_named_at_every_gateway() {
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = nobody.local_addr().unwrap();
    let strange = Authority::new().signs("127.0.0.1").server();
    let proxy = Proxy::with_tls(server, Exchange::Connection, strange).await;
    let at = proxy.address;
    let messages = format!(
        "[sms.tencent]\nendpoint = \"https://{at}\"\nsecret_id_file = \"secret\"\n\
         secret_key_file = \"secret\"\napp_id = \"1\"\nsign = \"练习大学\"\ntemplate = \"1\"\n\
         [sms.aliyun]\nendpoint = \"https://{at}\"\nkey_id_file = \"secret\"\n\
         key_secret_file = \"secret\"\nsign = \"练习大学\"\ntemplate = \"SMS_1\"\n\
         [sms.http]\naddress = \"https://{at}/send\"\ncontent = [\"to={{mobile}}\", \"code={{code}}\"]\n\
         accepted = [\"0\"]\n"
    );
    let codes = format!(
        "[sms.campus]\nsend_address = \"https://{at}/send\"\nsend_content = [\"to={{mobile}}\"]\naccepted = [\"0\"]\n\
         check_address = \"https://{at}/check\"\ncheck_content = [\"to={{mobile}}\", \"code={{code}}\"]\n\
         right = [\"0\"]\nwrong = [\"1\"]\n"
    );
    // The modem has no server.
    let carriers = CARRIERS.iter().map(|one| one.name);
    let (alone, together): (Vec<&str>, Vec<&str>) = carriers
        .filter(|name| *name != "gammu")
        .partition(|name| *name == "campus");
    let gateway = |name: &&str| (format!("sms.{name}"), format!("sms.{name}"));
    let together = together.iter().map(gateway).collect();
    is_named_at_every_gateway(at, &messages, together).await;
    let mut alone: Vec<_> = alone.iter().map(gateway).collect();
    alone.push(("sms.campus.check".into(), "sms.campus".into()));
    is_named_at_every_gateway(at, &codes, alone).await;
    assert_eq!(proxy.exchanges(), 0);
}

/// The same, with these carriers: their gateways and the section of each.
async fn is_named_at_every_gateway(
    at: SocketAddr,
    carriers: &str,
    mut gateways: Vec<(String, String)>,
) {
    let dir = tempfile::tempdir().unwrap();
    write_secret(dir.path(), "secret", "canary-key");
    let mut text = format!(
        "[identity.ldap]\nurl = \"ldaps://{at}\"\nbase = \"{BASE}\"\n\
         [identity.oidc]\nissuer = \"https://{at}\"\nclient_id = \"desk\"\ngrants = \"both\"\n\
         [directory.wecom]\nurl = \"https://{at}\"\ncorp_id = \"ww0\"\n\
         contacts_secret_file = \"secret\"\napp_secret_file = \"secret\"\n{carriers}"
    );
    let pages = ADAPTERS.iter().map(|adapter| adapter.name);
    for page in pages.filter(|name| !["ldap", "oidc"].contains(name)) {
        text += &format!(
            "[identity.{page}]\nurl = \"https://{at}/cas\"\nservice = \"{CAS_SERVICE}\"\n"
        );
    }
    text += "[doctor]\nstudent = \"20260001\"\npassword_file = \"secret\"\n";
    std::fs::write(dir.path().join("yingxin.toml"), text).unwrap();
    let cause = TlsFault::UnknownIssuer.text();
    // Before the first start there is no folder for a log, and none is made.
    let (_, _, logged) = examined_and_logged(dir.path()).await;
    assert!(logged.contains(cause), "{logged}");
    assert!(!dir.path().join("store").exists());
    std::fs::create_dir(dir.path().join("store")).unwrap();
    let (code, rows, logged) = examined_and_logged(dir.path()).await;
    assert_eq!((code, logged.as_str()), (1, ""));
    let named = |port: &str, name: &str| (format!("{port}.{name}"), format!("{port}.{name}"));
    gateways.extend(ADAPTERS.iter().map(|one| named("identity", one.name)));
    for secret in ["app", "contacts"] {
        let gateway = format!("directory.wecom.{secret}");
        gateways.push((gateway, "directory.wecom".into()));
    }
    for (gateway, section) in gateways {
        let row = row(&rows, &gateway);
        assert_eq!(row["verdict"], "fail", "{row}");
        assert!(row["told"].as_str().unwrap().contains(cause), "{row}");
        let remedy = format!("mend [{section}] in yingxin.toml, or the campus's side of it");
        assert_eq!(row["remedy"], remedy, "{row}");
    }
    let account = rows.iter().find(|row| row["check"] == "account").unwrap();
    assert!(
        account["told"].as_str().unwrap().contains(cause),
        "{account}"
    );
    let log = std::fs::read_to_string(dir.path().join("store/doctor.log")).unwrap();
    assert!(log.contains(cause), "{log}");
}

/// The report names the clock that is furthest from this desk's, whichever server's it is.
#[tokio::test]
async fn a_clock_that_is_off_is_told_by_the_servers_date() {
    let desk = Desk::new().await;
    desk.configured(&[]);
    for (ahead, verdict) in [(0, "pass"), (100, "warn"), (-100, "warn"), (-3600, "fail")] {
        desk.aliyun.is_ahead(ahead);
        let (code, rows) = desk.examined().await;
        let clock = rows.iter().find(|row| row["check"] == "clock").unwrap();
        assert_eq!(clock["verdict"], verdict, "{ahead}: {clock}");
        if verdict != "pass" {
            let remedy = "let this machine set its clock from the network";
            assert_eq!(clock["remedy"], remedy, "{ahead}");
        }
        assert!(code == 1 || verdict != "fail", "{ahead}");
    }
}

#[tokio::test]
async fn every_kind_of_gateway_is_named_with_its_cause_and_remedy() {
    let desk = Desk::new().await;
    let mended =
        |section: &str| format!("mend [{section}] in yingxin.toml, or the campus's side of it");
    // Each is reached and is wrong.
    write_secret(desk.dir.path(), "ldap", "wrong");
    desk.aliyun
        .says(400, json!({"Code": "SignatureDoesNotMatch"}));
    let (apereo, wisedu) = (desk.apereo.at, desk.wisedu.at);
    desk.configured(&[
        (
            &format!("{apereo}/cas\"\nservice = \"{CAS_SERVICE}"),
            format!("{apereo}/cas\"\nservice = \"https://other.example/"),
        ),
        (&format!("http://{wisedu}/"), format!("http://{apereo}/")),
        ("/oidc\"", "/nowhere\"".into()),
        ("/outbox\"", "/nowhere\"".into()),
    ]);
    let (code, rows) = desk.examined().await;
    assert_eq!(code, 1);
    for (gateway, cause) in [
        (
            "identity.cas_form",
            "shows no login form for this service (HTTP 403)",
        ),
        ("identity.wisedu", "no pwdEncryptSalt"),
        ("identity.ldap", "the service account cannot sign in"),
        ("identity.oidc", "no discovery document at the issuer"),
        ("sms.aliyun", "SignatureDoesNotMatch"),
        ("sms.gammu", "nowhere cannot be used"),
    ] {
        let row = row(&rows, gateway);
        assert_eq!(row["verdict"], "fail", "{row}");
        assert!(row["told"].as_str().unwrap().contains(cause), "{row}");
        assert_eq!(row["remedy"], mended(gateway), "{row}");
    }
    // The issuer refuses the desk's secret; Wisedu's captcha query fails; the modem's daemon hangs; the rest are down.
    desk.wisedu.seen.lock().unwrap().captcha_is_broken = true;
    desk.modem.signal("STOP");
    let waiting = desk
        .modem
        .at("outbox/OUTA20260901_080000_00_+8613900139001_x.txt");
    std::fs::write(&waiting, "x").unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let file = std::fs::File::options().write(true).open(&waiting).unwrap();
    file.set_modified(long_ago).unwrap();
    let gone = |at: &str| (at.to_owned(), "127.0.0.1:1".to_owned());
    write_secret(desk.dir.path(), "oidc", "wrong");
    let changes = [
        gone(&apereo.to_string()),
        gone(&desk.slapd.at.to_string()),
        gone(&desk.aliyun.url["http://".len()..]),
    ];
    let changes: Vec<(&str, String)> = changes
        .iter()
        .map(|(before, after)| (before.as_str(), after.clone()))
        .collect();
    desk.configured(&changes);
    let (code, rows) = desk.examined().await;
    assert_eq!(code, 1);
    for gateway in ["identity.cas_form", "identity.ldap", "sms.aliyun"] {
        let row = row(&rows, gateway);
        assert_eq!(
            (&row["verdict"], &row["told"]),
            (&json!("fail"), &json!("no answer.")),
            "{row}"
        );
        let remedy = "look at the network, the address and the firewall";
        assert_eq!(row["remedy"], remedy, "{row}");
    }
    for (gateway, cause) in [
        ("identity.oidc", "refuses this desk: invalid_client"),
        (
            "identity.wisedu",
            "does not tell whether a captcha is needed",
        ),
        ("sms.gammu", "is gammu-smsd running?"),
    ] {
        let row = row(&rows, gateway);
        assert!(row["told"].as_str().unwrap().contains(cause), "{row}");
        assert_eq!(row["remedy"], mended(gateway), "{row}");
    }
    desk.modem.signal("CONT");
}
