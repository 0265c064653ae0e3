//! Text made of glyphs: how wide it is, where it breaks, and what stands for a character that no font here has.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};

/// Fonts of Latin with all its accents, Greek and Cyrillic; `fonts/README.md` says how they were made.
const REGULAR: &[u8] = include_bytes!("../fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/NotoSans-SemiBold.ttf");

/// After these a line may break.
const BREAKS: [char; 3] = ['-', '/', '_'];

/// One font.
pub struct Face {
    pub font: Font,
    shaper: rustybuzz::Face<'static>,
}

/// One line of text. A character that the font lacks is the box that the font keeps for that.
#[derive(Clone)]
pub struct Line {
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    /// In parts of the font's size.
    width: f32,
}

impl Face {
    pub fn regular() -> Option<Self> {
        Self::of(REGULAR)
    }

    pub fn bold() -> Option<Self> {
        Self::of(BOLD)
    }

    fn of(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { font: Font::new(bytes.into(), 0)?, shaper: rustybuzz::Face::from_slice(bytes, 0)? })
    }

    /// One line, however long. What is no character of a line (a tab, a line's end) is a space.
    pub fn line(&self, text: &str) -> Line {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.shaper, &[], buffer);
        let (infos, places) = (shaped.glyph_infos(), shaped.glyph_positions());
        let em = self.font.units_per_em();
        // Units of a font are thousands: a float has them all.
        let part = |units: i32| units as f32 / em;
        let mut glyphs = Vec::with_capacity(infos.len());
        for (at, (info, place)) in infos.iter().zip(places).enumerate() {
            let start = info.cluster as usize;
            let next = infos[at..].iter().map(|next| next.cluster as usize).find(|next| *next > start);
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                part(place.x_advance),
                part(place.x_offset),
                part(place.y_offset),
                part(place.y_advance),
                start..next.unwrap_or(text.len()),
                None,
            ));
        }
        let width = part(places.iter().map(|place| place.x_advance).sum());
        Line { text, glyphs, width }
    }

    /// The lines that a text takes in a column so many points wide: broken between words, and in a word that is wider by
    /// itself.
    pub fn lines(&self, text: &str, size: f32, width: f32) -> Vec<Line> {
        let (mut lines, mut rest) = (Vec::new(), text.trim());
        while !rest.is_empty() {
            let line = self.line(rest);
            if line.width(size) <= width {
                lines.push(line);
                break;
            }
            let cut = line.cut(size, width);
            lines.push(self.line(rest[..cut].trim_end()));
            rest = rest[cut..].trim_start();
        }
        lines
    }

    /// The text in one line, its end cut off where there is no room for it.
    pub fn short(&self, text: &str, size: f32, width: f32) -> Line {
        let mut lines = self.lines(text, size, width);
        if lines.len() < 2 {
            return lines.pop().unwrap_or_else(|| self.line(""));
        }
        let dots = self.line("…").width(size);
        let first = self.lines(text, size, width - dots).into_iter().next();
        self.line(&format!("{}…", first.map(|line| line.text).unwrap_or_default()))
    }
}

impl Line {
    /// In points, at that size.
    pub fn width(&self, size: f32) -> f32 {
        self.width * size
    }

    /// Where this line, which is too wide, ends in a column of that width: behind the last word that still has room, else
    /// behind the last character, and never before the first.
    fn cut(&self, size: f32, width: f32) -> usize {
        use krilla::text::Glyph;
        let mut x = 0.0;
        let over = self.glyphs.iter().position(|glyph| {
            x += glyph.x_advance(size);
            x > width
        });
        let first = self.glyphs.first().map_or(self.text.len(), |glyph| glyph.text_range().end);
        let end = over.map_or(self.text.len(), |at| self.glyphs[at].text_range().start).max(first);
        if self.text[end..].starts_with(char::is_whitespace) {
            return end;
        }
        let word = self.text[..end].rfind(|c: char| c.is_whitespace() || BREAKS.contains(&c));
        word.map_or(end, |at| at + self.text[at..].chars().next().map_or(0, char::len_utf8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use krilla::text::Glyph;

    fn face() -> Face {
        Face::regular().expect("the font reads")
    }

    fn texts(lines: &[Line]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn what_europe_writes_has_a_glyph_and_what_has_none_is_the_fonts_box() {
        let has = |text: &str| face().line(text).glyphs.iter().all(|glyph| glyph.glyph_id().to_u32() != 0);
        for text in
            ["Zażółć gęślą jaźń", "Příliš žluťoučký kůň", "Iğdır'ın şöförü", "Ξεσκεπάζω την ψυχή", "Съешь ещё, їжак"]
        {
            for face in [face(), Face::bold().expect("the font reads")] {
                assert!(face.line(text).glyphs.iter().all(|glyph| glyph.glyph_id().to_u32() != 0), "{text}");
            }
        }
        assert!(has("Nguyễn €£¥₹₺₴ – “½ kg” № ™ e\u{301}x"));
        let boxes = face().line("茶a");
        assert_eq!(boxes.glyphs.iter().map(|glyph| glyph.glyph_id().to_u32() == 0).collect::<Vec<_>>(), [true, false]);
        assert!(boxes.glyphs[0].x_advance(1.0) > 0.3, "the box has its place");
    }

    #[test]
    fn lines_break_between_words_and_nothing_is_lost() {
        let face = face();
        let lines = face.lines("Red mug with a very long handle", 9.0, 60.0);
        assert!(lines.len() > 2 && lines.iter().all(|line| line.width(9.0) <= 60.0), "{:?}", texts(&lines));
        assert_eq!(texts(&lines).join(" "), "Red mug with a very long handle");
        let word = "W".repeat(200);
        let lines = face.lines(&word, 9.0, 60.0);
        assert!(lines.iter().all(|line| line.width(9.0) <= 60.0) && texts(&lines).concat() == word);
        assert_eq!(texts(&face.lines("WWW", 9.0, 1.0)), ["W", "W", "W"], "no room at all");
        assert_eq!(texts(&face.lines(" \n ", 9.0, 60.0)), [""; 0]);
    }

    #[test]
    fn what_is_cut_says_so() {
        let short = face().short("Red mug with a very long handle", 9.0, 60.0);
        assert!(short.text.ends_with('…') && short.width(9.0) <= 60.0, "{}", short.text);
        assert_eq!(face().short("Red mug", 9.0, 60.0).text, "Red mug");
    }
}
