//! The practice student's phone, over HTTP from the practice campus. It is looked at after each thing that may have
//! changed it, never by a clock. The wire's form of it ends here.

use std::time::Duration;

use serde::Deserialize;
use tokio::sync::mpsc;

use super::event::LoopEvent;
use super::setup::PracticeLink;
use crate::screen::{BadDayRow, NextStudent, OwnTrouble, PracticePhone};

const DEADLINE: Duration = Duration::from_secs(5);

/// The phone as the practice campus sends it.
#[derive(Deserialize)]
struct PracticePhoneBody {
    page: String,
    wechat: String,
    messages: Vec<String>,
    actions: Vec<String>,
    #[serde(default)]
    said: Option<String>,
    #[serde(default)]
    bad_days: Vec<BadDayBody>,
    #[serde(default)]
    own_troubles: Vec<OwnTroubleBody>,
    #[serde(default)]
    next: Option<NextBody>,
}

#[derive(Deserialize)]
struct BadDayBody {
    id: String,
    on: bool,
}

#[derive(Deserialize)]
struct OwnTroubleBody {
    number: String,
    id: String,
}

#[derive(Deserialize)]
struct NextBody {
    number: String,
    password: String,
}

/// Asks for the phone as it is now.
pub fn refresh(link: &Option<PracticeLink>, news: &mpsc::Sender<LoopEvent>) {
    ask(link, news, |client, url| {
        client.get(format!("{url}/practice/phone"))
    });
}

/// Does the n-th of the phone's actions, counted from 0.
pub fn act(link: &Option<PracticeLink>, news: &mpsc::Sender<LoopEvent>, action: usize) {
    ask(link, news, move |client, url| {
        client.post(format!("{url}/practice/phone/do/{action}"))
    });
}

/// Sets a bad day, or takes it back.
pub fn toggle_day(link: &Option<PracticeLink>, news: &mpsc::Sender<LoopEvent>, id: String) {
    ask(link, news, move |client, url| {
        client.post(format!("{url}/practice/phone/day/{id}"))
    });
}

/// Binds the phone's WeChat to another number.
pub fn set_number(link: &Option<PracticeLink>, news: &mpsc::Sender<LoopEvent>, mobile: String) {
    ask(link, news, move |client, url| {
        client
            .put(format!("{url}/practice/phone/wechat"))
            .json(&serde_json::json!({ "mobile": mobile }))
    });
}

/// Every request answers with the phone as it is then.
fn ask(
    link: &Option<PracticeLink>,
    news: &mpsc::Sender<LoopEvent>,
    request: impl FnOnce(&reqwest::Client, &str) -> reqwest::RequestBuilder + Send + 'static,
) {
    let Some(PracticeLink { url, .. }) = link.clone() else {
        return;
    };
    let news = news.clone();
    tokio::spawn(async move {
        match answer(request, &url).await {
            Ok(phone) => {
                let _ = news.send(LoopEvent::Phone(phone)).await;
            }
            Err(error) => tracing::warn!(%error, "the practice phone did not answer"),
        }
    });
}

async fn answer(
    request: impl FnOnce(&reqwest::Client, &str) -> reqwest::RequestBuilder,
    url: &str,
) -> reqwest::Result<PracticePhone> {
    // Loopback only: no proxy, and no certificate to believe.
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .timeout(DEADLINE)
        .build()?;
    let answer = request(&client, url).send().await?.error_for_status()?;
    let told: PracticePhoneBody = answer.json().await?;
    Ok(PracticePhone {
        page: told.page,
        wechat: told.wechat,
        messages: told.messages,
        actions: told.actions,
        said: told.said,
        bad_days: told
            .bad_days
            .into_iter()
            .map(|BadDayBody { id, on }| BadDayRow { id, on })
            .collect(),
        own_troubles: told
            .own_troubles
            .into_iter()
            .map(|OwnTroubleBody { number, id }| OwnTrouble { number, id })
            .collect(),
        next: told
            .next
            .map(|NextBody { number, password }| NextStudent { number, password }),
    })
}
