// Lots: taken in by a scanned label, what expires first at the top, called back and let go again, and where one went.
import { STORE, expect, test } from './shop.ts';

test('a lot is taken in by its label, sold, called back and let go again', async ({ visit, key }) => {
  const item = await key.stocked(0.5);
  await key.change(`/items/${item.sku}`, { tracking: 'lot' });
  const mark = await (await visit('mark')).open(`/lots?store=${STORE}`);
  await mark.locator('#scan-field').fill(item.barcode);
  await mark.keyboard.press('Enter');
  await mark.getByLabel('Lot', { exact: true }).fill(`L${item.sku}`);
  await mark.getByLabel('Last good day').fill('2020-01-31');
  await mark.getByLabel('How many').fill('4');
  await mark.getByRole('button', { name: `Take in 4 × ${item.name}` }).click();
  await mark.getByRole('button', { name: 'Not to be sold' }).click();
  const row = mark.locator(`[data-lot="L${item.sku}"]`);
  await expect(row.getByText('Expired')).toBeVisible();
  await key.sell(item, 1);

  await row.getByRole('button', { name: 'Call back' }).click();
  await expect(row.getByText('Called back')).toBeVisible();
  await row.getByRole('button', { name: item.name }).click();
  await expect(row.getByText('Where it is')).toBeVisible();
  await expect(row.getByText(`${STORE} · SHOP: 3.5`)).toBeVisible();
  await row.getByRole('button', { name: 'May be sold again' }).click();
  await expect(row.getByText('Called back')).toBeHidden();
  const { data } = await key.get(`/lots?store=${STORE}&sku=${item.sku}`);
  expect([data[0].status, data[0].on_hand]).toEqual(['ok', '3.5']);
});
