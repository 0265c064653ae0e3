//! JSON bodies, read strictly: no unknown field, no surprise in size, the place of each flaw named.

use super::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use model::Flaw;
use serde::de::DeserializeOwned;

/// How deep arrays and objects may nest.
const DEPTH_MAX: usize = 32;
/// How many elements an array may have.
const ARRAY_MAX: usize = 10_000;

/// A body that is JSON and a `T`, or a [`Problem`]: 415, 413, 400 (not JSON) or 422 (not a `T`).
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        is_json(request.headers())?;
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            let status = rejection.into_response().status();
            if status == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::of_status(status)
            } else {
                unreadable("the body broke off")
            }
        })?;
        read(&body).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = text.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let detail = "send the body as JSON with Content-Type: application/json";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail))
}

/// Reads a `T` from JSON text, with the limits above.
///
/// # Errors
/// 400 when it is not JSON or beyond a limit, 422 with the field's path when it is not a `T`.
pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    within_limits(body)?;
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|fault| {
        let path = fault.path().to_string();
        flaw_of(&path, fault.inner())
    })?;
    json.end().map_err(|fault| flaw_of("", &fault))?;
    Ok(value)
}

fn flaw_of(path: &str, fault: &serde_json::Error) -> Problem {
    let text = fault.to_string();
    if !fault.is_data() {
        return unreadable(format!("this is not JSON: {text}"));
    }
    // serde ends with where in the text it stood; the path says it better.
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    Problem::invalid(vec![named_flaw(path, message)])
}

/// A flaw of serde's making, with the field and a stable word taken from what serde says.
pub(super) fn named_flaw(path: &str, message: &str) -> Flaw {
    let path = if path == "." { "" } else { path };
    let quoted = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        return Flaw::new(within(path, quoted), "unknown_field", "there is no such field; leave it out");
    }
    if message.starts_with("missing field") {
        return Flaw::new(within(path, quoted), "missing_field", "this field is needed");
    }
    if message.starts_with("duplicate field") {
        return Flaw::new(within(path, quoted), "duplicate_field", "this field is there twice");
    }
    Flaw::new(path, "invalid_value", message)
}

/// `lines[2]` and `quantity` make `lines[2].quantity`; a path that already ends so stays.
fn within(path: &str, field: &str) -> String {
    if path.is_empty() {
        field.to_owned()
    } else if path == field || path.ends_with(&format!(".{field}")) {
        path.to_owned()
    } else {
        format!("{path}.{field}")
    }
}

fn unreadable(message: impl Into<String>) -> Problem {
    Problem::unreadable(Flaw::new("", "not_json", message))
}

/// One pass over the bytes before anything is built from them: nesting, array lengths, and no NUL in any text,
/// which PostgreSQL cannot store.
fn within_limits(body: &[u8]) -> Result<(), Problem> {
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut in_text = false;
    let mut at = 0;
    while let Some(&byte) = body.get(at) {
        at += 1;
        match byte {
            b'\\' if in_text => {
                if body[at..].starts_with(b"u0000") {
                    return Err(Problem::unreadable(Flaw::new("", "nul", "text must not hold the character U+0000")));
                }
                at += 1;
            }
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => {
                open.push((byte, 1));
                if open.len() > DEPTH_MAX {
                    return Err(Problem::unreadable(Flaw::new("", "too_deep", "the JSON nests deeper than 32 levels")));
                }
            }
            b'}' | b']' => drop(open.pop()),
            b',' => count(open.last_mut())?,
            _ => {}
        }
    }
    Ok(())
}

fn count(inner: Option<&mut (u8, usize)>) -> Result<(), Problem> {
    if let Some((b'[', elements)) = inner {
        *elements += 1;
        if *elements > ARRAY_MAX {
            return Err(Problem::unreadable(Flaw::new("", "too_long", "an array has more than 10 000 elements")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::NewSale;

    const ID: &str = "0198c0de-0000-7000-8000-000000000001";

    fn sale(line: &str) -> String {
        let good = r#"{"sku":"a","quantity":"1"}"#;
        format!(r#"{{"id":"{ID}","store":"LON","lines":[{good},{good},{line}]}}"#)
    }

    fn flaw(body: &str) -> (u16, String, String) {
        let problem = read::<NewSale>(body.as_bytes()).expect_err("it is flawed");
        let flaw = problem.flaws.first().cloned().expect("a problem with a body names a flaw");
        (problem.status, flaw.field, flaw.code)
    }

    #[test]
    fn a_sound_body_is_read() {
        let body = sale(r#"{"sku":"b","quantity":"0.5","unit_price":"2.555"}"#);
        assert_eq!(read::<NewSale>(body.as_bytes()).expect("it is sound").lines.len(), 3);
    }

    #[test]
    fn a_flaw_is_named_by_its_path() {
        let cases = [
            (r#"{"sku":"b","quantity":6}"#, "lines[2].quantity", "invalid_value"),
            (r#"{"sku":"b","quantity":"six"}"#, "lines[2].quantity", "invalid_value"),
            (r#"{"sku":"b","quantity":"1","colour":"red"}"#, "lines[2].colour", "unknown_field"),
            (r#"{"sku":"b"}"#, "lines[2].quantity", "missing_field"),
            (r#"{"sku":"b","sku":"c","quantity":"1"}"#, "lines[2].sku", "duplicate_field"),
        ];
        for (line, field, code) in cases {
            assert_eq!(flaw(&sale(line)), (422, field.to_owned(), code.to_owned()), "{line}");
        }
    }

    #[test]
    fn what_is_not_json_is_told_apart_from_what_is_not_a_sale() {
        for body in ["", "{", "nope", "{\"id\":}", &(sale("{}").replace("{}", "") + "x")] {
            assert_eq!(read::<NewSale>(body.as_bytes()).expect_err("not JSON").status, 400, "{body:?}");
        }
        assert_eq!(read::<NewSale>(b"[]").expect_err("not a sale").status, 422);
        assert_eq!(read::<NewSale>(b"\xff\xfe").expect_err("not text").status, 400);
    }

    #[test]
    fn depth_and_length_have_an_end() {
        let deep = "[".repeat(33);
        assert_eq!(flaw(&deep), (400, String::new(), "too_deep".to_owned()));
        let long = format!("[{}1]", "1,".repeat(10_000));
        assert_eq!(flaw(&long), (400, String::new(), "too_long".to_owned()));
        assert_eq!(flaw(&sale(r#"{"sku":"a\u0000","quantity":"1"}"#)).2, "nul");
    }

    #[test]
    fn brackets_inside_text_do_not_count() {
        let body = sale(&format!(r#"{{"sku":"{}\"","quantity":"1"}}"#, "[".repeat(40)));
        assert!(read::<NewSale>(body.as_bytes()).is_ok());
    }
}
