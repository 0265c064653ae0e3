// The employee's day: receive, take back, history, undo, what does not add up (checklist 24, 25, 27, 28, 31, 32, 53).
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { type Item, STORE, expect, isLive, test } from './shop.ts';

async function scan(page: Page, code: string): Promise<void> {
  await page.getByLabel('Scan or search').fill(code);
  await page.keyboard.press('Enter');
}

const quantityOf = (page: Page, list: string, item: Item) =>
  page.getByRole('list', { name: list }).getByRole('button', { name: new RegExp(`^${item.name}: .*Change the quantity`) });

test('24, 27, 28: a delivery outlives a reload and a sign-out, doubts an odd number, and is undone from the bar', async ({ visit, key }) => {
  const item = await key.stocked(5);
  const visitor = await visit('ann');
  const page = await visitor.open('/receive');
  await scan(page, item.barcode);
  await quantityOf(page, 'This delivery', item).click();
  const pad = page.getByRole('region', { name: `How many: ${item.name}` });
  for (const digit of '1212') await pad.getByRole('button', { name: digit, exact: true }).click();
  await pad.getByRole('button', { name: 'Set to 1212' }).click();
  await expect(page.getByText('Did you mean 12, not 1,212?')).toBeVisible();
  await page.getByRole('button', { name: 'Yes, 12' }).click();
  await page.getByLabel('Delivery note or supplier (if any)').fill('DN-4711');
  await page.reload();
  await isLive(page);
  await expect(page.getByRole('button', { name: 'Receive 12 items' })).toBeVisible();
  await page.getByLabel('Ann Reed: settings and sign out').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByLabel('Password')).toBeVisible();
  await visitor.signIn('ann');
  await page.goto(`${visitor.url}/receive`);
  await isLive(page);
  await expect(page.getByLabel('Delivery note or supplier (if any)')).toHaveValue('DN-4711');
  await page.getByRole('button', { name: 'Receive 12 items' }).click();
  await expect.poll(() => key.onHand(item)).toBe('17');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => key.onHand(item)).toBe('5');
  await expect(page.getByRole('button', { name: 'Receive 12 items' })).toBeVisible();
});

test('24, 25, 53: what a customer brings back is found by its sale, told in the history, and undone there by a movement', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const sold = await key.sell(item, 3);
  const page = await (await visit('ann')).open('/return');
  await scan(page, sold.id);
  await page.getByRole('button', { name: `Take back ${item.name}` }).click();
  const lines = page.getByRole('list', { name: 'What comes back' });
  await expect(quantityOf(page, 'What comes back', item)).toHaveText('3');
  await lines.getByRole('button', { name: `One more: ${item.name}` }).click();
  await expect(quantityOf(page, 'What comes back', item), 'no more than was sold').toHaveText('3');
  await lines.getByRole('button', { name: `One fewer: ${item.name}` }).click();
  await page.getByRole('button', { name: 'Did not fit' }).click();
  await page.getByRole('button', { name: /^Take back 2 items · £5.10/ }).click();
  await expect.poll(() => key.onHand(item)).toBe('9');
  await page.goto(`${new URL(page.url()).origin}/history?store=${STORE}&item=${item.sku}`);
  await isLive(page);
  const line = page.locator('.posting[data-kind="return"]');
  await expect(line).toContainText(`Ann Reed took back 2 × ${item.name} for £5.10`);
  await expect(line).toContainText('Did not fit');
  await expect(line).toContainText(`${STORE}`);
  await expect(line).toContainText(/Chrom|Linux|browser/i);
  await expect(page.locator('.posting')).toHaveCount(3);
  await line.getByText('1 line').click();
  await expect(line).toContainText('9 after');
  await line.getByRole('button', { name: 'Undo' }).click();
  await line.getByRole('button', { name: 'Undo this return' }).click();
  await expect(line).toContainText('Undone');
  await expect.poll(() => key.onHand(item)).toBe('7');
  // The undoing is a posting of its own; nothing went away.
  await page.getByRole('button', { name: '1 new – show' }).click();
  await expect(page.locator('.posting')).toHaveCount(4);
  await expect(page.locator('.posting[data-kind="reversal"]')).toContainText(`Ann Reed undid 2 × ${item.name}`);
  // What another system sold is not hers to undo.
  await expect(page.locator('.posting[data-kind="sale"]').getByRole('button', { name: 'Undo' })).toHaveCount(0);
});

test('25: one item on two lines of a sale comes back whole, and a sale that was undone offers nothing', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const lines = ['1', '2'].map((quantity) => ({ sku: item.sku, quantity, unit_price: '2.55' }));
  const sold = await key.post('/sales', { id: randomUUID(), store: STORE, lines });
  const visitor = await visit('mark');
  const page = await visitor.open('/return');
  await scan(page, sold.id);
  await page.getByRole('button', { name: 'Take back everything' }).click();
  await expect(quantityOf(page, 'What comes back', item)).toHaveText('3');
  const data = { posting: sold.id, reversal: { id: randomUUID() } };
  const answer = await page.request.post(`${visitor.url}/api/inventory/reverse`, { data, headers: { origin: visitor.url } });
  expect(answer.status()).toBe(200);
  await page.goto(`${visitor.url}/return?sale=${sold.id}`);
  await isLive(page);
  const sale = page.getByRole('region', { name: 'What was sold' });
  await expect(sale).toContainText('This sale was undone.');
  await expect(sale.getByRole('button', { name: 'Take back' })).toHaveCount(0);
  await scan(page, sold.id);
  await expect(page.getByRole('status').filter({ hasText: 'This sale was undone.' })).toBeVisible();
});

test('31: the history is filtered by its address, and what is new waits behind a chip', async ({ visit, key }) => {
  const item = await key.stocked(50);
  const page = await (await visit('mark')).open(`/history?store=${STORE}&item=${item.sku}`);
  await expect(page.locator('.posting')).toHaveCount(1);
  await key.sell(item, 1);
  await key.sell(item, 2);
  await expect(page.getByRole('button', { name: '2 new – show' })).toBeVisible();
  await expect(page.locator('.posting')).toHaveCount(1);
  await page.getByRole('button', { name: '2 new – show' }).click();
  await expect(page.locator('.posting').first()).toContainText(`2 × ${item.name}`);
  await page.getByRole('link', { name: 'Delivery', exact: true }).click();
  await expect(page).toHaveURL(/kind=receipt/);
  await expect(page.locator('.posting')).toHaveCount(1);
  await page.getByRole('link', { name: `Without ${item.sku}` }).click();
  await expect(page).not.toHaveURL(/item=/);
  await expect(page.locator('.posting').nth(1)).toBeVisible();
  await expect(page.locator('.posting[data-kind="sale"]')).toHaveCount(0);
});

test('31, 32: two people see who is on an exception, and a count that comes late gets a choice', async ({ visit, key, watch }) => {
  // A conflict is an answer, which the browser notes.
  watch.expect(/status (of )?412/);
  const item = await key.stocked(1);
  await key.sell(item, 4);
  const ann = await (await visit('ann')).open('/exceptions');
  const mark = await (await visit('mark')).open('/exceptions');
  const [anns, marks] = [ann, mark].map((page) => page.locator('.case').filter({ hasText: item.name }));
  await expect(anns).toContainText('−3 on hand');
  await expect(anns).toContainText(`sold 4 × ${item.name}`);
  await anns.getByRole('button', { name: 'I am on it' }).click();
  await expect(marks).toContainText('Ann Reed is on it');
  await anns.getByRole('button', { name: 'Count it' }).click();
  await ann.getByLabel('Counted on the shelf').fill('6');
  await expect(ann.getByRole('button', { name: 'Set to 6 (+9)' })).toBeVisible();
  await key.sell(item, 1);
  await expect(anns).toContainText('−4 on hand');
  await ann.getByRole('button', { name: 'Set to 6 (+9)' }).click();
  await expect(ann.getByText('It moved while you counted: it was −3 and is now −4. You counted 6.')).toBeVisible();
  expect(await key.onHand(item)).toBe('-4');
  await ann.getByRole('button', { name: 'I counted before that: set to 5' }).click();
  await expect.poll(() => key.onHand(item)).toBe('5');
  await expect(anns).toHaveCount(0);
  await expect(marks).toHaveCount(0);
  await ann.getByRole('button', { name: 'Undo' }).click();
  await expect(marks).toContainText('−4 on hand');
  // A manager finds the delivery that nobody booked; the exception closes by itself.
  await marks.getByRole('link', { name: 'A delivery was not booked' }).click();
  await quantityOf(mark, 'This delivery', item).click();
  const pad = mark.getByRole('region', { name: `How many: ${item.name}` });
  await pad.getByRole('button', { name: '9', exact: true }).click();
  await pad.getByRole('button', { name: 'Set to 9' }).click();
  await mark.getByRole('button', { name: 'Receive 9 items' }).click();
  await expect.poll(() => key.onHand(item)).toBe('5');
  await expect(anns).toHaveCount(0);
});

test('what one counts or undoes while another has signed in beside is refused, stays on the screen, and is theirs later', async ({ visit, key, watch }) => {
  watch.expect(/status (of )?401/);
  const item = await key.stocked(10);
  const visitor = await visit('ann');
  const page = await visitor.open(`/items/${item.sku}?store=${STORE}`);
  await page.getByRole('button', { name: 'Fix stock' }).click();
  await page.getByLabel('Counted on the shelf').fill('12');
  // As in another window of this browser; here everything is still Ann's.
  await visitor.signIn('mark');
  await page.getByRole('button', { name: 'Set to 12 (+2)' }).click();
  const refused = page.getByRole('alert').filter({ hasText: 'somebody else has signed in on this device' });
  await expect(refused).toBeVisible();
  await expect(page.getByLabel('Counted on the shelf')).toHaveValue('12');
  expect(await key.onHand(item)).toBe('10');
  await visitor.signIn('ann');
  await page.getByRole('button', { name: 'Set to 12 (+2)' }).click();
  await expect.poll(() => key.onHand(item)).toBe('12');
  const undo = page.locator('.undo').getByRole('button', { name: 'Undo' });
  await visitor.signIn('mark');
  await undo.click();
  await expect(refused).toBeVisible();
  expect(await key.onHand(item)).toBe('12');
  await visitor.signIn('ann');
  await undo.click();
  await expect.poll(() => key.onHand(item)).toBe('10');
});

test('an exception that is fine is closed with a reason, for everyone', async ({ visit, key }) => {
  const item = await key.stocked(1);
  await key.sell(item, 2);
  const [ann, mark] = [await (await visit('ann')).open('/exceptions'), await (await visit('mark')).open('/exceptions')];
  const [anns, marks] = [ann, mark].map((page) => page.locator('.case').filter({ hasText: item.name }));
  await marks.getByRole('button', { name: 'It’s fine' }).click();
  await marks.getByRole('button', { name: 'Will be booked later' }).click();
  await expect(marks).toHaveCount(0);
  await expect(anns).toHaveCount(0);
  expect(await key.onHand(item)).toBe('-1');
});
