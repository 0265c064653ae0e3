//! The top bar: the palette's button, which store, whether the line is live, and who is here.

use super::{Overlay, use_here};
use crate::prelude::*;
use crate::{
    auth::{Me, api::SignOut},
    help::HelpButton,
    i18n::{t, t_string, use_i18n},
    in_turn::in_turn,
    inventory::{Leaving, Outbox, use_outbox},
    parts::{Icon, Languages, Menu, Pill, ReportProblem, Sounds, Svg, Themes},
};
use leptos::{ev::SubmitEvent, html::Div, server_fn::ServerFn};
use leptos_router::{components::A, hooks::use_location};

/// The top bar.
#[component]
pub fn TopBar(overlay: Overlay) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let outbox = use_outbox();
    let (waiting, refused) = (outbox.waiting(), outbox.refused());
    let left = Signal::derive(move || (waiting.get() + refused.get() > 0).then(|| here.link("/waiting")));
    let top = in_turn(move || {
        view! {
            <header class="top">
                <A href=move || here.link("/") attr:class="brand" attr:aria-label="Storeroom">
                    <Mark />
                    <span class="brand-name">"Storeroom"</span>
                </A>
                <button type="button" class="find-open" aria-label=move || t_string!(words, frame.find.title) on:click=move |_| overlay.toggle()>
                    <Svg icon=Icon::Search /><span>{t!(words, frame.find.title)}</span><kbd aria-hidden="true">"Ctrl K"</kbd>
                </button>
                <div class="top-end">
                    <Pill waiting left />
                    <StoreMenu />
                    <PersonMenu overlay />
                </div>
            </header>
        }
    });
    view! {
        {top}
        <WayOut outbox />
    }
}

/// What stands in the way of signing out, from wherever that was asked for, and what one can do about it.
#[component]
fn WayOut(outbox: Outbox) -> impl IntoView {
    let words = use_i18n();
    let place = NodeRef::<Div>::new();
    let leaving = outbox.leaving();
    // Whoever asked in a menu looks here next; the menu folds up as the focus leaves it.
    Effect::new(move || {
        if leaving.get().is_some() {
            request_animation_frame(move || {
                if let Some(place) = place.get_untracked() {
                    place.focus().ok();
                }
            });
        }
    });
    let ways = move || {
        let go = move || match leaving.get() {
            Some(Leaving::Failed) => t_string!(words, common.retry),
            _ => t_string!(words, waiting.leave_now),
        };
        view! {
            <button type="button" class="button" on:click=move |_| outbox.leave_now()><Svg icon=Icon::SignOut />{move || go()}</button>
            <button type="button" class="button" on:click=move |_| outbox.stay()>{t!(words, waiting.stay)}</button>
        }
    };
    view! {
        <div role="alert" class="notice-place" tabindex="-1" node_ref=place>
            {move || leaving.get().map(|leaving| match leaving {
                Leaving::Unsent(count) => view! {
                    <div class="notice" data-kind="warn">
                        <Svg icon=Icon::Clock /><p>{t!(words, waiting.leave_unsent, count = move || count)}</p>{ways()}
                    </div>
                },
                Leaving::Failed => view! {
                    <div class="notice" data-kind="bad">
                        <Svg icon=Icon::Warning /><p>{t!(words, waiting.leave_failed)}</p>{ways()}
                    </div>
                },
            })}
        </div>
    }
}

/// The product's mark: three shelves, the lowest one lit.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <rect x="3" y="3" width="18" height="4.5" rx="1.6" />
            <rect x="3" y="9.750" width="12" height="4.5" rx="1.6" />
            <rect class="mark-lit" x="3" y="16.500" width="18" height="4.5" rx="1.6" />
        </svg>
    }
}

/// The store looked at; a menu when there are several.
#[component]
fn StoreMenu() -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let path = use_location().pathname;
    let stores = here.me().stores;
    let name = move || here.store().get().name;
    if stores.len() < 2 {
        return view! { <span class="top-store"><Svg icon=Icon::Store /><span>{move || name()}</span></span> };
    }
    let rows = stores.into_iter().map(move |store| {
        let code = store.code.clone();
        let chosen = move || here.store().get().code == code;
        let link = move || format!("{}?store={}", path.get(), store.code);
        view! { <li><a class="menu-item" href=move || link() aria-current=move || chosen().then_some("true")>{store.name.clone()}</a></li> }
    });
    view! {
        <Menu
            label=Signal::derive(move || t_string!(words, common.menu.store, name = name()).to_string())
            face=move || view! { <Svg icon=Icon::Store /><span class="menu-store">{move || name()}</span> }
        >
            <ul class="menu-list">{rows.collect_view()}</ul>
        </Menu>
    }
}

/// Who is here, this browser's switches, and the way out.
#[component]
fn PersonMenu(overlay: Overlay) -> impl IntoView {
    let words = use_i18n();
    let Me { name, lock_minutes, .. } = use_here().me();
    let outbox = use_outbox();
    let (label, face) = (name.clone(), name.clone());
    let out = move || match lock_minutes {
        Some(_) => t_string!(words, common.menu.change_person),
        None => t_string!(words, common.menu.sign_out),
    };
    let leave = move |event: SubmitEvent| {
        event.prevent_default();
        outbox.leave();
    };
    view! {
        <Menu
            label=Signal::derive(move || t_string!(words, common.menu.person, name = label.clone()).to_string())
            face=move || view! { <Svg icon=Icon::Person /><span class="menu-name">{face.clone()}</span> }
        >
            <p class="menu-who">{t!(words, common.menu.signed_in_as)}<strong>{name}</strong></p>
            <Languages />
            <Themes />
            <Sounds />
            <button type="button" class="button wide" on:click=move |_| overlay.show_keys()>
                <Svg icon=Icon::Keyboard />{t!(words, frame.keys.title)}
            </button>
            <HelpButton />
            <ReportProblem class="button wide" />
            // Not an `ActionForm`, which reads its fields back into a type: there are none.
            <form method="post" action=SignOut::url() on:submit=leave>
                <button type="submit" class="button wide"><Svg icon=Icon::SignOut />{move || out()}</button>
            </form>
        </Menu>
    }
}
