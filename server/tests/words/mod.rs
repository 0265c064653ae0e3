//! The words of the pages: plain, in both languages, and easy to read (screens.md, 45 and 60).

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Words of the workshop, which no shop assistant should meet.
const FORBIDDEN: [&str; 16] = [
    "entity",
    "entities",
    "record",
    "records",
    "submit",
    "submitted",
    "invalid",
    "null",
    "sync",
    "synced",
    "commit",
    "committed",
    "payload",
    "entidad",
    "inválido",
    "sincronizar",
];
/// The school grade that texts may ask for at most.
const GRADE_MAX: f64 = 8.0;
/// Texts shorter than this are names and labels; they say nothing about how sentences read.
const SENTENCE_WORDS: usize = 6;
/// The endings of plural forms; a language has those that it needs.
const FORMS: [&str; 6] = ["_zero", "_one", "_two", "_few", "_many", "_other"];

/// Each file's texts by their key, for a language.
fn texts(language: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/locales").join(language);
    let files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the words").map(|entry| entry.expect("a file").path()).collect();
    assert!(files.len() > 5, "{} files of words, so this test would say nothing", files.len());
    let read = |file: &PathBuf| {
        let mut found = BTreeMap::new();
        let words: Value = serde_json::from_str(&fs::read_to_string(file).expect("it reads")).expect("JSON");
        gather("", &words, &mut found);
        (file.file_stem().expect("a name").to_string_lossy().into_owned(), found)
    };
    files.iter().map(read).collect()
}

fn gather(path: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(keys) => keys.iter().for_each(|(key, value)| gather(&format!("{path}.{key}"), value, found)),
        Value::String(text) => drop(found.insert(path.to_owned(), text.clone())),
        _ => {}
    }
}

/// The keys, plural forms folded into one.
fn keys(texts: &BTreeMap<String, String>) -> BTreeSet<&str> {
    texts.keys().map(|key| FORMS.iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key)).collect()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    // What stands between braces is filled in later.
    let plain = text.split("{{").map(|part| part.split_once("}}").map_or(part, |(_, rest)| rest)).collect::<Vec<_>>();
    let plain = plain.join(" x ").to_lowercase();
    let found: Vec<_> = plain
        .split(|c: char| !c.is_alphabetic() && c != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    found.into_iter()
}

/// Syllables of an English word, by its groups of vowels; a silent `e` at the end is none.
fn syllables(word: &str) -> usize {
    let vowel = |c: char| "aeiouy".contains(c);
    let letters: Vec<char> = word.chars().collect();
    let groups =
        letters.iter().enumerate().filter(|(at, c)| vowel(**c) && (*at == 0 || !vowel(letters[at - 1]))).count();
    let silent = word.ends_with('e') && !word.ends_with("le") && groups > 1;
    (groups - usize::from(silent)).max(1)
}

/// The school grade (Flesch and Kincaid) that these texts ask for.
fn grade<'a>(texts: impl Iterator<Item = &'a str>) -> f64 {
    let (mut sentences, mut count, mut spoken) = (0_u32, 0_u32, 0_u32);
    for text in texts {
        for sentence in text.split(['.', '!', '?', ':', ';', '…']) {
            let words: Vec<_> = words(sentence).collect();
            sentences += u32::from(!words.is_empty());
            count += u32::try_from(words.len()).expect("a text");
            spoken += u32::try_from(words.iter().map(|word| syllables(word)).sum::<usize>()).expect("a text");
        }
    }
    let (sentences, count, spoken) = (f64::from(sentences.max(1)), f64::from(count.max(1)), f64::from(spoken));
    0.39 * count / sentences + 11.8 * spoken / count - 15.59
}

#[test]
fn both_languages_have_every_key() {
    let (english, spanish) = (texts("en"), texts("es"));
    assert_eq!(english.keys().collect::<Vec<_>>(), spanish.keys().collect::<Vec<_>>(), "the same files");
    for (name, texts) in &english {
        assert_eq!(keys(texts), keys(&spanish[name]), "the same keys in {name}.json");
        let empty: Vec<_> = texts.iter().chain(&spanish[name]).filter(|(_, text)| text.trim().is_empty()).collect();
        assert!(empty.is_empty(), "{name}.json says nothing at {empty:?}");
    }
}

#[test]
fn no_text_uses_a_word_of_the_workshop() {
    let faults: Vec<_> = ["en", "es"]
        .into_iter()
        .flat_map(|language| texts(language).into_iter().map(move |(name, texts)| (language, name, texts)))
        .flat_map(|(language, name, texts)| {
            texts.into_iter().filter_map(move |(key, text)| {
                let word = words(&text).find(|word| FORBIDDEN.contains(&word.as_str()))?;
                Some(format!("{language}/{name}{key} says {word}: {text}"))
            })
        })
        .collect();
    assert!(faults.is_empty(), "say it in the shop's words:\n{}", faults.join("\n"));
}

#[test]
fn every_file_reads_like_a_schoolbook() {
    for (name, texts) in texts("en") {
        let sentences = texts.values().map(String::as_str).filter(|text| words(text).count() >= SENTENCE_WORDS);
        let grade = grade(sentences);
        assert!(grade <= GRADE_MAX, "{name}.json reads at grade {grade:.1}; use shorter sentences and words");
    }
}

#[test]
fn a_hard_text_is_told_from_an_easy_one() {
    assert!(grade(["Scan the first item. Or type a part of its name."].into_iter()) < 4.0);
    let hard = "Notwithstanding administrative configuration, reconciliation of asynchronous transactions necessitates \
                authorization by designated organizational representatives";
    assert!(grade([hard].into_iter()) > 14.0);
    assert!(words("The {{ payload }} is here").all(|word| word != "payload"), "a placeholder is no word");
}
