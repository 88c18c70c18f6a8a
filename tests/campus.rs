//! Each adapter against a practice campus that really runs, over real sockets, with its faults.

mod campus {
    mod aliyun;
    mod cas;
    mod house;
    mod phone;
    mod sms;
    mod wecom;
    mod wecom_token;
}
