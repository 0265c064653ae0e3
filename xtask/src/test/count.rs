//! How many tests passed and failed, read from the summary lines of nextest, Cargo and Playwright.

use std::fmt;

/// Tests of one runner, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u32,
    pub failed: u32,
    /// Those of the passed that passed at their second try: each is a defect to be found, of the test or of the house.
    pub flaky: u32,
}

impl Count {
    /// Adds up every summary line in what a runner printed.
    pub fn of(told: &str) -> Self {
        let mut count = Self::default();
        for line in told.lines() {
            let line = plain(line);
            let words: Vec<&str> = line
                .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | ':'))
                .filter(|word| !word.is_empty())
                .collect();
            if is_summary(&line) {
                count.add(Self {
                    passed: before(&words, &["passed", "flaky"]),
                    failed: before(&words, &["failed", "interrupted"]),
                    flaky: before(&words, &["flaky"]),
                });
                // nextest says of a test that took too long that it timed out, not that it failed.
                count.failed += pair_before(&words, "timed", "out") + pair_before(&words, "exec", "failed");
            }
        }
        count
    }

    /// Adds another runner's.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.flaky += other.flaky;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.flaky > 0 {
            write!(f, " ({} passed at the second try only: see \"flaky\" above)", self.flaky)?;
        }
        Ok(())
    }
}

/// `Summary [ 1.2s] 3 tests run: …`, `test result: ok. 3 passed; …`, or Playwright's `  3 passed (1.2s)`. What is indented
/// like Cargo's line is what nextest tells of a test that failed, which its own summary counts.
fn is_summary(line: &str) -> bool {
    let cargo = line.starts_with("test result: ");
    let line = line.trim();
    let mut words = line.split_whitespace();
    let playwright = words.next().is_some_and(|word| word.parse::<u32>().is_ok())
        && words.next().is_some_and(|word| ["passed", "failed", "flaky", "interrupted"].contains(&word))
        && words.next().is_none_or(|word| word.starts_with('('));
    playwright || cargo || (line.starts_with("Summary [") && line.contains("tests run:") || line.contains("test run:"))
}

fn before(words: &[&str], names: &[&str]) -> u32 {
    let pairs = words.windows(2).filter(|pair| names.contains(&pair[1]));
    pairs.filter_map(|pair| pair[0].parse::<u32>().ok()).sum()
}

fn pair_before(words: &[&str], first: &str, second: &str) -> u32 {
    let triples = words.windows(3).filter(|triple| triple[1] == first && triple[2] == second);
    triples.filter_map(|triple| triple[0].parse::<u32>().ok()).sum()
}

/// The line without the colours of a terminal.
fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            rest.by_ref().take_while(|c| !c.is_ascii_alphabetic()).for_each(drop);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_failed_test_printed_is_counted_by_its_runner_only() {
        let told = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; finished in 0.65s\n     Summary [ 4.2s] 8 tests run: 7 passed, 1 failed, 0 skipped\n";
        assert_eq!(Count::of(told), Count { passed: 7, failed: 1, flaky: 0 });
    }

    #[test]
    fn cargo_says_one_line_for_each_binary() {
        let told = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                    test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        assert_eq!(Count::of(told), Count { passed: 4, failed: 2, flaky: 0 });
    }

    #[test]
    fn nextest_says_one_line_in_colour() {
        let told = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.215s] \u{1b}[1m7\u{1b}[0m tests run: \u{1b}[1m4\u{1b}[0m passed (1 slow), 2 failed, 1 timed out, 3 skipped";
        assert_eq!(Count::of(told), Count { passed: 4, failed: 3, flaky: 0 });
    }

    #[test]
    fn playwright_says_one_line_for_each_outcome() {
        let told = "  1 failed\n    [desktop] › till.spec.js:3:1 › sells 2 passed things\n  1 flaky\n  2 skipped\n  12 passed (3.4s)\n";
        let count = Count::of(told);
        assert_eq!(count, Count { passed: 13, failed: 1, flaky: 1 });
        assert!(count.to_string().starts_with("13 passed, 1 failed (1 passed at the second try only"));
    }

    #[test]
    fn what_a_test_prints_is_not_a_summary() {
        assert_eq!(Count::of("5 passed the door\nok, 3 failed\nrunning 2 tests\n"), Count::default());
    }
}
