//! The ways to every page: a rail at the side, and on a phone a bar at the thumb with the rest behind "More".

use super::{
    destination::{Destination, Group},
    device::{Device, UpdateChip},
    use_here,
};
use crate::prelude::*;
use crate::{
    i18n::{t, t_string, use_i18n},
    in_turn::in_turn,
    parts::{Icon, Menu, Svg},
};
use leptos_router::hooks::use_location;

/// The rail of tablets and desktops.
#[component]
pub fn Rail() -> impl IntoView {
    let words = use_i18n();
    in_turn(move || {
        view! {
            <nav class="rail" aria-label=move || t_string!(words, common.nav.label)>
                <Groups all=true />
                <UpdateChip />
            </nav>
        }
    })
}

/// The bar of phones: four pages, and a sheet with the others.
#[component]
pub fn BottomBar() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let path = use_location().pathname;
    let at_hand = move || {
        let places = Destination::open_to(here).filter(|place| place.at_hand);
        places.map(|place| view! { <To place /> }).collect_view()
    };
    let ready = expect_context::<Device>().ready();
    let elsewhere = move || path.with(|path| Destination::at(path).is_some_and(|place| !place.at_hand));
    in_turn(move || {
        view! {
            <nav class="bar" aria-label=move || t_string!(words, common.nav.label)>
                {move || at_hand()}
                <div class="bar-more" data-current=move || elsewhere().then_some("true") data-news=move || ready.get().then_some("true")>
                    <Menu
                        label=Signal::derive(move || t_string!(words, frame.more_label).to_string())
                        face=move || view! { <Svg icon=Icon::Menu /><span>{t!(words, frame.more)}</span> }
                    >
                        <Groups all=false />
                        <UpdateChip />
                    </Menu>
                </div>
            </nav>
        }
    })
}

/// The destinations by group; those at a phone's thumb are left out of its sheet.
#[component]
fn Groups(all: bool) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let group = move |group: Group| {
        let wanted = |place: &&Destination| place.group == group && !place.aside && (all || !place.at_hand);
        let places: Vec<_> = Destination::open_to(here).filter(wanted).collect();
        (!places.is_empty()).then(|| {
            let places = places.into_iter().map(|place| view! { <li><To place /></li> }).collect_view();
            view! {
                <div class="nav-group">
                    <p class="nav-title">{move || group.word(words)}</p>
                    <ul>{places}</ul>
                </div>
            }
        })
    };
    move || Group::ALL.map(group)
}

/// One page's link.
#[component]
fn To(place: &'static Destination) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let path = use_location().pathname;
    let current =
        move || path.with(|path| Destination::at(path).is_some_and(|at| at.path == place.path)).then_some("page");
    view! {
        <a class="to" href=move || here.link(place.path) aria-current=move || current()>
            <Svg icon=place.icon /><span>{move || place.word(words)}</span>
        </a>
    }
}
