// What a delivery cost: freight is added after it came, its shares are shown before, and everyone sees it.
import { randomUUID } from 'node:crypto';
import { STORE, expect, test } from './shop.ts';

test('freight is shared out among the goods of a delivery, live for others', async ({ visit, key }) => {
  const [cup, jug] = [await key.stocked(1, 'Copper cup'), await key.stocked(1, 'Copper jug')];
  const [id, number] = [randomUUID(), `DN-${randomUUID().slice(0, 6)}`];
  const lines = [{ sku: cup.sku, quantity: '2', unit_price: '5' }, { sku: jug.sku, quantity: '1', unit_price: '20' }];
  await key.post('/receipts', { id, store: STORE, number, lines });
  const olga = await (await visit('olga')).open(`/deliveries/${id}?store=${STORE}`);
  const ann = await (await visit('ann')).open(`/history?store=${STORE}&q=${number}`);
  await ann.locator(`#p-${id}`).getByRole('link', { name: 'Freight or duty' }).click();
  await expect(ann.getByText('Nothing was added')).toBeVisible();
  await ann.getByLabel('How much (GBP)').fill('9');
  const line = (name: string) => ann.locator('.line').filter({ hasText: name });
  await expect(line(cup.name)).toContainText('+£3.00');
  await expect(line(jug.name)).toContainText('+£6.00');
  await ann.getByLabel('What for, such as freight or duty').fill('Freight of the van');
  await ann.getByRole('button', { name: 'Share £9.00 out' }).click();
  await expect(ann.getByText('£9.00 is shared out among the goods.')).toBeVisible();
  for (const page of [ann, olga]) {
    await expect(page.getByRole('listitem').filter({ hasText: 'Freight of the van' })).toContainText('£9.00');
    await expect(page.locator('.line').filter({ hasText: jug.name })).toContainText('£6.00 of freight and duty on it');
  }
  await ann.getByRole('button', { name: 'Undo' }).click();
  for (const page of [ann, olga]) {
    await expect(page.getByRole('listitem').filter({ hasText: 'Freight of the van' })).toContainText('took it back');
    await expect(page.getByText('of freight and duty on it')).toHaveCount(0);
  }
});
