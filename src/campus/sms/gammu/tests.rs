//! A message from the outbox to where the daemon puts it.

use super::*;
use crate::visit::{CodeKey, Nonce, VisitId};

fn house() -> (tempfile::TempDir, Gammu) {
    let dir = tempfile::tempdir().unwrap();
    let [outbox, sent, error] = ["outbox", "sent", "error"].map(|name| dir.path().join(name));
    for folder in [&outbox, &sent, &error] {
        std::fs::create_dir(folder).unwrap();
    }
    let text = "验证码 {code}".to_owned();
    let gammu = Gammu {
        outbox,
        sent,
        error,
        text,
    };
    (dir, gammu)
}

async fn send(gammu: &Gammu) -> Result<Receipt, Unsent> {
    send_in(gammu, PATIENCE).await
}

async fn send_in(gammu: &Gammu, patience: Duration) -> Result<Receipt, Unsent> {
    let mobile = Mobile::parse("13900139001").unwrap();
    let code = CodeKey::new([7; 32]).derive(VisitId(1), &mobile, Nonce(1));
    gammu.hand_over(&mobile, &code, patience).await
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().path()).collect()
}

/// Does with the one file in the outbox what the daemon would, once it is there.
async fn daemon(gammu: &Gammu, to: Option<&Path>) {
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let files = files(&gammu.outbox);
        let ready = |file: &&PathBuf| {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with("OUTA") && name.contains("_00_+8613900139001_yingxin-")
        };
        if let Some(file) = files.iter().find(ready) {
            match to {
                Some(to) => std::fs::rename(file, to.join(file.file_name().unwrap())),
                None => std::fs::remove_file(file),
            }
            .unwrap();
            return;
        }
    }
}

#[tokio::test]
async fn where_the_file_went_is_the_answer_and_nothing_is_left() {
    let (_dir, gammu) = house();
    let (sent, ()) = tokio::join!(send(&gammu), daemon(&gammu, Some(&gammu.sent)));
    assert_eq!(sent.unwrap().carrier, "gammu");
    let (failed, ()) = tokio::join!(send(&gammu), daemon(&gammu, Some(&gammu.error)));
    let unsent = failed.unwrap_err();
    assert_eq!(unsent.why, Failure::Rejected(SmsRefusal::Other));
    assert!(unsent.is_certain);
    let (gone, ()) = tokio::join!(send(&gammu), daemon(&gammu, None));
    let unsent = gone.unwrap_err();
    assert_eq!((unsent.why, unsent.is_certain), (Failure::Offline, false));
    for folder in [&gammu.outbox, &gammu.sent, &gammu.error] {
        assert!(files(folder).is_empty(), "{}", folder.display());
    }
}

#[tokio::test]
async fn nothing_waits_in_the_outbox_for_a_daemon_that_does_not_run() {
    let (_dir, gammu) = house();
    let unsent = send_in(&gammu, Duration::from_millis(300))
        .await
        .unwrap_err();
    assert_eq!((unsent.why, unsent.is_certain), (Failure::Offline, false));
    assert!(files(&gammu.outbox).is_empty());
    // Nor once the caller's timeout has dropped the call.
    let waited = tokio::time::timeout(Duration::from_millis(300), send(&gammu)).await;
    assert!(waited.is_err() && files(&gammu.outbox).is_empty());
}

#[tokio::test]
async fn what_a_killed_run_left_is_taken_away_and_nobody_elses() {
    let (_dir, gammu) = house();
    let old = SystemTime::now() - Duration::from_secs(90);
    let left = gammu
        .outbox
        .join("OUTA20260901_080000_00_+8613900139001_yingxin-00.txt");
    let other = gammu
        .outbox
        .join("OUTA20260901_080000_00_+8613900139001_other.txt");
    for path in [&left, &other] {
        let file = File::create(path).unwrap();
        file.set_modified(old).unwrap();
    }
    let (sent, ()) = tokio::join!(send(&gammu), daemon(&gammu, Some(&gammu.sent)));
    assert!(sent.is_ok());
    assert!(!left.exists() && other.exists());
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let (_dir, mut gammu) = house();
    gammu.outbox = gammu.outbox.join("none");
    let unsent = send(&gammu).await.unwrap_err();
    assert!(unsent.is_certain);
    assert!(matches!(unsent.why, Failure::Misconfigured(text) if text.contains("none")));
}

#[test]
fn the_text_is_utf16_with_its_mark() {
    assert_eq!(utf16("验a")[..], [0xff, 0xfe, 0x8c, 0x9a, b'a', 0]);
}
