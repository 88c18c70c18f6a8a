//! What a configuration connects: which adapters, in which order, and what is an error.

use std::path::Path;

use super::*;
use crate::campus::setting::{Adapter, BETWEEN_TEXTS, SettingKind, find};
use crate::campus::{directory, identity, sms};
use crate::config::{Flags, load};

const SECTIONS: &str = "[identity.ldap]\nurl = \"ldap://ldap.example\"\nbase = \"dc=example\"\n\
    [identity.cas_form]\nurl = \"https://cas.example/cas/\"\nservice = \"https://desk.example/\"\n";

/// Reads the connections of a configuration file. Its secrets are in `s.secret`.
fn connections(text: &str, environment: Environment<'_>) -> CliResult<Connections> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yingxin.toml");
    std::fs::write(&path, text).unwrap();
    write_secret(&dir.path().join("s.secret"));
    let flags = Flags {
        config: Some(path),
        store: Some(dir.path().into()),
        ..Flags::default()
    };
    load(&flags, environment)?.connections(environment)
}

fn write_secret(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, "s3cret").unwrap();
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)).unwrap();
}

/// The ways of signing in of a configuration, by name.
fn ways(head: &str, order: Option<&str>) -> Vec<&'static str> {
    let environment = |name: &str| match name {
        "YINGXIN_IDENTITY_ORDER" => order.map(str::to_owned),
        _ => None,
    };
    let connections = connections(&format!("{head}{SECTIONS}"), &environment).unwrap();
    connections.identity.iter().map(|way| way.name()).collect()
}

#[test]
fn the_order_is_the_tables_the_files_or_the_environments() {
    let file = "[identity]\norder = [\"ldap\", \"cas_form\"]\n";
    assert_eq!(ways("", None), ["cas_form", "ldap"]);
    assert_eq!(ways(file, None), ["ldap", "cas_form"]);
    assert_eq!(ways(file, Some("cas_form,ldap")), ["cas_form", "ldap"]);
}

/// A section with every setting filled in by its example.
fn filled<P>(port: &str, adapter: &Adapter<P>) -> String {
    let lines = adapter.settings.iter().map(|setting| {
        let (section, name) = setting.split();
        assert_eq!(section, format!("{port}.{}", adapter.name));
        match setting.kind {
            SettingKind::Number(..) => format!("{name} = {}\n", setting.example),
            SettingKind::SecretFile => format!("{name} = \"s.secret\"\n"),
            SettingKind::Texts(_) => {
                let texts: Vec<&str> = setting.example.split(BETWEEN_TEXTS).collect();
                format!("{name} = {texts:?}\n")
            }
            _ => format!("{name} = \"{}\"\n", setting.example),
        }
    });
    let lines: String = lines.collect();
    format!("[{port}.{}]\n{lines}", adapter.name)
}

#[test]
fn each_name_in_a_list_is_its_own_adapter() {
    for adapter in identity::ADAPTERS {
        let order = format!("[identity]\norder = [\"{}\"]\n", adapter.name);
        let text = order + &filled("identity", adapter);
        let connections = connections(&text, &|_| None).unwrap();
        let names: Vec<&str> = connections.identity.iter().map(|way| way.name()).collect();
        assert_eq!(names, [adapter.name]);
    }
    for carrier in sms::CARRIERS {
        let order = format!("[sms]\norder = [\"{}\"]\n", carrier.name);
        let text = order + &filled("sms", carrier);
        let connections = connections(&text, &|_| None).unwrap();
        let names: Vec<&str> = connections.sms.iter().map(|sms| sms.name()).collect();
        assert_eq!(names, [carrier.name]);
    }
    for adapter in directory::ADAPTERS {
        let kind = format!("[directory]\nkind = \"{}\"\n", adapter.name);
        for text in [
            kind + &filled("directory", adapter),
            filled("directory", adapter),
        ] {
            let connections = connections(&text, &|_| None).unwrap();
            assert_eq!(connections.directory.unwrap().name(), adapter.name);
        }
    }
}

#[test]
fn a_name_without_an_adapter_is_an_error() {
    for (variable, key) in [
        ("YINGXIN_SMS_ORDER", "sms"),
        ("YINGXIN_IDENTITY_ORDER", "identity"),
        ("YINGXIN_DIRECTORY_KIND", "directory"),
    ] {
        let environment = |name: &str| (name == variable).then(|| "unknown".to_owned());
        let complaint = connections("", &environment).unwrap_err();
        assert_eq!(complaint.exit, Exit::Configuration, "{key}");
        assert!(
            complaint.what.contains("\"unknown\" is not known here"),
            "{key}"
        );
    }
}

/// A value that passed the check of another version's list is refused as well.
#[test]
fn an_order_that_was_never_checked_is_resolved_or_refused() {
    assert!(find(sms::CARRIERS, "unknown").is_err());
    assert!(find(identity::ADAPTERS, "").is_err());
    struct Unchecked;
    impl SettingValues for Unchecked {
        fn text(&self, _: &Setting) -> Option<String> {
            Some("unknown".into())
        }
        fn secret(&self, _: &Setting) -> CliResult<Option<Secret>> {
            Ok(None)
        }
        fn is_filled(&self, section: &str) -> bool {
            section == "sms.unknown"
        }
        fn fault(&self, setting: &Setting, invalid: InvalidSetting) -> CliError {
            CliError::new(
                Exit::Configuration,
                format!("{}: {}", setting.key, invalid.what),
                "",
            )
        }
    }
    let complaint = Connections::read(&Unchecked).unwrap_err();
    assert_eq!(
        complaint.what,
        "identity.order: \"unknown\" is not known here"
    );
    // An address is refused in the words of its check.
    let key = "identity.oidc.token_endpoint";
    let setting = identity::settings().find(|setting| setting.key == key);
    let setting = setting.unwrap();
    let checked = setting.check("unknown").unwrap_err();
    let complaint = Unchecked.endpoint(setting).unwrap_err();
    assert_eq!(complaint.what, format!("{key}: {}", checked.what));
}
