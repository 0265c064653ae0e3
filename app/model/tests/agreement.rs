//! Thousands of scanned texts, read as biip 5.2 reads them; every difference has a reason.

use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::io::Read;
use storeroom_model::barcode::{self, Fault, Form, Label, Measure, Rule, Says, Scan, Value, Wrong};

/// Made by `biip/make.py`, which says what stands in a line.
const CASES: &[u8] = include_bytes!("biip/cases.tsv.gz");

/// One text and biip's answer.
struct Case<'a> {
    year: u16,
    how: &'a str,
    text: &'a str,
    elements: Vec<Found<'a>>,
    gtin: &'a str,
    measure: &'a str,
}

/// One element as biip found it, with the day or number that it made of it; `!` for a wrong check digit.
struct Found<'a> {
    ai: &'a str,
    data: &'a str,
    made: &'a str,
}

impl Found<'_> {
    /// An amount with more decimals than digits.
    fn is_all_decimals(&self) -> bool {
        let digits = match self.ai.get(..3) {
            Some("392") => self.data.len(),
            Some("393") => self.data.len() - 3,
            _ => return false,
        };
        self.ai[3..].parse::<usize>().is_ok_and(|decimals| decimals > digits)
    }
}

impl<'a> Case<'a> {
    fn read(line: &'a str) -> Self {
        let fields: Vec<&str> = line.split('\t').collect();
        let [year, how, text, elements, gtin, measure] = fields[..] else { panic!("{line:?} has other fields") };
        let found = |element: &'a str| {
            let (ai, rest) = element.split_once('=').expect("an identifier");
            let (data, made) = rest.split_once('~').unwrap_or((rest, ""));
            Found { ai, data, made }
        };
        let elements = elements.split('^').filter(|element| !element.is_empty()).map(found).collect();
        Self { year: year.parse().expect("a year"), how, text, elements, gtin, measure }
    }

    /// What we make of it.
    fn ours(&self) -> Result<Scan, Fault> {
        barcode::read(self.text, self.year, &rules(self.how))
    }

    /// biip makes nothing of it, or finds a wrong check digit.
    fn is_refused(&self) -> bool {
        let nothing = self.elements.is_empty() && self.gtin.is_empty();
        nothing || self.elements.iter().any(|element| element.made == "!")
    }

    fn agrees(&self, ours: &Result<Scan, Fault>) -> bool {
        match ours.as_ref().map(|scan| &scan.says) {
            Err(Fault { wrong: Wrong::PriceCheckDigit(_), .. }) => self.gtin.is_empty(),
            Err(_) => self.is_refused(),
            Ok(Says::Item { gtin, .. }) => self.gtin == gtin.to_string(),
            Ok(Says::Label(label)) => !self.elements.is_empty() && same(label, &self.elements),
            Ok(Says::Measured(measured)) => {
                let parts: Vec<&str> = self.measure.split('=').collect();
                let value = match measured.value {
                    Value::Weight(weight) => parts[1].parse() == Ok(weight),
                    Value::Price(price) => parts[1].parse() == Ok(price),
                };
                value && parts[0] == measured.item && parts[2] == measured.base.to_string()
            }
            Ok(Says::Code(_)) => self.is_refused(),
        }
    }
}

/// Why we differ from biip on purpose, by what stands in the text and what became of it.
fn reason(case: &Case<'_>, ours: &Result<Scan, Fault>) -> Option<&'static str> {
    let text = case.text;
    let wrong = ours.as_ref().err().map(|fault| fault.wrong);
    let item = matches!(ours, Ok(Scan { says: Says::Item { .. }, .. }));
    let label = matches!(ours, Ok(Scan { says: Says::Label(_), .. }));
    let link = matches!(ours, Ok(Scan { form: Form::DigitalLink, .. }));
    let code = matches!(ours, Ok(Scan { says: Says::Code(_), .. }));
    let nothing = case.elements.is_empty() && case.gtin.is_empty();
    let bare = !text.contains('\u{1d}') && !GS1_SYMBOLOGIES.iter().any(|identifier| text.starts_with(identifier));
    let reasons = [
        (nothing && label && text.starts_with("]J1"), "biip does not know the identifier of GS1 DotCode"),
        (nothing && label && text.starts_with("HTTPS"), "biip knows web addresses in small letters only"),
        (nothing && label && text.contains("7007"), "biip reads a harvest's last day as a time"),
        (nothing && link && text.contains('+'), "biip reads a plus in a query as a space"),
        (nothing && link && text.contains("/402/"), "biip takes the first identifier in a path for its key"),
        (nothing && link, "biip wants qualifiers in their order, once, and no slash after them"),
        (label && case.elements.iter().any(Found::is_all_decimals), "biip misplaces the point before leading zeros"),
        (case.how == "h" && has_bracket(text), "biip drops what follows a bracket in data"),
        (item && text.starts_with("]E3") && nothing, "biip does not take off an add-on's digits"),
        (item && text.starts_with("]E0") && text.len() == 11, "biip takes a UPC-E with its identifier for an EAN-8"),
        (
            case.elements.is_empty() && wrong.is_some() && text.starts_with('\u{1d}'),
            "biip takes off a separator as a space",
        ),
        (wrong == Some(Wrong::Repeated), "one identifier with two values is refused"),
        (wrong == Some(Wrong::Amount), "an amount must fit and be exact"),
        (wrong == Some(Wrong::Escape), "a percent sign alone is refused"),
        (wrong.is_some_and(is_empty), "no element is empty"),
        (wrong.is_some_and(is_too_long), "data of varying length ends at a separator, not at its greatest length"),
        (bare && code, "without an identifier a label must name an item or a load"),
        (
            bare && matches!(wrong, Some(Wrong::CheckDigit(_))),
            "without an identifier these digits are an item's number",
        ),
    ];
    reasons.into_iter().find_map(|(holds, reason)| holds.then_some(reason))
}

/// Identifiers of symbologies that carry element strings.
const GS1_SYMBOLOGIES: [&str; 5] = ["]C1", "]d2", "]Q3", "]e0", "]J1"];

/// Whether a bracket opens that is not an identifier's.
fn has_bracket(text: &str) -> bool {
    let identifier = |part: &str| part.split_once(')').is_some_and(|(ai, _)| ai.parse::<u16>().is_ok());
    text.split('(').skip(1).any(|part| !identifier(part))
}

fn is_empty(wrong: Wrong) -> bool {
    matches!(wrong, Wrong::Length { found: 0, .. })
}

fn is_too_long(wrong: Wrong) -> bool {
    matches!(wrong, Wrong::Length { most, found, .. } if found > most)
}

/// Whether a label says the elements, all of them and nothing else.
fn same(label: &Label, elements: &[Found<'_>]) -> bool {
    let mut ais: Vec<&str> = elements.iter().map(|element| element.ai).collect();
    ais.sort_unstable();
    ais.dedup();
    ais.len() == count(label) && elements.iter().all(|element| says(label, element))
}

fn says(label: &Label, element: &Found<'_>) -> bool {
    let Found { ai, data, made } = *element;
    let number = |gtin: Option<storeroom_model::Gtin>| gtin.is_some_and(|gtin| gtin.to_string() == data);
    let text = |text: &Option<String>| text.as_deref() == Some(data);
    let day = |day: Option<barcode::Date>| day.is_some_and(|day| day.to_string() == made);
    let many = |many: Option<u32>| many.is_some() && many == data.parse().ok();
    match ai {
        "00" => text(&label.sscc),
        "01" => number(label.gtin),
        "02" => number(label.contained),
        "10" => text(&label.lot),
        "21" => text(&label.serial),
        "11" => day(label.produced),
        "13" => day(label.packed),
        "15" => day(label.best_before),
        "16" => day(label.sell_by),
        "17" => day(label.expiry),
        "30" => many(label.count),
        "37" => many(label.contained_count),
        _ if ai.starts_with("310") => label.weight.is_some() && label.weight == made.parse().ok(),
        _ if ai.starts_with("392") => {
            label.amount.is_some_and(|due| due.currency.is_none() && made.parse() == Ok(due.amount))
        }
        _ if ai.starts_with("393") => {
            label.amount.is_some_and(|due| due.currency == data[..3].parse().ok() && made.parse() == Ok(due.amount))
        }
        _ if ai.starts_with("41") => label.places.iter().any(|place| place.role.to_string() == ai && place.gln == data),
        _ => label.other.iter().any(|other| other.ai == ai && other.data == data),
    }
}

/// How many elements a label says.
fn count(label: &Label) -> usize {
    let told = serde_json::to_value(label).expect("json");
    let one = |value: &serde_json::Value| value.as_array().map_or(usize::from(!value.is_null()), Vec::len);
    told.as_object().expect("fields").values().map(one).sum()
}

/// The in-store labels of a country, as biip has them; none for what is no country.
fn rules(country: &str) -> Vec<Rule> {
    use Measure::{Price, Weight};
    let nordic: &[(u8, u8, u8, u8, Measure, bool)] =
        &[(20, 6, 4, 2, Price, false), (21, 6, 4, 1, Price, false), (22, 6, 4, 0, Price, false)];
    let baltic = [(23, 6, 4, 3, Weight, false), (24, 6, 4, 2, Weight, false), (25, 6, 4, 1, Weight, false)];
    let danish = [21, 22, 23, 24].map(|prefix| (prefix, 4, 6, 2, Price, false));
    let german = [(22, Price, 2), (23, Price, 2), (25, Weight, 0), (26, Weight, 0), (28, Weight, 3), (29, Weight, 3)];
    let rules = match country {
        "se" | "no" => [nordic, &baltic].concat(),
        "ee" | "fi" | "lv" | "lt" => baltic.to_vec(),
        "gb" => vec![(20, 5, 4, 2, Price, true)],
        "de" => german.map(|(prefix, measure, decimals)| (prefix, 4, 5, decimals, measure, true)).to_vec(),
        "dk" => {
            [&danish[..], &[(26, 4, 6, 3, Weight, false), (27, 5, 5, 3, Weight, false), (28, 4, 6, 3, Weight, false)]]
                .concat()
        }
        _ => Vec::new(),
    };
    let rule =
        |(prefix, item, value, decimals, measure, check)| Rule::new(prefix, item, value, decimals, measure, check);
    rules.into_iter().map(|made| rule(made).expect("a rule")).collect()
}

#[test]
fn every_text_means_what_biip_says_or_there_is_a_reason() {
    let mut text = String::new();
    GzDecoder::new(CASES).read_to_string(&mut text).expect("it unpacks");
    let (mut agreed, mut reasons, mut unexplained) = (0, BTreeMap::<&str, usize>::new(), Vec::new());
    for line in text.lines() {
        let case = Case::read(line);
        let ours = case.ours();
        if case.agrees(&ours) {
            agreed += 1;
        } else if let Some(reason) = reason(&case, &ours) {
            *reasons.entry(reason).or_default() += 1;
        } else {
            unexplained.push(format!("{line:?}\n     {ours:?}"));
        }
    }
    println!("{agreed} agree; {reasons:#?}");
    assert!(unexplained.is_empty(), "{} texts:\n{}", unexplained.len(), unexplained.join("\n"));
    assert!(agreed > 11_000, "{agreed} agree");
    assert_eq!(reasons.len(), 18, "each reason is one that is needed: {reasons:#?}");
}
