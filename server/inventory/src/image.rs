//! Pictures of items: read with limits, made small, stripped of everything else, and stored once.

use crate::Inventory;
use crate::change::Edit;
use db::{execute, fetch_optional};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use model::{Action, Actor, Changed, Error, Flaw, ItemPatch, Result, Ticket, Time};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The largest file that is taken, in bytes.
pub const BYTES_MAX: usize = 5 * 1024 * 1024;
/// The widest and tallest that is stored, in pixels.
const SIDE: u32 = 800;
/// The widest and tallest that is read, in pixels.
const SIDE_READ: u32 = 12_000;
/// The most that is read, in pixels, and the memory that those may take, in bytes.
const PIXELS: u64 = 40_000_000;
const MEMORY: u64 = 4 * PIXELS;
/// How long a picture waits for its turn.
const WAIT: Duration = Duration::from_secs(10);
/// 1 to 100: small enough to load at once, good enough to tell two mugs apart.
const QUALITY: u8 = 82;
/// So many pictures are read at a time: a small file unpacks to [`MEMORY`], and it is the process's memory, whoever asks.
pub(crate) const TURNS: usize = 1;

impl Inventory {
    /// Makes that file the item's picture.
    ///
    /// # Errors
    /// `Invalid` when it is no PNG, JPEG or WebP, or too large; `NotFound` when there is no such item.
    pub async fn set_image(&self, actor: &Actor, sku: &str, file: Vec<u8>) -> Result<Changed> {
        let shrunk = shrink_aside(self.pictures.clone(), file).await?;
        let hash: String = Sha256::digest(&shrunk).iter().map(|byte| format!("{byte:02x}")).collect();
        let mut act = self.auth.act(actor, Action::EditItems.anywhere()).await?;
        execute!(
            act,
            "insert into inventory_image (hash, bytes, created_at) values ($1, $2, $3) on conflict (hash) do nothing",
            &hash,
            shrunk,
            Time::now()
        )?;
        let patch = ItemPatch { image: Some(Some(hash)), ..ItemPatch::default() };
        let changed = self.change_in(act, vec![Edit { sku: sku.to_owned(), patch }], &HashMap::new(), "").await?;
        if changed.kept.is_empty() { Ok(changed) } else { Err(Error::NotFound) }
    }

    /// The picture of that name: a JPEG.
    pub async fn image(&self, actor: &Actor, hash: &str) -> Result<Vec<u8>> {
        let mut tx = self.auth.read(actor, Action::SeeStock.anywhere()).await?;
        let row: Option<(Vec<u8>,)> =
            fetch_optional!(&mut tx, "select bytes from inventory_image where hash = $1", hash)?;
        row.map(|(bytes,)| bytes).ok_or(Error::NotFound)
    }
}

/// Off the threads that serve others, one after another. The turn moves into the work: a caller that hangs up must not
/// let in the next one while it goes on.
async fn shrink_aside(turns: Arc<Semaphore>, file: Vec<u8>) -> Result<Vec<u8>> {
    let Ok(Ok(turn)) = tokio::time::timeout(WAIT, turns.acquire_owned()).await else { return Err(Error::Busy) };
    let work = move || {
        let _turn = turn;
        shrink(&file)
    };
    tokio::task::spawn_blocking(work).await.map_err(|cause| {
        let ticket = uuid::Uuid::now_v7().to_string();
        tracing::error!(%cause, ticket, "reading a picture broke off");
        Error::Internal(Ticket(ticket))
    })?
}

/// Reads a picture and writes it anew: upright, on white, at most 800 pixels wide and tall, without whatever else the
/// file said.
fn shrink(file: &[u8]) -> Result<Vec<u8>> {
    if file.len() > BYTES_MAX {
        return Err(Flaw::new("image", "image_size", "choose a picture of at most 5 MB").into());
    }
    let picture = read(file).ok_or_else(|| {
        Error::from(Flaw::new(
            "image",
            "image_unread",
            "choose a PNG, JPEG or WebP picture of at most 40 megapixels and 12 000 pixels a side",
        ))
    })?;
    let mut written = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut written, QUALITY);
    on_white(&picture).write_with_encoder(encoder).map_err(|cause| {
        let ticket = uuid::Uuid::now_v7().to_string();
        tracing::error!(%cause, ticket, "a picture cannot be written");
        Error::Internal(Ticket(ticket))
    })?;
    Ok(written)
}

/// Small and upright, in this order: turning makes a copy.
fn read(file: &[u8]) -> Option<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().ok()?;
    if !matches!(reader.format()?, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return None;
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_READ);
    limits.max_image_height = Some(SIDE_READ);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS || decoder.total_bytes() > MEMORY {
        return None;
    }
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let large = picture.width() > SIDE || picture.height() > SIDE;
    let mut small = if large { picture.thumbnail(SIDE, SIDE) } else { picture };
    small.apply_orientation(orientation);
    Some(small)
}

/// JPEG knows no transparency: what is see-through becomes white, as paper is.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let rgba = picture.to_rgba8();
    let mut paper = RgbImage::new(rgba.width(), rgba.height());
    for (x, y, pixel) in rgba.enumerate_pixels() {
        let [red, green, blue, alpha] = pixel.0.map(u32::from);
        let mix = |colour: u32| u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX);
        paper.put_pixel(x, y, image::Rgb([mix(red), mix(green), mix(blue)]));
    }
    paper
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(side: u32) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let picture =
            DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(side, side / 2, image::Rgba([200, 30, 30, 0])));
        picture.write_to(&mut file, ImageFormat::Png).expect("it is written");
        file.into_inner()
    }

    #[test]
    fn a_large_picture_is_made_small_and_what_is_see_through_is_white() {
        let small = shrink(&png(1_000)).expect("it is a picture");
        let read = image::load_from_memory(&small).expect("it is still one").to_rgb8();
        assert_eq!(read.dimensions(), (800, 400));
        assert!(read.get_pixel(5, 5).0.iter().all(|part| *part > 250));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for file in [&b""[..], b"GIF89a", b"<svg onload=alert(1)>", &png(10)[..20], b"\x89PNG\r\n\x1a\n"] {
            assert!(matches!(shrink(file), Err(Error::Invalid(_))));
        }
        assert!(matches!(shrink(&vec![0; BYTES_MAX + 1]), Err(Error::Invalid(_))));
    }

    #[test]
    fn a_small_file_that_unpacks_to_a_large_picture_is_refused() {
        let grey = |width, height| {
            let mut file = Cursor::new(Vec::new());
            let picture = DynamicImage::ImageLuma8(image::GrayImage::new(width, height));
            picture.write_to(&mut file, ImageFormat::Png).expect("it is written");
            file.into_inner()
        };
        let bomb = grey(8_000, 5_001);
        assert!(bomb.len() < BYTES_MAX, "it is small while it is packed");
        assert!(matches!(shrink(&bomb), Err(Error::Invalid(_))));
        assert!(matches!(shrink(&grey(12_001, 1)), Err(Error::Invalid(_))));
        assert!(shrink(&grey(4_000, 1_000)).is_ok());
    }

    #[test]
    fn nothing_that_the_file_said_besides_is_kept() {
        let plain = shrink(&png(10)).expect("it is a picture");
        let mut talkative = png(10);
        // A text chunk after the header: length, type, text, checksum.
        let mut chunk = vec![0, 0, 0, 11];
        chunk.extend(b"tEXtComment\0geo");
        chunk.extend(crc(&chunk[4..]).to_be_bytes());
        talkative.splice(33..33, chunk);
        assert_eq!(shrink(&talkative).expect("it is a picture"), plain);
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    }
}
