// Home: whatever is scanned or typed leads somewhere, and the focus waits in the field (checklist 1, 2, 3, 4, 7, 8, 19).
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { burst } from './scanner.ts';
import { STORE, expect, test } from './shop.ts';

const field = (page: Page) => page.getByLabel('Scan or search');
const tile = (page: Page, name: string) => page.locator('.home-tile').filter({ hasText: name });

test('1, 2, 3, 4: a burst with Enter, Tab or nothing after it opens the item from anywhere, and slow digits do not', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const page = await (await visit('ann')).open('/');
  await expect(field(page)).toBeFocused();
  for (const end of ['\n', '\t', '']) {
    await field(page).blur();
    await burst(page, item.barcode, end);
    await expect(page.getByRole('heading', { level: 1, name: item.name })).toBeVisible();
    await page.goBack();
    await expect(field(page)).toBeFocused();
  }
  // A paste, which is how an input method delivers a scan.
  await field(page).evaluate((input: HTMLInputElement, code) => {
    input.value = code;
    input.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste', data: code }));
  }, item.barcode);
  await expect(page.getByRole('heading', { name: item.name })).toBeVisible();
  await page.goBack();
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(item.barcode.slice(0, 6), { delay: 140 });
  await page.waitForTimeout(300);
  await expect(field(page)).toHaveValue(item.barcode.slice(0, 6));
});

test('2: a word, a printed command, a slip and a store lead to their pages', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const number = `S-${randomUUID().slice(0, 8)}`;
  const sale = { id: randomUUID(), store: STORE, number, lines: [{ sku: item.sku, quantity: '2', unit_price: '2.55' }] };
  await key.post('/sales', sale);
  const page = await (await visit('ann')).open('/');
  for (const [typed, title] of [['receive', 'Receive'], ['devolver', 'Return'], ['CMD:HISTORY', 'History'], [STORE, 'Stock']]) {
    await field(page).fill(typed);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await page.goBack();
    await expect(field(page)).toBeFocused();
  }
  await burst(page, number, '\n');
  // The sale stands among what happened last at home too.
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible();
  await expect(page.locator('.posting').filter({ hasText: number })).toBeVisible();
  await page.goBack();
  // The next item after "fix" is opened to be counted.
  await field(page).fill('CMD:FIX');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Now scan the item to fix.')).toBeVisible();
  await burst(page, item.barcode, '\n');
  await expect(page.getByLabel('Counted on the shelf')).toBeFocused();
});

test('7, 19: an unknown code is said, seen and kept, and becomes a product by those who may', async ({ visit }) => {
  const code = '4012345678901';
  const page = await (await visit('mark')).open('/');
  await burst(page, code, '\n');
  const said = page.locator('.saying');
  await expect(said).toContainText(`No item has the code ${code}`);
  await expect(said).toHaveAttribute('data-tone', 'warn');
  await expect(said).toHaveAttribute('role', 'status');
  await expect(page.getByRole('button', { name: 'Search for it' })).toBeVisible();
  await page.reload();
  await expect(page.getByText(new RegExp(code)).first()).toBeVisible();
  await page.getByRole('button', { name: 'Drop this code' }).click();
  await expect(field(page)).toBeFocused();
  const ann = await (await visit('ann')).open('/');
  await burst(ann, code, '\n');
  await expect(ann.getByText(new RegExp(`${code}.*Ask a manager`))).toBeVisible();
  await burst(page, code, '\n');
  await page.getByRole('link', { name: 'Add this product' }).click();
  await expect(page.getByRole('textbox', { name: 'SKU' })).toHaveValue(code);
  await page.getByLabel('Name', { exact: true }).fill('Red umbrella');
  await page.getByRole('button', { name: 'Add this product' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Red umbrella' })).toBeVisible();
  await ann.getByRole('button', { name: 'Search for it' }).click();
  await expect(ann.getByRole('link', { name: 'Red umbrella' })).toBeVisible();
});

test('1: the focus is back in the field after a menu closes', async ({ visit }) => {
  const page = await (await visit('ann')).open('/');
  await page.getByLabel('Ann Reed: settings and sign out').click();
  await page.keyboard.press('Escape');
  await expect(field(page)).toBeFocused();
});

test('8: the same item scanned again is one more, and two within 200 ms both land', async ({ visit, key }) => {
  const [one, other] = [await key.stocked(10), await key.stocked(10, 'Blue bowl')];
  const page = await (await visit('ann')).open('/receive');
  await burst(page, one.barcode, '\n', 2);
  await burst(page, other.barcode, '\n', 2);
  await burst(page, one.barcode, '\n', 2);
  const lines = page.getByRole('list', { name: 'This delivery' });
  await expect(lines.getByRole('button', { name: `${one.name}: 2. Change the quantity` })).toBeVisible();
  await expect(lines.getByRole('button', { name: `${other.name}: 1. Change the quantity` })).toBeVisible();
});

test('the tiles count live what waits, and lead to it', async ({ visit, key }) => {
  const item = await key.stocked(1);
  const page = await (await visit('mark')).open('/');
  const exceptions = tile(page, 'To settle');
  const before = Number(await exceptions.locator('strong').textContent());
  await key.sell(item, 2);
  await expect(exceptions.locator('strong')).toHaveText(String(before + 1));
  await expect(page.locator('.posting').first()).toContainText(`sold 2 × ${item.name}`);
  await expect(tile(page, 'Sold today')).toContainText('£');
  await exceptions.click();
  await expect(page.getByRole('heading', { level: 1, name: 'To settle' })).toBeVisible();
  await expect(page.locator('.case').filter({ hasText: item.name })).toBeVisible();
});
