//! Pages that are filled from top to bottom, and then written with their numbers.

use crate::face::{Face, Line};
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};

/// White at both sides, at the top and at the bottom, in points.
pub const MARGIN: f32 = 48.0;
/// How much of the bottom the page's number takes.
const FOOT: f32 = 28.0;
/// From one line's foot to the next, in parts of the text's size.
const LEADING: f32 = 1.35;
/// From a line's top to the foot of its letters, in parts of the text's size.
const ASCENT: f32 = 1.05;

/// How a text looks.
#[derive(Clone, Copy)]
pub struct Style {
    /// In points.
    pub size: f32,
    pub bold: bool,
    pub grey: bool,
}

/// What stands on a page; in points from its left and its top.
enum Mark {
    Text { x: f32, y: f32, line: Line, style: Style },
    Bar { x: f32, y: f32, width: f32, height: f32, light: u8 },
}

/// What a file says of itself.
pub struct About<'a> {
    pub title: String,
    pub language: &'a str,
    /// `2026-11-30`.
    pub day: &'a str,
}

/// The pages.
pub struct Sheet {
    regular: Face,
    bold: Face,
    /// Width and height of a page.
    size: (f32, f32),
    pages: Vec<Vec<Mark>>,
    /// The top of what is free on the last page.
    pub y: f32,
}

impl Sheet {
    /// A first page of that size in points; nothing when the fonts cannot be read.
    pub fn open(size: (f32, f32)) -> Option<Self> {
        let (regular, bold) = (Face::regular()?, Face::bold()?);
        Some(Self { regular, bold, size, pages: vec![Vec::new()], y: MARGIN })
    }

    /// Where the text's right edge is.
    pub fn right(&self) -> f32 {
        self.size.0 - MARGIN
    }

    pub fn face(&self, style: Style) -> &Face {
        if style.bold { &self.bold } else { &self.regular }
    }

    /// Is so much room left on this page?
    pub fn has_room(&self, height: f32) -> bool {
        self.y + height <= self.size.1 - MARGIN - FOOT
    }

    pub fn next_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = MARGIN;
    }

    /// One line whose top is at `y`.
    pub fn put(&mut self, x: f32, y: f32, line: Line, style: Style) {
        self.mark(Mark::Text { x, y: y + style.size * ASCENT, line, style });
    }

    /// Lines below one another; tells the height that they take.
    pub fn put_all(&mut self, x: f32, y: f32, lines: Vec<Line>, style: Style) -> f32 {
        let height = height(lines.len(), style);
        for (at, line) in (0_u16..).zip(lines) {
            self.put(x, y + f32::from(at) * style.size * LEADING, line, style);
        }
        height
    }

    /// A text that ends at `right` and is never cut: where there is no room for it, it is smaller.
    pub fn put_right(&mut self, right: f32, y: f32, width: f32, text: &str, style: Style) {
        let line = self.face(style).line(text);
        let size =
            if line.width(style.size) > width { style.size * width / line.width(style.size) } else { style.size };
        let x = right - line.width(size);
        // Its foot stays on the line of those beside it.
        self.mark(Mark::Text { x, y: y + style.size * ASCENT, line, style: Style { size, ..style } });
    }

    /// A filled bar; `light` from 0, black, to 255.
    pub fn bar(&mut self, x: f32, y: f32, width: f32, height: f32, light: u8) {
        self.mark(Mark::Bar { x, y, width, height, light });
    }

    /// A line from edge to edge.
    pub fn rule(&mut self, y: f32, height: f32, light: u8) {
        self.bar(MARGIN, y, self.right() - MARGIN, height, light);
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// The file; each page ends with `foot` and with its number, which `number` writes for a page of so many.
    ///
    /// # Errors
    /// In words, when the library refuses.
    pub fn written(
        mut self,
        about: &About,
        foot: &str,
        number: impl Fn(usize, usize) -> String,
    ) -> Result<Vec<u8>, String> {
        let style = Style { size: 8.0, bold: false, grey: true };
        let (pages, top) = (std::mem::take(&mut self.pages), self.size.1 - MARGIN - style.size);
        let of = pages.len();
        let mut document = Document::new_with(SerializeSettings { enable_tagging: false, ..Default::default() });
        document.set_metadata(metadata(about));
        for (at, marks) in (1..).zip(pages) {
            self.pages = vec![marks];
            let number = number(at, of);
            let room = self.right() - MARGIN - self.regular.line(&number).width(style.size) - 2.0 * style.size;
            self.put(MARGIN, top, self.regular.short(foot, style.size, room), style);
            self.put_right(self.right(), top, self.right(), &number, style);
            let settings = PageSettings::from_wh(self.size.0, self.size.1).ok_or("a page without a size")?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in self.pages.iter().flatten() {
                self.draw(&mut surface, mark);
            }
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|why| why.to_string())
    }

    fn draw(&self, surface: &mut Surface, mark: &Mark) {
        match mark {
            Mark::Text { x, y, line, style } => {
                surface.set_fill(Some(fill(if style.grey { 96 } else { 0 })));
                let font = self.face(*style).font.clone();
                surface.draw_glyphs(Point::from_xy(*x, *y), &line.glyphs, font, &line.text, style.size, false);
            }
            Mark::Bar { x, y, width, height, light } => {
                let mut path = PathBuilder::new();
                if let Some(bar) = Rect::from_xywh(*x, *y, *width, *height) {
                    path.push_rect(bar);
                }
                surface.set_fill(Some(fill(*light)));
                if let Some(path) = path.finish() {
                    surface.draw_path(&path);
                }
            }
        }
    }
}

/// How high so many lines are.
pub fn height(lines: usize, style: Style) -> f32 {
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * style.size * LEADING
}

fn fill(light: u8) -> Fill {
    Fill { paint: luma::Color::new(light).into(), opacity: NormalizedF32::ONE, ..Default::default() }
}

/// No clock is in it: its day is the document's own.
fn metadata(about: &About) -> Metadata {
    let mut parts = about.day.split('-').map(str::parse::<u16>);
    let mut next = || parts.next().and_then(Result::ok);
    let said = Metadata::new().title(about.title.clone()).creator("Storeroom".into()).language(about.language.into());
    let (Some(year), Some(month), Some(day)) = (next(), next(), next()) else { return said };
    let small = |part: u16| u8::try_from(part).unwrap_or(1);
    said.creation_date(DateTime::new(year).month(small(month)).day(small(day)))
}
