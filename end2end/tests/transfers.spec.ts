// Moving goods: packed by two at once, sent, counted in at the other end, and what is missing settled.
import { randomUUID } from 'node:crypto';
import { STORE, expect, isLive, slowed, test } from './shop.ts';

test('goods are packed by two people, sent to the stock room, counted in by scan, and the rest is settled', async ({ visit, key }) => {
  const item = await key.stocked(10);
  await key.post('/places', { id: randomUUID(), store: STORE, code: `R${item.sku}`, name: `Room ${item.sku}` });
  const ann = await (await visit('ann')).open(`/transfers?store=${STORE}`);
  await ann.getByRole('combobox', { name: /^To\b/ }).selectOption({ label: `Room ${item.sku}` });
  await ann.getByRole('button', { name: 'Send something' }).click();
  await expect(ann.getByText('Scan what goes along.')).toBeVisible();
  await ann.locator('#scan-field').fill(item.barcode);
  await ann.keyboard.press('Enter');
  await expect(ann.getByRole('button', { name: 'Send 1' })).toBeEnabled();

  const mark = await (await visit('mark')).open(new URL(ann.url()).pathname + `?store=${STORE}`);
  await expect(ann.getByText('Also here: Mark Hale')).toBeVisible();
  await mark.locator('#scan-field').fill(item.barcode);
  await mark.keyboard.press('Enter');
  await expect(ann.getByRole('button', { name: 'Send 2' })).toBeEnabled();
  await ann.getByRole('button', { name: 'Send 2' }).click();
  await expect.poll(() => key.onHand(item)).toBe('8');

  await expect(mark.getByRole('button', { name: 'All 2 arrived' })).toBeVisible();
  const olga = await (await visit('olga')).open(`/stock?store=${STORE}&q=${item.sku}`);
  await mark.locator('#scan-field').fill(item.barcode);
  await mark.keyboard.press('Enter');
  await mark.getByRole('button', { name: 'Book in, and the rest is missing' }).click();
  await expect(olga.getByText('1 elsewhere'), 'an open grid tells what lies in the room').toBeVisible();
  await expect(ann.getByText('Where are the missing 1?')).toBeVisible();
  await ann.getByRole('button', { name: 'They are back here' }).click();
  await expect(mark.getByText('1 came back')).toBeVisible();
  await expect(mark.getByText('Arrived', { exact: true })).toBeVisible();
  await expect.poll(() => key.onHand(item), 'ten, less the one that lies in the room').toBe('9');
});

test('one store sends, and the other books in all of it with one tap', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const olga = await visit('olga');
  const other = `N${item.sku.slice(1, 6)}`;
  const form = { name: 'North', code: other, currency: 'GBP', time_zone: 'Europe/London' };
  await olga.context.request.post(`${olga.url}/api/setup/add_store`, { form, headers: { origin: olga.url, accept: 'text/html' } });
  const lines = [{ sku: item.sku, quantity: '4' }];
  const { id } = await key.post('/transfers', { id: randomUUID(), store: STORE, to_store: other, lines });
  const here = await (await visit('ann')).open(`/transfers/${id}?store=${STORE}`);
  const there = await olga.open(`/transfers?store=${other}`);
  await expect(there.getByText('Nothing is on the move')).toBeHidden();
  await here.getByRole('button', { name: 'Send 4' }).click();
  await expect(here.getByText('On the way', { exact: true })).toBeVisible();
  await there.getByRole('link', { name: 'On the way' }).click();
  await there.getByRole('button', { name: 'All 4 arrived' }).click();
  await expect(here.getByText('Arrived', { exact: true })).toBeVisible();
  const { data } = await key.get(`/stock?sku=${item.sku}&store=${other}`);
  expect(data[0].on_hand).toBe('4');
});

test('scans that are faster than the answers all count, of two packers at once', async ({ visit, key, watch }) => {
  // Who writes second is told so, and the page makes the change anew.
  watch.expect(/412.*step_transfer/);
  const item = await key.stocked(10);
  const room = `R${item.sku}`;
  await key.post('/places', { id: randomUUID(), store: STORE, code: room, name: `Room ${item.sku}` });
  const { id } = await key.post('/transfers', { id: randomUUID(), store: STORE, to: room, lines: [{ sku: item.sku, quantity: '1' }] });
  const path = `/transfers/${id}?store=${STORE}`;
  const [ann, mark] = [await (await visit('ann')).open(path), await (await visit('mark')).open(path)];
  for (const page of [ann, mark]) await slowed(page, 'step_transfer');
  for (const _ of [1, 2, 3]) {
    for (const page of [ann, mark]) {
      await page.locator('#scan-field').fill(item.sku);
      await page.keyboard.press('Enter');
    }
  }
  for (const page of [ann, mark]) await expect(page.getByRole('button', { name: 'Send 7' })).toBeEnabled({ timeout: 15_000 });
  await ann.getByRole('button', { name: 'One fewer' }).click();
  await expect(mark.getByRole('button', { name: 'Send 6' })).toBeEnabled();
});

test('what arrived and got no answer is sent again and counts once, also after a reload', async ({ visit, key, watch }) => {
  watch.expect(/net::ERR_FAILED/);
  const item = await key.stocked(10);
  const room = `R${item.sku}`;
  await key.post('/places', { id: randomUUID(), store: STORE, code: room, name: `Room ${item.sku}` });
  const { id } = await key.post('/transfers', { id: randomUUID(), store: STORE, to: room, lines: [{ sku: item.sku, quantity: '10' }] });
  const ann = await (await visit('ann')).open(`/transfers/${id}?store=${STORE}`);
  const count = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      await ann.locator('#scan-field').fill(item.sku);
      await ann.keyboard.press('Enter');
    }
  };
  await ann.getByRole('button', { name: 'Send 10' }).click();
  await expect(ann.getByRole('button', { name: 'All 10 arrived' })).toBeVisible();
  await count(3);
  await ann.reload();
  await isLive(ann);
  await test.step('the answer is lost on its way, and the goods are booked in', async () => {
    const call = '**/api/inventory/step_transfer';
    await ann.route(call, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await ann.getByRole('button', { name: 'Book in 3' }).click();
    await expect(ann.getByText('3 of 10 arrived')).toBeVisible();
    await ann.unroute(call);
    await ann.reload();
    await isLive(ann);
  });
  await count(1);
  await ann.getByRole('button', { name: 'Send the same again' }).click();
  await ann.getByRole('button', { name: 'Book in 1' }).click();
  await expect(ann.getByText('4 of 10 arrived')).toBeVisible();
  const { data } = await key.get(`/stock?sku=${item.sku}&store=${STORE}`);
  expect(data.find((row: { location: string }) => row.location === room).on_hand).toBe('4');
});

test('what is missing is settled by parts, and what was not lost after all has a way back', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const room = `R${item.sku}`;
  await key.post('/places', { id: randomUUID(), store: STORE, code: room, name: `Room ${item.sku}` });
  const { id } = await key.post('/transfers', { id: randomUUID(), store: STORE, to: room, lines: [{ sku: item.sku, quantity: '4' }] });
  await key.step(`/transfers/${id}/steps`, { id: randomUUID(), step: 'dispatch' });
  const came = { lines: [{ sku: item.sku, quantity: '1' }], last: true };
  await key.step(`/transfers/${id}/steps`, { id: randomUUID(), step: { arrive: came } });
  const ann = await (await visit('ann')).open(`/transfers/${id}?store=${STORE}`);
  await expect(ann.getByText('Where are the missing 3?')).toBeVisible();
  for (const _ of [1, 2]) await ann.getByRole('button', { name: `${item.name}: one fewer` }).click();
  await ann.getByRole('button', { name: '1 lost for good' }).click();
  await expect(ann.getByText('Where are the missing 2?')).toBeVisible();
  await ann.getByRole('button', { name: 'Undo' }).click();
  await expect(ann.getByText('Where are the missing 3?')).toBeVisible();
  await ann.getByRole('button', { name: '3 back here' }).click();
  await expect(ann.getByText('3 came back')).toBeVisible();
  await expect(ann.getByText('Arrived', { exact: true })).toBeVisible();
  await expect.poll(() => key.onHand(item)).toBe('9');
});
