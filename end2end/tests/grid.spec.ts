// The stock grid with many rows: few of them exist, all can be reached, and none moves under the finger.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { command, forget, freshPlace, Server } from './server.ts';
import { type Item, Key, STORE, type Visitor, expect, test as base } from './shop.ts';

const COUNT = 5_000;

/** A shop with five thousand items more, which a till's file brings in. */
const test = base.extend<object, { big: { server: Server; key: Key } }>({
  big: [async ({}, use) => {
    const place = freshPlace();
    await (await Server.start(place, ['--demo'])).stop();
    const file = join(place.folder, 'till.csv');
    writeFileSync(file, tillFile());
    command(place, ['import', 'till', file, '--store', STORE]);
    const secret = command(place, ['key', 'add', '--scopes', 'all', '--stores', 'all']).trim();
    const server = await Server.start(place, ['--demo']);
    await use({ server, key: new Key(server.url, secret) });
    await server.stop();
    forget(place);
  }, { scope: 'worker', timeout: 180_000 }],
});

function tillFile(): string {
  const lines = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'];
  for (let at = 0; at < COUNT; at += 1) {
    const invoice = 700_000 + Math.floor(at / 50);
    lines.push(`${invoice},${10_000 + at}ZZ,ZINC BUCKET NO ${at},${(at % 9) + 1},2011-01-04 10:00:00,1.25,17850.0,United Kingdom`);
  }
  return `${lines.join('\n')}\n`;
}

const rows = (page: Page) => page.getByRole('grid', { name: 'Stock, item by item' }).getByRole('row');
const named = (page: Page, name: string) => rows(page).filter({ has: page.getByRole('rowheader', { name }) });

async function open(visitor: Visitor, query: string): Promise<Page> {
  return visitor.open(`/stock?store=${STORE}${query}`);
}

test('of thousands of rows only those in view exist, and the last can be reached', async ({ visit, big }) => {
  const page = await open(await visit('mark', big.server.url), '');
  const total = Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
  expect(total).toBeGreaterThan(COUNT);
  await expect.poll(() => rows(page).count()).toBeLessThan(120);
  expect(await page.evaluate(() => document.activeElement === document.body), 'the list takes the focus unasked').toBe(true);
  await expect(named(page, 'ZINC BUCKET NO 4999')).toHaveCount(0);
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect(rows(page).last()).toHaveAttribute('aria-rowindex', String(total));
  await expect(rows(page).last().getByRole('rowheader')).not.toBeEmpty();
  expect(await rows(page).count()).toBeLessThan(120);
});

test('a search is in the address and finds one of them', async ({ visit, big }) => {
  const page = await open(await visit('mark', big.server.url), '');
  await page.getByLabel('Find an item').fill('bucket no 4711');
  await expect(page.getByText('1 item', { exact: true })).toBeVisible();
  await expect(named(page, 'ZINC BUCKET NO 4711')).toBeVisible();
  await expect(page).toHaveURL(/q=bucket/);
  await page.reload();
  await expect(named(page, 'ZINC BUCKET NO 4711')).toBeVisible();
});

test('a row whose place in the order changes stays where it is until asked', async ({ visit, big }) => {
  const items: Item[] = [];
  for (const quantity of [9_100, 9_200, 9_300]) items.push(await big.key.stocked(quantity, 'Oak crate'));
  const page = await open(await visit('mark', big.server.url), '&q=Oak+crate&sort=on_hand&desc=1');
  const order = () => rows(page).getByRole('rowheader').allTextContents();
  const before = await order();
  expect(before.map((name) => name.trim())).toEqual([...items].reverse().map((item) => item.name));
  await big.key.sell(items[2], 300);
  await expect(named(page, items[2].name).getByRole('gridcell').nth(1)).toHaveText('9,000');
  await expect(page.getByRole('button', { name: /update.* – refresh order/ })).toBeVisible();
  expect(await order()).toEqual(before);
  await page.getByRole('button', { name: /refresh order/ }).click();
  await expect.poll(order).toEqual([before[1], before[2], before[0]]);
  await expect(page.getByRole('button', { name: /refresh order/ })).toHaveCount(0);
});

test('arrow keys walk through the rows and Enter opens one', async ({ visit, big }) => {
  const page = await open(await visit('mark', big.server.url), '&q=ZINC+BUCKET');
  await rows(page).nth(1).getByRole('link').focus();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
  await expect(rows(page).nth(4).getByRole('link')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/items\//);
});
