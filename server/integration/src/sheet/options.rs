//! What an item is in its family, in one cell: `Size: L | Colour: Red`. A sign that stands for itself has a `\` before it.

use model::NewFamily;

/// What somebody who wrote something else is shown.
pub(super) const EXAMPLE: &str = "Size: L | Colour: Red";

const SIGNS: [char; 3] = ['\\', '|', ':'];

/// The options with their values as a cell.
pub(super) fn written(options: &[(String, String)]) -> String {
    let word = |text: &str| -> String {
        text.chars().flat_map(|sign| SIGNS.contains(&sign).then_some('\\').into_iter().chain([sign])).collect()
    };
    let pair = |(option, value): &(String, String)| format!("{}: {}", word(option), word(value));
    options.iter().map(pair).collect::<Vec<_>>().join(" | ")
}

/// What such a cell says: one to three options, each once and with a value; nothing when it says something else.
pub(super) fn read(cell: &str) -> Option<Vec<(String, String)>> {
    let mut pairs: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut signs = cell.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '|' => pairs.push(vec![String::new()]),
            ':' => pairs.last_mut()?.push(String::new()),
            '\\' => pairs.last_mut()?.last_mut()?.push(signs.next()?),
            sign => pairs.last_mut()?.last_mut()?.push(sign),
        }
    }
    let mut options: Vec<(String, String)> = Vec::new();
    for pair in pairs {
        let [option, value] = <[String; 2]>::try_from(pair).ok()?.map(|word| word.trim().to_owned());
        let twice = options.iter().any(|(known, _)| known.to_lowercase() == option.to_lowercase());
        if option.is_empty() || value.is_empty() || twice {
            return None;
        }
        options.push((option, value));
    }
    (options.len() <= NewFamily::OPTIONS_MAX).then_some(options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_option_with_a_value_is_not_read() {
        for cell in
            ["", "L", "Size", "Size:", ": L", "Size: L |", "Size: L | size: M", "a:b:c", "a:1|b:2|c:3|d:4", "a: b\\"]
        {
            assert_eq!(read(cell), None, "{cell}");
        }
        let read = read("size:L|Colour : dark\\|light").expect("it is read");
        let read: Vec<_> = read.iter().map(|(option, value)| (option.as_str(), value.as_str())).collect();
        assert_eq!(read, [("size", "L"), ("Colour", "dark|light")]);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(words in prop::collection::vec("[a-z:|\\\\=+-]{1,8}[A-Z]", 1..=3)) {
            let options: Vec<_> = words.iter().enumerate().map(|(at, word)| (format!("{at}{word}"), word.clone())).collect();
            prop_assert_eq!(read(&written(&options)), Some(options));
        }
    }
}
