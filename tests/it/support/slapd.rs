//! OpenLDAP on loopback, with a password policy: a directory that no one here wrote. It ends with its value.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::support::certificates::Signed;
use crate::support::servers::{self, Running};

pub const BASE: &str = "ou=students,dc=example,dc=edu,dc=cn";
pub const SERVICE: &str = "cn=yingxin,ou=services,dc=example,dc=edu,dc=cn";
pub const SERVICE_PASSWORD: &str = "canary-service";

/// A student in the directory.
pub struct Entry<'a> {
    pub number: &'a str,
    pub password: &'a str,
    /// Lines of LDIF behind the others.
    pub more: &'a str,
}

/// Locked by an administrator, for good. Of 20260005 the service account may not read it.
pub const LOCKED: &str = "pwdAccountLockedTime: 000001010000Z\n";
/// A password that ran out long ago.
pub const EXPIRED: &str = "pwdChangedTime: 20010101000000Z\n";
/// The same, under a policy that takes it three times more.
pub const GRACE: &str = "pwdChangedTime: 20010101000000Z\n\
    pwdPolicySubentry: cn=grace,ou=services,dc=example,dc=edu,dc=cn\n";
/// A password that runs out in some years, under a policy that warns of it all the time.
pub const EXPIRING: &str = "pwdPolicySubentry: cn=warns,ou=services,dc=example,dc=edu,dc=cn\n\
    pwdChangedTime: 20260101000000Z\n";
/// A password that somebody else set: another one has to be set first.
pub const RESET: &str = "pwdReset: TRUE\n";

pub struct Slapd {
    /// Plain, and with StartTLS where it has a certificate.
    pub at: SocketAddr,
    /// LDAPS, where it has a certificate.
    pub tls_at: SocketAddr,
    _running: Running,
    _dir: tempfile::TempDir,
}

impl Slapd {
    /// Starts it with these students.
    pub fn start(entries: &[Entry<'_>], signed: Option<&Signed>) -> Slapd {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path();
        std::fs::create_dir(path.join("db")).unwrap();
        std::fs::write(path.join("slapd.conf"), configuration(path, signed)).unwrap();
        std::fs::write(path.join("base.ldif"), ldif(entries)).unwrap();
        let filled = slapd(path, &["-T", "add", "-q"])
            .arg("-l")
            .arg(path.join("base.ldif"))
            .output();
        let filled = filled.unwrap();
        assert!(
            filled.status.success(),
            "{}",
            String::from_utf8_lossy(&filled.stderr)
        );
        let tls_at = servers::free();
        let (at, running) = servers::started(|at| {
            let mut addresses = format!("ldap://{at}/");
            if signed.is_some() {
                write!(addresses, " ldaps://{tls_at}/").unwrap();
            }
            slapd(path, &["-d", "0", "-h", &addresses])
        });
        Slapd {
            at,
            tls_at,
            _running: running,
            _dir: dir,
        }
    }
}

fn slapd(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = servers::program("slapd/usr/sbin/slapd");
    command
        .args(arguments)
        .arg("-f")
        .arg(dir.join("slapd.conf"));
    command
}

fn configuration(dir: &Path, signed: Option<&Signed>) -> String {
    let root = servers::path("slapd");
    let (root, dir_name) = (root.display(), dir.display());
    let mut text = String::new();
    for schema in ["core", "cosine", "inetorgperson"] {
        writeln!(text, "include {root}/etc/ldap/schema/{schema}.schema").unwrap();
    }
    if let Some(signed) = signed {
        for (name, pem) in [
            ("certificate.pem", &signed.certificate),
            ("key.pem", &signed.key),
        ] {
            std::fs::write(dir.join(name), pem).unwrap();
        }
        writeln!(text, "TLSCertificateFile {dir_name}/certificate.pem\nTLSCertificateKeyFile {dir_name}/key.pem").unwrap();
    }
    write!(
        text,
        "attributetype ( 1.2.840.113556.1.4.662 NAME 'lockoutTime' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )\n\
         attributetype ( 1.2.840.113556.1.4.60 NAME 'lockoutDuration' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )\n\
         objectclass ( 1.3.6.1.4.1.4203.666.1 NAME 'adLock' AUXILIARY MAY ( lockoutTime $ lockoutDuration ) )\n\
         pidfile {dir_name}/slapd.pid\nargsfile {dir_name}/slapd.args\nmodulepath {root}/usr/lib/ldap\n\
         moduleload back_mdb\nmoduleload ppolicy\ndatabase mdb\nsuffix dc=example,dc=edu,dc=cn\ndirectory {dir_name}/db\n\
         rootdn cn=admin,dc=example,dc=edu,dc=cn\noverlay ppolicy\n\
         ppolicy_default cn=default,ou=services,dc=example,dc=edu,dc=cn\nppolicy_use_lockout\n\
         access to dn.exact=uid=20260005,{BASE} attrs=pwdAccountLockedTime by * none\n\
         access to attrs=userPassword by anonymous auth by * none\naccess to * by dn.exact={SERVICE} read by users read by * none\n"
    )
    .unwrap();
    text
}

fn ldif(entries: &[Entry<'_>]) -> String {
    let mut text = String::from(
        "dn: dc=example,dc=edu,dc=cn\nobjectClass: dcObject\nobjectClass: organization\nobjectClass: adLock\n\
         o: x\ndc: example\nlockoutDuration: -18000000000\n\n\
         dn: ou=services,dc=example,dc=edu,dc=cn\nobjectClass: organizationalUnit\nou: services\n\n\
         dn: ou=students,dc=example,dc=edu,dc=cn\nobjectClass: organizationalUnit\nou: students\n\n\
         dn: cn=default,ou=services,dc=example,dc=edu,dc=cn\nobjectClass: device\nobjectClass: pwdPolicy\ncn: default\n\
         pwdAttribute: userPassword\npwdLockout: TRUE\npwdMaxFailure: 12\npwdLockoutDuration: 600\npwdMaxAge: 315360000\n\
         pwdMustChange: TRUE\n\n\
         dn: cn=grace,ou=services,dc=example,dc=edu,dc=cn\nobjectClass: device\nobjectClass: pwdPolicy\ncn: grace\n\
         pwdAttribute: userPassword\npwdMaxAge: 86400\npwdGraceAuthNLimit: 3\n\n\
         dn: cn=warns,ou=services,dc=example,dc=edu,dc=cn\nobjectClass: device\nobjectClass: pwdPolicy\ncn: warns\n\
         pwdAttribute: userPassword\npwdMaxAge: 315360000\npwdExpireWarning: 315360000\n\n\
         dn: ou=elsewhere,ou=students,dc=example,dc=edu,dc=cn\nobjectClass: referral\nobjectClass: extensibleObject\n\
         ou: elsewhere\nref: ldap://127.0.0.1:1/ou=students,dc=example,dc=edu,dc=cn\n\n",
    );
    write!(
        text,
        "dn: {SERVICE}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: yingxin\n\
         userPassword: {SERVICE_PASSWORD}\n\n"
    )
    .unwrap();
    for entry in entries {
        let Entry {
            number,
            password,
            more,
        } = entry;
        let password = STANDARD.encode(password);
        write!(
            text,
            "dn: uid={number},{BASE}\nobjectClass: inetOrgPerson\nobjectClass: adLock\nuid: {number}\ncn:: {}\nsn: x\nuserPassword:: {password}\n{more}\n",
            STANDARD.encode("张三")
        )
        .unwrap();
    }
    text
}
