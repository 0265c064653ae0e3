// Lots: received by their labels, also without a network; sold by them; called back; and back where they came from.
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { burst } from './scanner.ts';
import { type Item, type Key, STORE, expect, isLive, test } from './shop.ts';
import { NO_LINE } from './watch.ts';

/** An item with lots, and what its label says of one: the separator ends what has no fixed length. */
async function tracked(key: Key): Promise<{ item: Item; label: (lot: string, day?: string) => string }> {
  const digits = `507${String(Date.now()).slice(-9)}`;
  const check = (10 - [...digits].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 ? 3 : 1), 0) % 10) % 10;
  const mark = randomUUID().slice(0, 8).toUpperCase();
  const item = { sku: `T${mark}`, name: `Milk ${mark}`, barcode: `${digits}${check}` };
  await key.post('/items', { id: randomUUID(), sku: item.sku, name: item.name, barcodes: [item.barcode], price: '2.55' });
  await key.change(`/items/${item.sku}`, { tracking: 'lot' });
  const label = (lot: string, day = '701231') => `]C1010${item.barcode}17${day}10${lot}`;
  return { item, label };
}

async function lotsOf(key: Key, item: Item): Promise<Record<string, string>> {
  const { data } = await key.get(`/lots?store=${STORE}&sku=${item.sku}`);
  return Object.fromEntries(data.map((lot: { lot: string; on_hand: string }) => [lot.lot, lot.on_hand]));
}

const receive = (key: Key, item: Item, lot: string, expires_on: string, quantity = '4') =>
  key.post('/receipts', { id: randomUUID(), store: STORE, lines: [{ sku: item.sku, quantity }], lots: [{ line: 1, lot, expires_on }] });

const lines = (page: Page) => page.getByRole('main').locator('.line');

test('61: a delivery names its lots, by label and by hand, and without a network too', async ({ visit, key, watch }) => {
  watch.expect(...NO_LINE);
  const { item, label } = await tracked(key);
  const page = await (await visit('ann')).open('/receive');
  await burst(page, item.barcode, '\n');
  await expect(page.getByRole('button', { name: 'Name the missing lot' })).toBeDisabled();
  await burst(page, label('L1'), '\n');
  await expect(lines(page)).toHaveCount(1);
  await expect(page.getByLabel('Lot', { exact: true })).toHaveValue('L1');
  await expect(page.getByLabel('Last good day')).toHaveValue('2070-12-31');
  await burst(page, label('L2'), '\n');
  await expect(lines(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Receive 3 items' }).click();
  await expect.poll(() => lotsOf(key, item)).toEqual({ L1: '2', L2: '1' });

  await page.context().setOffline(true);
  await burst(page, item.barcode, '\n');
  await page.getByLabel('Lot', { exact: true }).fill('L3');
  await page.getByRole('button', { name: `Another lot of ${item.name}` }).click();
  await lines(page).first().getByLabel('Lot', { exact: true }).fill('L4');
  await page.getByRole('button', { name: 'Receive 2 items' }).click();
  await page.context().setOffline(false);
  await expect.poll(() => lotsOf(key, item), { timeout: 30_000 }).toEqual({ L1: '2', L2: '1', L3: '1', L4: '1' });
});

test('61: of an order two lots of one item come, and each keeps its own count', async ({ visit, key }) => {
  const { item, label } = await tracked(key);
  const [supplier, order, name] = [randomUUID(), randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.post('/suppliers', { id: supplier, code: name, name });
  await key.post('/purchase-orders', { id: order, store: STORE, supplier, lines: [{ sku: item.sku, quantity: '12', unit_cost: '1' }] });
  for (const step of ['submit', 'send']) await key.step(`/purchase-orders/${order}/${step}`, {});
  const page = await (await visit('mark')).open(`/purchases/${order}/receive?store=${STORE}`);
  for (const lot of ['L1', 'L1', 'L1', 'L2']) await burst(page, label(lot), '\n');
  await expect(page.getByLabel('How many of it')).toHaveCount(2);
  await expect(page.getByLabel('Lot', { exact: true }).first()).toHaveValue('L1');
  await expect(page.getByLabel('How many of it').first()).toHaveValue('3');
  await page.getByRole('button', { name: `Another lot of ${item.name}` }).click();
  await page.getByLabel('Lot', { exact: true }).last().fill('L3');
  await page.getByLabel('How many of it').last().fill('2');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Receive 6 items' }).click();
  await expect.poll(() => lotsOf(key, item)).toEqual({ L1: '3', L2: '1', L3: '2' });
});

test('61: the till sells the lot on the label, warns of one that must not be sold, and takes it back', async ({ visit, key }) => {
  const { item, label } = await tracked(key);
  await receive(key, item, 'SOON', '2098-12-31');
  await receive(key, item, 'LATE', '2099-12-31');
  const ann = await visit('ann');
  const till = await ann.open('/till');
  await burst(till, item.barcode, '\n');
  await burst(till, label('LATE'), '\n');
  await expect(lines(till)).toHaveCount(2);
  await expect(lines(till).filter({ hasText: 'Lot LATE' })).toHaveCount(1);
  await till.getByRole('button', { name: /^Sell 2 items/ }).click();
  await expect.poll(() => lotsOf(key, item)).toEqual({ SOON: '3', LATE: '3' });

  const { data } = await key.get(`/lots?store=${STORE}&sku=${item.sku}`);
  await key.change(`/lots/${data[1].id}`, { status: 'recalled' });
  await burst(till, label('LATE'), '\n');
  await expect(till.locator('.saying')).toContainText(`${item.name}, lot LATE, is called back`);
  await till.getByRole('button', { name: /^Sell 1 item/ }).click();
  await expect.poll(() => lotsOf(key, item)).toEqual({ SOON: '3', LATE: '2' });
  const waits = async () => {
    const answer = await till.request.post(`${ann.url}/api/inventory/exceptions`, { data: { store: STORE }, headers: { origin: ann.url } });
    const { data } = await answer.json();
    return data.filter(({ exception }: { exception: { kind: string; sku: string } }) => exception.kind === 'expired_sale' && exception.sku === item.sku).length;
  };
  expect(await waits()).toBe(1);
  await till.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(waits, { message: 'nothing is left to settle' }).toBe(0);
  await expect.poll(() => lotsOf(key, item)).toEqual({ SOON: '3', LATE: '3' });

  const back = await (await visit('ann')).open('/return');
  await burst(back, item.barcode, '\n');
  await back.getByLabel('Lot', { exact: true }).fill('SOON');
  await back.getByRole('button', { name: /^Take back 1 item/ }).click();
  await expect.poll(() => lotsOf(key, item)).toEqual({ SOON: '4', LATE: '3' });
});

test('an order is picked by place and lot, and what was fetched from elsewhere is said', async ({ visit, key }) => {
  const { item, label } = await tracked(key);
  await receive(key, item, 'LATE', '2070-12-31');
  await receive(key, item, 'SOON', '2069-12-31');
  const room = `R${item.sku}`;
  await key.post('/places', { id: randomUUID(), store: STORE, code: room, name: `Room ${item.sku}` });
  const trip = randomUUID();
  await key.post('/transfers', { id: trip, store: STORE, to: room, lines: [{ sku: item.sku, quantity: '6' }] });
  const move = await (await visit('mark')).open(`/transfers/${trip}?store=${STORE}`);
  await expect(move.getByText('Take what expires first: 4 of lot SOON, 2 of lot LATE')).toBeVisible();
  await move.getByRole('button', { name: 'Send 6' }).click();
  await move.getByRole('button', { name: 'All 6 arrived' }).click();
  const id = randomUUID();
  await key.post('/orders', { id, store: STORE, content: { lines: [{ sku: item.sku, quantity: '5' }] } });
  await expect.poll(() => key.onHand(item)).toBe('2');
  await key.step(`/orders/${id}/confirm`, {});

  const ann = await (await visit('ann')).open(`/pick/${id}?store=${STORE}`);
  const takes = ann.getByRole('list', { name: 'From where to take it' }).getByRole('listitem');
  await expect(takes).toHaveText([/^2 from SHOP\s*2 of lot LATE, good until/, new RegExp(`^3 from ${room}\\s*3 of lot SOON, good until`)]);
  await burst(ann, label('LATE'), '\n');
  await expect(ann.locator('.pick-count')).toHaveText('1 / 5');
  await expect(ann.locator('.pick-taken')).toContainText('1 from SHOP, lot LATE');
  await ann.getByText('Taken from elsewhere').click();
  await ann.getByRole('combobox', { name: 'Place' }).selectOption(room);
  await ann.getByLabel('Lot', { exact: true }).fill('LATE');
  await ann.getByLabel('How many', { exact: true }).fill('2');
  await ann.getByRole('button', { name: 'Note it' }).click();
  await expect(ann.locator('.pick-taken')).toContainText(`2 from ${room}, lot LATE`);
  for (const count of [2, 3]) {
    await ann.getByRole('button', { name: `One more of ${item.name}` }).click();
    await expect(ann.locator('.pick-count')).toHaveText(`${count} / 5`);
  }
  await ann.getByRole('button', { name: 'Hand over 3 items' }).click();
  await expect(ann.locator('.pick-count')).toHaveText('0 / 2');
  expect(await lotsOf(key, item)).toEqual({ SOON: '4', LATE: '1' });
});

test('11, 61: a lot is called back and let go again, and its trace tells where it is', async ({ visit, key }) => {
  const { item } = await tracked(key);
  await receive(key, item, `L${item.sku}`, '2020-01-31');
  await key.sell(item, 1);
  const mark = await (await visit('mark')).open(`/lots?store=${STORE}`);
  await mark.getByRole('link', { name: 'Not to be sold' }).click();
  await expect(mark).toHaveURL(/show=barred/);
  await mark.reload();
  await isLive(mark);
  const row = mark.locator(`[data-lot="L${item.sku}"]`);
  await expect(row.getByText('Expired')).toBeVisible();
  await row.getByRole('button', { name: 'Call back' }).click();
  await expect(row.getByText('Called back')).toBeVisible();
  await row.locator('.lot-open').click();
  await expect(row.getByText('Where it is')).toBeVisible();
  await expect(row.getByText(/· .*: 3$/)).toBeVisible();
  await expect(row.getByText('good until Jan 31, 2020')).toBeVisible();
  await row.getByLabel('Last good day').fill('2099-12-31');
  await row.getByLabel('Why another day?').fill('Misread');
  await row.getByRole('button', { name: 'Correct the last day' }).click();
  const day = async () => (await key.get(`/lots?store=${STORE}&sku=${item.sku}`)).data[0].expires_on;
  await expect.poll(day).toBe('2099-12-31');
  await mark.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(day).toBe('2020-01-31');
  await row.getByRole('button', { name: 'May be sold again' }).click();
  await expect(row.getByText('Called back')).toBeHidden();
  await isLive(mark);
  const { data } = await key.get(`/lots?store=${STORE}&sku=${item.sku}`);
  expect([data[0].status, data[0].on_hand]).toEqual(['ok', '3']);

  // To whom it went, with the way there: it is open still.
  await expect(row.getByText('To whom it went')).toBeVisible();
  await expect(row.getByRole('link', { name: /^Sale/ })).toHaveAttribute('href', /\/history\?store=.*&q=/);
  await expect(row.getByRole('link', { name: /^Delivery/ })).toHaveAttribute('href', /\/deliveries\//);
});

test('61: what nobody should buy any more has its ways out, and leaves every open screen', async ({ visit, key }) => {
  const { item } = await tracked(key);
  await receive(key, item, `L${item.sku}`, '2020-01-31');
  const shelf = async () => {
    const { data } = await key.get(`/lots?store=${STORE}&sku=${item.sku}`);
    return data.map((lot: { on_hand: string; shelf: string }) => `${lot.shelf} of ${lot.on_hand}`).join();
  };
  const mark = await (await visit('mark')).open(`/lots?store=${STORE}`);
  const ann = await (await visit('ann')).open(`/lots?store=${STORE}`);
  const [row, hers] = [mark, ann].map((page) => page.locator(`[data-lot="L${item.sku}"]`));
  await expect(hers.getByRole('button', { name: /^Set aside/ })).toBeVisible();
  await expect(hers.getByRole('link', { name: /^Back to the supplier/ }), 'who does not order sends nothing back').toHaveCount(0);
  await row.getByLabel('How many of them').fill('3');
  await row.getByRole('button', { name: /^Set aside/ }).click();
  await expect(mark.getByText(`${item.name}: 3 set aside`)).toBeVisible();
  await expect(hers.getByText('3 of them set aside or in another place')).toBeVisible();
  expect(await shelf()).toBe('1 of 4');
  await mark.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(shelf).toBe('4 of 4');
  await expect(row.getByText('set aside or in another place')).toBeHidden();
  await row.getByRole('button', { name: /^Throw away/ }).click();
  await expect(mark.getByText(`${item.name}: 4 thrown away`)).toBeVisible();
  await expect(row).toBeHidden();
  await expect(hers).toBeHidden();
  await mark.getByRole('button', { name: 'Undo' }).click();
  await expect(hers).toBeVisible();
  await row.getByRole('link', { name: /^Back to the supplier/ }).click();
  await expect(mark.getByText('To which supplier?')).toBeVisible();
});

test('61: a long list of lots is read on, and what is read stays live', async ({ visit, key }) => {
  const { item } = await tracked(key);
  const names = Array.from({ length: 55 }, (_, at) => `${item.sku}-${at}`);
  const line = { sku: item.sku, quantity: '1' };
  const lots = names.map((lot, at) => ({ line: at + 1, lot, expires_on: '2019-01-31' }));
  await key.post('/receipts', { id: randomUUID(), store: STORE, lines: names.map(() => line), lots });
  const page = await (await visit('mark')).open(`/lots?store=${STORE}`);
  const rows = page.locator(`[data-lot^="${item.sku}-"]`);
  await expect(rows).toHaveCount(50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(rows).toHaveCount(55);
  const gone = (named: string[]) =>
    key.post('/adjustments', { id: randomUUID(), store: STORE, reason: 'expired', lines: named.map((lot) => ({ sku: item.sku, quantity: '-1', lot })) });
  await gone(names.slice(0, 1));
  await expect(rows, 'what was read on is there still').toHaveCount(54);
  await gone(names.slice(1));
  await expect(rows).toHaveCount(0);
});
