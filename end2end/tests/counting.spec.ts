// Two people count one shelf while the till sells; a manager accepts on a third screen. Nobody who counts is told what should be there.
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { type Item, type Key, STORE, type Visitor, expect, test } from './shop.ts';
import { NO_LINE } from './watch.ts';

/** Opens a count of these items and answers with its address. */
async function begin(key: Key, items: Item[]): Promise<string> {
  const count = await key.post('/counts', { id: randomUUID(), store: STORE, by: 'items', skus: items.map((item) => item.sku) });
  return `/counts/${count.id}?store=${STORE}`;
}

async function scan(page: Page, code: string): Promise<void> {
  await page.locator('#scan-field').fill(code);
  await page.keyboard.press('Enter');
}

/** Everything that a page receives: answers and frames. */
async function listening(visitor: Visitor, path: string): Promise<{ page: Page; received: () => string }> {
  const page = await visitor.context.newPage();
  const all: string[] = [];
  page.on('response', async (answer) => {
    const type = answer.headers()['content-type'] ?? '';
    if (/html|json/.test(type)) all.push(await answer.text().catch(() => ''));
  });
  page.on('websocket', (socket) => socket.on('framereceived', (frame) => all.push(String(frame.payload))));
  await page.goto(visitor.url + path);
  await expect(page.locator('#scan-field')).toBeFocused();
  return { page, received: () => all.join('\n') };
}

test('7, 8, 31: two people count one shelf, the till sells, a manager accepts: no line is lost, and nobody is told what should be there', async ({ visit, key }) => {
  const [lamp, vase] = [await key.stocked(7919, 'Brass lamp'), await key.stocked(10, 'Blue vase')];
  const path = await begin(key, [lamp, vase]);
  const ann = await listening(await visit('ann'), path);
  const mark = await (await visit('mark')).open(path);
  for (let at = 0; at < 3; at += 1) await scan(ann.page, lamp.barcode);
  await expect(ann.page.locator('.count-number')).toContainText('3');
  await scan(mark, lamp.barcode);
  await scan(mark, vase.barcode);
  await expect(mark.locator('.count-hand')).toContainText(vase.name);
  await expect(ann.page.locator('.count-people li')).toHaveCount(2);
  // An unknown code does not interrupt.
  await scan(ann.page, '999999999999');
  await expect(ann.page.getByText('No product has this code.').first()).toBeVisible();
  await scan(ann.page, vase.barcode);
  await expect(ann.page.locator('.count-number')).toContainText('2');
  await key.sell(vase, 1);
  await mark.getByRole('button', { name: 'Number…' }).click();
  await mark.locator('#pad-number').fill('9');
  await mark.keyboard.press('Enter');
  await expect(mark.locator('.count-number')).toContainText('10');
  await ann.page.getByRole('button', { name: 'Finish the count' }).click();
  await expect(ann.page.getByText('A manager looks at what differs')).toBeVisible();
  expect(ann.received()).toContain(lamp.sku);
  for (const number of ['7919', '7,919']) expect(ann.received()).not.toContain(number);
  // The manager's screen became the review by itself: 4 lamps of 7919; of 9 vases there are 10.
  await expect(mark.locator('.count-line')).toHaveCount(2);
  await expect(mark.locator('.count-line').filter({ hasText: lamp.name })).toContainText('7,919');
  await mark.getByRole('button', { name: `Count ${lamp.name} again` }).click();
  await mark.getByRole('button', { name: 'Accept 1, recount 1' }).click();
  await expect(ann.page.getByText('Somebody else counts it now.').first()).toBeVisible();
  const olga = await (await visit('olga')).open(path);
  await scan(olga, lamp.barcode);
  await olga.getByRole('button', { name: 'Number…' }).click();
  await olga.locator('#pad-number').fill('7918');
  await olga.keyboard.press('Enter');
  await expect(olga.locator('.count-number')).toContainText('7,918');
  await olga.getByRole('button', { name: 'Finish the count' }).click();
  await mark.getByRole('button', { name: /^Accept/ }).click();
  await expect(mark.getByText('Booked.')).toBeVisible();
  expect(await key.onHand(lamp)).toBe('7918');
  expect(await key.onHand(vase)).toBe('10');
});

test('26: what nobody counted is asked about, and giving a count up names it', async ({ visit, key }) => {
  const [lamp, vase] = [await key.stocked(3, 'Tin lamp'), await key.stocked(2, 'Red vase')];
  const page = await (await visit('ann')).open(await begin(key, [lamp, vase]));
  await scan(page, lamp.barcode);
  await page.getByRole('button', { name: 'Finish the count' }).click();
  await expect(page.getByText('Nobody counted these.')).toBeVisible();
  await page.getByRole('button', { name: 'Go on counting' }).click();
  await page.getByRole('button', { name: 'Give this count up' }).click();
  await page.getByRole('button', { name: /^Give CT-DEMO-\d+ up$/ }).click();
  await expect(page.getByText('This count is over.')).toBeVisible();
  expect(await key.onHand(vase)).toBe('2');
});

test('a stock room is counted by itself, and a number that is right is written down', async ({ visit, key }) => {
  const rack = await key.stocked(5, 'Steel rack');
  const code = `R${rack.sku.slice(1, 7)}`;
  await key.post('/places', { id: randomUUID(), store: STORE, code, name: `Room ${code}` });
  const mark = await (await visit('mark')).open(`/counts?store=${STORE}`);
  await mark.getByRole('button', { name: 'Start a count' }).click();
  await mark.getByRole('radio', { name: 'Some items' }).check();
  await mark.getByLabel('Which items?').fill(rack.barcode);
  await mark.getByLabel('Where').selectOption({ label: `Room ${code}` });
  await mark.getByRole('button', { name: 'Start counting' }).click();
  await expect(mark.getByText(`Some items · Room ${code}`)).toBeVisible();
  for (let at = 1; at <= 2; at += 1) {
    await scan(mark, rack.barcode);
    await expect(mark.locator('.count-number')).toContainText(String(at));
  }
  await mark.getByRole('button', { name: 'Finish the count' }).click();
  await mark.getByRole('button', { name: /^Accept/ }).click();
  await expect(mark.getByText('Booked.')).toBeVisible();
  const { data } = await key.get(`/stock?sku=${rack.sku}&store=${STORE}`);
  const there = data.map((row: { location: string; on_hand: string }) => `${row.location} ${row.on_hand}`).sort();
  expect(there).toEqual([`${code} 2`, 'SHOP 5'].sort());
  // Just this one: five are five.
  const ann = await (await visit('ann')).open(`/items/${rack.sku}?store=${STORE}&fix=1`);
  await ann.getByLabel('Counted on the shelf').fill('5');
  await ann.getByRole('button', { name: 'It is 5: our number is right' }).click();
  await expect(ann.getByText('Counted, and the number is right.')).toBeVisible();
});

test('what did not get through before a count was finished is told, and no count is finished over it', async ({ visit, key, watch }) => {
  watch.expect(...NO_LINE);
  const lamp = await key.stocked(3, 'Oil lamp');
  const path = await begin(key, [lamp]);
  const [annVisit, mark] = [await visit('ann'), await (await visit('mark')).open(path)];
  const ann = await annVisit.open(path);
  await scan(ann, lamp.barcode);
  await expect(ann.locator('.count-number')).toContainText('1');
  await ann.route('**/api/inventory/enter_counts', (route) => route.abort('internetdisconnected'));
  await scan(ann, lamp.barcode);
  await expect(ann.getByText('1 entry is still to be sent.')).toBeVisible();
  await expect(ann.getByRole('button', { name: 'Finish the count' })).toBeDisabled();
  await mark.getByRole('button', { name: 'Finish the count' }).click();
  await expect(ann.getByText('1 entry came too late and is not in this count.')).toBeVisible();
  await ann.getByRole('button', { name: 'I have told them' }).click();
  await expect(ann.getByText('came too late')).toHaveCount(0);
});

test('7: a plan comes again by itself, is paused, changed and ended live for everybody, and what is due stands out', async ({ visit, key }) => {
  const note = `Aisle ${randomUUID().slice(0, 6)}`;
  const mark = await (await visit('mark')).open(`/counts?store=${STORE}`);
  const ann = await (await visit('ann')).open(`/counts?store=${STORE}`);
  const [row, hers] = [mark, ann].map((page) => page.locator('.count-plan').filter({ hasText: note }));
  await mark.getByRole('button', { name: 'Plan a count' }).click();
  await mark.getByLabel('What is counted?').selectOption('What sells most often');
  await mark.getByLabel('How many items at most').fill('12');
  await mark.getByLabel('Every', { exact: true }).fill('2');
  await mark.getByLabel('Next on').fill('2099-12-07');
  await mark.getByLabel('What those who count should know').fill(note);
  await mark.getByRole('button', { name: 'Save the plan' }).click();
  await expect(row).toContainText('every 2 weeks · next on Dec 7, 2099');
  await expect(hers).toContainText('What sells most often');
  await row.getByRole('button', { name: 'Pause' }).click();
  await expect(hers.getByText('Paused')).toBeVisible();
  await mark.getByRole('button', { name: 'Undo' }).click();
  await expect(hers.getByText('Paused')).toBeHidden();
  await hers.getByRole('button', { name: 'Change' }).click();
  await expect(ann.getByLabel('How many items at most')).toHaveValue('12');
  await ann.getByLabel('Days or weeks').selectOption('days');
  await ann.getByRole('button', { name: 'Save the plan' }).click();
  await expect(row).toContainText('every 2 days');
  await row.getByRole('button', { name: 'End', exact: true }).click();
  await expect(hers).toBeHidden();
  await mark.getByRole('button', { name: 'Undo' }).click();
  await expect(hers).toContainText('every 2 days');
  await row.getByRole('button', { name: 'End', exact: true }).click();
  await expect(hers).toBeHidden();

  // What is due is on the first page, and goes as soon as somebody has begun.
  const lamp = await key.stocked(1, 'Due lamp');
  const due = await key.post('/counts', { id: randomUUID(), store: STORE, by: 'items', skus: [lamp.sku], due_on: '2020-01-31' });
  const listed = ann.locator('.count-row').filter({ hasText: due.number });
  await expect(listed.getByText('Due', { exact: true })).toBeVisible();
  await expect((await (await visit('ann')).open(`/?store=${STORE}`)).getByRole('link', { name: /Counts due/ })).toBeVisible();
  await key.step(`/counts/${due.id}/entries`, { entries: [{ id: randomUUID(), code: lamp.sku, quantity: '1' }] });
  await expect(listed.getByText('Being counted')).toBeVisible();
  await key.step(`/counts/${due.id}/cancel`, {});
});
