//! Takes out of an error's words what somebody may have typed: quoted text, addresses, long codes.

/// The longest text (characters) kept of an error's words.
const WORDS_MAX: usize = 400;
/// A run of letters and digits this long that has both is a code, a key or a token, not a word.
const CODE_FROM: usize = 20;

/// The words of an error without what may be somebody's: what stands in quotes, mail addresses, long codes.
#[must_use]
pub fn scrub(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let apostrophe = first == '\'' && kept.ends_with(char::is_alphanumeric);
        if let Some(after) = quoted(rest, first).filter(|_| !apostrophe) {
            kept.push('…');
            rest = after;
        } else if is_coded(first) {
            let end = rest.find(|letter| !is_coded(letter)).unwrap_or(rest.len());
            kept.push_str(if is_private(&rest[..end]) { "…" } else { &rest[..end] });
            rest = &rest[end..];
        } else {
            kept.push(if first.is_control() { ' ' } else { first });
            rest = &rest[first.len_utf8()..];
        }
    }
    kept.chars().take(WORDS_MAX).collect::<String>().trim().to_owned()
}

/// The same with every number alike: two errors that differ in a number are of one kind.
pub(crate) fn kind_of(text: &str) -> String {
    let mut kind = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = if letter.is_ascii_digit() { '0' } else { letter };
        if !(letter == '0' && kind.ends_with('0')) {
            kind.push(letter);
        }
    }
    kind
}

/// What comes after the quote that closes, when one opens here.
fn quoted(rest: &str, first: char) -> Option<&str> {
    let close = match first {
        '"' | '`' | '\'' => first,
        '‘' => '’',
        '“' => '”',
        '«' => '»',
        _ => return None,
    };
    let inside = &rest[first.len_utf8()..];
    match inside.find(close) {
        Some(end) => Some(&inside[end + close.len_utf8()..]),
        // It never closes: the words were cut inside of it.
        None => Some(""),
    }
}

fn is_coded(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '@' | '+' | '=' | '/' | ':')
}

fn is_private(word: &str) -> bool {
    let mixed = word.chars().any(|c| c.is_ascii_digit()) && word.chars().any(char::is_alphabetic);
    // A place in a file, such as /pkg/app.js:12:3, has slashes or dots between short words.
    let longest = word.split(['/', ':', '.']).map(|part| part.chars().count()).max().unwrap_or(0);
    word.contains('@') || word.starts_with("inv_") || (mixed && longest >= CODE_FROM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_taken_out() {
        for (text, kept) in [
            (
                r#"Unexpected token 'h', "hunter2 and more" is not valid JSON"#,
                "Unexpected token …, … is not valid JSON",
            ),
            ("no such person olga@example.org here", "no such person … here"),
            ("key inv_live_8fK2x is wrong", "key … is wrong"),
            ("token eyJhbGciOiJFZERTQSIsInR5cCI6 expired", "token … expired"),
            ("cut off in \"the middle of a sec", "cut off in …"),
        ] {
            assert_eq!(scrub(text), kept);
        }
    }

    #[test]
    fn what_helps_to_mend_it_stays() {
        for text in [
            "RuntimeError: unreachable",
            "it can't be read",
            "the database is busy after 5 s",
            "at /pkg/storeroom.js:12:3345 in hydrate",
        ] {
            assert_eq!(scrub(text), text);
        }
        assert_eq!(scrub(&"a b ".repeat(1_000)).chars().count(), WORDS_MAX - 1);
    }

    #[test]
    fn two_that_differ_in_a_number_are_of_one_kind_and_two_that_differ_in_a_word_are_not() {
        assert_eq!(kind_of("line 12 of 3 456"), kind_of("line 7 of 1 9"));
        assert_ne!(kind_of("line 12"), kind_of("row 12"));
    }
}
