//! What is there in practice alone, and what the checks have found.

use super::{Desk, Lock, Scene, secs};
use crate::screen::checkup::{Checkup, CheckupFinding};
use crate::screen::drill::{Drill, DrillTask};
use crate::screen::{BadDayRow, NextStudent, OwnTrouble, PracticePhone};

pub fn practised(mut scene: Scene) -> Scene {
    scene.practice = true;
    scene.phone = Some(PracticePhone {
        page: "role".into(),
        wechat: "13800138000".into(),
        messages: vec!["【练习】验证码 123456".into()],
        actions: vec!["scan-register".into(), "tap-role".into(), "unknown".into()],
        said: Some("scanned".into()),
        bad_days: ["no-network", "slow"]
            .map(|id| BadDayRow {
                id: id.into(),
                on: false,
            })
            .into(),
        own_troubles: vec![OwnTrouble {
            number: "20260005".into(),
            id: "account-locked".into(),
        }],
        next: Some(NextStudent {
            number: "20260001".into(),
            password: "practice-0001".into(),
        }),
    });
    scene
}

/// The drill, with two tasks done, one of them at the second try; over or not.
pub fn drilled(mut scene: Scene, is_over: bool) -> Scene {
    let mut drill = Drill::begin(secs(400));
    drill.tick_off(DrillTask::Register, secs(465));
    drill.count_failure(DrillTask::PickUp, secs(500));
    drill.tick_off(DrillTask::PickUp, secs(520));
    if is_over {
        drill.end(secs(590));
    }
    scene.drill = Some(drill);
    practised(scene)
}

/// The panel, with what the checks have found.
pub fn examined() -> Scene {
    let mut scene = Scene::of(Desk::Free);
    scene.volunteer = Lock::Open;
    let complaint = "WeCom user/get: 203.0.113.7 is not a trusted IP (企业可信IP) of this secret's app (errcode 60020)";
    scene.checkup = Some(Checkup {
        findings: vec![
            CheckupFinding::pass("check-size", "told-size")
                .with("columns", 120)
                .with("rows", 40),
            CheckupFinding::pass("check-colours", "told-colours-rgb"),
            CheckupFinding::pass("check-utf8", "told-utf8").with("locale", "zh_CN.UTF-8"),
            CheckupFinding::warn("check-qr", "told-qr-open", "remedy-qr-open")
                .with("names", "qr.follow, qr.unbind")
                .with("n", 2),
            CheckupFinding::pass("check-store", "told-store"),
            CheckupFinding::warn("check-space", "told-space", "remedy-space").with("n", 320),
            CheckupFinding::pass("check-secrets", "told-secrets").with("n", 5),
            CheckupFinding::pass("check-gateway", "told-answers").about("identity.cas_rest"),
            CheckupFinding::misconfigured("check-gateway", "directory.wecom", complaint)
                .about("directory.wecom.app"),
            CheckupFinding::fail("check-gateway", "told-offline", "remedy-offline")
                .about("sms.aliyun"),
            CheckupFinding::warn("check-clock", "told-clock", "remedy-clock").with("n", 42),
        ],
        is_done: true,
        may_send: true,
    });
    scene
}
