//! Real file systems under a running desk: a small one that fills up and is freed, and one that becomes read-only during a
//! visit, as after a failure of the disk.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;

use super::{is_long, row};
use crate::support::kiosk::Place;
use crate::support::{Desk, ENTER, ESC, TAB};

const NOTICE: &str = "开始之前，请您知道";
const IDENTITY: &str = "登录统一身份认证";
const NUMBER: &str = "填写手机号";
const ASK: &str = "您的微信，绑定的是这个手机号吗？";
const MOBILE: &str = "13700137000";
const FULL: &str = "本机磁盘已满";
/// A part of both messages: the kernel may report that the disk is read-only, or that it failed.
const FAILED: &str = "存不了数据";
const CLOSED: &str = "这台机器现在不能接待";
/// More pages than fit into the space that is written ahead.
const MOST_PAGES: usize = 4000;

/// A file system, unmounted when it is dropped.
struct Mount(PathBuf);

fn runs(program: &str, arguments: &[&str], at: &Path) -> bool {
    let mut command = Command::new(program);
    let status = command
        .args(arguments)
        .arg(at)
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

impl Mount {
    /// Mounts it as a store. `None` where that is not permitted; the long form fails then.
    fn at(store: PathBuf, arguments: &[&str]) -> Option<Mount> {
        fs::create_dir_all(&store).unwrap();
        if runs("mount", arguments, &store) {
            return Some(Mount(store));
        }
        assert!(!is_long(), "file systems can be mounted by root alone");
        row("real disks", "not tried", "mounting is not permitted here");
        None
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = runs("umount", &["-l"], &self.0);
    }
}

fn signs_in(desk: &mut Desk) {
    desk.shows(IDENTITY).types("20260001").types(TAB);
    desk.types("practice-0001").types(ENTER).shows(NUMBER);
}

/// From the number to the end, by the first case.
fn finishes(place: &Place, desk: &mut Desk) {
    desk.types(MOBILE).types(ENTER).shows(ASK).types("1");
    desk.shows("用微信关注");
    place.campus().phone("scan-follow");
    desk.shows("绑定成功").types(ENTER);
}

fn begins(place: &Place) -> Desk {
    place.set_pin();
    let wechat = json!({ "mobile": MOBILE });
    place.campus().put("/practice/phone/wechat", wechat);
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学").types(ENTER).shows(NOTICE);
    desk
}

#[test]
fn a_small_disk_filled_up_in_mid_visit_and_freed() {
    let place = Place::connected();
    let Some(mount) = Mount::at(
        place.store(),
        &["-t", "tmpfs", "-o", "size=12M,mode=700", "none"],
    ) else {
        return;
    };
    let mut desk = begins(&place);
    // Until all space is written ahead.
    std::thread::sleep(std::time::Duration::from_millis(500));
    let filler = mount.0.join("filler");
    let mut file = fs::File::create(&filler).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    let mut pages = 0;
    while !desk.squeezed().contains(FULL) {
        desk.types(ENTER).shows(IDENTITY).types(ESC).shows(NOTICE);
        pages += 2;
        assert!(pages < MOST_PAGES, "it is never full");
    }
    // The student at the desk is served to the end, and no new visit is opened.
    desk.types(ENTER);
    signs_in(&mut desk);
    finishes(&place, &mut desk);
    desk.shows(CLOSED).types(ENTER).rests();
    assert!(!desk.squeezed().contains(NOTICE), "{}", desk.text());
    drop(file);
    fs::remove_file(&filler).unwrap();
    desk.hides(FULL)
        .shows("欢迎新同学")
        .types(ENTER)
        .shows(NOTICE);
    desk.kill();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("欢迎新同学");
    desk.signal("TERM");
    desk.ends();
    let (code, told, why) = place.command(&["audit", "verify"]);
    assert!(
        code == 0 && told.contains("the journal is whole"),
        "{told}{why}"
    );
    row(
        "a small tmpfs filled up in mid-visit, then freed",
        format!("{pages} pages turned until it is full"),
        "told; the visit is finished, nobody new is begun; it serves again; 0 lost",
    );
}

#[test]
fn a_disk_that_turns_read_only_in_mid_visit() {
    let place = Place::connected();
    let image = place.dir().join("disk");
    fs::File::create(&image).unwrap().set_len(24 << 20).unwrap();
    if !runs("mkfs.ext4", &["-q"], &image) && !is_long() {
        row("real disks", "not tried", "there is no mkfs.ext4");
        return;
    }
    let mounted = ["-o", "loop", image.to_str().unwrap()];
    let Some(mount) = Mount::at(place.store(), &mounted) else {
        return;
    };
    let mut desk = begins(&place);
    desk.types(ENTER);
    signs_in(&mut desk);
    // What the kernel does when the disk fails under it.
    assert!(runs("mount", &["-o", "remount,abort"], &mount.0));
    desk.types(MOBILE).types(ENTER).shows(FAILED);
    assert!(
        !desk.squeezed().contains(ASK),
        "a step that is not kept is shown as done:\n{}",
        desk.text()
    );
    assert!(place.campus().get("/practice/state")["members"]["20260001"]["mobile"].is_null());
    desk.kill();
    drop(mount);
    let mount = Mount::at(place.store(), &mounted).unwrap();
    let mut desk = place.kiosk("zh-CN", 100, 40);
    desk.shows("接着刚才的办？");
    desk.types("20260001")
        .types(TAB)
        .types("practice-0001")
        .types(ENTER);
    desk.shows(NUMBER);
    finishes(&place, &mut desk);
    desk.shows("欢迎新同学").signal("TERM");
    desk.ends();
    let (code, told, why) = place.command(&["audit", "verify"]);
    assert!(
        code == 0 && told.contains("the journal is whole"),
        "{told}{why}"
    );
    drop(mount);
    row(
        "an ext4 that turns read-only in mid-visit",
        "1",
        "told; the step is not shown as done; mounted again it goes on at the same step; 0 lost",
    );
}
