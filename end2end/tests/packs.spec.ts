// Packs in browsers: a case is made in the editor, and its barcode sells, with and without a connection, all that is in it.
import { randomUUID } from 'node:crypto';
import { STORE, expect, test } from './shop.ts';

test('a case made in the editor sells twelve when it is scanned', async ({ visit, key }) => {
  const item = await key.stocked(60);
  const code = `CASE-${randomUUID().slice(0, 8)}`;
  const page = await (await visit('mark')).open(`/products/${item.sku}?store=${STORE}`);
  await page.getByRole('button', { name: 'Add a pack' }).click();
  await expect(page.getByLabel('Name of the pack')).toBeFocused();
  await page.getByLabel('Name of the pack').fill('Case of 12');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Give each pack a name, how many are in it, and its barcode.')).toBeVisible();
  await page.getByLabel('How many in it').fill('12');
  await page.getByLabel('Barcode of the pack').fill(item.barcode);
  await page.getByLabel('Barcode of the pack').press('Tab');
  await expect(page.getByText(`${item.barcode} is another code of this product already.`)).toBeVisible();
  await page.getByLabel('Barcode of the pack').fill(code);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  const till = await (await visit('ann')).open('/till');
  const scan = async (text: string) => {
    await till.getByLabel('Scan or search').fill(text);
    await till.keyboard.press('Enter');
  };
  const line = till.getByRole('list', { name: 'This sale' }).getByRole('listitem').filter({ hasText: item.sku });
  const many = (count: number) => line.getByRole('button', { name: `${item.name}: ${count}. Change the quantity` });
  await scan(code);
  await expect(many(12)).toBeVisible();
  await expect(line).toContainText('Case of 12');
  await expect(till.locator('.saying')).toContainText('Case of 12');
  await till.getByRole('button', { name: /^Sell 12 items/ }).click();
  await expect(till.getByRole('button', { name: 'Undo' })).toBeVisible();
  await expect.poll(() => key.onHand(item)).toBe('48');

  await till.context().setOffline(true);
  await scan(code);
  await expect(many(12)).toBeVisible();
  await scan(item.barcode);
  await expect(many(13)).toBeVisible();
  await expect(line).not.toContainText('Case of 12');
  await till.getByRole('button', { name: /^Sell 13 items/ }).click();
  await till.context().setOffline(false);
  await expect.poll(() => key.onHand(item)).toBe('35');

  await test.step('its sheet shows the pack apart from its own barcode', async () => {
    const sheet = await (await visit('ann')).open(`/items/${item.sku}?store=${STORE}`);
    await expect(sheet.getByText(`Case of 12 · 12 · ${code}`)).toBeVisible();
  });
});
