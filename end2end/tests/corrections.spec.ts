// A correction above the store's limit: it waits, everyone sees it at once, somebody else decides, and only then the stock changes.
import { type Page } from '@playwright/test';
import { type Item, STORE, type Visitor, expect, isLive, test } from './shop.ts';

/** Above what any other test corrects, which share this store. */
const LIMIT = '1000';

/** Sets the limit as the page does, or lifts it. */
async function limitCorrections(visitor: Visitor, amount: string | null): Promise<void> {
  const headers = { origin: visitor.url, 'content-type': 'application/json' };
  const data = { store: STORE, patch: { lock_day: null, limits: [{ kind: 'adjustment', amount }] } };
  const answer = await visitor.context.request.post(`${visitor.url}/api/inventory/change_rules`, { data, headers });
  expect(answer.status(), await answer.text()).toBe(200);
}

/** Counts so many on the shelf of an item's page. */
async function fix(page: Page, number: string): Promise<void> {
  await page.getByRole('button', { name: 'Fix stock' }).click();
  await page.getByLabel('Counted on the shelf').fill(number);
  await page.getByRole('button', { name: new RegExp(`^Set to ${number} `) }).click();
}

/** Follows the link of a correction that waits, and is there. */
async function seeIt(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'See it' }).click();
  await page.waitForURL(/\/corrections\//);
  await isLive(page);
}

const numbered = (page: Page) => page.getByText(/waits for approval as AJ-DEMO-\d+/);
const row = (page: Page, item: Item) => page.locator('.purchase-row').filter({ hasText: item.name });

test('13, 31: what is above the limit waits for somebody else, live for both, and is undone afterwards', async ({ visit, key }) => {
  const item = await key.stocked(5, 'Brass lantern');
  const olga = await visit('olga');
  const rules = await olga.open(`/settings/rules?store=${STORE}`);
  const [mark, home] = [await visit('mark'), `/?store=${STORE}`];
  const board = await mark.open(home);
  const list = await mark.open(`/corrections?store=${STORE}`);
  const ann = await (await visit('ann')).open(`/items/${item.sku}?store=${STORE}`);

  await test.step('who administers sets the limit, and who approves above it', async () => {
    await rules.getByLabel('Corrections of the stock (GBP)').fill(LIMIT);
    await rules.getByLabel('Corrections of the stock: who approves above it').selectOption('Another manager');
    await rules.getByRole('button', { name: 'Set these rules' }).click();
    await expect(rules.getByText('They hold from now on.')).toBeVisible();
    // What is worth far more is for somebody stricter.
    await rules.getByRole('button', { name: /^Add a step ?Corrections/ }).click();
    await rules.getByLabel('Corrections of the stock, step 2 (GBP)').fill('900000');
    await expect(rules.getByLabel('Corrections of the stock, step 2: who approves above it')).toHaveValue('administrator');
    await rules.getByRole('button', { name: 'Set these rules' }).click();
    await expect(rules.getByText('They hold from now on.')).toBeVisible();
    await rules.reload();
    await expect(rules.getByLabel('Corrections of the stock, step 2 (GBP)')).toHaveValue(/^900000/);
  });
  try {
    await test.step('13: it is told kindly, and the number stays', async () => {
      await fix(ann, '505');
      await expect(numbered(ann)).toBeVisible();
      expect(await key.onHand(item)).toBe('5');
    });
    await test.step('31: who may approve sees it at once, at home and in the list', async () => {
      await expect(board.getByRole('link', { name: /Corrections to approve/ })).toBeVisible();
      await expect(row(list, item)).toContainText('Waits for approval');
      await expect(row(list, item)).toContainText('£1,275.00');
    });
    await seeIt(ann);
    await expect(ann.getByText('You found this, so somebody else approves it.')).toBeVisible();
    await expect(ann.getByRole('button', { name: 'Approve and book it' })).toHaveCount(0);

    await test.step('a second person approves, and the first sees it booked', async () => {
      await row(list, item).click();
      await expect(list.getByText('5 on hand now')).toBeVisible();
      await list.getByRole('button', { name: 'Approve and book it' }).click();
      await expect(ann.locator('.purchase-head .state')).toHaveText('Booked');
      await expect(ann.getByText('Approved by Mark Hale')).toBeVisible();
      await expect.poll(() => key.onHand(item)).toBe('505');
    });
    await test.step('24: its author undoes it, as anything else of theirs', async () => {
      await ann.getByRole('button', { name: 'Undo', exact: true }).click();
      await ann.getByRole('button', { name: 'Undo this correction' }).click();
      await expect(list.locator('.purchase-head .state')).toHaveText('Undone');
      await expect.poll(() => key.onHand(item)).toBe('5');
    });
  } finally {
    await limitCorrections(olga, null);
  }
});

test('what is not approved leaves the stock as it is, and says why; what is one’s own is taken back', async ({ visit, key }) => {
  const item = await key.stocked(5, 'Iron lantern');
  const olga = await visit('olga');
  await limitCorrections(olga, LIMIT);
  try {
    const ann = await (await visit('ann')).open(`/items/${item.sku}?store=${STORE}`);
    await fix(ann, '605');
    await seeIt(ann);
    const mark = await (await visit('mark')).open(new URL(ann.url()).pathname);
    await mark.getByText('Do not approve', { exact: true }).click();
    await mark.getByLabel('Why not?').fill('two shelves were counted twice');
    await mark.getByRole('button', { name: 'Leave the stock as it is' }).click();
    await expect(ann.locator('.purchase-head .state')).toHaveText('Not approved');
    await expect(ann.getByText('two shelves were counted twice')).toBeVisible();
    expect(await key.onHand(item)).toBe('5');

    await ann.goto(`${olga.url}/items/${item.sku}?store=${STORE}`);
    await isLive(ann);
    await fix(ann, '705');
    await seeIt(ann);
    await ann.getByRole('button', { name: 'Take it back' }).click();
    await expect(ann.locator('.purchase-head .state')).toHaveText('Taken back');
    expect(await key.onHand(item)).toBe('5');
  } finally {
    await limitCorrections(olga, null);
  }
});
