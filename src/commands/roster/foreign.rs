//! Files that are no list but are given as one: each is called what it is, with the way to a list.

use super::rows::bad;
use crate::cli_error::CliError;
use crate::cli_lang::both;

/// How far into a file its beginning reaches, in bytes.
const HEAD: usize = 4096;
fn save() -> String {
    both!(
        "open it in a spreadsheet and save it as .xlsx",
        "请用表格软件打开，另存为 .xlsx"
    )
}

/// The refusal of a file of a known kind that cannot be read; `None` for anything else.
pub fn name(bytes: &[u8]) -> Option<CliError> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Some(compound(bytes));
    }
    if head.starts_with(b"%PDF") {
        return Some(bad(
            both!("this is a PDF", "这是 PDF"),
            both!(
                "ask for the list as a workbook (.xlsx) or as CSV",
                "请要一份工作簿（.xlsx）或 CSV 的名单"
            ),
        ));
    }
    let text: Vec<u8> = without_mark(head)
        .iter()
        .copied()
        .filter(|byte| *byte != 0)
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    let begins = text.trim_ascii_start();
    let holds = |word: &str| find(&text, word.as_bytes());
    if begins.starts_with(b"mime-version:") && holds("multipart/related") {
        return Some(bad(
            both!(
                "this is a web archive, not a workbook",
                "这是网页存档，不是工作簿"
            ),
            save(),
        ));
    }
    if !begins.starts_with(b"<") {
        return None;
    }
    if holds("<html") || holds("<table") || holds("<!doctype html") {
        Some(bad(
            both!(
                "this is an HTML page that is called a workbook",
                "这是改名为工作簿的网页"
            ),
            save(),
        ))
    } else if holds("<workbook") || holds("excel.sheet") {
        Some(bad(
            both!(
                "this is an XML workbook of Excel 2003",
                "这是 Excel 2003 的 XML 工作簿"
            ),
            save(),
        ))
    } else {
        Some(bad(
            both!("this is XML, not a list", "这是 XML，不是名单"),
            save(),
        ))
    }
}

/// A file of the old office programs ([MS-CFB]), which an encrypted workbook is as well ([MS-OFFCRYPTO] 2.3.4.4).
fn compound(bytes: &[u8]) -> CliError {
    let has_stream = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(bytes, &wide)
    };
    if has_stream("EncryptedPackage") {
        return bad(
            both!(
                "this workbook is encrypted with a password",
                "这个工作簿用密码加密了"
            ),
            both!(
                "open it with its password, take the password out (File, Info, Protect Workbook), and save it",
                "请用密码打开，去掉密码（文件、信息、保护工作簿），再保存"
            ),
        );
    }
    bad(
        both!(
            "this is a workbook of the old kind (.xls, .et), or another file of an old office program",
            "这是旧格式的工作簿（.xls、.et），或旧办公软件的其他文件"
        ),
        both!(
            "save it as .xlsx or as CSV, without a password",
            "请另存为 .xlsx 或 CSV，不设密码"
        ),
    )
}

/// An archive that is no workbook of Excel's: `mimetype` is what its first part of that name says.
pub fn archive(parts: &[String], mimetype: Option<&str>) -> Option<CliError> {
    let has = |name: &str| parts.iter().any(|part| part.eq_ignore_ascii_case(name));
    if mimetype.is_some_and(|kind| kind.contains("opendocument.spreadsheet")) {
        Some(bad(
            both!(
                "this is an OpenDocument workbook (.ods)",
                "这是 OpenDocument 工作簿（.ods）"
            ),
            save(),
        ))
    } else if has("xl/workbook.bin") {
        Some(bad(
            both!(
                "this is a binary workbook (.xlsb)",
                "这是二进制工作簿（.xlsb）"
            ),
            save(),
        ))
    } else if has("word/document.xml") {
        Some(bad(
            both!("this is a document of Word", "这是 Word 文档"),
            both!(
                "copy its table into a spreadsheet and save that as .xlsx",
                "请把其中的表格复制到表格软件，另存为 .xlsx"
            ),
        ))
    } else if has("[Content_Types].xml") {
        None
    } else {
        Some(bad(
            both!(
                "this is an archive (.zip), not a workbook",
                "这是压缩包（.zip），不是工作簿"
            ),
            both!(
                "unpack it and import the list in it",
                "请解开它，导入里面的名单"
            ),
        ))
    }
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    let marks: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];
    marks
        .iter()
        .find_map(|mark| bytes.strip_prefix(*mark))
        .unwrap_or(bytes)
}

fn find(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(bytes: &[u8]) -> String {
        name(bytes).map(|refused| refused.what).unwrap_or_default()
    }

    #[test]
    fn each_is_called_what_it_is() {
        let html = "<html><body><table><tr><td>学号</td></tr></table></body></html>";
        assert!(called(html.as_bytes()).contains("HTML"));
        assert!(called(b"\xef\xbb\xbf\r\n <!DOCTYPE HTML>").contains("HTML"));
        let mut wide = vec![0xff, 0xfe];
        wide.extend(html.encode_utf16().flat_map(u16::to_le_bytes));
        assert!(called(&wide).contains("HTML"));
        let xml = b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>";
        assert!(called(xml).contains("Excel 2003"));
        assert!(called(b"%PDF-1.7").contains("PDF"));
        let mut old = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        old.resize(512, 0);
        assert!(called(&old).contains("old kind"));
        old.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert!(called(&old).contains("encrypted"));
        for list in ["学号,姓名\n", "", "1 < 2, \"<html\"\n"] {
            assert_eq!(called(list.as_bytes()), "", "{list}");
        }
    }

    #[test]
    fn an_archive_is_called_what_it_is() {
        let what = |parts: &[&str], kind| {
            let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            archive(&parts, kind).map(|refused| refused.what)
        };
        let is = |said: Option<String>, word: &str| said.is_some_and(|said| said.contains(word));
        let ods = Some("application/vnd.oasis.opendocument.spreadsheet");
        assert!(is(what(&["mimetype", "content.xml"], ods), ".ods"));
        assert!(is(
            what(&["[Content_Types].xml", "xl/workbook.bin"], None),
            ".xlsb"
        ));
        assert!(is(
            what(&["[Content_Types].xml", "word/document.xml"], None),
            "Word"
        ));
        assert!(is(what(&["a.csv"], None), ".zip"));
        assert_eq!(
            what(&["[Content_Types].xml", "xl/workbook.xml"], None),
            None
        );
    }
}
