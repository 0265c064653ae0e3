// Customers' orders in browsers: a promise lowers what is available elsewhere at once; two people pick one order.
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { type Item, type Key, STORE, expect, slowed, test } from './shop.ts';

/** A draft with so many of an item, written by another system. */
async function draft(key: Key, item: Item, quantity: number): Promise<string> {
  const id = randomUUID();
  const content = { customer: 'Ada Byron', lines: [{ sku: item.sku, quantity: String(quantity) }] };
  await key.post('/orders', { id, store: STORE, content });
  return id;
}

/** A figure of an item's sheet. */
function figure(sheet: Page, name: string) {
  return sheet.locator('.item-number-parts div').filter({ hasText: name }).locator('dd');
}

test('an order made on one screen lowers what is available on another (31)', async ({ visit, key }) => {
  const item = await key.stocked(5);
  const sheet = await (await visit('mark')).open(`/items/${item.sku}?store=${STORE}`);
  await expect(figure(sheet, 'Available')).toHaveText('5');
  const ann = await (await visit('ann')).open(`/orders?store=${STORE}`);
  await ann.getByRole('button', { name: 'Write an order' }).first().click();
  await expect(ann.getByRole('heading', { level: 1 })).toContainText('CO-DEMO-');
  await test.step('scans count up, and the number can be typed', async () => {
    await ann.locator('#scan-field').fill(item.barcode);
    await ann.keyboard.press('Enter');
    await expect(ann.getByLabel(`How many ${item.name}`)).toHaveValue('1');
    await ann.getByLabel(`How many ${item.name}`).fill('3');
    await ann.keyboard.press('Tab');
    await ann.getByLabel('Name', { exact: true }).fill('Ada Byron');
    await ann.keyboard.press('Tab');
  });
  await ann.getByRole('button', { name: 'Promise 3 items' }).click();
  await expect(ann.getByText('3 now')).toBeVisible();
  await expect(figure(sheet, 'Available')).toHaveText('2');
  await expect(figure(sheet, 'Reserved')).toHaveText('3');
  await test.step('the sheet says for whom, and a cancelled order gives it back', async () => {
    await expect(sheet.getByRole('heading', { name: 'Who has reserved' })).toBeVisible();
    await ann.getByRole('button', { name: 'Cancel what is open' }).click();
    await expect(ann.getByRole('alert').filter({ hasText: 'loses 3 items' })).toBeVisible();
    await ann.getByRole('button', { name: 'Keep it' }).click();
    await ann.getByRole('button', { name: `Cancel ${item.name}` }).click();
    await expect(ann.getByRole('alert').filter({ hasText: `${item.name} loses 3 items` })).toBeVisible();
    await ann.getByRole('button', { name: 'Keep it' }).click();
    await expect(figure(sheet, 'Available'), 'asking gives nothing back').toHaveText('2');
    await ann.getByRole('button', { name: 'Cancel what is open' }).click();
    await ann.getByRole('button', { name: /^Cancel CO-DEMO-/ }).click();
    await expect(ann.getByText('Cancelled. Its goods are free again.')).toBeVisible();
    await expect(figure(sheet, 'Available')).toHaveText('5');
  });
});

test('what is scanned and typed before the answers come is all in the order (31)', async ({ visit, key }) => {
  const [item, other] = [await key.stocked(5), await key.stocked(5, 'Copper jug')];
  const id = await draft(key, item, 1);
  const ann = await (await visit('ann')).open(`/orders/${id}?store=${STORE}`);
  await slowed(ann, 'change_order');
  for (const code of [item.barcode, other.barcode, other.barcode]) {
    await ann.locator('#scan-field').fill(code);
    await ann.keyboard.press('Enter');
  }
  await ann.getByLabel('Name', { exact: true }).fill('Grace Hopper');
  await ann.getByLabel('Phone or mail').fill('0170 555');
  await expect(ann.getByRole('button', { name: 'Promise 4 items' })).toBeEnabled();
  await expect(ann.getByLabel('Phone or mail'), 'what is being typed stays').toHaveValue('0170 555');
  await ann.keyboard.press('Tab');
  const said = async () => {
    const { customer, contact, lines } = await key.get(`/orders/${id}`);
    return [customer, contact, ...lines.map((line: { quantity: string }) => line.quantity)];
  };
  await expect.poll(said).toEqual(['Grace Hopper', '0170 555', '2', '2']);
});

test('an order that came over the web says so, in the draft, on its page and in the list', async ({ visit, key }) => {
  const item = await key.stocked(5);
  const id = await draft(key, item, 1);
  const ann = await (await visit('ann')).open(`/orders/${id}?store=${STORE}`);
  const came = (name: string) => ann.getByRole('group', { name: 'How it came' }).getByRole('button', { name });
  await expect(came('In the store')).toHaveAttribute('aria-pressed', 'true');
  await came('Over the web').click();
  await expect(came('Over the web')).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(async () => (await key.get(`/orders/${id}`)).channel).toBe('web');
  await ann.getByRole('button', { name: 'Promise 1 item' }).click();
  await expect(ann.getByText('Over the web')).toBeVisible();
  await ann.getByRole('link', { name: 'Orders', exact: true }).first().click();
  await expect(ann.locator(`.order-row[href*="${id}"]`)).toContainText('Over the web');
});

test('an order is kept until a day, stands out before it, and is kept a week longer with one tap', async ({ visit, key }) => {
  const item = await key.stocked(5);
  const id = await draft(key, item, 2);
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const ann = await (await visit('ann')).open(`/orders/${id}?store=${STORE}`);
  await ann.getByLabel('Kept until').fill(day(1));
  await ann.keyboard.press('Tab');
  await expect.poll(async () => (await key.get(`/orders/${id}`)).kept_until).toBe(day(1));
  await ann.getByRole('button', { name: 'Promise 2 items' }).click();
  const mark = await (await visit('mark')).open(`/orders?store=${STORE}`);
  const row = mark.locator(`.order-row[href*="${id}"]`);
  await expect(row.locator('.order-until.soon')).toContainText('Kept until');
  await ann.getByRole('button', { name: 'Keep a week longer' }).click();
  await expect.poll(async () => (await key.get(`/orders/${id}`)).kept_until).toBe(day(8));
  await expect(row.locator('.order-until')).toContainText('Kept until');
  await expect(row.locator('.order-until.soon')).toHaveCount(0);
});

test('two people pick one order, and what they hand over leaves once (31, 32)', async ({ visit, key }) => {
  const item = await key.stocked(5);
  const id = await draft(key, item, 3);
  const [ann, mark] = [await (await visit('ann')).open(`/orders/${id}?store=${STORE}`), await (await visit('mark')).open(`/pick/${id}?store=${STORE}`)];
  await expect(mark.getByText('There is nothing to pick.')).toBeVisible();
  await ann.getByRole('button', { name: 'Promise 3 items' }).click();
  await ann.getByRole('link', { name: 'Pick 3 items' }).click();
  await test.step('each sees the other', async () => {
    await expect(ann.getByText('Also here: Mark Hale')).toBeVisible();
    await expect(mark.getByText('Also here: Ann Reed')).toBeVisible();
  });
  await test.step('what one scans counts for both', async () => {
    await ann.locator('#scan-field').fill(item.barcode);
    await ann.keyboard.press('Enter');
    await expect(mark.locator('.pick-count')).toHaveText('1 / 3');
    await mark.getByRole('button', { name: `One more of ${item.name}` }).click();
    await expect(ann.locator('.pick-count')).toHaveText('2 / 3');
  });
  await test.step('a part is handed over; the rest stays to pick', async () => {
    await ann.getByRole('button', { name: 'Hand over 2 items' }).click();
    await expect(mark.locator('.pick-count')).toHaveText('0 / 1');
    expect(await key.onHand(item)).toBe('3');
  });
  await test.step('scanning more than is wanted says so', async () => {
    for (const _ of [1, 2]) {
      await mark.locator('#scan-field').fill(item.barcode);
      await mark.keyboard.press('Enter');
      await expect(mark.locator('.pick-count')).toHaveText('1 / 1');
    }
    await expect(mark.getByText(`No more of ${item.name} is wanted.`)).toBeVisible();
    await mark.getByRole('button', { name: 'Hand over 1 item' }).click();
    await expect(mark.getByText('There is nothing to pick.')).toBeVisible();
    expect(await key.onHand(item)).toBe('2');
  });
});

test('a till that takes what is promised opens something to settle, and a delivery closes it', async ({ visit, key }) => {
  const item = await key.stocked(2);
  const mark = await (await visit('mark')).open(`/exceptions?store=${STORE}`);
  const line = { id: randomUUID(), sku: item.sku, quantity: '2' };
  await key.post('/reservations', { store: STORE, kind: 'hold', lines: [line] });
  await key.sell(item, 1);
  const card = mark.locator(`[data-case="${item.sku}"]`);
  await expect(card).toContainText('More is promised than is there');
  await key.post('/receipts', { id: randomUUID(), store: STORE, lines: [{ sku: item.sku, quantity: '1' }] });
  await expect(card).toBeHidden();
});

test('what is set aside is kept a day longer or let go where the item is shown', async ({ visit, key }) => {
  const item = await key.stocked(3);
  const line = { id: randomUUID(), sku: item.sku, quantity: '2' };
  const { reservations } = await key.post('/reservations', { store: STORE, kind: 'hold', lines: [line] });
  const until = async () => {
    const { data } = await key.get(`/reservations?store=${STORE}&sku=${item.sku}`);
    return data.map((held: { expires_at: string }) => Date.parse(held.expires_at) - Date.parse(reservations[0].expires_at));
  };
  const ann = await (await visit('ann')).open(`/items/${item.sku}?store=${STORE}`);
  await expect(figure(ann, 'Available')).toHaveText('1');
  await ann.getByRole('button', { name: 'Keep it a day longer' }).click();
  await expect.poll(until).toEqual([86_400_000]);
  await ann.getByRole('button', { name: 'Let it go' }).click();
  await expect(ann.getByRole('heading', { name: 'Who has reserved' })).toBeHidden();
  await expect(figure(ann, 'Available')).toHaveText('3');
  expect(await until()).toEqual([]);
});
