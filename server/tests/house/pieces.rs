//! Takes Rust source apart into code, string literals and comments.

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Code,
    Literal,
    Comment,
}

/// A stretch of a file.
#[derive(Debug)]
pub struct Piece {
    pub kind: Kind,
    /// The line that it begins in, from 1.
    pub line: usize,
    /// Without the quotes, when it is a literal; escapes stand as they are written.
    pub text: String,
}

/// All pieces in order; neighbours of one kind may come apart.
pub fn pieces(source: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let (mut rest, mut line, mut before) = (source, 1, ' ');
    while let Some(first) = rest.chars().next() {
        let (kind, text, length) = next(rest, before);
        if kind == Kind::Code && found.last().is_some_and(|last| last.kind == Kind::Code) {
            found.last_mut().expect("it was just looked at").text.push_str(text);
        } else {
            found.push(Piece { kind, line, text: text.into() });
        }
        line += rest[..length].matches('\n').count();
        before = rest[..length].chars().last().unwrap_or(first);
        rest = &rest[length..];
    }
    found
}

/// The kind, the text and the length in bytes of the piece that the rest begins with.
fn next(rest: &str, before: char) -> (Kind, &str, usize) {
    if rest.starts_with("//") {
        let length = rest.find('\n').unwrap_or(rest.len());
        return (Kind::Comment, &rest[..length], length);
    }
    if rest.starts_with("/*") {
        let length = block_comment(rest);
        return (Kind::Comment, &rest[..length], length);
    }
    let starts_word = !(before.is_alphanumeric() || before == '_');
    if rest.starts_with('"') {
        let length = quoted(rest);
        return (Kind::Literal, &rest[1..(length - 1).max(1)], length);
    }
    if starts_word && let Some((open, close)) = raw(rest) {
        let end = rest[open..].find(&close).map_or(rest.len() - open, |end| end);
        return (Kind::Literal, &rest[open..open + end], (open + end + close.len()).min(rest.len()));
    }
    let length = match rest.strip_prefix('\'') {
        Some(after) => character(after),
        None => rest.chars().next().map_or(0, char::len_utf8),
    };
    (Kind::Code, &rest[..length], length)
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// The length of `"…"`, with both quotes.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Where the text of `r#"…"#` begins, and how it ends.
fn raw(rest: &str) -> Option<(usize, String)> {
    let after = rest.strip_prefix("br").or_else(|| rest.strip_prefix("cr")).or_else(|| rest.strip_prefix('r'))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let text = after[hashes..].strip_prefix('"')?;
    Some((rest.len() - text.len(), format!("\"{}", "#".repeat(hashes))))
}

/// The length of a character or of a lifetime's quote, from its quote on; `after` begins behind the quote.
fn character(after: &str) -> usize {
    let mut chars = after.char_indices();
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((escaped, c))) => {
            let from = escaped + c.len_utf8();
            1 + after[from..].find('\'').map_or(from, |end| from + end + 1)
        }
        (Some(_), Some((end, '\''))) => 1 + end + 1,
        _ => 1,
    }
}
