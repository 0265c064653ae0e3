// A lost connection is said, and made good without a reload and without a gap.
import type { Page } from '@playwright/test';
import { Frames } from './frames.ts';
import { Line } from './line.ts';
import { forget, freshPlace } from './server.ts';
import { type Item, Key, STORE, type Visitor, expect, isLive, mark, openShop, pieces, pill, test } from './shop.ts';
import { NO_LINE } from './watch.ts';

interface Watched {
  page: Page;
  frames: Frames;
  stayed: () => Promise<void>;
}

/** An item's row in the grid, with the frames behind it. */
async function watched(visitor: Visitor, item: Item): Promise<Watched> {
  const page = await visitor.context.newPage();
  const frames = new Frames(page);
  await page.goto(`${visitor.url}/stock?store=${STORE}&q=${item.sku}`);
  await isLive(page);
  return { page, frames, stayed: await mark(page) };
}

/** The row says that many, the stream reached that line with nothing left out or loaded again, and the page is live. */
async function caughtUp({ page, frames, stayed }: Watched, onHand: string, seq: number): Promise<void> {
  await isLive(page);
  await expect(page.getByRole('row').nth(1).getByRole('gridcell').nth(1)).toHaveText(onHand);
  await expect.poll(() => frames.seq).toBeGreaterThanOrEqual(seq);
  expect(frames.missing).toEqual([]);
  expect(frames.resyncs).toBe(0);
  await stayed();
}

test('a broken line is said, and what was missed comes after it', async ({ visit, server, key, watch }) => {
  watch.expect(...NO_LINE);
  const line = await Line.to(server.port);
  const item = await key.stocked(20);
  const visitor = await visit('mark', line.url);
  const dashboard = await visitor.open(`/dashboard?store=${STORE}`);
  const sold = await pieces(dashboard);
  const shown = await watched(visitor, item);
  await key.sell(item, 1);
  await expect.poll(() => pieces(dashboard)).toBe(sold + 1);
  line.cut();
  await expect(pill(shown.page)).toHaveText('Reconnecting…');
  let last = 0;
  for (let sale = 0; sale < 5; sale += 1) last = (await key.sell(item, 1)).seq;
  await expect(pill(shown.page)).toHaveText('Offline', { timeout: 20_000 });
  line.mend();
  await caughtUp(shown, '14', last);
  // Each sale is added to the figures once, however often its line was told.
  await expect.poll(() => pieces(dashboard)).toBe(sold + 6);
  await line.close();
});

test('a browser without a network says so at once and catches up', async ({ visit, key, watch }) => {
  watch.expect(...NO_LINE);
  const item = await key.stocked(20);
  const visitor = await visit('mark');
  const shown = await watched(visitor, item);
  await visitor.context.setOffline(true);
  await expect(pill(shown.page)).toHaveText('Offline');
  await key.sell(item, 4);
  await visitor.context.setOffline(false);
  await isLive(shown.page);
  await expect(shown.page.getByRole('row').nth(1).getByRole('gridcell').nth(1)).toHaveText('16');
  expect(shown.frames.missing).toEqual([]);
  await shown.stayed();
});

test('a laptop that slept is right soon after it wakes', async ({ visit, server, key, watch }) => {
  watch.expect(...NO_LINE);
  const line = await Line.to(server.port);
  const item = await key.stocked(20);
  const visitor = await visit('mark', line.url);
  const page = await visitor.context.newPage();
  await page.clock.install();
  const frames = new Frames(page);
  await page.goto(`${visitor.url}/stock?store=${STORE}&q=${item.sku}`);
  await isLive(page);
  const shown = { page, frames, stayed: await mark(page) };
  // Nothing comes through and the page's timers stand still; then ten minutes have passed.
  line.hush();
  const { seq } = await key.sell(item, 7);
  line.mend();
  await page.clock.fastForward('10:00');
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(page.getByRole('row').nth(1).getByRole('gridcell').nth(1)).toHaveText('13', { timeout: 5_000 });
  await caughtUp(shown, '13', seq);
  await line.close();
});

test('a server that was killed and comes back is resumed from', async ({ visit, watch }) => {
  watch.expect(...NO_LINE);
  const { server, key: secret } = await openShop(freshPlace());
  const key = new Key(server.url, secret);
  const item = await key.stocked(20);
  const shown = await watched(await visit('mark', server.url), item);
  await key.sell(item, 1);
  await expect.poll(() => shown.frames.events.length).toBe(1);
  await server.stop('SIGKILL');
  await expect(pill(shown.page)).toHaveText(/Reconnecting…|Offline/);
  await server.resume();
  const { seq } = await key.sell(item, 2);
  await caughtUp(shown, '17', seq);
  await server.stop();
  await expect(pill(shown.page)).toHaveText(/Reconnecting…|Offline/);
  await server.resume();
  await caughtUp(shown, '17', seq);
  await server.stop();
  forget(server.place);
});

const PIECES = '**/pkg/{split,chunk}_*.wasm';

test('a page whose code does not come through opens as soon as it does', async ({ visit, watch }) => {
  watch.expect(/net::ERR_FAILED/);
  const page = await (await visit('ann')).open(`/stock?store=${STORE}`);
  const stayed = await mark(page);
  let missed = 0;
  await page.route(PIECES, (route) => {
    missed += 1;
    return route.abort();
  });
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await expect.poll(() => missed).toBeGreaterThan(1);
  await page.unroute(PIECES);
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await stayed();
});

test('a page whose code the server has no more brings the newer build', async ({ visit, watch }) => {
  watch.expect(/status (of )?404/);
  const page = await (await visit('ann')).open(`/stock?store=${STORE}`);
  await page.route(PIECES, (route) => route.fulfill({ status: 404 }));
  const reloaded = page.waitForEvent('domcontentloaded');
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await reloaded;
  await page.unroute(PIECES);
  await isLive(page);
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
});
