//! A product's own page: everything about it that one may change, and who else is changing it.

use super::{
    api::{find_kit, find_product},
    fields::Fields,
    form::{Deed, Form},
    made::Made,
    merge::Merge,
    picture::Picture,
    promise::Promise,
};
use crate::{
    failure::Failure,
    frame::use_here,
    i18n::{Locale, t, t_string, use_i18n},
    inventory::{escape, item_link},
    live::Live,
    parts::{Empty, Icon, Notice, Skeleton, Svg, UndoBar, upload},
};
use crate::{json::brought, prelude::*};
use leptos::{either::EitherOf3, ev, html, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{Action, Bulk, Changed, ItemKind, Kit, Product, Since};

/// The editor's page: `/products/85123A?store=LON`.
#[component]
pub fn ProductPage() -> impl IntoView {
    let here = use_here();
    let params = use_params_map();
    let sku = Memo::new(move |_| params.read().get("sku").unwrap_or_default());
    let found = brought(
        move || (here.store().get().code, sku.get()),
        |(store, sku)| async move {
            let product = find_product(sku).await?;
            let kit = match &product {
                Some(product) if product.data.item.kind == ItemKind::Kit => {
                    find_kit(store.clone(), product.data.item.sku.clone()).await?
                }
                _ => None,
            };
            Ok::<_, Failure>((store, product, kit))
        },
    );
    view! {
        <Transition fallback=|| view! { <Skeleton rows=8 /> }>
            {drawn(move || async move {
                match found.await {
                    Ok((store, Some(product), kit)) => EitherOf3::A(view! { <Editor store first=product kit /> }),
                    Ok((_, None, _)) => EitherOf3::B(view! { <Missing sku=sku.get_untracked() /> }),
                    Err(failure) => EitherOf3::C(view! { <Notice failure=Signal::stored(Some(failure)) /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Missing(sku: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    let words = use_i18n();
    let here = use_here();
    let link = format!("/products/new?code={}&store={}", escape(&sku), here.store().get_untracked().code);
    let sku = StoredValue::new(sku);
    view! {
        <Title text=move || t_string!(words, products.title) />
        <h1 class="unseen">{t!(words, products.title)}</h1>
        <Empty icon=Icon::Barcode title=move || t!(words, products.missing, sku = move || sku.get_value()) text=move || t!(words, products.missing_text)>
            <A href=link attr:class="button primary">{t!(words, products.add_this)}</A>
        </Empty>
    }
}

#[component]
fn Editor(store: String, first: Since<Product>, kit: Option<Kit>) -> impl IntoView {
    let words = use_i18n();
    let here = use_here();
    let comma = words.get_locale_untracked() == Locale::es;
    let sku = first.data.item.sku.clone();
    let key = format!("product:{}:{store}:{sku}", here.me().key());
    let item = item_link(&sku, &store);
    let may_edit = untrack(|| here.may(Action::EditItems));
    let (kind, as_of) = (first.data.item.kind, first.as_of);
    let form = Form::open(first, store.clone(), comma, key);
    let sku = StoredValue::new(sku);
    let heading = move || form.base.read().item.name.clone();
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        form.save();
    };
    view! {
        <Title text=move || form.base.try_with(|product| product.item.name.clone()).unwrap_or_default() />
        <A href=move || here.link("/products") attr:class="back"><Svg icon=Icon::Back />{t!(words, products.back)}</A>
        <header class="page-head item-head">
            <h1>{move || heading()}</h1>
            <p class="item-sku">{sku.get_value()}</p>
        </header>
        <Others sku />
        <Told form />
        <div class="product-columns">
            <form class="card product-form" on:submit=on_submit aria-label=move || t_string!(words, products.form)>
                <fieldset class="plain" disabled=!may_edit>
                    <Merge form />
                    <Fields typing=form.typing sku stocked=Signal::derive(move || form.base.read().item.kind == ItemKind::Stocked) />
                </fieldset>
                <Notice failure=form.failure />
                {may_edit.then(|| view! { <Save form /> })}
            </form>
            <div class="product-side">
                <Image form may_edit />
                {(kind == ItemKind::Stocked).then(|| view! { <Promise form may_edit /> })}
                // Who may not say what it is made of, sees that of kits only.
                {(kind == ItemKind::Kit || kind == ItemKind::Stocked && may_edit)
                    .then(|| view! { <Made form store first=kit as_of may_edit /> })}
                <A href=item attr:class="button wide"><Svg icon=Icon::Box />{t!(words, products.to_item)}</A>
                {may_edit.then(|| view! { <Archive form /> })}
            </div>
        </div>
        {move || form.done.get().map(|(_, deed)| {
            let text = Signal::derive(move || match deed {
                Deed::Archived(true) => t_string!(words, products.did.archived).to_string(),
                Deed::Archived(false) => t_string!(words, products.did.brought_back).to_string(),
                Deed::Picture(true) => t_string!(words, products.did.picture).to_string(),
                Deed::Picture(false) => t_string!(words, products.did.no_picture).to_string(),
                Deed::Promise => t_string!(words, products.did.promise).to_string(),
            });
            view! {
                <UndoBar text busy=form.busy on_undo=Callback::new(move |()| form.undo()) on_close=Callback::new(move |()| form.done.set(None)) />
            }
        })}
    }
}

/// Who else has this page open.
#[component]
fn Others(sku: StoredValue<String>) -> impl IntoView {
    let words = use_i18n();
    let live = expect_context::<Live>();
    let names = move || live.present(&format!("editing:{}", sku.get_value()));
    view! {
        <div role="status" class="others-place">
            <Show when=move || !names().is_empty()>
                <p class="others"><Svg icon=Icon::Person />{t!(words, products.others, names = move || names().join(", "))}</p>
            </Show>
        </div>
    }
}

/// What the person should know before they type on.
#[component]
fn Told(form: Form) -> impl IntoView {
    let words = use_i18n();
    view! {
        <div role="status" class="told-place">
            <Show when=move || form.base.read().archived>
                <p class="notice" data-kind="warn"><Svg icon=Icon::Box /><span>{t!(words, products.is_archived)}</span></p>
            </Show>
            <Show when=move || form.restored.get()>
                <p class="notice" data-kind="warn">
                    <Svg icon=Icon::Clock />
                    <span>{t!(words, products.restored)}</span>
                    <button type="button" class="button" on:click=move |_| form.discard()>{t!(words, products.discard)}</button>
                </p>
            </Show>
            <Show when=move || form.changed.get() && form.clashes.read().is_empty()>
                <p class="notice" data-kind="warn"><Svg icon=Icon::Person /><span>{t!(words, products.merged)}</span></p>
            </Show>
        </div>
    }
}

#[component]
fn Save(form: Form) -> impl IntoView {
    let words = use_i18n();
    let idle = move || form.busy.get() || !form.is_dirty() || !form.clashes.read().is_empty();
    view! {
        <div class="product-save">
            <button type="submit" class="button primary wide" disabled=move || idle()>
                {move || if form.busy.get() { t_string!(words, products.saving) } else { t_string!(words, products.save) }}
            </button>
            <p role="status" class="saved">
                {move || (form.saved.get() && !form.is_dirty()).then(|| view! { <Svg icon=Icon::Check />{t!(words, products.saved)} })}
                {move || form.is_dirty().then(|| t_string!(words, products.unsaved))}
            </p>
        </div>
    }
}

#[component]
fn Archive(form: Form) -> impl IntoView {
    let words = use_i18n();
    let archived = move || form.base.read().archived;
    let turn = move |_| {
        let wanted = !form.base.read_untracked().archived;
        form.act(Bulk::Archived(wanted), Deed::Archived(wanted));
    };
    view! {
        <button type="button" class="button wide" disabled=form.busy on:click=turn>
            <Svg icon=Icon::Box />
            {move || if archived() { t_string!(words, products.bring_back) } else { t_string!(words, products.archive) }}
        </button>
        <p class="hint">{t!(words, products.archive_hint)}</p>
    }
}

#[component]
fn Image(form: Form, may_edit: bool) -> impl IntoView {
    let words = use_i18n();
    let field = NodeRef::<html::Input>::new();
    let image = Memo::new(move |_| form.base.read().image.clone());
    let chosen = move |_| {
        let Some(input) = field.get_untracked() else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        let address = format!("/files/image?sku={}", escape(&form.base.read_untracked().item.sku));
        form.busy.set(true);
        spawn_local(async move {
            let answer = upload::<Changed>(&address, &file).await;
            input.set_value("");
            form.acted(answer, Deed::Picture(true));
        });
    };
    view! {
        <section class="card product-image">
            <h2>{t!(words, products.picture)}</h2>
            {move || view! { <Picture image=image.get() /> }}
            {may_edit.then(|| view! {
                <label class="button wide pick-file">
                    <Svg icon=Icon::Up />{t!(words, products.choose_picture)}
                    <input type="file" accept="image/png,image/jpeg,image/webp" node_ref=field on:change=chosen />
                </label>
                <p class="hint">{t!(words, products.picture_hint)}</p>
                <Show when=move || image.read().is_some()>
                    <button type="button" class="button quiet" disabled=form.busy on:click=move |_| form.act(Bulk::WithoutImage, Deed::Picture(false))>
                        <Svg icon=Icon::Close />{t!(words, products.remove_picture)}
                    </button>
                </Show>
            })}
        </section>
    }
}
