//! The practice campus's fixed credentials. They open nothing but a practice campus.

/// What a desk needs to talk to the practice campus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// WeCom: the company's id.
    pub corp_id: String,
    /// WeCom: the secret of the contacts synchronisation.
    pub contacts_secret: String,
    /// WeCom: the secret of an app.
    pub app_secret: String,
    /// WeCom: the department in which a missing member is created.
    pub department: u32,
    /// Tencent Cloud: the id of the secret.
    pub sms_secret_id: String,
    /// Tencent Cloud: the key that requests are signed with.
    pub sms_secret_key: String,
    /// Tencent Cloud: the region.
    pub sms_region: String,
    /// Tencent Cloud: the SMS app's id.
    pub sms_app_id: String,
    /// Tencent Cloud: the approved signature at the head of a message.
    pub sms_sign: String,
    /// Tencent Cloud: the approved template. Its text has one parameter, the code.
    pub sms_template: String,
    /// CAS: the service for which tickets are requested.
    pub cas_service: String,
    /// OpenID Connect: the desk's client id at the issuer `/oidc`.
    pub oidc_client: String,
    /// OpenID Connect: the desk's client secret.
    pub oidc_secret: String,
}

impl Credentials {
    /// The same for every practice campus.
    pub fn practice() -> Self {
        Credentials {
            corp_id: "wwpractice00000001".into(),
            contacts_secret: "practice-contacts-secret".into(),
            app_secret: "practice-app-secret".into(),
            department: 2,
            sms_secret_id: "AKIDpractice".into(),
            sms_secret_key: "practice-sms-key".into(),
            sms_region: "ap-beijing".into(),
            sms_app_id: "1400000000".into(),
            sms_sign: "练习大学".into(),
            sms_template: "100001".into(),
            cas_service: "http://desk.practice.invalid/".into(),
            oidc_client: "practice-desk".into(),
            oidc_secret: "practice-oidc-secret".into(),
        }
    }
}
