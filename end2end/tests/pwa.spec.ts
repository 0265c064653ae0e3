// The installed app: what it keeps, what it says without a connection, and how a new version waits.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Line } from './line.ts';
import { STORE, expect, mark, test } from './shop.ts';
import { NO_LINE } from './watch.ts';

const worker = resolve(import.meta.dirname, '../../target/site/sw.js');
const allowed = { serviceWorkers: 'allow' } as const;

test('the manifest names icons, screenshots and shortcuts that are there', async ({ visit }) => {
  const visitor = await visit('ann');
  const page = await visitor.open('/till');
  const address = await page.locator('link[rel=manifest]').getAttribute('href');
  const answer = await page.request.get(visitor.url + address);
  expect(answer.headers()['content-type']).toContain('application/manifest+json');
  const manifest = await answer.json();
  expect(manifest).toMatchObject({ id: '/', start_url: '/', display: 'standalone', short_name: 'Storeroom' });
  expect(manifest.icons.map((icon: any) => icon.purpose).sort()).toEqual(['any', 'any', 'maskable', 'maskable', 'monochrome']);
  for (const file of [...manifest.icons, ...manifest.screenshots]) {
    const picture = await page.request.get(visitor.url + file.src);
    expect(picture.status(), file.src).toBe(200);
    const bytes = await picture.body();
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, file.src).toBe(file.sizes);
  }
  for (const shortcut of manifest.shortcuts) expect((await page.request.get(visitor.url + shortcut.url)).status()).toBe(200);
});

test('39: without a connection the app says so, honestly, from static files alone', async ({ visit, server, watch }) => {
  watch.expect(...NO_LINE, /request failed: GET \S+ net::ERR_FAILED/, /net::ERR_FAILED/);
  const line = await Line.to(server.port);
  const visitor = await visit('ann', line.url, allowed);
  const page = await visitor.open(`/stock?store=${STORE}`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  // Everything that is kept is a static file of the build; no page, no answer.
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const lists = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)));
    return { names, paths: lists.flat() };
  });
  expect(kept.names).toHaveLength(1);
  expect(kept.paths.length).toBeGreaterThan(8);
  for (const path of kept.paths) expect(path).toMatch(/^\/(pkg\/.+-([0-9a-f]{10}|[0-9A-Z]{8})\.|icons\/|offline\.|favicon\.svg|manifest\.)/);
  line.cut();
  await page.goto(`${line.url}/dashboard?store=${STORE}`);
  await expect(page.getByRole('heading', { name: 'No connection' })).toBeVisible();
  await expect(page.getByText('What still works:')).toBeVisible();
  await expect(page.locator('.door-card')).toHaveCSS('border-top-style', 'solid');
  // The address stayed, so the page comes as soon as there is a connection.
  line.mend();
  await page.getByRole('link', { name: 'Try again now' }).click();
  await expect(page).toHaveURL(/\/dashboard/);
  await page.close();
  await line.close();
});

test('44: a new version waits for a tap, and the old files go', async ({ visit }) => {
  const visitor = await visit('mark', undefined, allowed);
  const page = await visitor.open(`/stock?store=${STORE}`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  const stayed = await mark(page);
  // The next build: the same files, another version.
  const built = readFileSync(worker, 'utf8');
  writeFileSync(worker, built.replace(/VERSION = "\w+"/, 'VERSION = "the-next-one"'));
  try {
    await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration?.update()).then(() => undefined));
    const chip = page.getByRole('button', { name: 'Update ready' });
    await expect(chip).toBeVisible();
    await page.getByRole('searchbox').fill('typed meanwhile');
    await stayed();
    await Promise.all([page.waitForEvent('load'), chip.click()]);
    await expect(chip).toHaveCount(0);
    await expect.poll(() => page.evaluate(() => caches.keys())).toEqual(['storeroom-the-next-one']);
  } finally {
    writeFileSync(worker, built);
  }
});
