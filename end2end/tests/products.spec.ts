// The catalogue in browsers: lists and filters, two people on one product, drafts, many at once, archive, pictures.
import type { Page } from '@playwright/test';
import { deflateSync } from 'node:zlib';
import { type Item, STORE, type Visitor, expect, test } from './shop.ts';

/** A red picture, so many pixels wide and tall. */
function png(side: number): Buffer {
  const table = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
  });
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const crc = (body.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc);
    return Buffer.concat([length, body, check]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, Buffer.from([200, 40, 40]))]);
  const data = deflateSync(Buffer.concat(Array(side).fill(row)));
  const start = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([start, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function editor(visitor: Visitor, item: Item): Promise<Page> {
  return visitor.open(`/products/${item.sku}?store=${STORE}`);
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
}

test('two people on one product see each other, merge, and lose nothing (28, 30, 32)', async ({ visit, key }) => {
  const item = await key.stocked(3);
  const mark = await editor(await visit('mark'), item);
  const olga = await editor(await visit('olga'), item);
  await test.step('32: each sees the other', async () => {
    await expect(mark.getByText('Olga Marsh is on this page too.')).toBeVisible();
    await expect(olga.getByText('Mark Hale is on this page too.')).toBeVisible();
  });
  await test.step('32: what only one changed is taken over while the other types', async () => {
    await mark.getByLabel('Name', { exact: true }).fill('Copper lantern, large');
    await olga.getByLabel('Price', { exact: true }).fill('4.20');
    await save(olga);
    await expect(mark.getByLabel('Price', { exact: true })).toHaveValue('4.20');
    await expect(mark.getByLabel('Name', { exact: true })).toHaveValue('Copper lantern, large');
  });
  await test.step('32: what both changed is for the later one to decide', async () => {
    await olga.getByLabel('Name', { exact: true }).fill('Copper lantern, small');
    await save(olga);
    const merge = mark.getByRole('alert', { name: 'You both changed this' });
    await expect(merge).toContainText('Copper lantern, large');
    await expect(merge).toContainText('Copper lantern, small');
    await expect(mark.getByRole('button', { name: 'Save changes' })).toBeDisabled();
    await merge.getByRole('button', { name: 'Keep mine' }).click();
    await save(mark);
    await expect(olga.getByLabel('Name', { exact: true })).toHaveValue('Copper lantern, large');
  });
  await test.step('30: a field complains when it is left, and what was typed stays', async () => {
    const price = mark.getByLabel('Price', { exact: true });
    await price.fill('4,2o');
    await expect(mark.getByText('This is not a number.')).toBeHidden();
    await mark.getByLabel('Unit').focus();
    await expect(mark.getByText('This is not a number.')).toBeVisible();
    await mark.getByRole('button', { name: 'Save changes' }).click();
    await expect(price).toBeFocused();
    await expect(price).toHaveValue('4,2o');
  });
  await test.step('28: unsaved typing survives a reload', async () => {
    await mark.reload();
    await expect(mark.getByLabel('Price', { exact: true })).toHaveValue('4,2o');
    await mark.getByRole('button', { name: 'Throw them away' }).click();
    await expect(mark.getByLabel('Price', { exact: true })).toHaveValue('4.20');
  });
  await test.step('28: what is typed while it is being saved stays', async () => {
    let answer = () => {};
    const held = new Promise<void>((done) => (answer = done));
    await mark.route('**/api/inventory/change_product', async (route) => {
      await held;
      await route.continue();
    }, { times: 1 });
    await mark.getByLabel('Price', { exact: true }).fill('5.25');
    await mark.getByRole('button', { name: 'Save changes' }).click();
    await expect(mark.getByRole('button', { name: 'Saving…' })).toBeVisible();
    await mark.getByLabel('Unit').fill('box');
    answer();
    await expect(olga.getByLabel('Price', { exact: true })).toHaveValue('5.25');
    await expect(mark.getByRole('button', { name: 'Save changes' })).toBeEnabled();
    await expect(mark.getByLabel('Unit')).toHaveValue('box');
    await save(mark);
    await expect(olga.getByLabel('Unit')).toHaveValue('box');
  });
  await test.step('32: whoever leaves is no longer seen', async () => {
    await olga.close();
    await expect(mark.getByText('is on this page too.')).toBeHidden();
  });
});

test('what may be promised of a product is chosen with a tap, shows on another screen, and is undone', async ({ visit, key }) => {
  const item = await key.stocked(3);
  const mark = await editor(await visit('mark'), item);
  const olga = await editor(await visit('olga'), item);
  const choice = (page: Page, name: string) => page.getByRole('group', { name: 'What may be promised' }).getByRole('button', { name });
  await expect(choice(mark, 'Only what is there')).toHaveAttribute('aria-pressed', 'true');
  await choice(mark, 'Also what is still to come').click();
  await expect(choice(olga, 'Also what is still to come')).toHaveAttribute('aria-pressed', 'true');
  await expect(choice(olga, 'Only what is there')).toHaveAttribute('aria-pressed', 'false');
  await mark.getByRole('button', { name: 'Undo' }).click();
  await expect(choice(olga, 'Only what is there')).toHaveAttribute('aria-pressed', 'true');
  await test.step('and over the web otherwise', async () => {
    const web = (page: Page, name: string) => page.getByRole('group', { name: 'Over the web' }).getByRole('button', { name });
    await expect(web(olga, 'As elsewhere')).toHaveAttribute('aria-pressed', 'true');
    await web(mark, 'Warn when it is more').click();
    await expect(web(olga, 'Warn when it is more')).toHaveAttribute('aria-pressed', 'true');
    await expect(choice(olga, 'Only what is there')).toHaveAttribute('aria-pressed', 'true');
    await mark.getByRole('button', { name: 'Undo' }).click();
    await expect(web(olga, 'As elsewhere')).toHaveAttribute('aria-pressed', 'true');
  });
});

test('barcodes are checked, a new price reaches the till at once, an archived product says so', async ({ visit, key }) => {
  const [item, other] = [await key.stocked(3), await key.stocked(3)];
  const page = await editor(await visit('mark'), item);
  const till = await (await visit('ann')).open('/till');
  await till.getByLabel('Scan or search').fill(item.sku);
  await till.keyboard.press('Enter');
  const line = till.getByRole('list', { name: 'This sale' }).getByRole('listitem').filter({ hasText: item.sku });
  await expect(line.or(till.getByText(item.name)).first()).toBeVisible();
  const code = page.getByLabel('Barcodes');
  await code.fill('5012345678901');
  await code.press('Enter');
  await expect(page.getByText('The last digit of 5012345678901 should be 0.')).toBeVisible();
  await code.fill(other.sku);
  await code.press('Enter');
  await expect(page.getByRole('link', { name: other.name })).toBeVisible();
  await code.fill('');
  await page.getByLabel('Price', { exact: true }).fill('7.77');
  await save(page);
  await expect(till.getByText('£7.77').first()).toBeVisible();
  await page.getByRole('button', { name: 'Archive this product' }).click();
  await expect(page.getByText('This product is archived')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('This product is archived')).toBeHidden();
});

test('a picture is chosen, shown, and taken off with an undo (24)', async ({ visit, key }) => {
  const item = await key.stocked(1);
  const page = await editor(await visit('mark'), item);
  await page.getByLabel('Choose a picture').setInputFiles({ name: 'red.png', mimeType: 'image/png', buffer: png(900) });
  const picture = page.locator('.product-image img');
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(800);
  await page.getByRole('button', { name: 'Remove the picture' }).click();
  await expect(picture).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(picture).toBeVisible();
});

test('a change whose answer is lost counts once when it is sent again, and new limits wait behind a chip (35, 38)', async ({ visit, key, watch }) => {
  watch.expect(/net::ERR_FAILED/);
  const name = `Lost${Date.now()}`;
  const item = await key.stocked(2, name);
  const visitor = await visit('mark');
  const page = await visitor.open(`/products?store=${STORE}&q=${name}`);
  await page.route('**/api/inventory/change_many', async (route) => {
    const headers = { ...route.request().headers(), 'sec-fetch-site': 'same-origin' };
    expect((await route.fetch({ headers })).status()).toBe(200);
    await route.abort();
  }, { times: 1 });
  await page.getByLabel(`Choose ${item.name}`).check();
  await page.getByRole('button', { name: 'Price by percent' }).click();
  await page.getByLabel('Percent, such as 5 or -10').fill('10');
  const apply = page.getByRole('button', { name: 'Change 1 product' });
  await apply.click();
  await expect(page.getByText('£2.81')).toBeVisible();
  await apply.click();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await expect(page.getByText('£2.81')).toBeVisible();
  // Somebody sets what the store wants to have: the list says that there is something new.
  const other = await editor(visitor, item);
  await other.getByLabel('Minimum').fill('5');
  await save(other);
  await page.getByRole('button', { name: '1 update – refresh list' }).click();
  await expect(page.getByText('5 / –')).toBeVisible();
});

test('filters are chips in the address, and many prices change and come back (24, 46, 49)', async ({ visit, key }) => {
  const name = `Bulk${Date.now()}`;
  const items = [await key.stocked(2, name), await key.stocked(2, name)];
  const page = await (await visit('mark')).open(`/products?store=${STORE}&q=${name}`);
  await expect(page.getByRole('status').filter({ hasText: '2 products' })).toBeVisible();
  await page.getByLabel(/^Choose all/).check();
  await page.getByRole('button', { name: 'Price by percent' }).click();
  await page.getByLabel('Percent, such as 5 or -10').fill('10');
  await page.getByRole('button', { name: 'Change 2 products' }).click();
  await expect(page.getByText('£2.81')).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('£2.55')).toHaveCount(2);
  await page.getByLabel(`Choose ${items[0].name}`).check();
  await page.getByRole('region', { name: 'Change the chosen products' }).getByRole('button', { name: 'Archive', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: '1 product' }).first()).toBeVisible();
  await page.getByRole('link', { name: 'Archived' }).click();
  await expect(page).toHaveURL(/archived=1/);
  await expect(page.getByRole('rowheader', { name: items[0].name })).toBeVisible();
  await page.goto(`${page.url().split('?')[0]}?store=${STORE}&q=nothing-like-it`);
  await expect(page.getByRole('heading', { name: /Nothing matches/ })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Show all products' })).toBeVisible();
});
