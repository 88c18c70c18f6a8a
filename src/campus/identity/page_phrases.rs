//! The phrases that login pages say: those of Apereo, LemonLDAP, django-cas-server, django-mama-cas, and of products in China.
//! All in small letters.

/// The browser's faults are no account's.
pub(super) const NOT_OF_THE_ACCOUNT: [&str; 5] =
    ["javascript", "cookie", "浏览器", "browser", "caps"];

/// A state of an account: the words for it, and the words that say that it has come about.
pub(super) struct AccountState {
    pub words: &'static [&'static str],
    pub come_about: &'static [&'static str],
}

pub(super) const LOCKED: AccountState = AccountState {
    words: &[
        "锁定", "上锁", "冻结", "鎖定", "凍結", "封锁", "locked", "lockout",
    ],
    come_about: &[
        "已",
        "被锁",
        "被上锁",
        "被冻",
        "被鎖",
        "被凍",
        "处于",
        "處於",
        "目前",
        "has been",
        "have been",
        "is ",
        "was ",
    ],
};
pub(super) const DISABLED: AccountState = AccountState {
    words: &[
        "停用",
        "禁用",
        "注销",
        "未启用",
        "未激活",
        "未開通",
        "未开通",
        "disabled",
        "not active",
        "inactive",
        "deactivated",
        "not enabled",
        "not been activated",
        "不允许登录",
        "不允许登陆",
        "禁止登录",
        "无权登录",
    ],
    come_about: &[
        "已",
        "被停",
        "被禁",
        "未启",
        "未激",
        "尚未",
        "未开",
        "不允许",
        "禁止",
        "无权",
        "has ",
        "have ",
        "is ",
        "was ",
    ],
};
pub(super) const EXPIRED: AccountState = AccountState {
    words: &[
        "过期",
        "到期",
        "失效",
        "過期",
        "expired",
        "超时",
        "timed out",
        "timeout",
    ],
    come_about: &[
        "已",
        "过期",
        "失效",
        "超时",
        "has ",
        "have ",
        "is ",
        "was ",
        "expired",
        "timed out",
    ],
};

/// What may come, under a condition, or is to be avoided.
pub(super) const NOT_YET: [&str; 27] = [
    "将",
    "會",
    "会",
    "即将",
    "可能",
    "避免",
    "以免",
    "防止",
    "如果",
    "若",
    "假如",
    "一旦",
    "未被",
    "没有被",
    "没被",
    "解除",
    "will",
    "would",
    "may ",
    "might",
    "could",
    "avoid",
    "before",
    "if ",
    "unless",
    "never ",
    "not been locked",
];
/// With these before a bare word it is a rule, not a state: "连续输错5次，账号锁定15分钟".
pub(super) const RULE: [&str; 9] = [
    "次", "后", "達", "达", "超过", "累计", "attempts", "after", "times",
];

pub(super) const ACCOUNT: [&str; 13] = [
    "账号", "帐号", "账户", "帐户", "賬號", "帳號", "帳戶", "用户", "用戶", "学号", "account",
    "user", "您已",
];
pub(super) const PASSWORD: [&str; 5] = ["密码", "密碼", "口令", "password", "credential"];
pub(super) const SESSION: [&str; 16] = [
    "会话",
    "會話",
    "页面",
    "頁面",
    "表单",
    "令牌",
    "登录状态",
    "登录超时",
    "登陆超时",
    "session",
    "page",
    "form ",
    "csrf",
    "execution",
    "request has",
    "login ticket",
];
pub(super) const STEPS: [&str; 21] = [
    "验证码",
    "驗證碼",
    "动态码",
    "动态口令",
    "动态密码",
    "二次认证",
    "二次验证",
    "双因素",
    "多因素",
    "二次身份",
    "滑块",
    "captcha",
    "recaptcha",
    "verification code",
    "one-time",
    "two-factor",
    "multi-factor",
    "multifactor",
    "second factor",
    "authenticator",
    "yubikey",
];
pub(super) const WRONG: [&str; 18] = [
    "错误",
    "有误",
    "不正确",
    "不对",
    "不匹配",
    "錯誤",
    "有誤",
    "不正確",
    "不存在",
    "认证失败",
    "登录失败",
    "incorrect",
    "invalid",
    "wrong",
    "bad credentials",
    "do not match",
    "not recognized",
    "cannot be determined to be authentic",
];

pub(super) const BROKEN: [&str; 13] = [
    "系统繁忙",
    "系统错误",
    "系统异常",
    "服务异常",
    "服务器错误",
    "服务不可用",
    "内部错误",
    "系统维护",
    "unavailable",
    "internal error",
    "internal server error",
    "unexpected error",
    "maintenance",
];
