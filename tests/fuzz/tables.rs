//! What a person writes as TOML: the configuration and the campus pack.

use std::path::Path;
use std::time::Duration;

use super::{Target, assert_harmless, cases, files, folder, kind, root};
use crate::campus::pack::{self, Checked};
use crate::cli_error::CliError;
use crate::config::{self, Flags};
use crate::text::Lang;

pub const PACK: Target = Target {
    name: "pack",
    words: &[
        "base = \"imut\"\n",
        "[[routes]]\n",
        "[[faq]]\n",
        "[qr.register]\n",
        "text = \"https://a.example/\"\n",
        "image = \"x.png\"\n",
        "zh-CN",
        "en",
        "{ zh-CN = \"甲\", en = \"A\" }",
        "steps = [",
        "]",
        "= \"",
        "\"\"\"",
        "'''",
        "\\u001b",
        "\\U0010ffff",
        "[[",
        "id = \"a\"\n",
        "if = { }\n",
        "leads = ",
        "1979-05-27",
        "true",
    ],
    seeds: || {
        let mut found = files(&root().join("tests/packs"), &[".toml"]);
        found.extend(files(&root().join("tests/invalid_packs"), &[".toml"]));
        found.push(pack::template(Lang::En).as_bytes().to_vec());
        found.extend(cases(&[".toml"]));
        found
    },
    longest: 128 * 1024,
    slowest: Duration::from_secs(3),
    memory: 256,
    read: |bytes| {
        let dir = folder();
        let path = dir.path().join("pack.toml");
        std::fs::write(&path, bytes).unwrap();
        let checked = pack::check(&path);
        // What the desk starts with is what the check accepts.
        let is_good = matches!(checked, Ok(Checked::Good(_)));
        assert_eq!(pack::begin(Some(&path)).is_ok(), is_good);
        match checked {
            Ok(Checked::Good(pack)) => format!("good; {}", kind(&pack.id)),
            Ok(Checked::Faulty(faults)) => {
                assert!(!faults.is_empty());
                let kinds: Vec<String> = faults
                    .iter()
                    .take(3)
                    .map(|fault| kind(&fault.what))
                    .collect();
                for fault in faults {
                    is_two_lines(&fault.into());
                }
                kinds.join("; ")
            }
            Err(error) => told(&error, &path),
        }
    },
};

pub const CONFIGURATION: Target = Target {
    name: "configuration",
    words: &[
        "[desk]\n",
        "number = 3\n",
        "language = \"en\"\n",
        "[store]\n",
        "[identity]\n",
        "order = [\"cas_rest\"]\n",
        "[identity.cas_rest]\n",
        "url = \"https://a.example/cas\"\n",
        "[identity.ldap]\n",
        "[identity.oidc]\n",
        "[directory.wecom]\n",
        "[sms.tencent]\n",
        "[sms.http]\n",
        "secret_file = \"s\"\n",
        "= \"",
        "\"\"\"",
        "\\u001b",
        "[[",
        "{ a = 1 }",
        "1979-05-27",
        "nan",
    ],
    seeds: || {
        let mut found = files(&root().join("tests/invalid_configs"), &[".toml"]);
        let dir = folder();
        let path = dir.path().join("yingxin.toml");
        config::init(&path).unwrap();
        // Each of its settings is commented out.
        let text = std::fs::read_to_string(&path).unwrap();
        found.push(text.replace("\n# ", "\n").into_bytes());
        found.push(text.into_bytes());
        found
    },
    longest: 128 * 1024,
    slowest: Duration::from_secs(3),
    memory: 256,
    read: |bytes| {
        let dir = folder();
        let path = dir.path().join("yingxin.toml");
        std::fs::write(&path, bytes).unwrap();
        let flags = Flags {
            config: Some(path.clone()),
            store: Some(dir.path().join("store")),
            ..Flags::default()
        };
        match config::load(&flags, &|_| None) {
            Ok(config) => {
                for line in config::table(&config, &|_| None).lines() {
                    assert_harmless(line);
                }
                match config.connections(&|_| None) {
                    Ok(_) => "good".to_owned(),
                    Err(error) => format!("loaded; {}", told(&error, &path)),
                }
            }
            Err(error) => told(&error, &path),
        }
    },
};

fn told(error: &CliError, path: &Path) -> String {
    is_two_lines(error);
    kind(&error.what.replace(path.to_str().unwrap(), ""))
}

/// The error and its remedy, whatever they quote.
fn is_two_lines(error: &CliError) {
    let text = error.to_string();
    let lines: Vec<&str> = text.split('\n').collect();
    assert_eq!(lines.len(), 2, "{text:?}");
    for line in lines {
        assert_harmless(line);
    }
}
