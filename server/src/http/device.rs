//! Which device a request comes from, in words that a person recognises in the journal.

/// `Chrome on Android`, `Safari on iPad`, or the first word of what another program calls itself.
#[must_use]
pub fn device(user_agent: Option<&str>) -> String {
    let Some(agent) = user_agent.filter(|agent| !agent.is_empty()) else { return "unknown".to_owned() };
    let named =
        |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    let browser = named(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = named(&[
        ("iPad", "iPad"),
        ("iPhone", "iPhone"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("CrOS", "Chromebook"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        _ => agent.chars().take_while(|c| c.is_ascii_graphic() && *c != '/').take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_browser_is_named_with_its_machine() {
        let tablet = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/156.0 Safari/537.36";
        assert_eq!(device(Some(tablet)), "Chrome on Android");
    }

    #[test]
    fn a_program_is_named_by_its_first_word_and_nothing_else() {
        assert_eq!(device(Some("curl/8.5.0")), "curl");
        assert_eq!(device(Some("till\u{7f}<b>")), "till");
        assert_eq!(device(None), "unknown");
    }
}
