//! Shibboleth's IdP as a CAS server: its step through the browser's storage, before the form and after the password.

use super::*;

/// As the page of an IdP that serves CAS has it; the second is asked after the password.
const STORAGE: &str = "<html><head><script>function isLocalStorageSupported() { return true; }</script></head>\
    <body onload='doLoad()'>Loading login session information from the browser...\
    <noscript>Since your browser does not support JavaScript, you must press the Continue button once to proceed.</noscript>\
    <form name='form1' action='/cas/storage?execution=e1s1' method='post'>\
    <input type='hidden' name='csrf_token' value='_61f1' />\
    <input name='shib_idp_ls_exception.shib_idp_session_ss' type='hidden' />\
    <input name='shib_idp_ls_success.shib_idp_session_ss' type='hidden' value='false' />\
    <input name='shib_idp_ls_value.shib_idp_session_ss' type='hidden' />\
    <input name='shib_idp_ls_supported' type='hidden' /><input name='_eventId_proceed' type='hidden' />\
    <noscript><input type='submit' value='Continue' /></noscript></form>\
    <script>function doLoad() { document.form1.submit(); }</script></body></html>";

#[tokio::test]
async fn the_storage_of_a_browser_is_asked_about_and_passed() {
    let login = "<form action='/cas/login?execution=e1s2' method='post'><input type='hidden' name='csrf_token' value='_61f1'>\
        <input name='j_username' type='text'><input name='j_password' type='password'>\
        <button type='submit' name='_eventId_proceed'>Login</button></form>";
    let ticket = json!({"status": 302, "location": "{SERVICE}?ticket={TICKET}"});
    let mut case = json!({
        "login": {"body": STORAGE},
        "post": {"status": 200, "body": STORAGE.replace("/cas/storage", "/cas/stored")},
        "posts": {"/cas/storage": {"body": login}, "/cas/stored": ticket},
    });
    let server = CaseServer::start(case.clone()).await;
    let student = server.sign_in().await.unwrap();
    assert_eq!(student.number.as_str(), "20260001");
    let bodies = server.bodies.lock().unwrap().clone();
    let storage = "csrf_token=_61f1&shib_idp_ls_exception.shib_idp_session_ss=&shib_idp_ls_success.shib_idp_session_ss=false\
        &shib_idp_ls_value.shib_idp_session_ss=&shib_idp_ls_supported=&_eventId_proceed=";
    let filled = "j_username=20260001&j_password=secretpw1&csrf_token=_61f1&_eventId_proceed=";
    assert_eq!(bodies, [storage, filled, storage]);

    // One that leads elsewhere, or never ends, is followed no further, and no password leaves.
    for (to, posts) in [("https://other.example/", 0), ("/cas/again", 20)] {
        let page = STORAGE.replace("/cas/storage", to);
        case["login"] = json!({"body": page});
        case["posts"]["/cas/again"] = json!({"body": page});
        let server = CaseServer::start(case.clone()).await;
        let judged = server.sign_in().await;
        assert!(
            matches!(judged, Err(Missed::Kept(Failure::Misconfigured(_)))),
            "{judged:?}"
        );
        assert_eq!(server.asked("POST"), posts, "{to}");
    }
}
