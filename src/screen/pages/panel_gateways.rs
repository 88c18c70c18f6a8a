//! What is connected, on the volunteer's panel: the gateways, the slip printer, the last message.

use super::{PagePen, gateway_name, tls_fault};
use crate::screen::DeliveryIs;
use crate::screen::layout::Stack;
use crate::screen::theme::Role;
use crate::visit::{Gateway, Link};

/// Each gateway and how it is.
pub fn draw_gateways(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    let view = pen.view;
    pen.tell(stack, "panel-gateways", Role::Title);
    for link in Link::ALL.iter().copied() {
        let state = view.reach.at(link);
        // Few campuses have a sign-in on the phone: the others do not lack it.
        if link == Link::DeviceGrant && !state.is_connected() {
            continue;
        }
        let (words, role) = gateway_words(pen, link, state);
        let line = format!("{}  {words}", pen.words(gateway_name(link)));
        pen.say(stack, &line, role);
    }
}

/// How the slip printer is, where there is one.
pub fn draw_printer(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    if let Some(printer) = pen.view.printer {
        let (key, role) = printer.now.words();
        let line = format!("{}  {}", pen.words("panel-printer"), pen.words(key));
        pen.say(stack, &line, role);
    }
}

/// Where the last message to the visit in hand is, by which carrier.
pub fn draw_delivery(pen: &mut PagePen<'_, '_>, stack: &mut Stack) {
    let Some(delivery) = pen.view.delivery else {
        return;
    };
    let (key, code, role) = match &delivery.is {
        DeliveryIs::HandedOver => ("panel-sms-handed-over", "", Role::Text),
        DeliveryIs::Delivered => ("panel-sms-delivered", "", Role::Success),
        DeliveryIs::Failed { code } => ("panel-sms-failed", code.as_str(), Role::Warning),
    };
    let parts = [("carrier", delivery.carrier.into()), ("code", code.into())];
    let words = pen.words_with(key, &parts);
    pen.say(stack, &words, role);
}

fn gateway_words(pen: &PagePen<'_, '_>, link: Link, gateway: Gateway) -> (String, Role) {
    match gateway {
        Gateway::Absent => (pen.words("gateway-absent"), Role::Dim),
        Gateway::Up | Gateway::Slow if pen.view.untried.contains(&link) => {
            (pen.words("gateway-untried"), Role::Dim)
        }
        Gateway::Up => (pen.words("gateway-up"), Role::Success),
        Gateway::Slow => (pen.words("gateway-slow"), Role::Warning),
        Gateway::Down { since } => {
            let minutes = pen.view.now.mono.saturating_sub(since).as_secs() / 60;
            let mut faults = pen.view.not_private.iter();
            let fault = faults.find(|(of, _)| *of == link);
            let words = match fault {
                Some((_, fault)) => {
                    let why = pen.words(tls_fault(*fault));
                    let parts = [("n", minutes.into()), ("why", why.into())];
                    pen.words_with("gateway-not-private", &parts)
                }
                None => pen.words_with("gateway-down", &[("n", minutes.into())]),
            };
            (words, Role::Danger)
        }
    }
}
