//! Barcodes as stripes: EAN-13 where the code is one, else Code 128.

use barcoders::sym::{code128::Code128, ean13::EAN13};
use std::fmt::Write;

/// The light margin that a scanner needs on either side, in the width of the narrowest stripe.
const QUIET: u32 = 11;
/// The longest code that still fits a sheet.
const LONGEST: usize = 24;

/// The dark stripes as an SVG path on a height of 1, and the whole width; `None` for a code that cannot be drawn.
pub fn stripes(code: &str) -> Option<(String, u32)> {
    let modules = modules(code)?;
    let (mut path, mut at, mut x) = (String::new(), 0, QUIET);
    while at < modules.len() {
        let dark = modules[at] == 1;
        let run = modules[at..].iter().take_while(|module| (**module == 1) == dark).count();
        let wide = u32::try_from(run).ok()?;
        if dark {
            write!(path, "M{x} 0h{wide}v1h-{wide}z").ok()?;
        }
        (at, x) = (at + run, x + wide);
    }
    Some((path, x + QUIET))
}

fn modules(code: &str) -> Option<Vec<u8>> {
    if code.len() == 13 && code.bytes().all(|b| b.is_ascii_digit()) {
        return Some(EAN13::new(code).ok()?.encode());
    }
    let plain = !code.is_empty() && code.len() <= LONGEST && code.bytes().all(|b| (b' '..=b'~').contains(&b));
    // The mark before it chooses the set of characters: all that a keyboard types.
    plain.then(|| Code128::new(format!("\u{181}{code}")).ok().map(|symbol| symbol.encode())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(modules: &[u8]) -> String {
        modules.iter().map(|module| char::from(b'0' + module)).collect()
    }

    #[test]
    fn an_ean_13_has_the_stripes_of_the_standard() {
        // By hand: guard, LGGLLG of 9 0 1 2 3 4, middle, R of 1 2 3 4 5 7, guard.
        let left = ["0001011", "0100111", "0110011", "0010011", "0111101", "0011101"].concat();
        let right = ["1100110", "1101100", "1000010", "1011100", "1001110", "1000100"].concat();
        let expected = format!("101{left}01010{right}101");
        assert_eq!(text(&modules("5901234123457").unwrap()), expected);
    }

    #[test]
    fn a_code_128_has_the_stripes_of_the_standard() {
        // By hand: start B (104), `A` (33), check (104 + 33) % 103 = 34, stop.
        let expected = ["11010010000", "10100011000", "10001011000", "1100011101011"].concat();
        assert_eq!(text(&modules("A").unwrap()), expected);
    }

    #[test]
    fn what_cannot_be_drawn_is_left_out() {
        assert_eq!(stripes(""), None);
        assert_eq!(stripes("5901234123458"), None, "a wrong check digit");
        assert_eq!(stripes("Ñandú"), None);
        assert_eq!(stripes(&"9".repeat(40)), None);
    }

    #[test]
    fn stripes_stand_between_light_margins() {
        let (path, width) = stripes("A").unwrap();
        assert!(path.starts_with("M11 0h2v1h-2zM14 0h1v1h-1z"), "{path}");
        assert_eq!(width, 11 + 46 + 11);
    }
}
