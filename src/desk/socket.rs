//! stub
use crate::store::VisitRow;
use tokio::sync::oneshot;
pub enum Ask {
    List {
        answer: oneshot::Sender<Vec<VisitRow>>,
    },
}
