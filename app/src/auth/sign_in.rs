//! The sign-in page: a plain form, which works before anything else has loaded.

use super::{
    DemoSignIn,
    api::{SignIn as Post, demo_sign_ins, who},
};
use crate::{
    frame::Mark,
    i18n::{t, use_i18n},
    parts::{Languages, Notice, Themes},
    people::role_name,
};
use crate::{json::brought, prelude::*};
use leptos_meta::Title;
use leptos_router::{
    components::{A, Redirect},
    hooks::use_query_map,
};

/// The sign-in page.
#[component]
pub fn SignIn() -> impl IntoView {
    let words = use_i18n();
    let query = use_query_map();
    let post = ServerAction::<Post>::new();
    let failure = Signal::derive(move || post.value().get().and_then(Result::err));
    let busy = post.pending();
    let demo = brought(|| (), |()| demo_sign_ins());
    let next = move || query.read().get("next").unwrap_or_default();
    let at_work = brought(|| (), |()| who());
    let faces = move || format!("/who?next={}", next().replace('&', "%26"));
    // A shared tablet asks who is working, unless somebody wants to use their password. While another page is on its way
    // in, its address says nothing about this one.
    let shared = move || match query.read_untracked().get("by").as_deref() {
        Some("password") => view! { <A href=faces attr:class="button">{t!(words, auth.who.title)}</A> },
        _ => view! { <Redirect path=untrack(faces) /> },
    };
    view! {
        <Title text=move || crate::i18n::t_string!(words, auth.title).to_string() />
        <main class="door">
            <div class="door-card">
                <div class="door-brand"><Mark /><span class="brand-name">"Storeroom"</span></div>
                <h1>{t!(words, auth.title)}</h1>
                <Notice failure />
                <ActionForm action=post>
                    <input type="hidden" name="next" value=move || next() />
                    <div class="field">
                        <label for="name">{t!(words, auth.name)}</label>
                        <input id="name" name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" required=true maxlength="200" />
                    </div>
                    <div class="field">
                        <label for="password">{t!(words, auth.password)}</label>
                        <input id="password" name="password" type="password" autocomplete="current-password" required=true maxlength="400" />
                    </div>
                    <button type="submit" class="button primary wide" disabled=busy>
                        {move || if busy.get() { t!(words, auth.busy).into_any() } else { t!(words, auth.enter).into_any() }}
                    </button>
                </ActionForm>
                <p class="quiet">{t!(words, auth.help)}</p>
                <Suspense>
                    {drawn(move || async move { matches!(at_work.await, Ok(Some(_))).then(|| shared()) })}
                </Suspense>
            </div>
            <Suspense>
                {drawn(move || async move {
                    let people = demo.await.unwrap_or_default();
                    (!people.is_empty()).then(|| view! { <DemoPeople people post next=Signal::derive(next) /> })
                })}
            </Suspense>
            <div class="door-switches"><Languages /><Themes /></div>
        </main>
    }
}

/// The people of the demo, each with one button that signs in as them.
#[component]
fn DemoPeople(people: Vec<DemoSignIn>, post: ServerAction<Post>, next: Signal<String>) -> impl IntoView {
    let words = use_i18n();
    let one = move |person: DemoSignIn| {
        let DemoSignIn { name, shown, password, role } = person;
        view! {
            <li>
                <ActionForm action=post>
                    <input type="hidden" name="next" value=next />
                    <input type="hidden" name="name" value=name.clone() />
                    <input type="hidden" name="password" value=password.clone() />
                    <button type="submit" class="button door-person">
                        <strong>{shown}</strong>
                        <span>{move || role_name(words, role)}</span>
                        <code>{name}" · "{password}</code>
                    </button>
                </ActionForm>
            </li>
        }
    };
    view! {
        <section class="door-card door-demo">
            <h2>{t!(words, auth.demo)}</h2>
            <p class="quiet">{t!(words, auth.demo_text)}</p>
            <ul>{people.into_iter().map(one).collect_view()}</ul>
        </section>
    }
}
