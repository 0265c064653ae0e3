// What goods cost: from two deliveries to a sale, the worth of the stock and why, and what was left over; live.
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { type Item, type Key, STORE, expect, test } from './shop.ts';

/** An item of which a hundred came at £110, and a hundred at £130; and the second delivery. */
async function twice(key: Key): Promise<{ item: Item; second: string }> {
  const mark = randomUUID().slice(0, 8).toUpperCase();
  const item = { sku: `T${mark}`, name: `Copper boiler ${mark}`, barcode: '' };
  await key.post('/items', { id: randomUUID(), sku: item.sku, name: item.name, price: '255' });
  const second = randomUUID();
  for (const [id, unit_price] of [[randomUUID(), '110'], [second, '130']]) {
    await key.post('/receipts', { id, store: STORE, lines: [{ sku: item.sku, quantity: '100', unit_price }] });
  }
  return { item, second };
}

const sell = (key: Key, item: Item, quantity: string) => (
  key.post('/sales', { id: randomUUID(), store: STORE, lines: [{ sku: item.sku, quantity, unit_price: '255' }] })
);

const row = (page: Page, item: Item) => page.getByRole('listitem').filter({ hasText: item.name });

test('13, 31, 53: what came at two costs is sold, and each screen says what that means', async ({ visit, key }) => {
  const { item, second } = await twice(key);
  const mark = await visit('mark');
  const worth = await mark.open(`/dashboard?store=${STORE}`);
  await worth.locator('.worth-sum').click();
  await expect(worth.getByRole('heading', { name: 'What the stock is worth' })).toBeVisible();
  await expect(row(worth, item)).toContainText('£24,000.00');
  await expect(row(worth, item)).toContainText('200 here');
  // A sale elsewhere takes the oldest first, and the page follows.
  const sale = await sell(key, item, '120');
  await expect(row(worth, item)).toContainText('£10,400.00');
  await expect(row(worth, item)).toContainText('80 here');
  // Why it is worth that, with the way to the delivery.
  await row(worth, item).getByRole('link').click();
  await expect(worth.getByRole('heading', { name: `Why ${item.name} is worth that` })).toBeVisible();
  const layer = worth.getByRole('listitem').filter({ hasText: '80 left of 100' });
  await expect(layer).toContainText('£10,400.00');
  await expect(layer).toContainText('Cost told');
  await layer.getByRole('link').click();
  await expect(worth).toHaveURL(new RegExp(`/deliveries/${second}`));
  // Freight that is told later makes what is left dearer, and says what belonged to goods that were gone.
  const layers = await mark.open(`/worth/${item.sku}?store=${STORE}`);
  await key.post(`/receipts/${second}/costs`, { id: randomUUID(), landed: '200', what: 'Freight' });
  await expect(layers.locator('.worth-big')).toHaveText('£10,560.00');
  const history = await mark.open(`/history?store=${STORE}&item=${item.sku}`);
  const cost = (id: string) => history.locator(`#p-${id} .posting-cost`);
  await cost(sale.id).getByText('What the goods cost').click();
  await expect(cost(sale.id)).toContainText('The goods cost £13,600.00.');
  await cost(second).getByText('What the goods cost').click();
  await expect(cost(second)).toContainText('Told later');
  await expect(cost(second)).toContainText('£40.00 of that for goods that were gone already');
  // What sales brought.
  const margins = await mark.open(`/margins?store=${STORE}`);
  await expect(row(margins, item)).toContainText('120 sold');
  await expect(row(margins, item)).toContainText('£30,600.00');
  await expect(row(margins, item)).toContainText('£13,600.00');
  await expect(row(margins, item)).toContainText('£16,960.00');
  await sell(key, item, '10');
  await expect(row(margins, item)).toContainText('130 sold');
});

test('28, 31: how an item is costed is chosen on its page, and others see it at once', async ({ visit, key }) => {
  const { item } = await twice(key);
  const editor = await (await visit('mark')).open(`/products/${item.sku}?store=${STORE}`);
  const olga = await visit('olga');
  const [other, layers] = [await olga.open(`/products/${item.sku}?store=${STORE}`), await olga.open(`/worth/${item.sku}?store=${STORE}`)];
  await expect(layers.getByText('100 left of 100')).toHaveCount(2);
  await expect(editor.getByLabel('What each delivery cost, oldest first')).toBeChecked();
  await editor.getByLabel('The average of what is there').check();
  await editor.getByRole('button', { name: 'Save changes' }).click();
  await expect(editor.getByText('Saved', { exact: true })).toBeVisible();
  await expect(other.getByLabel('The average of what is there')).toBeChecked();
  await expect(layers.getByText('All that is there')).toBeVisible();
  await sell(key, item, '100');
  await expect(layers.locator('.worth-big')).toHaveText('£12,000.00');
  // Whoever changed it changes it back.
  await editor.getByLabel('What each delivery cost, oldest first').check();
  await editor.getByRole('button', { name: 'Save changes' }).click();
  await expect(other.getByLabel('What each delivery cost, oldest first')).toBeChecked();
});

test('29, 49, 52: the worth of a second is in the address, nonsense is told, and who may not sees nothing of it', async ({ visit, watch, key }) => {
  const { item } = await twice(key);
  const sale = await sell(key, item, '1');
  const page = await (await visit('mark')).open(`/worth?store=${STORE}`);
  await page.getByLabel('At this day and time').fill('2020-02-29T10:00:05');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page).toHaveURL(/at=2020-02-29T10%3A00%3A05/);
  await expect(page.getByText('At that time nothing was here.')).toBeVisible();
  await page.getByRole('link', { name: 'Back to now' }).click();
  await expect(row(page, item)).toContainText('199 here');
  watch.expect(/status (of )?(422|403)/);
  await page.goto(page.url().replace(/\/worth.*/, `/worth?store=${STORE}&at=soon`));
  await expect(page.getByRole('alert').filter({ hasText: 'Choose a day and a time that are over.' })).toBeVisible();
  await page.goto(page.url().replace(/\/worth.*/, `/margins?store=${STORE}&from=2026-02-02&to=2026-02-01`));
  await expect(page.getByRole('alert').filter({ hasText: 'Choose other days.' })).toBeVisible();
  const ann = await (await visit('ann')).open(`/history?store=${STORE}&item=${item.sku}`);
  await expect(ann.locator(`#p-${sale.id}`)).toBeVisible();
  await expect(ann.getByText('What the goods cost')).toHaveCount(0);
  await ann.goto(ann.url().replace(/\/history.*/, `/worth?store=${STORE}`));
  await expect(ann.getByRole('alert').filter({ hasText: /not|ask/i })).toBeVisible();
  await expect(ann.getByText(item.name)).toHaveCount(0);
});
