//! JSON as a browser reads it: what the server answers, what a page brought along, what this browser kept.

#[cfg(test)]
mod tests;
mod tree;

use crate::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use leptos::server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType,
    codec::{JsonEncoding, Post},
};
use serde::{
    Serialize,
    de::{DeserializeOwned, Error},
};
use std::future::Future;
use tree::{Misread, Tree};

/// Reads a value.
///
/// # Errors
/// It is not JSON, or means something else.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Misread> {
    // Serde compiles the reading of each type anew for each source: from a tree it is much less code than from a text.
    T::deserialize(Tree(serde_json::from_str(text).map_err(Error::custom)?))
}

/// How a server function answers: `output = Answer`.
pub type Answer = Post<Plain>;

/// JSON; a value that came with the page or from the server is read with [`read`].
#[derive(Debug)]
pub struct Plain;

impl ContentType for Plain {
    const CONTENT_TYPE: &'static str = JsonEncoding::CONTENT_TYPE;
}

impl FormatType for Plain {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Plain {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        <JsonEncoding as Encodes<T>>::encode(value)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Plain {
    type Error = Misread;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        read(std::str::from_utf8(&bytes).map_err(Error::custom)?)
    }
}

impl<T: Serialize> Encoder<T> for Plain {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Plain {
    type Error = Misread;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        read(text)
    }
}

/// What a page shows first: asked for on the server, before anything is sent, and brought along with the page.
pub fn brought<S, T, Asking>(
    source: impl Fn() -> S + Send + Sync + 'static,
    ask: impl Fn(S) -> Asking + Send + Sync + 'static,
) -> Resource<T, Plain>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Asking: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, ask, true)
}
