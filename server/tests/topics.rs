//! Every topic that the modules can write to the journal has a sentence on the page of activities.

mod house;

use app::activity::topics::TOPICS;
use house::{Source, no_faults, sources};
use std::collections::BTreeMap;

/// The modules whose name a topic begins with.
const MODULES: [&str; 6] = ["auth", "inventory", "integration", "report", "log", "bus"];

#[test]
fn every_topic_that_can_be_written_has_a_sentence() {
    let written = written();
    assert!(written.len() > 25, "only {written:?} were found, so this test would say nothing");
    let silent = written.iter().filter(|(topic, _)| !TOPICS.contains(&topic.as_str()));
    let faults: Vec<_> = silent.map(|(topic, place)| format!("{place} writes {topic}")).collect();
    no_faults(
        &faults,
        "say what happened in app/src/activity/{topics,explain}.rs and app/locales/{en,es}/activity.json",
    );
}

/// The literals of the modules' sources that look like a topic, such as `module.thing_happened`, and where they stand.
fn written() -> BTreeMap<String, String> {
    let modules: Vec<_> = MODULES.iter().map(|module| format!("server/{module}/src")).collect();
    let folders: Vec<_> = modules.iter().map(String::as_str).collect();
    let mut topics = BTreeMap::new();
    for file in sources("rs").iter().filter(|file| file.is_in(&folders)) {
        // What a file's own tests say is not written.
        let code = Source::new(&file.name, file.text.split("#[cfg(test)]").next().unwrap_or_default());
        for piece in code.literals().filter(|piece| is_topic(&piece.text)) {
            topics.insert(piece.text, format!("{}:{}", file.name, piece.line));
        }
    }
    topics
}

fn is_topic(text: &str) -> bool {
    let Some((module, thing)) = text.split_once('.') else { return false };
    let plain = |c: char| c.is_ascii_lowercase() || c == '_';
    // A topic says what happened: more than a word, or a participle.
    let happened = thing.contains('_') || thing.ends_with("ed");
    MODULES.contains(&module) && happened && thing.chars().all(plain)
}

#[test]
fn a_topic_is_told_from_a_file_and_a_column() {
    assert!(is_topic("auth.signed_in") && is_topic("inventory.sale_posted"));
    assert!(!is_topic("journal.key") && !is_topic("i.sku") && !is_topic("log.rs") && !is_topic("auth."));
}
