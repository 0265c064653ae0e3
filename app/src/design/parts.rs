//! The parts, each in its states. They are the real ones: what changes there changes here.

use super::Chapter;
use crate::prelude::*;
use crate::{
    Failure,
    frame::use_here,
    i18n::{t, t_string, use_i18n},
    parts::{
        Bars, Blocked, Chart, Empty, Icon, Menu, NoSight, Notice, Pad, Pill, Shape, Skeleton, Svg, Themes, UndoBar,
        money, quantity,
    },
};
use model::{Error, Money, Quantity, Ticket};

/// Buttons, fields, chips, a menu and the number pad.
#[component]
pub fn Actions() -> impl IntoView {
    let words = use_i18n();
    let label = Signal::derive(move || t_string!(words, design.menu).to_string());
    let title = Signal::derive(move || t_string!(words, design.pad).to_string());
    let open = RwSignal::new(false);
    view! {
        <Chapter title=move || t!(words, design.action_title) rule=move || t!(words, design.action_rule)>
            <div class="design-row">
                <button type="button" class="button primary">{t!(words, design.primary)}</button>
                <button type="button" class="button primary" disabled=true>{t!(words, design.waiting)}</button>
                <button type="button" class="button">{t!(words, design.second)}</button>
                <button type="button" class="button" disabled=true>{t!(words, design.waiting)}</button>
                <button type="button" class="icon-button" aria-label=move || t_string!(words, common.undo)><Svg icon=Icon::Undo /></button>
                <Menu label face=move || view! { <Svg icon=Icon::Menu />{t!(words, design.menu)} }><Themes /></Menu>
            </div>
            <div class="design-row">
                <span class="chip"><Svg icon=Icon::Star />{t!(words, design.chip)}</span>
                <span class="chip chosen"><Svg icon=Icon::Check />{t!(words, design.chosen)}</span>
                <span class="tag">{t!(words, design.tag)}</span>
            </div>
            <div class="design-pair">
                <div class="field">
                    <label for="design-field">{t!(words, design.field)}</label>
                    <input id="design-field" type="text" autocomplete="off" value="12" />
                </div>
                // The pad takes the focus, so it comes when it is asked for.
                <div class="field">
                    <button type="button" class="button" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>{t!(words, design.open_pad)}</button>
                    <Show when=move || open.get()>
                        <Pad title start="12".to_owned() fractions=false on_done=Callback::new(|_| {}) on_code=Callback::new(|_| {}) on_close=Callback::new(move |()| open.set(false)) />
                    </Show>
                </div>
            </div>
        </Chapter>
    }
}

/// What the shop says back: notices, the undo bar, the connection, and what waits.
#[component]
pub fn Feedback() -> impl IntoView {
    let words = use_i18n();
    let failure = Signal::stored(Some(Failure::Said(Error::Internal(Ticket("K7-42".into())))));
    let done = Signal::derive(move || t_string!(words, design.undone).to_string());
    view! {
        <Chapter title=move || t!(words, design.feedback_title) rule=move || t!(words, design.feedback_rule)>
            <div class="design-row"><Pill /></div>
            <div class="notice"><Svg icon=Icon::Check /><p>{t!(words, design.good)}</p></div>
            <div class="notice" data-kind="warn"><Svg icon=Icon::Warning /><p>{t!(words, design.warn)}</p></div>
            <Notice failure />
            <NoSight why=Blocked::Refused />
            <UndoBar text=done busy=Signal::stored(false) on_undo=Callback::new(|()| {}) on_close=Callback::new(|()| {}) />
            <div class="design-pair design-still">
                <Skeleton rows=3 />
                <Skeleton shape=Shape::Board />
            </div>
            <Empty icon=Icon::Box title=move || t!(words, design.empty) text=move || t!(words, design.empty_rule)>
                <button type="button" class="button">{t!(words, design.second)}</button>
            </Empty>
        </Chapter>
    }
}

/// Rows of things.
#[component]
pub fn Lists() -> impl IntoView {
    let words = use_i18n();
    let count = move |pieces: i64| quantity(words.get_locale(), Quantity::whole(pieces));
    view! {
        <Chapter title=move || t!(words, design.list_title) rule=move || t!(words, design.list_rule)>
            <div class="as-table">
                <table>
                    <thead><tr>
                        <th scope="col">{t!(words, design.item)}</th>
                        <th scope="col">{t!(words, design.state)}</th>
                        <th scope="col">{t!(words, design.count)}</th>
                    </tr></thead>
                    <tbody>
                        <tr><th scope="row">{t!(words, design.lamp)}</th><td></td><td>{move || count(1_240)}</td></tr>
                        <tr>
                            <th scope="row">{t!(words, design.basket)}</th>
                            <td><span class="stock-mark design-mark"><Svg icon=Icon::Minus />{t!(words, stock.none)}</span></td>
                            <td>{move || count(0)}</td>
                        </tr>
                        <tr>
                            <th scope="row">{t!(words, design.clock)}</th>
                            <td><span class="stock-mark below design-mark"><Svg icon=Icon::Warning />{t!(words, stock.below)}</span></td>
                            <td>{move || count(-3)}</td>
                        </tr>
                    </tbody>
                </table>
            </div>
        </Chapter>
    }
}

/// A chart as the server describes it: shapes alone, looks and figures come here.
const BARS: &str =
    r#"{"xAxis":[{"type":"category","data":[]}],"yAxis":[{"type":"value"}],"series":[{"type":"bar","data":[]}]}"#;

/// Tiles with figures, still and just changed, and a chart beside what it is compared with.
#[component]
pub fn Figures() -> impl IntoView {
    let words = use_i18n();
    let currency = StoredValue::new(use_here().store().get_untracked().currency);
    let label = Signal::derive(move || t_string!(words, design.chart).to_string());
    let bars = Memo::new(move |_| {
        let names =
            [t_string!(words, dashboard.this_day).to_string(), t_string!(words, dashboard.week_before).to_string()];
        let labels = ["09", "10", "11", "12", "13"].map(str::to_owned).to_vec();
        Bars { labels, values: vec![12.0, 30.0, 24.0, 48.0, 36.0], ..Bars::default() }
            .beside(vec![18.0, 22.0, 30.0, 40.0, 28.0], names)
    });
    let amount = move || money(words.get_locale(), &currency.get_value(), Money::from_parts(1_234_500_000));
    view! {
        <Chapter title=move || t!(words, design.figure_title) rule=move || t!(words, design.figure_rule)>
            <div class="tiles">
                <div class="tile tile-first">
                    <span class="tile-name">{t!(words, dashboard.taken)}</span>
                    <span class="tile-number">{move || amount()}</span>
                </div>
                <div class="tile">
                    <span class="tile-name">{t!(words, design.changed)}</span>
                    <span class="tile-number"><span class="figure design-changed">{move || quantity(words.get_locale(), Quantity::whole(48))}</span></span>
                </div>
                <div class="tile tile-warn">
                    <span class="tile-name"><Svg icon=Icon::Warning />{t!(words, design.attention)}</span>
                    <span class="tile-number">{move || quantity(words.get_locale(), Quantity::whole(7))}</span>
                </div>
            </div>
            <Chart options=BARS.to_owned() bars label />
        </Chapter>
    }
}
