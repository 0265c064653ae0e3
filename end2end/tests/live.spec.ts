// A sale on one screen moves every other one, without a reload.
import type { Page } from '@playwright/test';
import { Frames } from './frames.ts';
import { Postgres } from './postgres.ts';
import { Server, forget, freshPlace } from './server.ts';
import { type Item, Key, STORE, type Visitor, expect, mark, openShop, pieces, test } from './shop.ts';
import { NO_LINE } from './watch.ts';

/** The three screens that show stock or sales, opened before the sale. */
class Screens {
  private constructor(
    private readonly item: Item,
    private readonly grid: Page,
    private readonly sheet: Page,
    private readonly dashboard: Page,
    private readonly stayed: (() => Promise<void>)[],
    private readonly sold: number,
  ) {}

  static async open(visitor: Visitor, item: Item): Promise<Screens> {
    const grid = await visitor.open(`/stock?store=${STORE}&q=${item.sku}`);
    const sheet = await visitor.open(`/items/${item.sku}?store=${STORE}`);
    const dashboard = await visitor.open(`/dashboard?store=${STORE}`);
    const stayed = await Promise.all([grid, sheet, dashboard].map(mark));
    return new Screens(item, grid, sheet, dashboard, stayed, await pieces(dashboard));
  }

  /** All of them say what is there after so many were sold, and none was reloaded. */
  async show(onHand: number, sold: number): Promise<void> {
    await expect(cell(this.grid, this.item)).toHaveText(String(onHand));
    await expect(this.sheet.getByRole('status').filter({ hasText: /^\s*\d+\s*$/ })).toHaveText(String(onHand));
    await expect(this.sheet.getByRole('heading', { name: `Why is it ${onHand}?` })).toBeVisible();
    await expect.poll(() => pieces(this.dashboard), { message: 'pieces sold' }).toBe(this.sold + sold);
    for (const stayed of this.stayed) await stayed();
  }
}

/** The grid's "on hand" of an item. */
function cell(grid: Page, item: Item) {
  const row = grid.getByRole('row').filter({ has: grid.getByRole('rowheader', { name: item.name }) });
  return row.getByRole('gridcell').nth(1);
}

/** Scans an item at a till and sells it. */
async function sellAtTill(till: Page, item: Item): Promise<void> {
  await till.getByLabel('Scan or search').fill(item.barcode);
  await till.keyboard.press('Enter');
  await expect(till.getByRole('list', { name: 'This sale' }).getByText(item.name)).toBeVisible();
  await till.getByRole('button', { name: /^Sell 1 item/ }).click();
  await expect(till.getByRole('status').filter({ hasText: 'Sold for £2.55' }).first()).toBeVisible();
}

test('a sale at the till moves the grid, the sheet and the dashboard elsewhere', async ({ visit, key }) => {
  const item = await key.stocked(48);
  const screens = await Screens.open(await visit('mark'), item);
  const till = await (await visit('ann')).open('/till');
  await sellAtTill(till, item);
  await screens.show(47, 1);
});

test('a sale over the interface for other systems moves them too', async ({ visit, key }) => {
  const item = await key.stocked(48);
  const screens = await Screens.open(await visit('mark'), item);
  await key.sell(item, 6);
  await screens.show(42, 6);
});

test('what is on hand moves at the till while the item lies in its basket', async ({ visit, key }) => {
  const item = await key.stocked(48);
  const till = await (await visit('ann')).open('/till');
  await till.getByLabel('Scan or search').fill(item.sku);
  await till.keyboard.press('Enter');
  const basket = till.getByRole('list', { name: 'This sale' });
  await expect(basket.getByText('48 on hand')).toBeVisible();
  await key.sell(item, 3);
  await expect(basket.getByText('45 on hand')).toBeVisible();
});

test('two servers on one PostgreSQL tell each other\'s browsers', async ({ visit, watch }) => {
  // The servers are stopped under the open pages at the end.
  watch.expect(...NO_LINE);
  const postgres = await Postgres.start();
  const database = postgres.database();
  const house = await openShop(freshPlace(database));
  const second = await Server.start(freshPlace(database));
  const key = new Key(house.server.url, house.key);
  const item = await key.stocked(48);
  const screens = await Screens.open(await visit('mark', second.url), item);
  const till = await (await visit('ann', house.server.url)).open('/till');
  await sellAtTill(till, item);
  await screens.show(47, 1);
  await new Key(second.url, house.key).sell(item, 2);
  await screens.show(45, 3);
  for (const server of [house.server, second]) {
    await server.stop();
    forget(server.place);
  }
  postgres.stop();
});

test('no line is left out while many sales come at once', async ({ visit, key }) => {
  const item = await key.stocked(500);
  const visitor = await visit('mark');
  const page = await visitor.context.newPage();
  const frames = new Frames(page);
  await page.goto(`${visitor.url}/stock?store=${STORE}&q=${item.sku}`);
  await expect(cell(page, item)).toHaveText('500');
  const receipts = await Promise.all(Array.from({ length: 60 }, () => key.sell(item, 1)));
  await expect(cell(page, item)).toHaveText('440');
  const last = Math.max(...receipts.map((receipt) => receipt.seq));
  await expect.poll(() => frames.seq).toBeGreaterThanOrEqual(last);
  expect(frames.missing).toEqual([]);
  expect(frames.resyncs).toBe(0);
});
