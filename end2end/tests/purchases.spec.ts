// Buying in browsers: an order is written, approved by somebody else, sent, and received by two people at one door.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { STORE, expect, test } from './shop.ts';

test('an order from the first line to the last delivery, by several people (13, 24, 31, 32, 61)', async ({ visit, key, watch }) => {
  // Who writes second is told so, and the page makes the change anew.
  watch.expect(/412.*change_purchase/);
  const cup = await key.stocked(1, 'Copper cup');
  const jug = await key.stocked(1, 'Copper jug');
  const code = `S${randomUUID().slice(0, 6).toUpperCase()}`;
  await key.post('/suppliers', { id: randomUUID(), code, name: `Pottery ${code}`, email: 'orders@pottery.example' });
  const mark = await (await visit('mark')).open(`/purchases?store=${STORE}`);
  const olga = await (await visit('olga')).open(`/purchases?store=${STORE}`);

  await test.step('13: a draft begins with its supplier', async () => {
    await mark.getByRole('link', { name: 'New order' }).click();
    await mark.getByLabel('Search suppliers').fill(code);
    await mark.getByRole('button', { name: `Pottery ${code}` }).click();
    await expect(mark.getByRole('heading', { name: `Pottery ${code}` })).toBeVisible();
  });
  const row = olga.getByRole('link', { name: `Pottery ${code}` });
  await test.step('31: it shows up in the list of somebody else', async () => expect(row).toBeVisible());

  await row.click();
  await expect(olga.getByRole('heading', { name: `Pottery ${code}` })).toBeVisible();
  await test.step('32: two people write one draft, and both their lines are there', async () => {
    await expect(mark.getByText('Also here: Olga Marsh')).toBeVisible();
    for (const [page, item] of [[mark, cup], [olga, jug]] as const) {
      await page.locator('#scan-field').fill(item.sku);
      await page.keyboard.press('Enter');
    }
    for (const page of [mark, olga]) {
      for (const item of [cup, jug]) await expect(page.getByRole('listitem').filter({ hasText: item.name })).toBeVisible();
    }
    await mark.getByRole('button', { name: `${cup.name}: 1, change it` }).click();
    await mark.locator('#pad-number').fill('12');
    await mark.keyboard.press('Enter');
    for (const [item, cost] of [[cup, '2.50'], [jug, '10']] as const) {
      await mark.getByRole('button', { name: new RegExp(`^${item.name}: .* each`) }).click();
      await mark.locator('#pad-number').fill(cost);
      await mark.keyboard.press('Enter');
    }
    await expect(olga.locator('.purchase-total')).toContainText('£40.00');
  });

  // On hand, reserved, available, to come, in the end.
  const ann = await (await visit('ann')).open(`/stock?store=${STORE}&q=${cup.sku}`);
  const figures = ann.getByRole('row').filter({ hasText: cup.sku }).getByRole('gridcell');
  await expect(figures.nth(4)).toHaveText('0');

  await test.step('13: one button says the next step, and the step shows everywhere', async () => {
    await mark.getByRole('button', { name: 'Approve £40.00' }).click();
    await expect(olga.locator('.purchase-head .state')).toHaveText('Approved');
    await olga.getByRole('button', { name: 'Mark as sent' }).click();
    await expect(mark.getByRole('link', { name: 'Receive 13 items' })).toBeVisible();
    await expect(figures.nth(4), 'the grid tells what is to come, live').toHaveText('12');
    await expect(figures.nth(5)).toHaveText('13');
  });

  await test.step('61: on paper it is a table, black on white, on A4 and Letter', async () => {
    await mark.emulateMedia({ media: 'print' });
    await expect(mark.locator('.paper')).toBeVisible();
    await expect(mark.locator('.paper')).toContainText(cup.name);
    await expect(mark.locator('.order.no-print')).toBeHidden();
    for (const format of ['A4', 'Letter']) expect((await mark.pdf({ format })).byteLength).toBeGreaterThan(1_000);
    await mark.emulateMedia({ media: 'screen' });
  });
  await test.step('and as a file for the supplier', async () => {
    const saved = mark.waitForEvent('download');
    await mark.getByRole('link', { name: 'Download PDF' }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toMatch(/^PO-[A-Z0-9-]+\.pdf$/);
    expect((await readFile(await file.path())).subarray(0, 5).toString()).toBe('%PDF-');
    const mail = await mark.getByRole('link', { name: 'Write an e-mail to the supplier' }).getAttribute('href');
    expect(mail).toMatch(/^mailto:orders@pottery\.example\?subject=Purchase%20order%20PO-[A-Z0-9-]+$/);
  });

  await test.step('two people receive at one door, each sees what the other booked in', async () => {
    await mark.getByRole('link', { name: 'Receive 13 items' }).click();
    await olga.getByRole('link', { name: 'Receive 13 items' }).click();
    await expect(mark.getByRole('button', { name: 'Nothing counted yet' })).toBeDisabled();
    await mark.locator('#scan-field').fill(cup.barcode);
    await mark.keyboard.press('Enter');
    await test.step('before it is booked in', async () => expect(olga.getByText('Mark Hale 1 · 1 together')).toBeVisible());
    await mark.getByRole('button', { name: 'Receive 1 item', exact: true }).click();
    await expect(olga.getByText('11 to come', { exact: true })).toBeVisible();
    await expect.poll(() => key.onHand(cup)).toBe('2');
    await expect(figures.nth(4)).toHaveText('11');
    await olga.getByRole('button', { name: 'Everything is here' }).click();
    await olga.getByRole('button', { name: 'Receive 12 items' }).click();
    await expect(mark.getByText('Nothing is expected').or(mark.getByText('0 to come').first())).toBeVisible();
    await expect.poll(() => key.onHand(jug)).toBe('2');
  });

  await test.step('24: a delivery is undone, and the order waits for it again', async () => {
    await olga.getByRole('button', { name: 'Undo' }).click();
    await expect(mark.getByText('11 to come', { exact: true })).toBeVisible();
    await expect.poll(() => key.onHand(jug)).toBe('1');
  });
});

test('an employee sees an order, and no button that is not theirs (52)', async ({ visit, key }) => {
  const item = await key.stocked(1, 'Copper pan');
  const [supplier, order, name] = [randomUUID(), randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.post('/suppliers', { id: supplier, code: name, name });
  await key.post('/purchase-orders', { id: order, store: STORE, supplier, lines: [{ sku: item.sku, quantity: '4', unit_cost: '5' }] });
  const ann = await (await visit('ann')).open(`/purchases/${order}?store=${STORE}`);
  await test.step('52: an employee sees it, and no button that is not hers', async () => {
    await expect(ann.locator('.purchase-head .state')).toHaveText('Draft');
    await expect(ann.locator('.purchase-next')).toHaveCount(0);
  });
});

test('more than is still to come by now is asked about, also of who may approve it', async ({ visit, key }) => {
  const item = await key.stocked(1, 'Copper bowl');
  const [supplier, order, name] = [randomUUID(), randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.post('/suppliers', { id: supplier, code: name, name });
  const lines = [{ sku: item.sku, quantity: '40', unit_cost: '5' }];
  await key.post('/purchase-orders', { id: order, store: STORE, supplier, lines });
  for (const step of ['submit', 'send']) await key.step(`/purchase-orders/${order}/${step}`, {});
  const mark = await (await visit('mark')).open(`/purchases/${order}/receive?store=${STORE}`);
  await mark.getByRole('button', { name: 'Everything is here' }).click();
  await key.post('/receipts', { id: randomUUID(), store: STORE, order, lines: [{ sku: item.sku, quantity: '30' }] });
  await expect(mark.getByText('10 to come', { exact: true })).toBeVisible();
  await mark.getByRole('button', { name: 'Receive 40 items' }).click();
  await expect(mark.getByRole('alert').filter({ hasText: `${item.name}: 40 counted, 10 to come` })).toBeVisible();
  await mark.getByRole('button', { name: 'Look again' }).click();
  expect(await key.onHand(item), 'nothing is booked in before it is answered').toBe('31');
  await mark.getByRole('button', { name: 'Everything is here' }).click();
  await mark.getByRole('button', { name: 'Receive 10 items' }).click();
  await expect.poll(() => key.onHand(item)).toBe('41');
});

test('at a delivery nothing is lost or counted twice, whoever books it in: a lost answer, a device that died', async ({ visit, key, watch }) => {
  watch.expect(/net::ERR_FAILED/);
  const item = await key.stocked(1, 'Copper tray');
  const [supplier, order, name] = [randomUUID(), randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.post('/suppliers', { id: supplier, code: name, name });
  await key.post('/purchase-orders', { id: order, store: STORE, supplier, lines: [{ sku: item.sku, quantity: '10', unit_cost: '5' }] });
  for (const step of ['submit', 'send']) await key.step(`/purchase-orders/${order}/${step}`, {});
  const path = `/purchases/${order}/receive?store=${STORE}`;
  const [ann, mark] = [await (await visit('ann')).open(path), await (await visit('mark')).open(path)];
  const scan = async () => {
    await ann.locator('#scan-field').fill(item.barcode);
    await ann.keyboard.press('Enter');
    // It is emptied once the code is known.
    await expect(ann.locator('#scan-field')).toHaveValue('');
  };
  await scan();
  await scan();
  await expect(mark.getByText('Ann Reed 2 · 2 together')).toBeVisible();
  await test.step('the answer is lost, and what is scanned meanwhile stays', async () => {
    const call = '**/api/inventory/post_receipt';
    await ann.route(call, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await ann.getByRole('button', { name: 'Receive 2 items' }).click();
    await expect(ann.getByRole('button', { name: 'Send the same again' })).toBeEnabled();
    await scan();
    await expect(mark.getByText('Ann Reed 1 · 1 together')).toBeVisible();
    await ann.unroute(call);
    await ann.getByRole('button', { name: 'Send the same again' }).click();
    await expect(ann.getByRole('button', { name: 'Receive 1 item', exact: true })).toBeEnabled();
    expect(await key.onHand(item)).toBe('3');
  });
  await test.step('her device dies, and somebody else books in what it counted', async () => {
    await ann.close();
    await mark.getByRole('button', { name: 'Book in what Ann Reed counted' }).click();
    await expect(mark.getByText('Booked in: 1 item that Ann Reed counted')).toBeVisible();
    expect(await key.onHand(item)).toBe('4');
    const again = await (await visit('ann')).open(path);
    await expect(again.getByRole('button', { name: 'Nothing counted yet' })).toBeVisible();
    await mark.getByRole('button', { name: 'Everything is here' }).click();
    await mark.getByRole('button', { name: 'Receive 7 items' }).click();
    await expect.poll(() => key.onHand(item)).toBe('11');
  });
});

test('a supplier takes as long for an item as it was said, until something else is', async ({ visit, key }) => {
  const item = await key.stocked(1, 'Copper can');
  const [supplier, code] = [randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.post('/suppliers', { id: supplier, code, name: code });
  await key.change(`/suppliers/${supplier}`, { items: [{ sku: item.sku, price: '2', lead_days: 9 }] });
  const days = async () => (await key.get(`/suppliers/${supplier}/items`)).data.map((line: any) => [line.price, line.lead_days]);
  const olga = await (await visit('olga')).open(`/suppliers/${supplier}?store=${STORE}`);
  const line = olga.locator('.sold');
  await expect(line).toContainText('9 days');
  const offer = async (price: string, lead: string) => {
    await olga.getByLabel('SKU', { exact: true }).fill(item.sku);
    await olga.getByLabel('Price', { exact: true }).fill(price);
    await olga.getByLabel('Days until it comes').fill(lead);
    await olga.getByRole('button', { name: 'Add item' }).click();
    await expect(olga.getByLabel('SKU', { exact: true })).toHaveValue('');
  };
  await offer('3', '');
  expect(await days()).toEqual([['3.00', 9]]);
  await offer('3', '4');
  expect(await days()).toEqual([['3.00', 4]]);
  await expect(line).toContainText('4 days');
});
