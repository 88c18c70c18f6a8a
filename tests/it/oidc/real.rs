//! Against glewlwyd: the phone's browser signs in over HTTP, `slow_down` is real, tokens are signed by its own keys.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use yingxin::campus::identity::{
    Missed, Oidc, OidcOptions, OidcPassword, PasswordWay, SetEndpoints,
};
use yingxin::campus::{DeviceGrant, GrantNews};
use yingxin::visit::{Failure, GrantRefusal, Secret, SignInRefusal, StudentNumber};

use super::issuer::{Granted, http};
use crate::support::glewlwyd::{CLIENT, CLIENT_SECRET, Glewlwyd, STUDENTS};

fn oidc(server: &Glewlwyd, instance: &str) -> Oidc {
    let options = OidcOptions {
        issuer: server.issuer(instance),
        client_id: CLIENT.into(),
        client_secret: Some(Secret::new(CLIENT_SECRET.into())),
        scopes: "openid".into(),
        claim: "preferred_username".into(),
        endpoints: SetEndpoints::default(),
    };
    Oidc::new(http(), options).unwrap()
}

/// Begins a grant; gives the code's address, and the answer once it is there.
async fn begun(oidc: Oidc) -> (String, tokio::task::JoinHandle<Granted>) {
    let (tell, mut told) = mpsc::channel(8);
    let waiting = tokio::spawn(async move { oidc.grant(&tell).await });
    let Some(GrantNews::Code(code)) = told.recv().await else {
        panic!("no code: {:?}", waiting.await);
    };
    // Later progress messages need a receiver.
    tokio::spawn(async move { while told.recv().await.is_some() {} });
    let address = code.whole_address.unwrap().to_string();
    assert!(address.contains(code.user_code.as_str()));
    (address, waiting)
}

/// A proxy that notes when each poll came, and whether the answer was `slow_down`.
async fn watch(
    listener: TcpListener,
    to: Arc<Mutex<Option<SocketAddr>>>,
    polls: Polls,
    hurry: bool,
) {
    while let Ok((mut kiosk, _)) = listener.accept().await {
        let (to, polls) = (to.lock().unwrap().unwrap(), polls.clone());
        tokio::spawn(async move {
            let mut head = vec![0; 8192];
            let got = kiosk.read(&mut head).await.unwrap_or(0);
            let text = String::from_utf8_lossy(&head[..got]).into_owned();
            let is_poll = text.starts_with("POST /api/oidc/token");
            let mut server = TcpStream::connect(to).await.unwrap();
            if is_poll {
                let first = polls.lock().unwrap().is_empty();
                if hurry && first {
                    // Somebody else's question just before: the server says slow_down to the desk's own.
                    let mut other = TcpStream::connect(to).await.unwrap();
                    other.write_all(&head[..got]).await.unwrap();
                    let mut answer = vec![0; 8192];
                    let _ = other.read(&mut answer).await;
                }
                polls.lock().unwrap().push((Instant::now(), String::new()));
            }
            server.write_all(&head[..got]).await.unwrap();
            if !is_poll {
                let _ = copy_bidirectional(&mut kiosk, &mut server).await;
                return;
            }
            let mut answer = vec![0; 16384];
            while let Ok(got @ 1..) = server.read(&mut answer).await {
                if let Some(last) = polls.lock().unwrap().last_mut() {
                    last.1.push_str(&String::from_utf8_lossy(&answer[..got]));
                }
                let _ = kiosk.write_all(&answer[..got]).await;
            }
        });
    }
}

type Polls = Arc<Mutex<Vec<(Instant, String)>>>;

#[tokio::test]
async fn the_phone_signs_in_and_slow_down_is_obeyed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = listener.local_addr().unwrap();
    let to = Arc::new(Mutex::new(None));
    let polls = Polls::default();
    let watching = tokio::spawn(watch(listener, to.clone(), polls.clone(), true));
    let server = Glewlwyd::start(Some(&format!("http://{proxy}"))).await;
    *to.lock().unwrap() = Some(server.at);
    let (address, waiting) = begun(oidc(&server, "oidc")).await;
    // Until the server has answered slow_down and the desk has polled again.
    let patience = Instant::now();
    while polls.lock().unwrap().len() < 2 {
        assert!(
            patience.elapsed().as_secs() < 30,
            "{:?}",
            polls.lock().unwrap()
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let (number, name, password) = STUDENTS[0];
    server.browser().approves(&address, number, password).await;
    let student = waiting.await.unwrap().unwrap();
    assert_eq!(
        (student.number.as_str(), student.name.as_str()),
        (number, name)
    );
    watching.abort();
    let polls = polls.lock().unwrap();
    assert!(polls[0].1.contains("slow_down"), "{}", polls[0].1);
    for (number, two) in polls.windows(2).enumerate() {
        // Two seconds as the server said at first, and five more since.
        let pause = two[1].0 - two[0].0;
        assert!(pause.as_millis() >= 7000, "{number}: {pause:?}");
        assert!(!two[1].1.contains("slow_down"), "{}", two[1].1);
    }
}

#[tokio::test]
async fn both_kinds_of_signature_its_passwords_and_its_ends() {
    let server = Glewlwyd::start(None).await;
    let (number, name, password) = STUDENTS[1];
    for instance in ["oidc", "rsa"] {
        let (address, waiting) = begun(oidc(&server, instance)).await;
        server.browser().approves(&address, number, password).await;
        let student = waiting.await.unwrap().unwrap();
        assert_eq!(
            (student.number.as_str(), student.name.as_str()),
            (number, name),
            "{instance}"
        );
        passwords(&server, instance).await;
    }
    probes(&server).await;
    // The student does not come: the code expires.
    let (_, waiting) = begun(oidc(&server, "brief")).await;
    let expired = Err(Failure::Rejected(GrantRefusal::Expired));
    assert_eq!(waiting.await.unwrap(), expired);
    // What only the administrator can mend.
    let stranger = OidcOptions {
        issuer: server.issuer("oidc"),
        client_id: "nobody".into(),
        client_secret: Some(Secret::new("x".into())),
        scopes: "openid".into(),
        claim: "preferred_username".into(),
        endpoints: SetEndpoints::default(),
    };
    let (tell, _told) = mpsc::channel(8);
    let granted = Oidc::new(http(), stranger).unwrap().grant(&tell).await;
    assert!(
        matches!(granted, Err(Failure::Misconfigured(_))),
        "{granted:?}"
    );
}

/// Without naming a user.
async fn probes(server: &Glewlwyd) {
    let by_device = DeviceGrant::probe(&oidc(server, "oidc")).await;
    let by_password = OidcPassword(oidc(server, "oidc")).probe().await;
    for probed in [by_device, by_password] {
        assert_eq!(probed[0].said, Ok(()));
    }
}

async fn passwords(server: &Glewlwyd, instance: &str) {
    let way = OidcPassword(oidc(server, instance));
    let judge = async |number: &str, password: &str| {
        let number = StudentNumber::from_campus(number);
        way.judge(&number, &Secret::new(password.into())).await
    };
    for (number, name, password) in STUDENTS {
        let student = judge(number, password).await.unwrap();
        assert_eq!(
            (student.number.as_str(), student.name.as_str()),
            (number, name)
        );
    }
    let wrong = Err(Missed::Sent(Failure::Rejected(
        SignInRefusal::WrongPassword,
    )));
    for (number, password) in [
        ("20260001", "wrong"),
        ("20260001", &"x".repeat(512)),
        ("20260099", "wrong"),
    ] {
        assert_eq!(judge(number, password).await, wrong, "{number}");
    }
}
