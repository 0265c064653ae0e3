// Returns to suppliers: a called-back lot and what came damaged go back, others see it at once, it is credited and undone.
import { randomUUID } from 'node:crypto';
import { burst } from './scanner.ts';
import { STORE, expect, isLive, test } from './shop.ts';

test('13, 61: goods of an order go back by lot, are seen at once, credited, and come again', async ({ visit, key }) => {
  const [milk, cup] = [await key.stocked(3, 'Oat milk'), await key.stocked(1, 'Copper cup')];
  const [supplier, order, name] = [randomUUID(), randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.change(`/items/${milk.sku}`, { tracking: 'lot' });
  await key.post('/suppliers', { id: supplier, code: name, name });
  const lines = [milk, cup].map(({ sku }) => ({ sku, quantity: '4', unit_cost: '2.50' }));
  await key.post('/purchase-orders', { id: order, store: STORE, supplier, lines });
  for (const step of ['submit', 'send']) await key.post(`/purchase-orders/${order}/${step}`, {}, 200);
  const came = [milk, cup].map(({ sku }) => ({ sku, quantity: '4' }));
  const lots = [{ line: 1, lot: `L${milk.sku}`, expires_on: '2099-12-31' }];
  await key.post('/receipts', { id: randomUUID(), store: STORE, order, lines: came, lots });
  const { data } = await key.get(`/lots?store=${STORE}&sku=${milk.sku}`);
  await key.change(`/lots/${data[0].id}`, { status: 'recalled' });

  const olga = await (await visit('olga')).open(`/supplier-returns?store=${STORE}`);
  const mark = await (await visit('mark')).open(`/purchases/${order}?store=${STORE}`);
  await test.step('61: the called-back lot is proposed as called back; all of it goes, and a damaged cup', async () => {
    await mark.getByRole('link', { name: 'Send goods of it back' }).click();
    const lot = mark.locator('.line').filter({ hasText: `Lot L${milk.sku}` });
    await expect(lot.getByText('Called back')).toBeVisible();
    await lot.getByRole('button', { name: /all 4 go back$/ }).click();
    await expect(lot.getByRole('button', { name: 'Called back' })).toHaveAttribute('aria-pressed', 'true');
    await isLive(mark);
    await burst(mark, cup.barcode, '\n');
    const damaged = mark.locator('.line').filter({ hasText: cup.name });
    await expect(damaged.getByRole('button', { name: 'Damaged' })).toHaveAttribute('aria-pressed', 'true');
    await mark.getByRole('button', { name: 'Send 2 lines back' }).click();
    await expect(mark.getByText('Not credited yet')).toBeVisible();
    await expect(mark.locator('.purchase-total')).toContainText('12.50');
    await expect.poll(() => key.onHand(cup)).toBe('4');
    await expect(olga.locator('.purchase-row').filter({ hasText: name })).toBeVisible();
  });

  await test.step('13: it is credited by its number, not after all, and undone', async () => {
    await mark.getByLabel('Number of their credit note').fill('CN-7');
    await mark.getByRole('button', { name: 'Mark as credited' }).click();
    await expect(mark.getByText('Credit note CN-7')).toBeVisible();
    await expect(olga.locator('.purchase-row').filter({ hasText: name })).toBeHidden();
    await mark.getByRole('button', { name: 'Not credited after all' }).click();
    await mark.getByRole('button', { name: 'Undo', exact: true }).click();
    await mark.getByRole('button', { name: 'Undo this return to the supplier' }).click();
    await expect(mark.locator('.purchase-head .state')).toHaveText('Undone');
    await expect.poll(() => key.onHand(cup)).toBe('5');
  });
});

test('52: an employee sees what went back, and no button that is not theirs', async ({ visit, key }) => {
  const item = await key.stocked(3, 'Copper pan');
  const [supplier, id, name] = [randomUUID(), randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.post('/suppliers', { id: supplier, code: name, name });
  await key.post('/supplier-returns', { id, store: STORE, supplier, lines: [{ sku: item.sku, quantity: '1', reason: 'wrong' }] });
  const ann = await (await visit('ann')).open(`/supplier-returns/${id}?store=${STORE}`);
  await expect(ann.locator('.purchase-head .state')).toHaveText('Not credited yet');
  await expect(ann.getByText('Wrong item')).toBeVisible();
  await expect(ann.getByRole('button', { name: 'Mark as credited' })).toHaveCount(0);
  await expect(ann.getByRole('button', { name: 'Undo', exact: true })).toHaveCount(0);
});
