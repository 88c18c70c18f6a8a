//! Pages whose scripts encrypt the password, and pages whose scripts do not.

use super::*;

/// A form that a script of its own encrypts, in an attribute or in a file, gets no password.
#[tokio::test]
async fn no_password_leaves_to_a_page_whose_scripts_encrypt_it() {
    let by_attribute = FORM.replace("<form ", "<form onsubmit='return encryptPwd(this)' ");
    let by_file = "<script src='/static/login.4f2a.js?v=2'></script>{FORM}";
    let script = |text: &str| json!({"/static/login.4f2a.js": {"body": text}});
    for (body, paths) in [
        (by_attribute.as_str(), json!({})),
        (
            by_file,
            script(
                "function go(f){var k=new JSEncrypt();k.setPublicKey(key);f.password.value=k.encrypt(f.password.value)}",
            ),
        ),
        (
            by_file,
            script(
                "$('#fm1').submit(function(){ $('#pwd').val( encrypt( $('#pwd').val(), key ) ); });",
            ),
        ),
    ] {
        let case = json!({"login": {"body": body}, "paths": paths});
        let server = CaseServer::start(case.clone()).await;
        let judged = server.sign_in().await;
        assert!(
            matches!(&judged, Err(Missed::Kept(Failure::Misconfigured(why))) if why.contains("encrypts")),
            "{case}: {judged:?}"
        );
        let said = &server.way().probe().await[0].said;
        assert!(matches!(said, Err(Failure::Misconfigured(_))), "{said:?}");
        assert_eq!(server.asked("POST"), 0, "{case}");
    }
}

/// Libraries that can encrypt, and scripts of no account, are no sign; no more is read than a page of this size has.
#[tokio::test]
async fn a_page_with_scripts_that_encrypt_no_password_signs_in() {
    let library = "var C=CryptoJS;var c=CryptoJS.AES.encrypt(message, key);function JSEncrypt(o){}";
    let far = format!("{library}{} password", " ".repeat(2000));
    let tags = |names: &[&str]| -> String {
        let tag = |name: &&str| format!("<script src='/static/{name}'></script>");
        names.iter().map(tag).collect()
    };
    let many: Vec<String> = (0..12).map(|n| format!("part{n}.js")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (scripts, paths, most) in [
        (
            tags(&["jquery-3.7.1.min.js", "bootstrap.bundle.min.js", "cas.js"]),
            json!({"/static/cas.js": {"body": "$('#id_password').attr('autocomplete','off')"}}),
            1,
        ),
        (
            tags(&["vendor.js"]),
            json!({"/static/vendor.js": {"body": far}}),
            1,
        ),
        (
            tags(&["gone.js"]),
            json!({"/static/gone.js": {"status": 404}}),
            1,
        ),
        (
            "<script src='https://other.example/login.js'></script><script src='data:,x'></script>"
                .into(),
            json!({}),
            0,
        ),
        (tags(&many), json!({}), 5),
        (
            tags(&["a.js", "b.js", "c.js"]),
            json!({"/static/a.js": {"fill": 600_000, "body": "{FILL}"},
                "/static/b.js": {"fill": 600_000, "body": "{FILL}"},
                "/static/c.js": {"fill": 600_000, "body": "{FILL}"}}),
            2,
        ),
    ] {
        let body = format!("{scripts}{{FORM}}");
        let server = CaseServer::start(json!({"login": {"body": body}, "paths": paths})).await;
        let student = server.sign_in().await;
        assert_eq!(student.unwrap().number.as_str(), "20260001", "{scripts}");
        let read = server.asked("GET /static/");
        assert!(read <= most, "{read} of {scripts}");
    }
}
