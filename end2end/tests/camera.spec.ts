// The camera as a scanner: with the browser's own detector, with ours, and where there is none (checklist 9, 10).
import type { Locator, Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import config from '../playwright.config.js';
import { film } from './film.ts';
import { type Item, type Key, STORE, expect, isLive, test as shop } from './shop.ts';

/** What the camera is shown, in turn. */
const CODES = ['5901234123457', '4006381333931'] as const;

/** A browser whose camera shows a film of two barcodes, over and over. */
const test = shop.extend<object, { items: [Item, Item] }>({
  launchOptions: [async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'storeroom-film-'));
    const shown = film(join(folder, 'codes.y4m'), CODES);
    const own = config.use?.launchOptions;
    await use({ ...own, args: [...(own?.args ?? []), '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${shown}`] });
    rmSync(folder, { recursive: true });
  }, { scope: 'worker' }],
  items: [async ({ key }, use) => use([await named(key, 'Brass bell', CODES[0]), await named(key, 'Tin drum', CODES[1])]), { scope: 'worker' }],
});

const allowed = { permissions: ['camera'] };

async function named(key: Key, name: string, barcode: string): Promise<Item> {
  const item = { sku: `CAM-${barcode}`, name, barcode };
  await key.post('/items', { id: crypto.randomUUID(), sku: item.sku, name, barcodes: [barcode], price: '2.55' });
  return item;
}

const field = (page: Page) => page.getByLabel('Scan or search');
const sheet = (page: Page) => page.getByRole('dialog', { name: 'Scan with the camera' });
const line = (page: Page, item: Item, count: RegExp | number = /\d+/) =>
  page.getByRole('button', { name: typeof count === 'number' ? `${item.name}: ${count}. Change` : new RegExp(`^${item.name}: ${count.source}\\. Change`) });

async function openCamera(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  await expect(sheet(page)).toBeVisible();
  return sheet(page);
}

/** Remembers every track that the page is lent; answers with how many of them are still on. */
async function lent(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const tracks: MediaStreamTrack[] = [];
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      tracks.push(...stream.getTracks());
      return stream;
    };
    Object.assign(window, { tracks });
  });
  return () => page.evaluate(() => (window as any).tracks.filter((track: MediaStreamTrack) => track.readyState === 'live').length);
}

/** Every address that is asked for from now on. */
function asked(page: Page): string[] {
  const addresses: string[] = [];
  page.context().on('request', (request) => addresses.push(request.url()));
  return addresses;
}

test('9: the till reads code after code with its own reader, and gives the camera back', async ({ visit, items }) => {
  const visitor = await visit('ann', undefined, allowed);
  const page = await visitor.context.newPage();
  const addresses = asked(page);
  await page.goto(`${visitor.url}/till?store=${STORE}`);
  await isLive(page);
  expect(await page.evaluate(() => 'BarcodeDetector' in window), 'this browser has no detector').toBe(false);
  const ofCamera = (address: string) => /\/(camera|reader|zxing)[^/]*$/.test(address);
  expect(addresses.filter(ofCamera), 'a till that scans nothing fetches nothing of it').toEqual([]);
  const on = await lent(page);
  const opened = await openCamera(page);
  await expect(opened.getByText('Hold the barcode inside the frame.')).toBeVisible();
  await expect(opened.locator('.saying')).toContainText(/(Brass bell|Tin drum): \d+ in this sale/);
  await expect(opened.locator('.saying')).toHaveAttribute('role', 'status');
  await expect(page.locator('.line').filter({ hasText: items[0].name })).toHaveCount(1);
  await expect(page.locator('.line').filter({ hasText: items[1].name })).toHaveCount(1);
  await expect(opened, 'it waits for the next code').toBeVisible();
  expect(await on()).toBe(1);
  await page.keyboard.press('Escape');
  await expect(opened).toBeHidden();
  await expect(field(page)).toBeFocused();
  expect(await on(), 'the camera is off').toBe(0);
  await expect(line(page, items[0])).toBeVisible();
  await expect(line(page, items[1])).toBeVisible();
  expect(addresses.filter(ofCamera).some((address) => address.endsWith('.wasm'))).toBe(true);
  expect(addresses.filter((address) => !address.startsWith(`${visitor.url}/`)), 'nothing left the origin').toEqual([]);
});

test('9: at home the first code closes the camera and leads to its item', async ({ visit, items }) => {
  const page = await (await visit('ann', undefined, allowed)).open('/');
  const on = await lent(page);
  await openCamera(page);
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(items.map((item) => item.name).join('|')) })).toBeVisible();
  await expect(sheet(page)).toHaveCount(0);
  expect(await on()).toBe(0);
  await page.goBack();
  await expect(field(page)).toBeFocused();
});

/** A detector of the browser's own that sees what the test holds up, and a clock that only the test moves. */
function standIn(): void {
  const world = Object.assign(window, { held: '', looks: 0, clock: 10_000, torch: [] as unknown[] });
  const formats = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'itf', 'qr_code', 'data_matrix'];
  performance.now = () => world.clock;
  class BarcodeDetector {
    static getSupportedFormats = async () => formats;
    async detect(): Promise<object[]> {
      world.looks += 1;
      return world.held ? [{ rawValue: world.held, format: 'ean_13' }] : [];
    }
  }
  Object.assign(window, { BarcodeDetector });
  MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true }) as MediaTrackCapabilities;
  MediaStreamTrack.prototype.applyConstraints = async (wanted) => void world.torch.push(...(wanted?.advanced ?? []));
}

/** Holds that up until the camera has looked a few times. */
async function hold(page: Page, code: string): Promise<void> {
  const since = await page.evaluate((code) => Object.assign(window as any, { held: code }).looks, code);
  await expect.poll(() => page.evaluate(() => (window as any).looks)).toBeGreaterThan(since + 4);
}

test('9: the browser\'s own detector is used where there is one; what lies there counts once, what comes again once more', async ({ visit, items }) => {
  const visitor = await visit('ann', undefined, allowed);
  await visitor.context.addInitScript(standIn);
  const page = await visitor.open(`/receive?store=${STORE}`);
  const addresses = asked(page);
  const opened = await openCamera(page);
  const said = opened.locator('.saying');
  await hold(page, CODES[0]);
  await expect(said).toContainText(`${items[0].name}: 1`);
  await hold(page, CODES[0]);
  await hold(page, CODES[1]);
  await expect(said).toContainText(`${items[1].name}: 1`);
  // At once again: no hand is as quick, it never went away.
  await hold(page, CODES[0]);
  await hold(page, '');
  await page.evaluate(() => Object.assign(window, { clock: 11_400 }));
  await hold(page, CODES[0]);
  await expect(said).toContainText(`${items[1].name}: 1`);
  await hold(page, '');
  await page.evaluate(() => Object.assign(window, { clock: 13_000 }));
  await hold(page, CODES[0]);
  await expect(said).toContainText(`${items[0].name}: 2`);
  await opened.getByRole('button', { name: 'Light' }).click();
  await expect(opened.getByRole('button', { name: 'Light', pressed: true })).toBeVisible();
  expect(await page.evaluate(() => (window as any).torch)).toEqual([{ torch: true }]);
  await opened.getByRole('button', { name: 'Close' }).click();
  await expect(field(page)).toBeFocused();
  await expect(line(page, items[0], 2)).toBeVisible();
  await expect(line(page, items[1], 1)).toBeVisible();
  expect(addresses.filter((address) => /\/(reader|zxing)/.test(address)), 'ours stays where it is').toEqual([]);
});

test('10: a refused camera is explained in one sentence, and typing goes on; once allowed it reads', async ({ visit, items }) => {
  const visitor = await visit('ann');
  const page = await visitor.open(`/till?store=${STORE}`);
  const browser = await visitor.context.newCDPSession(page);
  const camera = { name: 'camera' };
  await browser.send('Browser.setPermission', { permission: camera, setting: 'denied', origin: visitor.url });
  const opened = await openCamera(page);
  const why = opened.getByRole('status').filter({ hasText: 'The camera is blocked here' });
  await expect(why).toHaveText("The camera is blocked here: allow it for this site in the browser's settings, then try again.");
  await opened.getByRole('button', { name: 'Type the code' }).click();
  await expect(opened).toBeHidden();
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveAttribute('inputmode', 'text');
  await page.keyboard.type(items[0].barcode);
  await page.keyboard.press('Enter');
  await expect(line(page, items[0], 1)).toBeVisible();
  // With the sheet open, too: what is typed goes where it belongs.
  await openCamera(page);
  await expect(why).toBeVisible();
  await page.keyboard.type(items[1].barcode);
  await expect(opened).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(line(page, items[1], 1)).toBeVisible();
  await openCamera(page);
  await expect(why).toBeVisible();
  await visitor.context.grantPermissions(['camera']);
  const again = opened.getByRole('button', { name: 'Try again' });
  // The browser may tell the page of it before a person does.
  await again.click({ timeout: 1_000 }).catch(() => {});
  await expect(opened.locator('.saying')).toContainText('in this sale');
});

for (const [name, told] of [['NotFoundError', 'No camera was found'], ['NotReadableError', 'Another app is using the camera'], ['', 'address begins with https']]) {
  test(`10: ${told} is said too`, async ({ visit }) => {
    const page = await (await visit('ann')).open('/');
    await page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', name));
      if (!name) Object.defineProperty(window, 'isSecureContext', { value: false });
    }, name);
    const opened = await openCamera(page);
    await expect(opened.getByRole('status').filter({ hasText: told })).toBeVisible();
    await opened.getByRole('button', { name: 'Type the code' }).click();
    await expect(field(page)).toBeFocused();
  });
}
