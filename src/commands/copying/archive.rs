//! What an export holds once it is opened: a line with the list of its parts, and behind it the parts, one after the other
//! and not compressed. Every count and length is bounded before anything is taken, and no name leads out of a folder.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::age;
use crate::cli_error::{CliError, CliResult, Exit};
use crate::cli_lang::{both, pick};
use crate::commands::setup::bounded;
use crate::commands::setup::staging::{DeskFile, is_plain_name};
use crate::store::{Enrolled, MOST_ROWS};
use crate::visit::{Mobile, Secret, Student, StudentNumber};

/// The version of the list; a newer program may have a higher one.
const FORMAT: u32 = 1;
/// The largest export, in bytes.
pub const MOST_BYTES: u64 = 160 * 1024 * 1024;
/// The most parts.
const MOST_FILES: usize = 64;
/// The longest list, in bytes.
const LONGEST_LIST: usize = 64 * 1024;
/// The part that holds the roster: a line a student.
const ROSTER: &str = "roster";

/// The list of an export's parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// The number of the desk that made it.
    pub desk: u16,
    /// When it was made, in milliseconds since 1970, or later than the one before it where the clock was set back.
    pub serial: i64,
    /// Whether the secrets of the configuration are in it.
    pub has_secrets: bool,
    files: Vec<Part>,
    roster: Option<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    name: String,
    bytes: u64,
}

/// An export, opened.
#[derive(Debug)]
pub struct Export {
    /// Its list.
    pub manifest: Manifest,
    /// The files of the desk's folder.
    pub files: Vec<DeskFile>,
    /// The expected students; `None` where they were left out.
    pub roster: Option<Vec<Enrolled>>,
}

impl Export {
    /// An export of these files.
    pub fn new(
        desk: u16,
        serial: i64,
        has_secrets: bool,
        files: Vec<DeskFile>,
        roster: Option<Vec<Enrolled>>,
    ) -> Self {
        Export {
            manifest: Manifest {
                format: FORMAT,
                program: env!("CARGO_PKG_VERSION").to_owned(),
                desk,
                serial,
                has_secrets,
                files: Vec::new(),
                roster: None,
            },
            files,
            roster,
        }
    }

    /// The sealed file.
    ///
    /// # Errors
    /// It holds more than one may hold, or cannot be sealed.
    pub fn seal(&self, passphrase: &Secret) -> CliResult<Vec<u8>> {
        let roster = self.roster.as_deref().map(rows).transpose()?;
        let part = |name: &str, bytes: &[u8]| Part {
            name: name.to_owned(),
            bytes: bytes.len() as u64,
        };
        let manifest = Manifest {
            files: self
                .files
                .iter()
                .map(|file| part(&file.name, &file.bytes))
                .collect(),
            roster: roster.as_ref().map(|rows| part(ROSTER, rows)),
            ..self.manifest.clone()
        };
        let mut plain = Zeroizing::new(Vec::new());
        serde_json::to_writer(&mut *plain, &manifest).map_err(|e| too_much(&e.to_string()))?;
        plain.push(b'\n');
        for file in &self.files {
            plain.extend_from_slice(&file.bytes);
        }
        for rows in roster.iter() {
            plain.extend_from_slice(rows);
        }
        if plain.len() as u64 >= MOST_BYTES || self.files.len() > MOST_FILES {
            return Err(too_much(pick("it is too large", "太大")));
        }
        age::seal(passphrase, &plain).map_err(|what| {
            CliError::new(Exit::Failure, what, pick("run it again", "请再运行一次"))
        })
    }

    /// Reads and opens a sealed file.
    ///
    /// # Errors
    /// It cannot be read, it is another kind of file, the passphrase is wrong, or it was changed or cut.
    pub fn open(path: &Path, passphrase: &Secret) -> CliResult<Self> {
        let named = path.display();
        let sealed = bounded(path, MOST_BYTES.saturating_mul(2))?;
        let plain = age::open(passphrase, &sealed).map_err(|fault| {
            let (exit, remedy) = match fault {
                age::AgeFault::Passphrase => (
                    Exit::NoPermission,
                    pick(
                        "type it again; if it is right, copy the file again",
                        "请重新输入；口令如果没错，请把文件重新复制一次",
                    ),
                ),
                age::AgeFault::NotSealed | age::AgeFault::TooMuchWork => (
                    Exit::BadData,
                    pick(
                        "name a file that `yingxin desk export` wrote",
                        "请指定 `yingxin desk export` 写出的文件",
                    ),
                ),
                age::AgeFault::Damaged => (
                    Exit::BadData,
                    pick(
                        "copy it again from the desk that made it; nothing was changed here",
                        "请从导出它的那台重新复制；这里什么也没有改动",
                    ),
                ),
            };
            CliError::new(exit, format!("{named}: {fault}"), remedy)
        })?;
        parse(&plain).map_err(|what| {
            let remedy = pick(
                "make it anew: yingxin desk export FILE",
                "请重新导出：yingxin desk export 文件",
            );
            CliError::new(Exit::BadData, format!("{named}: {what}"), remedy)
        })
    }

    /// When it was made.
    pub fn made(&self) -> Timestamp {
        Timestamp::from_millisecond(self.manifest.serial).unwrap_or_default()
    }
}

fn too_much(what: &str) -> CliError {
    CliError::new(
        Exit::BadData,
        both!(
            "this desk cannot be exported: {what}",
            "这台导出不了：{what}"
        ),
        pick(
            "make the pack's images smaller, or leave the roster out: --without-roster",
            "请缩小数据包的图片，或不带名单：--without-roster",
        ),
    )
}

/// A line a student.
fn rows(all: &[Enrolled]) -> CliResult<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(Vec::new());
    for one in all {
        serde_json::to_writer(&mut *text, &(&one.student, &one.mobile))
            .map_err(|e| too_much(&e.to_string()))?;
        text.push(b'\n');
    }
    Ok(text)
}

/// Reads what was opened; else says what is wrong with it.
fn parse(plain: &[u8]) -> Result<Export, String> {
    let start = plain
        .get(..LONGEST_LIST.min(plain.len()))
        .unwrap_or_default();
    let end = start.iter().position(|byte| *byte == b'\n');
    let list = end
        .and_then(|end| start.get(..end))
        .ok_or(pick("it has no list", "里面没有清单"))?;
    // A newer list may hold what is not known here: its version is looked at by itself.
    #[derive(Deserialize)]
    struct Version {
        format: u32,
        program: String,
    }
    let version: Version =
        serde_json::from_slice(list).map_err(|_| pick("its list cannot be read", "清单读不了"))?;
    if version.format > FORMAT {
        let program: String = version.program.chars().take(20).collect();
        return Err(both!(
            "a newer yingxin ({program}) made it: install that version here first",
            "它由更新的 yingxin（{program}）所做：请先在这里装上那个版本"
        ));
    }
    let manifest: Manifest =
        serde_json::from_slice(list).map_err(|_| pick("its list cannot be read", "清单读不了"))?;
    let mut rest = plain
        .get(list.len().saturating_add(1)..)
        .unwrap_or_default();
    if manifest.files.len() > MOST_FILES {
        return Err(both!(
            "it has more than {MOST_FILES} files",
            "里面超过 {MOST_FILES} 个文件"
        ));
    }
    let mut take = |part: &Part| {
        let length =
            usize::try_from(part.bytes).map_err(|_| pick("a part is too long", "有一部分太长"))?;
        let (taken, left) = rest
            .split_at_checked(length)
            .ok_or(pick("it is cut", "被截断了"))?;
        rest = left;
        Ok::<_, String>(taken)
    };
    let mut files: Vec<DeskFile> = Vec::new();
    for part in &manifest.files {
        let is_there = files.iter().any(|file| file.name == part.name);
        if !is_plain_name(&part.name) || is_there {
            return Err(pick(
                "a file in it has a name that no file of a desk has",
                "其中一个文件的名字不是台子的文件",
            )
            .into());
        }
        files.push(DeskFile::new(part.name.clone(), take(part)?));
    }
    let roster = manifest.roster.as_ref().map(&mut take).transpose()?;
    let roster = roster.map(students).transpose()?;
    if !rest.is_empty() {
        return Err(pick("more follows than its list says", "内容比清单多").into());
    }
    Ok(Export {
        manifest,
        files,
        roster,
    })
}

fn students(lines: &[u8]) -> Result<Vec<Enrolled>, String> {
    let mut all = Vec::new();
    for line in lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let read: (Student, Option<Mobile>) = serde_json::from_slice(line)
            .map_err(|_| pick("its roster cannot be read", "名单读不了"))?;
        let (student, mobile) = read;
        let number = StudentNumber::exactly(student.number.as_str());
        let number = number.ok_or(pick(
            "its roster holds what is no student number",
            "名单里有不是学号的内容",
        ))?;
        let student = Student { number, ..student };
        all.push(Enrolled { student, mobile });
        if all.len() > MOST_ROWS {
            return Err(both!(
                "its roster has more than {MOST_ROWS} rows",
                "名单超过 {MOST_ROWS} 行"
            ));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::Name;

    fn export() -> Export {
        let student = Student {
            number: StudentNumber::from_campus("20260001"),
            name: Name::new("陈小雨"),
        };
        let roster = vec![Enrolled {
            student,
            mobile: Mobile::parse("13800138000").ok(),
        }];
        let files = vec![
            DeskFile::new("yingxin.toml", "[desk]\nnumber = 1\n"),
            DeskFile::new("pin", "x"),
        ];
        Export::new(1, 1_700_000_000_000, true, files, Some(roster))
    }

    fn list(manifest: &str, body: &[u8]) -> Vec<u8> {
        [manifest.as_bytes(), b"\n", body].concat()
    }

    #[test]
    fn what_was_sealed_comes_back_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.age");
        let passphrase = Secret::new("correct horse".into());
        std::fs::write(&path, export().seal(&passphrase).unwrap()).unwrap();
        let opened = Export::open(&path, &passphrase).unwrap();
        assert_eq!(opened.roster, export().roster);
        let names: Vec<_> = opened.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["yingxin.toml", "pin"]);
        assert_eq!(opened.files[0].bytes, export().files[0].bytes);
        let wrong = Export::open(&path, &Secret::new("another".into())).unwrap_err();
        assert_eq!(wrong.exit, Exit::NoPermission);
    }

    #[test]
    fn a_list_that_was_made_to_harm_is_refused() {
        let whole = |files: &str| {
            format!(
                r#"{{"format":1,"program":"0.1.0","desk":1,"serial":1,"has_secrets":false,"files":[{files}],"roster":null}}"#
            )
        };
        let file = |name: &str, bytes: u64| format!(r#"{{"name":{name:?},"bytes":{bytes}}}"#);
        for name in ["../pin", "/etc/passwd", ".bashrc", "a/b", ""] {
            let refused = parse(&list(&whole(&file(name, 1)), b"x")).unwrap_err();
            assert!(refused.contains("a name that no file"), "{refused}");
        }
        let twice = format!("{0},{0}", file("pin", 1));
        assert!(parse(&list(&whole(&twice), b"xx")).is_err());
        let many: Vec<String> = (0..65).map(|n| file(&format!("f{n}"), 0)).collect();
        assert!(
            parse(&list(&whole(&many.join(",")), b""))
                .unwrap_err()
                .contains("64 files")
        );
        for (bytes, body, what) in [
            (2, &b"x"[..], "it is cut"),
            (u64::MAX, b"x", "it is cut"),
            (1, b"xy", "more follows"),
        ] {
            let refused = parse(&list(&whole(&file("pin", bytes)), body)).unwrap_err();
            assert!(refused.contains(what), "{refused}");
        }
        let newer = r#"{"format":2,"program":"9.0","parts":[]}"#;
        assert!(
            parse(&list(newer, b""))
                .unwrap_err()
                .contains("a newer yingxin (9.0)")
        );
        for rubbish in [&b""[..], b"\n", b"{}\n", &[b'a'; 100_000]] {
            assert!(parse(rubbish).is_err());
        }
    }
}
