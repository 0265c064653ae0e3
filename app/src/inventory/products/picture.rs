//! A product's picture, small; an empty frame of the same size when it has none.

use crate::parts::{Icon, Svg};
use crate::prelude::*;
use leptos::either::Either;

/// The picture. It says nothing to a screen reader: the name stands beside it.
#[component]
pub fn Picture(
    /// Its name, if there is one.
    image: Option<String>,
) -> impl IntoView {
    match image {
        Some(image) => Either::Left(view! {
            <img class="picture" src=format!("/files/image/{image}") alt="" loading="lazy" decoding="async" width="48" height="48" />
        }),
        None => Either::Right(view! { <span class="picture none"><Svg icon=Icon::Box /></span> }),
    }
}
