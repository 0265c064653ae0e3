// Serial numbers: received one by one by their labels and by hand; sold by them; found with their life; sent by them.
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { burst } from './scanner.ts';
import { type Item, type Key, STORE, expect, isLive, test } from './shop.ts';

/** An item whose pieces have serial numbers, and what the label of one says. */
async function numbered(key: Key): Promise<{ item: Item; mark: string; label: (serial: string) => string }> {
  const digits = `508${String(Date.now()).slice(-9)}`;
  const check = (10 - [...digits].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 ? 3 : 1), 0) % 10) % 10;
  const mark = randomUUID().slice(0, 8).toUpperCase();
  const item = { sku: `T${mark}`, name: `Phone ${mark}`, barcode: `${digits}${check}` };
  await key.post('/items', { id: randomUUID(), sku: item.sku, name: item.name, barcodes: [item.barcode], price: '199' });
  await key.change(`/items/${item.sku}`, { tracking: 'serial' });
  return { item, mark, label: (serial: string) => `]C1010${item.barcode}21${serial}` };
}

/** The numbers that the store lists. */
async function numbersOf(key: Key, item: Item): Promise<string[]> {
  const { data } = await key.get(`/lots?store=${STORE}&sku=${item.sku}`);
  return data.filter(({ on_hand }: { on_hand: string }) => on_hand === '1').map(({ lot }: { lot: string }) => lot).sort();
}

const receive = (key: Key, item: Item, serials: string[]) =>
  key.post('/receipts', { id: randomUUID(), store: STORE, lines: [{ sku: item.sku, quantity: String(serials.length), unit_price: '90', serials }] });

const lines = (page: Page) => page.getByRole('main').locator('.line');
const named = (page: Page) => lines(page).first().locator('.line-serials li');

test('a delivery names each piece once, by label and by hand', async ({ visit, key }) => {
  const { item, mark, label } = await numbered(key);
  const page = await (await visit('ann')).open('/receive');
  await burst(page, item.barcode, '\n');
  await expect(page.getByRole('button', { name: 'Name the missing serial numbers' })).toBeDisabled();
  await burst(page, label(`A${mark}`), '\n');
  await expect(named(page)).toHaveText([`A${mark}`]);
  await burst(page, label(`A${mark}`), '\n');
  await expect(page.locator('.saying')).toContainText(`A${mark} is in the list already`);
  await expect(named(page)).toHaveCount(1);
  await page.getByLabel('Serial number', { exact: true }).fill(`B${mark}`);
  await page.getByRole('button', { name: 'Add number' }).click();
  await expect(named(page)).toHaveText([`A${mark}`, `B${mark}`]);
  await expect(lines(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Receive 2 items' }).click();
  await expect.poll(() => numbersOf(key, item)).toEqual([`A${mark}`, `B${mark}`]);
  await burst(page, label(`A${mark}`), '\n');
  await expect(page.locator('.saying')).toContainText('is here already');
  await expect(lines(page)).toHaveCount(0);
});

test('the till sells the piece on the label and takes it back, and what is not here is told', async ({ visit, key }) => {
  const { item, mark, label } = await numbered(key);
  await receive(key, item, [`A${mark}`, `B${mark}`]);
  const ann = await visit('ann');
  const till = await ann.open('/till');
  await burst(till, label(`B${mark}`), '\n');
  await expect(named(till)).toHaveText([`B${mark}`]);
  // A number by itself is enough.
  await burst(till, `A${mark}`, '\n');
  await expect(named(till)).toHaveText([`B${mark}`, `A${mark}`]);
  await till.getByRole('button', { name: `Take out A${mark}` }).click();
  await till.getByRole('button', { name: /^Sell 1 item/ }).click();
  await expect.poll(() => numbersOf(key, item)).toEqual([`A${mark}`]);
  await burst(till, label(`B${mark}`), '\n');
  await expect(till.locator('.saying')).toContainText('is not here by our books');
  await till.getByRole('button', { name: /^Sell 1 item/ }).click();
  const waits = async () => {
    const { data } = await key.get(`/exceptions?store=${STORE}&kind=serial_conflict&limit=200`);
    return data.filter(({ sku }: { sku: string }) => sku === item.sku).length;
  };
  await expect.poll(waits).toBe(1);
  await till.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(waits, { message: 'nothing is left to settle' }).toBe(0);

  const back = await (await visit('ann')).open('/return');
  await burst(back, item.barcode, '\n');
  await back.getByLabel('Serial number', { exact: true }).fill(`B${mark}`);
  await back.getByRole('button', { name: 'Add number' }).click();
  await back.getByRole('button', { name: /^Take back 1 item/ }).click();
  await expect.poll(() => numbersOf(key, item)).toEqual([`A${mark}`, `B${mark}`]);
});

test('an item is told apart by serial number, and a number is found with its life', async ({ visit, key }) => {
  const { item, mark } = await numbered(key);
  await key.change(`/items/${item.sku}`, { tracking: 'none' });
  const mark_ = await visit('mark');
  const sheet = await mark_.open(`/items/${item.sku}?store=${STORE}`);
  await sheet.getByRole('button', { name: 'By serial number' }).click();
  await expect(sheet.getByRole('heading', { name: 'Serial numbers' })).toBeVisible();
  await expect(sheet.getByText('No piece with a number is here.')).toBeVisible();
  await receive(key, item, [`A${mark}`]);
  await expect(sheet.getByText(`Serial number A${mark}`), 'live').toBeVisible();
  const line = { sku: item.sku, quantity: '1', unit_price: '199', serials: [`A${mark}`] };
  await key.post('/sales', { id: randomUUID(), store: STORE, number: `S-${mark}`, lines: [line] });

  const home = await (await visit('mark')).open('/');
  await burst(home, `A${mark}`, '\n');
  await expect(home).toHaveURL(new RegExp(`/lots\\?store=${STORE}&serial=A${mark}`));
  await expect(home.getByRole('heading', { name: `Where is number A${mark}?` })).toBeVisible();
  await expect(home.getByText('not in your stores now')).toBeVisible();
  await expect(home.locator('.lot-trace')).toContainText(`S-${mark}`);
  await home.reload();
  await isLive(home);
  await expect(home.locator('.lot-trace')).toContainText(`S-${mark}`);
});

test('a transfer takes the pieces that are scanned', async ({ visit, key }) => {
  const { item, mark, label } = await numbered(key);
  await receive(key, item, [`A${mark}`, `B${mark}`]);
  const code = `P${mark.slice(0, 6)}`;
  await key.post('/places', { id: randomUUID(), store: STORE, code, name: `Room ${mark}` });
  const id = randomUUID();
  await key.post('/transfers', { id, store: STORE, to: code, lines: [] });
  const page = await (await visit('mark')).open(`/transfers/${id}?store=${STORE}`);
  await burst(page, label(`B${mark}`), '\n');
  await expect(page.locator('.line-serials li')).toHaveText([`B${mark}`]);
  await page.getByRole('button', { name: /^Send 1/ }).click();
  await page.getByRole('button', { name: /arrived/ }).click();
  const { data } = await key.get(`/serials?serial=B${mark}`);
  const where = async () => (await key.get(`/lots/${data[0].id}/trace`)).places.map(({ location }: { location: string }) => location);
  await expect.poll(where).toEqual([code]);
});
