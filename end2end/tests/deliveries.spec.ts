// What a delivery cost: freight is added after it came, its shares are shown before, and everyone sees it.
import type { Page } from '@playwright/test';
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

test('two people take in one delivery without an order, and see what each has counted', async ({ visit, key }) => {
  const [cup, jug] = [await key.stocked(1, 'Tin cup'), await key.stocked(1, 'Tin jug')];
  const number = `DN-${randomUUID().slice(0, 8)}`;
  const scan = async (page: Page, code: string) => {
    await page.locator('#scan-field').fill(code);
    await page.keyboard.press('Enter');
  };
  const ann = await (await visit('ann')).open(`/receive?store=${STORE}`);
  await scan(ann, cup.barcode);
  await ann.getByLabel('Delivery note or supplier (if any)').fill(number);
  const mark = await (await visit('mark')).open(`/receive?store=${STORE}`);
  const card = mark.getByRole('listitem').filter({ hasText: number });
  await expect(card).toContainText('Ann Reed is taking in a delivery: 1 item');
  await card.getByRole('button', { name: 'Join the delivery of Ann Reed' }).click();
  await scan(mark, jug.barcode);
  await scan(mark, jug.barcode);
  await expect(mark.locator('.arriving-part')).toContainText(`1 × ${cup.name}`);
  await expect(ann.locator('.arriving-part')).toContainText(`2 × ${jug.name}`);
  await scan(ann, cup.barcode);
  await expect(mark.locator('.arriving-part')).toContainText(`2 × ${cup.name}`);
  await ann.getByRole('button', { name: 'Receive 2 items' }).click();
  await expect(mark.locator('.arriving-part')).toHaveCount(0);
  await expect.poll(() => key.onHand(cup)).toBe('3');
  expect(await key.onHand(jug), 'that is not booked in yet').toBe('1');
  // She is still at it, and he hears that his part is booked in by her.
  await ann.getByRole('button', { name: 'Throw away what Mark Hale counted' }).click();
  await ann.getByRole('button', { name: 'Keep it' }).click();
  await ann.getByRole('button', { name: 'Book in what Mark Hale counted' }).click();
  await expect(mark.getByText('Ann Reed has booked in 2 items that you counted')).toBeVisible();
  await expect(mark.getByRole('button', { name: 'Nothing to receive yet' })).toBeVisible();
  expect(await key.onHand(jug)).toBe('3');
});
