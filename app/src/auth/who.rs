//! "Who's working?": the people of a shared tablet, and the keys on which one of them types their PIN.

use super::{
    AtWork, Face,
    api::{take_place, who},
    watch::place_of,
};
use crate::{
    failure::Failure,
    frame::Mark,
    i18n::{t, t_string, use_i18n},
    inventory::keep,
    parts::{Icon, Languages, Notice, Svg, Themes},
};
use crate::{json::brought, prelude::*};
use leptos::{either::Either, ev, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    components::{A, Redirect},
    hooks::{use_location, use_query_map},
};
use model::{Error, PersonId};

/// How many digits a PIN has.
const DIGITS: usize = 6;
/// Keys that follow each other faster were no person's: a scanner types here too, and its code is no PIN.
const SCANNER_MS: f64 = 35.0;

/// The page. A browser that is no shared tablet is led to the sign-in page.
#[component]
pub fn WhoPage() -> impl IntoView {
    let words = use_i18n();
    let query = use_query_map();
    let at_work = brought(|| (), |()| who());
    let next = move || query.read_untracked().get("next").unwrap_or_default();
    let by_password = move || format!("/sign-in?by=password&next={}", next().replace('&', "%26"));
    view! {
        <Title text=move || t_string!(words, auth.who.title) />
        <main class="door">
            <div class="door-card door-wide">
                <div class="door-brand"><Mark /><span class="brand-name">"Storeroom"</span></div>
                <Suspense>
                    {drawn(move || async move {
                        match at_work.await {
                            Ok(Some(at_work)) => view! { <AtTablet at_work /> },
                            Ok(None) => view! { <Redirect path=by_password() /> },
                            Err(failure) => view! { <Notice failure=Signal::stored(Some(failure)) /> },
                        }
                    })}
                </Suspense>
                <A href=by_password attr:class="button">{t!(words, auth.who.by_password)}</A>
            </div>
            <div class="door-switches"><Languages /><Themes /></div>
        </main>
    }
}

#[component]
fn AtTablet(at_work: AtWork) -> impl IntoView {
    let words = use_i18n();
    let query = use_query_map();
    let AtWork { tablet, faces } = at_work;
    let chosen = {
        let faces = faces.clone();
        let path = use_location().pathname;
        Memo::new(move |shown: Option<&Option<Face>>| match shown {
            // While another page is on its way in, its address says nothing about this one.
            Some(shown) if path.get() != "/who" => shown.clone(),
            _ => {
                let asked: PersonId = query.read().get("person")?.parse().ok()?;
                faces.iter().find(|face| face.person == asked && !face.spent).cloned()
            }
        })
    };
    let faces = StoredValue::new(faces);
    let choice = move || {
        let tablet = tablet.clone();
        view! {
            <h1>{t!(words, auth.who.title)}</h1>
            <p class="quiet">{tablet}</p>
            <Faces faces=faces.get_value() />
        }
    };
    move || match chosen.get() {
        Some(face) => Either::Left(view! { <Keys face /> }),
        None => Either::Right(choice()),
    }
}

#[component]
fn Faces(faces: Vec<Face>) -> impl IntoView {
    let words = use_i18n();
    if faces.is_empty() {
        return view! { <p>{t!(words, auth.who.nobody)}</p> };
    }
    let next = use_query_map().read_untracked().get("next").unwrap_or_default().replace('&', "%26");
    let one = move |face: Face| {
        let Face { person, name, spent } = face;
        let initials = initials(&name);
        let way = match spent {
            true => format!("/sign-in?by=password&next={next}"),
            false => format!("/who?person={person}&next={next}"),
        };
        view! {
            <li>
                <A href=way attr:class="face">
                    <span class="face-initials" aria-hidden="true">{initials}</span>
                    <strong>{name}</strong>
                    {spent.then(|| view! { <span class="quiet">{t!(words, auth.who.spent)}</span> })}
                </A>
            </li>
        }
    };
    view! { <ul class="faces">{faces.into_iter().map(one).collect_view()}</ul> }
}

/// The pad of one person. No field, so that no keyboard opens and no browser offers to remember anything.
#[component]
fn Keys(face: Face) -> impl IntoView {
    let words = use_i18n();
    let query = use_query_map();
    let Face { person, name, .. } = face;
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let send = move || {
        busy.set(true);
        let asked = query.read_untracked().get("next");
        // Everybody goes on where they were.
        let next = keep::load::<String>(&place_of(&person.to_string())).or(asked);
        spawn_local(async move {
            // A yes leads on by itself.
            let answer = take_place(person, typed.get_untracked(), next).await;
            if busy.try_set(false).is_none() {
                typed.set(String::new());
                failure.set(answer.err());
            }
        });
    };
    let press = move |digit: char| {
        if busy.get_untracked() || typed.read_untracked().len() == DIGITS {
            return;
        }
        failure.set(None);
        typed.update(|typed| typed.push(digit));
        if typed.read_untracked().len() == DIGITS {
            send();
        }
    };
    let erase = move || {
        if !busy.get_untracked() {
            typed.update(|typed| {
                typed.pop();
            });
        }
    };
    let last_ms = StoredValue::new(0.0);
    Effect::new(move || {
        let keys = window_event_listener(ev::keydown, move |event: ev::KeyboardEvent| {
            let since_ms = event.time_stamp() - last_ms.get_value();
            last_ms.set_value(event.time_stamp());
            match event.key().chars().next() {
                Some(_) if since_ms < SCANNER_MS => typed.set(String::new()),
                Some(digit @ '0'..='9') => press(digit),
                _ if event.key() == "Backspace" => erase(),
                _ => {}
            }
        });
        on_cleanup(move || keys.remove());
    });
    let said = move || match failure.get() {
        Some(Failure::Said(Error::Invalid(flaws))) => Some(match flaws.first().map(|flaw| flaw.code.as_str()) {
            Some("pin_spent") => t_string!(words, auth.who.pin_spent),
            _ => t_string!(words, auth.who.wrong),
        }),
        _ => None,
    };
    let other =
        Signal::derive(move || failure.get().filter(|failure| !matches!(failure, Failure::Said(Error::Invalid(_)))));
    let dots = move || {
        (0..DIGITS)
            .map(|at| view! { <span class="pin-dot" data-full=(at < typed.read().len()).then_some("")></span> })
            .collect_view()
    };
    let digit = move |key: char| {
        view! { <button type="button" class="pin-key" on:click=move |_| press(key)>{key.to_string()}</button> }
    };
    let back =
        move || format!("/who?next={}", query.read_untracked().get("next").unwrap_or_default().replace('&', "%26"));
    let initials = initials(&name);
    view! {
        <div class="pin">
            <span class="face-initials" aria-hidden="true">{initials}</span>
            <h1>{name}</h1>
            <p class="quiet">{t!(words, auth.who.type_pin)}</p>
            <p class="unseen" role="status">{move || t_string!(words, auth.who.typed, count = typed.read().len()).to_string()}</p>
            <div class="pin-dots" aria-hidden="true">{move || dots()}</div>
            <div role="alert" class="notice-place">
                {move || said().map(|text| view! { <div class="notice" data-kind="bad"><Svg icon=Icon::Warning /><p>{text}</p></div> })}
            </div>
            <Notice failure=other />
            <div class="pin-keys">
                {"123456789".chars().map(digit).collect_view()}
                <A href=back attr:class="pin-key pin-quiet" attr:aria-label=move || t_string!(words, auth.who.others)><Svg icon=Icon::Back /></A>
                {digit('0')}
                <button type="button" class="pin-key pin-quiet" aria-label=move || t_string!(words, common.erase) on:click=move |_| erase()>
                    <Svg icon=Icon::Erase />
                </button>
            </div>
        </div>
    }
}

/// `AR` for Ann Reed.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let ends = match words.as_slice() {
        [] => [None, None],
        [only] => [only.chars().next(), None],
        [first, .., last] => [first.chars().next(), last.chars().next()],
    };
    ends.into_iter().flatten().flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn a_face_has_the_first_letters_of_its_name() {
        assert_eq!(initials("Ann Reed"), "AR");
        assert_eq!(initials("josé maría de la cruz"), "JC");
        assert_eq!(initials("Ömer"), "Ö");
        assert_eq!(initials(" "), "");
    }
}
