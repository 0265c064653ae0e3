// Kits in browsers: made in the editor, sold by one scan with and without a connection, and live wherever a part moves.
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { Line } from './line.ts';
import { type Item, type Key, STORE, expect, isLive, mark, pill, test } from './shop.ts';
import { NO_LINE } from './watch.ts';

/** An item of which nothing was ever there. */
async function bare(key: Key, name: string): Promise<Item> {
  const mark = randomUUID().slice(0, 8).toUpperCase();
  const item = { sku: `T${mark}`, name: `${name} ${mark}`, barcode: `K-${mark}` };
  await key.post('/items', { id: randomUUID(), sku: item.sku, name: item.name, barcodes: [item.barcode], price: '9.50' });
  return item;
}

async function scan(page: Page, code: string): Promise<void> {
  await page.locator('#scan-field').fill(code);
  await page.keyboard.press('Enter');
}

test('a kit made in the editor is sold by one scan, and its number follows its parts', async ({ visit, key, watch }) => {
  watch.expect(...NO_LINE);
  const [cup, tea, set] = [await key.stocked(20), await key.stocked(4), await bare(key, 'Tea set')];
  const page = await (await visit('mark')).open(`/products/${set.sku}?store=${STORE}`);
  const made = page.locator('.made');
  await test.step('scanned and typed, then saved together', async () => {
    await expect(made).toContainText('This is no kit.');
    await made.getByRole('button', { name: 'Add what is in it' }).click();
    await scan(page, cup.barcode);
    await made.getByLabel(`How many ${cup.name} in one`).fill('4');
    await scan(page, tea.sku);
    await expect(made.getByLabel(`How many ${tea.name} in one`)).toHaveValue('1');
    await scan(page, set.barcode);
    await expect(made).toContainText('A kit is not made of itself.');
    await made.getByRole('button', { name: 'Save what it is made of' }).click();
    await expect(made).toContainText('Can be made now 4');
    await expect(made).toContainText(`${tea.name} runs out first: 4 available, 1 in each.`);
  });
  await test.step('it is undone, and done again', async () => {
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(made).toContainText('This is no kit.');
    await key.change(`/items/${set.sku}`, { components: [{ sku: cup.sku, quantity: '4' }, { sku: tea.sku, quantity: '1' }] });
    await expect(made).toContainText('Can be made now 4');
  });
  const sheet = await (await visit('mark')).open(`/items/${set.sku}?store=${STORE}`);
  const number = sheet.locator('.item-number-big');
  await expect(number).toHaveText('4');
  await expect(sheet.locator(`[data-part="${cup.sku}"]`)).toContainText('enough for 5');

  const till = await (await visit('ann')).open('/till');
  const line = till.getByRole('list', { name: 'This sale' }).getByRole('listitem').filter({ hasText: set.sku });
  await test.step('the till sells it, and each part leaves', async () => {
    await scan(till, set.barcode);
    await expect(line).toContainText('4 on hand');
    await till.getByRole('button', { name: /^Sell 1 item/ }).click();
    await expect(number).toHaveText('3');
    await expect.poll(() => key.onHand(cup)).toBe('16');
    await expect.poll(() => key.onHand(tea)).toBe('3');
  });
  await test.step('undone, it is all there again', async () => {
    await till.getByRole('button', { name: 'Undo' }).click();
    await expect(number).toHaveText('4');
    await expect.poll(() => key.onHand(cup)).toBe('20');
  });
  await test.step('a part that moves changes the kit, and says which part it is', async () => {
    await key.sell(cup, 14);
    await expect(number).toHaveText('1');
    await expect(sheet.locator('.kit-why')).toContainText(`${cup.name} runs out first: 6 available, 4 in each.`);
  });
  await test.step('without a connection it is sold all the same', async () => {
    // What was undone is in the till again.
    await till.context().setOffline(true);
    await expect(line).toBeVisible();
    await till.getByRole('button', { name: /^Sell 1 item/ }).click();
    await till.context().setOffline(false);
    await expect.poll(() => key.onHand(cup)).toBe('2');
    await expect(number).toHaveText('0');
    await expect(sheet.locator('.kit-why')).toContainText(`${cup.name} is missing: 2 available, 4 in each.`);
  });
});

test('a kit that was ordered is picked by its parts, and they leave with it', async ({ visit, key }) => {
  const [cup, tea, set] = [await key.stocked(9), await key.stocked(9), await bare(key, 'Tea set')];
  await key.change(`/items/${set.sku}`, { components: [{ sku: cup.sku, quantity: '2' }, { sku: tea.sku, quantity: '1' }] });
  const id = randomUUID();
  await key.post('/orders', { id, store: STORE, content: { lines: [{ sku: set.sku, quantity: '3' }] } });
  await key.step(`/orders/${id}/confirm`, {});
  const pick = await (await visit('ann')).open(`/pick/${id}?store=${STORE}`);
  await expect(pick.locator(`[data-part="${cup.sku}"]`)).toHaveText(`6 piece · ${cup.name}`);
  await scan(pick, cup.barcode);
  await expect(pick.getByText(`${cup.name} is part of ${set.name}.`)).toBeVisible();
  await scan(pick, set.barcode);
  await expect(pick.locator('.pick-count')).toHaveText('1 / 3');
  await pick.getByRole('button', { name: `One more of ${set.name}` }).click();
  await pick.getByRole('button', { name: 'Hand over 2 items' }).click();
  await expect(pick.locator('.pick-count')).toHaveText('0 / 1');
  expect(await key.onHand(cup)).toBe('5');
  expect(await key.onHand(tea)).toBe('7');
});

test('a part is sold, and the kit\'s number in the stock follows, also after a lost connection', async ({ visit, server, key, watch }) => {
  watch.expect(...NO_LINE);
  const [cup, set] = [await key.stocked(9), await bare(key, 'Tea set')];
  await key.change(`/items/${set.sku}`, { components: [{ sku: cup.sku, quantity: '2' }] });
  const line = await Line.to(server.port);
  const grid = await (await visit('mark', line.url)).open(`/stock?store=${STORE}&q=${set.sku}`);
  await isLive(grid);
  const stayed = await mark(grid);
  const row = grid.getByRole('row').filter({ has: grid.getByRole('rowheader', { name: set.name }) });
  // SKU, on hand, reserved, available, to come, in the end, price.
  const says = (available: string) => expect(row.getByRole('gridcell')).toHaveText([set.sku, '–', '–', available, '–', '–', '£9.50']);
  await expect(row.getByRole('rowheader')).toContainText('Kit');
  await says('4');
  await key.sell(cup, 3);
  await says('3');
  line.cut();
  await expect(pill(grid)).toHaveText(/Reconnecting…|Offline/);
  await key.sell(cup, 2);
  await key.sell(cup, 3);
  line.mend();
  await says('0');
  await expect(row.getByRole('rowheader')).toContainText('Kit: none left');
  await test.step('it is made of something else, then of nothing', async () => {
    const mug = await key.stocked(5);
    await key.change(`/items/${set.sku}`, { components: [{ sku: mug.sku, quantity: '1' }] });
    await says('5');
    await key.sell(mug, 1);
    await says('4');
    await key.change(`/items/${set.sku}`, { components: [] });
    await expect(row.getByRole('gridcell').nth(1)).toHaveText('0');
    await expect(row.getByRole('rowheader')).toContainText('Out of stock');
  });
  await stayed();
  await row.getByRole('link').click();
  await expect(grid).toHaveURL(new RegExp(`/items/${set.sku}`));
  await line.close();
});
