// What waits for a person, kind by kind: a code that nobody knows, goods without a cost, counts that disagree, expired
// goods that were sold.
import { randomUUID } from 'node:crypto';
import { type Key, STORE, expect, isLive, test } from './shop.ts';

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
  const visitor = await visit('mark');
  const [ann, mark] = [await (await visit('ann')).open(`/items/${item.sku}?store=${STORE}`), await visitor.open(`/items/${item.sku}?store=${STORE}`)];
  for (const [page, counted, change] of [[ann, '7', '−2'], [mark, '8', '+1']] as const) {
    await page.getByRole('button', { name: 'Fix stock' }).click();
    await page.getByLabel('Counted on the shelf').fill(counted);
    await page.getByRole('button', { name: `Set to ${counted} (${change})` }).click();
    await expect.poll(() => key.onHand(item)).toBe(counted);
  }
  const list = await visitor.open(`/exceptions?store=${STORE}&kind=count_conflict`);
  const open = list.locator(`[data-case="${item.sku}"]`);
  await expect(open).toContainText('The newer number stands');
  await open.getByRole('button', { name: 'Keep the newer number' }).click();
  await expect(open).toHaveCount(0);
});

/** Goods whose only lot is over, and the sale of one of them. */
async function soldExpired(key: Key): Promise<{ sku: string; lot: string; sale: string }> {
  const [sku, sale] = [`E${randomUUID().slice(0, 8).toUpperCase()}`, randomUUID()];
  await key.post('/items', { id: randomUUID(), sku, name: `Cream ${sku}`, price: '2.55' });
  await key.change(`/items/${sku}`, { tracking: 'lot' });
  const lots = [{ line: 1, lot: `L${sku}`, expires_on: '2020-01-31' }];
  await key.post('/receipts', { id: randomUUID(), store: STORE, lines: [{ sku, quantity: '4', unit_price: '1.10' }], lots });
  await key.post('/sales', { id: sale, store: STORE, lines: [{ sku, quantity: '1', unit_price: '2.55' }] });
  return { sku, lot: `L${sku}`, sale };
}

test('a sale of expired goods leads to its lot, and is undone, or somebody says how it was handled', async ({ visit, key }) => {
  const [undone, kept] = [await soldExpired(key), await soldExpired(key)];
  const mark = await visit('mark');
  const page = await mark.open(`/exceptions?store=${STORE}&kind=expired_sale`);
  const open = page.locator(`[data-case="${undone.sku}"]`);
  await expect(open.getByRole('button', { name: 'It was handled' })).toBeVisible();
  await expect(open.getByRole('button', { name: 'Count it' }), 'a count settles nothing').toHaveCount(0);
  await expect(open.getByRole('link', { name: 'A delivery was not booked' })).toHaveCount(0);
  await open.getByRole('link', { name: 'See the lot' }).click();
  await expect(page).toHaveURL(/\/lots\?.*show=barred/);
  const lot = page.locator(`[data-lot="${undone.lot}"]`);
  await lot.locator('.lot-open').click();
  await expect(lot.getByText('To whom it went')).toBeVisible();

  await page.goBack();
  await open.getByRole('link', { name: 'Open the sale' }).click();
  await expect(page).toHaveURL(new RegExp(`/history\\?.*q=${undone.sale}`));
  const posting = page.locator('.posting');
  await expect(posting).toHaveCount(1);
  await posting.getByRole('button', { name: 'Undo' }).click();
  await posting.getByRole('button', { name: 'Undo this sale' }).click();
  await expect(posting).toContainText('Undone');

  const rest = await mark.open(`/exceptions?store=${STORE}&kind=expired_sale`);
  await expect(rest.locator(`[data-case="${undone.sku}"]`), 'undone, it is settled').toHaveCount(0);
  const other = rest.locator(`[data-case="${kept.sku}"]`);
  await other.getByRole('button', { name: 'It was handled' }).click();
  await other.getByRole('button', { name: 'The customer was told' }).click();
  await expect(other).toHaveCount(0);
  const { data } = await key.get(`/exceptions?store=${STORE}&kind=expired_sale`);
  expect(data.map((one: { sku: string }) => one.sku)).not.toContain(kept.sku);
});
