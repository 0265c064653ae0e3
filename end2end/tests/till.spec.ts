// Selling: undo, a draft that is never lost, and sentences for what goes wrong.
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { Line } from './line.ts';
import { burst } from './scanner.ts';
import { type Item, type Visitor, expect, isLive, test } from './shop.ts';
import { NO_LINE } from './watch.ts';

const basket = (page: Page) => page.getByRole('list', { name: 'This sale' });
const sellButton = (page: Page) => page.getByRole('button', { name: /^Sell \d+ items?/ });

async function scan(page: Page, code: string): Promise<void> {
  await page.getByLabel('Scan or search').fill(code);
  await page.keyboard.press('Enter');
}

async function inBasket(page: Page, item: Item, quantity: number): Promise<void> {
  const button = basket(page).getByRole('button', { name: `${item.name}: ${quantity.toLocaleString('en')}. Change the quantity` });
  await expect(button).toBeVisible();
}

/** The owner changes an item that nobody has changed before. */
async function edit(owner: Visitor, item: Item, patch: object): Promise<void> {
  const data = { sku: item.sku, if_version: 1, patch };
  const answer = await owner.context.request.post(`${owner.url}/api/inventory/change_product`, { data, headers: { origin: owner.url } });
  expect(answer.status()).toBe(200);
}

test('a scanner that types anywhere on the page adds a line, and the field is ready for the next', async ({ visit, key }) => {
  const [one, other] = [await key.stocked(10), await key.stocked(10, 'Blue bowl')];
  const till = await (await visit('ann')).open('/till');
  const field = till.getByLabel('Scan or search');
  await expect(field).toBeFocused();
  await field.blur();
  await burst(till, one.barcode, '\n');
  await inBasket(till, one, 1);
  await expect(field).toBeFocused();
  await burst(till, other.barcode, '\n');
  await inBasket(till, other, 1);
  await sellButton(till).click();
  await expect(till.getByRole('button', { name: 'Undo' })).toBeVisible();
  await expect(field).toBeFocused();
});

test('6: a code in whatever form leads to its item, and one that cannot be right says why', async ({ visit, key }) => {
  const digits = `506${String(Date.now()).slice(-9)}`;
  const check = (10 - [...digits].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 ? 3 : 1), 0) % 10) % 10;
  const [barcode, mark] = [`${digits}${check}`, randomUUID().slice(0, 8).toUpperCase()];
  const item = { sku: `T${mark}`, name: `Tea ${mark}`, barcode };
  await key.post('/items', { id: randomUUID(), ...item, barcode: undefined, barcodes: [barcode], price: '2.55' });
  const till = await (await visit('ann')).open('/till');
  await burst(till, `https://id.gs1.org/01/0${barcode}?17=301231`, '\n');
  await inBasket(till, item, 1);
  // Without the separator the lot would be too long.
  await burst(till, `]C1010${barcode}10ABCDEFGHIJKL12\x1d17301231`, '\n');
  await inBasket(till, item, 2);
  await expect(till.locator('.held')).toHaveCount(0);
  await burst(till, `${digits}${(check + 1) % 10}`, '\n');
  await expect(till.locator('.saying')).toContainText(`The last digit should be ${check}`);
  await expect(till.getByText(/Ask a manager to add it/)).toBeVisible();
});

test('5, 14: no keyboard opens by itself, and a number is tapped', async ({ visit, key }) => {
  const item = await key.stocked(100);
  // A tablet: where there is a real keyboard, nothing offers another one.
  const tablet = { hasTouch: true, isMobile: true, viewport: { width: 1024, height: 768 } };
  const till = await (await visit('ann', undefined, tablet)).open('/till');
  const field = till.getByLabel('Scan or search');
  await expect(field).toHaveAttribute('inputmode', 'none');
  await till.getByRole('button', { name: 'Show the keyboard' }).click();
  await expect(field).toHaveAttribute('inputmode', 'text');
  await expect(field).toBeFocused();
  await scan(till, item.sku);
  await basket(till).getByRole('button', { name: `${item.name}: 1. Change the quantity` }).click();
  const pad = till.locator('.pad');
  await expect(pad.locator('#pad-number')).toHaveAttribute('inputmode', 'none');
  for (const digit of ['1', '2']) await pad.getByRole('button', { name: digit, exact: true }).click();
  await pad.getByRole('button', { name: '×10' }).click();
  await pad.getByRole('button', { name: 'Set to 120' }).click();
  await inBasket(till, item, 120);
});

test('what was sold can be undone from the bar, and lies in the till again', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const till = await (await visit('ann')).open('/till');
  await scan(till, item.barcode);
  await scan(till, item.barcode);
  await inBasket(till, item, 2);
  await sellButton(till).click();
  await expect(basket(till)).toBeHidden();
  await expect.poll(() => key.onHand(item)).toBe('8');
  await till.getByRole('button', { name: 'Undo' }).click();
  await inBasket(till, item, 2);
  await expect(till.getByRole('button', { name: 'Undo' })).toBeHidden();
  await expect.poll(() => key.onHand(item)).toBe('10');
});

test('what is undone while others are in the till stays out of it, and that is said', async ({ visit, key }) => {
  const [item, other] = [await key.stocked(10), await key.stocked(10, 'Blue bowl')];
  const till = await (await visit('ann')).open('/till');
  await scan(till, item.barcode);
  await inBasket(till, item, 1);
  await sellButton(till).click();
  await expect.poll(() => key.onHand(item)).toBe('9');
  await scan(till, other.barcode);
  await inBasket(till, other, 1);
  await till.getByRole('button', { name: 'Undo' }).click();
  await expect(till.getByRole('status').filter({ hasText: 'Its items are not back in the till' })).toBeVisible();
  await expect.poll(() => key.onHand(item)).toBe('10');
  await inBasket(till, other, 1);
  await expect(basket(till).getByText(item.name)).toHaveCount(0);
});

test('the undo bar stays for at least ten seconds', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const till = await (await visit('ann')).open('/till');
  await scan(till, item.sku);
  await sellButton(till).click();
  const undo = till.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeVisible();
  await till.waitForTimeout(9_500);
  await expect(undo).toBeVisible();
});

test('a sale survives a reload, and two items scanned at once both land', async ({ visit, key }) => {
  const [one, other] = [await key.stocked(10), await key.stocked(10, 'Blue bowl')];
  const till = await (await visit('ann')).open('/till');
  await scan(till, one.barcode);
  await scan(till, other.barcode);
  await inBasket(till, one, 1);
  await basket(till).getByRole('button', { name: `One more: ${one.name}` }).click();
  await inBasket(till, one, 2);
  await till.reload();
  await isLive(till);
  await inBasket(till, one, 2);
  await inBasket(till, other, 1);
});

test('a basket that was left is priced as the catalogue says when it is taken up again', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const ann = await visit('ann');
  const till = await ann.open('/till');
  await scan(till, item.barcode);
  await inBasket(till, item, 1);
  await till.close();
  await edit(await visit('olga'), item, { price: '3.10' });
  const again = await ann.open('/till');
  await inBasket(again, item, 1);
  await expect(again.getByRole('button', { name: 'Sell 1 item · £3.10' })).toBeVisible();
});

test('an archived item that a customer holds is sold all the same, and that is said', async ({ visit, key }) => {
  const item = await key.stocked(10);
  await edit(await visit('olga'), item, { archived: true });
  const till = await (await visit('ann')).open('/till');
  await scan(till, item.barcode);
  await expect(till.getByRole('status').filter({ hasText: `${item.name}: 1. It is archived` })).toBeVisible();
  await inBasket(till, item, 1);
  await sellButton(till).click();
  await expect(till.getByRole('status').filter({ hasText: 'Sold for £2.55' }).first()).toBeVisible();
});

test('a practice scan of an archived item says that it is archived', async ({ visit, key }) => {
  const item = await key.stocked(10);
  await edit(await visit('olga'), item, { archived: true });
  const page = await (await visit('ann')).context.newPage();
  await page.goto(`${key.url}/setup/scan`, { waitUntil: 'networkidle' });
  await scan(page, item.barcode);
  await expect(page.getByRole('status').filter({ hasText: `${item.name} is archived: it is no longer offered. 10 on hand.` })).toBeVisible();
});

test('a code that nobody knows is said, kept, and loses nothing', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const till = await (await visit('ann')).open('/till');
  await scan(till, item.sku);
  await inBasket(till, item, 1);
  await scan(till, '999999999993');
  await expect(till.getByText('No item has the code 999999999993. The code is kept below.')).toBeVisible();
  await inBasket(till, item, 1);
  await till.reload();
  await isLive(till);
  await inBasket(till, item, 1);
  await expect(till.getByText(/999999999993/).first()).toBeVisible();
  await till.getByRole('button', { name: 'Drop this code' }).click();
  await expect(till.getByText(/999999999993/)).toHaveCount(0);
});

test('a quantity that is none is not taken, and the pad sets one that is', async ({ visit, key }) => {
  const item = await key.stocked(50);
  const till = await (await visit('ann')).open('/till');
  await scan(till, item.sku);
  await basket(till).getByRole('button', { name: `${item.name}: 1. Change the quantity` }).click();
  const pad = till.getByRole('region', { name: `How many: ${item.name}` });
  await pad.getByRole('textbox').fill('1e3');
  await expect(pad.getByRole('button', { name: 'Set', exact: true })).toBeDisabled();
  await pad.getByRole('textbox').fill('');
  await pad.getByRole('button', { name: '1', exact: true }).click();
  await pad.getByRole('button', { name: '2', exact: true }).click();
  await pad.getByRole('button', { name: 'Set to 12' }).click();
  await inBasket(till, item, 12);
});

test('a sale that the server cannot take is said in a sentence, and kept', async ({ visit, key, watch }) => {
  watch.expect(/status (of )?422/);
  const item = await key.stocked(50);
  const till = await (await visit('ann')).open('/till');
  await scan(till, item.sku);
  await inBasket(till, item, 1);
  // As if the item had been taken out of the catalogue while it lay in the basket.
  await till.evaluate((sku) => {
    for (const key of Object.keys(localStorage)) localStorage[key] = localStorage[key].replaceAll(sku, 'GONE-1');
  }, item.sku);
  await till.reload();
  await isLive(till);
  await sellButton(till).click();
  await expect(till.getByRole('alert')).toContainText(/Something needs another look: .*GONE-1/);
  await inBasket(till, item, 1);
  await till.reload();
  await isLive(till);
  await inBasket(till, item, 1);
});

test('an amount that no till knows is not offered for sale', async ({ visit, key }) => {
  const item = await key.stocked(50);
  const till = await (await visit('ann')).open('/till');
  await scan(till, item.sku);
  await basket(till).getByRole('button', { name: /Change the price/ }).click();
  await till.getByRole('region', { name: `Price of one: ${item.name}` }).getByRole('textbox').fill('9999999');
  await till.getByRole('button', { name: 'Set to 9999999' }).click();
  await basket(till).getByRole('button', { name: /Change the quantity/ }).click();
  await till.getByRole('region', { name: `How many: ${item.name}` }).getByRole('textbox').fill('9999999');
  await till.getByRole('button', { name: 'Set to 9999999' }).click();
  await inBasket(till, item, 9_999_999);
  await expect(sellButton(till)).toHaveCount(0);
});

test('a sale without a network is kept, sent when it is back, and counts once', async ({ visit, server, key, watch }) => {
  watch.expect(...NO_LINE);
  const line = await Line.to(server.port);
  const item = await key.stocked(10);
  const till = await (await visit('ann', line.url)).open('/till');
  await scan(till, item.sku);
  await inBasket(till, item, 1);
  line.cut();
  await sellButton(till).click();
  await expect(till.getByRole('status').filter({ hasText: 'Sale of £2.55 is kept on this device' })).toBeVisible();
  // The next customer does not wait.
  await expect(basket(till)).toBeHidden();
  line.mend();
  await expect(till.getByRole('status').filter({ hasText: 'All that waited is sent now' })).toBeVisible({ timeout: 15_000 });
  expect(await key.onHand(item)).toBe('9');
  await line.close();
});

test('a sale whose answer was lost counts once', async ({ visit, server, key, watch }) => {
  watch.expect(...NO_LINE);
  const line = await Line.to(server.port);
  const item = await key.stocked(10);
  const till = await (await visit('ann', line.url)).open('/till');
  await scan(till, item.sku);
  await inBasket(till, item, 1);
  // The request goes through, its answer does not: the connection breaks when the server has begun to speak.
  line.breakOnAnswer('POST /api/inventory/post_sale');
  await sellButton(till).click();
  await expect.poll(() => key.onHand(item)).toBe('9');
  await expect(till.getByRole('status').filter({ hasText: 'Sale of £2.55 is kept on this device' })).toBeVisible();
  line.mend();
  await expect(till.getByRole('status').filter({ hasText: 'All that waited is sent now' })).toBeVisible({ timeout: 15_000 });
  expect(await key.onHand(item)).toBe('9');
  await line.close();
});

test('more than is on hand is sold all the same, and said before', async ({ visit, key }) => {
  const item = await key.stocked(1);
  const till = await (await visit('ann')).open('/till');
  await scan(till, item.sku);
  await basket(till).getByRole('button', { name: `One more: ${item.name}` }).click();
  await expect(basket(till).getByText('1 on hand')).toBeVisible();
  await sellButton(till).click();
  await expect.poll(() => key.onHand(item)).toBe('-1');
});

test('47: accents, word order, a part number in any dress and a slip of the finger still find the item', async ({ visit, key }) => {
  const mark = randomUUID().slice(0, 6).toUpperCase();
  const sku = `QX-${mark}/7`;
  await key.post('/items', { id: randomUUID(), sku, name: 'Jardín thermometer, zinc', barcodes: [], price: '2.55' });
  const till = await (await visit('ann')).open('/till');
  const field = till.getByLabel('Scan or search');
  const found = till.getByRole('list', { name: 'Items found' });
  const hint = till.getByText('Nothing is called exactly that. Near to it:');
  for (const typed of ['zinc THERMOMETER jardin', `qx${mark}7`, `QX ${mark} 7`]) {
    await field.fill(typed);
    await expect(found.getByRole('button', { name: /Jardín thermometer/ }).filter({ hasText: sku })).toBeVisible();
    await expect(hint).toBeHidden();
  }
  await field.fill('termometer jardim zinc');
  await expect(hint).toBeVisible();
  await found.getByRole('button', { name: /Jardín thermometer/ }).filter({ hasText: sku }).click();
  await expect(basket(till).getByRole('button', { name: 'Jardín thermometer, zinc: 1. Change the quantity' })).toBeVisible();
  await till.keyboard.press('Control+k');
  const palette = till.getByRole('dialog', { name: 'Find or go to' });
  await palette.getByRole('combobox').fill('zinc termometer');
  await expect(palette.getByRole('option', { name: /Jardín thermometer/ }).first()).toBeVisible();
  await expect(palette.getByRole('status')).toHaveText('Nothing is called exactly that. Near to it:');
});
