// What waits for a person, kind by kind: a code that nobody knows, goods without a cost, counts that disagree.
import { randomUUID } from 'node:crypto';
import { STORE, expect, isLive, test } from './shop.ts';

test('a code that nobody knows is told to the manager, who says which product has it', async ({ visit, key }) => {
  const item = await key.stocked(5);
  const code = `X${Date.now()}`;
  const ann = await (await visit('ann')).open(`/?store=${STORE}`);
  await ann.locator('#scan-field').fill(code);
  await ann.keyboard.press('Enter');
  await ann.getByRole('link', { name: 'Tell the manager' }).click();
  await ann.getByRole('button', { name: 'Tell the manager' }).click();
  const anns = ann.locator(`[data-case="${code}"]`);
  await expect(anns).toContainText('Nobody knows this code');
  await expect(anns.getByRole('link', { name: 'Add this product' })).toHaveCount(0);

  const mark = await (await visit('mark')).open(`/exceptions?store=${STORE}&kind=unknown_barcode`);
  const marks = mark.locator(`[data-case="${code}"]`);
  await expect(marks).toContainText('Ann Reed told of it');
  await expect(marks.getByRole('link', { name: 'Add this product' })).toHaveAttribute('href', new RegExp(`code=${code}`));
  await marks.getByRole('button', { name: 'It is a product we have' }).click();
  await marks.getByLabel('Search for the product that has this code').fill(item.name);
  await marks.getByRole('button', { name: new RegExp(item.name) }).click();
  await expect(marks).toHaveCount(0);
  await expect(anns).toHaveCount(0);
  const { barcodes } = await key.get(`/items/${item.sku}`);
  expect(barcodes).toContain(code);
});

test('goods that came without a cost get one, and a code that is nobody’s is dismissed', async ({ visit, key }) => {
  const known = await key.stocked(1);
  const free = { sku: `F${Date.now()}` };
  await key.post('/items', { id: randomUUID(), sku: free.sku, name: 'Free lantern' });
  const receipt = (sku: string, cost?: string) => ({ id: randomUUID(), store: STORE, lines: [{ sku, quantity: '3', unit_price: cost }] });
  await key.post('/receipts', receipt(known.sku, '1.50'));
  await key.post('/receipts', receipt(free.sku));
  const mark = await (await visit('mark')).open(`/exceptions?store=${STORE}`);
  await mark.getByRole('link', { name: 'Cost missing' }).click();
  await expect(mark).toHaveURL(/kind=missing_cost/);
  // A form that is opened before the new list has come is gone with the old one.
  await mark.reload();
  await isLive(mark);
  const open = mark.locator(`[data-case="${free.sku}"]`);
  await expect(open).toContainText('nobody knows what they are worth');
  await open.getByRole('button', { name: 'Say the cost' }).click();
  await open.getByRole('textbox').fill('2.40');
  await open.getByRole('button', { name: 'Set to 2.4' }).click();
  await expect(open).toHaveCount(0);
  const code = `Y${Date.now()}`;
  await key.post('/sales', { id: randomUUID(), store: STORE, lines: [{ sku: code, quantity: '1' }] }, 422);
  await mark.getByRole('link', { name: 'Unknown code' }).click();
  const told = mark.locator(`[data-case="${code}"]`);
  await told.getByRole('button', { name: 'Not a product of ours' }).click();
  await expect(told).toHaveCount(0);
});

test('two people who count another number see it, and the newer one is kept', async ({ visit, key }) => {
  const item = await key.stocked(9);
  const [ann, mark] = [await (await visit('ann')).open(`/items/${item.sku}?store=${STORE}`), await (await visit('mark')).open(`/items/${item.sku}?store=${STORE}`)];
  for (const [page, counted, change] of [[ann, '7', '−2'], [mark, '8', '+1']] as const) {
    await page.getByRole('button', { name: 'Fix stock' }).click();
    await page.getByLabel('Counted on the shelf').fill(counted);
    await page.getByRole('button', { name: `Set to ${counted} (${change})` }).click();
    await expect.poll(() => key.onHand(item)).toBe(counted);
  }
  await mark.goto(`${new URL(mark.url()).origin}/exceptions?store=${STORE}&kind=count_conflict`);
  const open = mark.locator(`[data-case="${item.sku}"]`);
  await expect(open).toContainText('The newer number stands');
  await open.getByRole('button', { name: 'Keep the newer number' }).click();
  await expect(open).toHaveCount(0);
});
