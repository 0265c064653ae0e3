// The dashboard: every figure moves by itself and leads to its rows; and filters on the grid keep their names.
import type { Page } from '@playwright/test';
import { PEOPLE, STORE, expect, isLive, mark, test } from './shop.ts';

/** The figure under a tile's name. */
const tile = (page: Page, name: string) => page.locator('.tile').filter({ has: page.getByText(name, { exact: true }) });

async function number(page: Page, name: string): Promise<number> {
  return Number((await tile(page, name).locator('.tile-number').textContent())?.replaceAll(/[^\d.-]/g, ''));
}

test('31, 53: value, exceptions and what colleagues do move by themselves, and each figure opens its rows', async ({ visit, key }) => {
  const mark_ = await visit('mark');
  const page = await mark_.open(`/dashboard?store=${STORE}`);
  const stayed = await mark(page);
  await expect(tile(page, 'Taken').locator('.tile-against')).toContainText(/last \w+day by \d\d:\d\d/);
  const worth = page.getByRole('heading', { name: 'Stock value' }).locator('xpath=..');
  const before = await worth.locator('.worth-sum').textContent();
  const exceptions = await number(page, 'To settle');
  // Ten come in at £1.10, as another system says it.
  const item = await key.stocked(10);
  await expect(worth.locator('.worth-sum')).not.toHaveText(before ?? '');
  await expect(worth.getByRole('listitem').first()).toContainText('at cost');
  // Ann sells one: the till never says no, and her name comes up at once.
  const till = await (await visit('ann')).open('/till');
  await till.getByLabel('Scan or search').fill(item.barcode);
  await till.keyboard.press('Enter');
  await till.getByRole('button', { name: /^Sell 1 item/ }).click();
  const colleagues = page.getByRole('heading', { name: 'What colleagues are doing' }).locator('xpath=..');
  await expect(colleagues.getByRole('listitem').filter({ hasText: PEOPLE.ann.shown })).toContainText(`sold ${item.name}`);
  // Twelve more than there are: one more exception.
  await key.sell(item, 12);
  await expect.poll(() => number(page, 'To settle'), { message: 'exceptions' }).toBe(exceptions + 1);
  // Settled by hand, which moves no stock.
  const ask = async (what: string, data: object) => {
    const answer = await page.request.post(`${mark_.url}/api/inventory/${what}`, { data, headers: { origin: mark_.url } });
    expect(answer.status(), what).toBe(200);
    return answer.json();
  };
  const { data } = await ask('exceptions', { store: STORE });
  const open = data.find((one: any) => one.name === item.name);
  await ask('settle_exception', { id: open.exception.id, reason: 'known and fine' });
  await expect.poll(() => number(page, 'To settle'), { message: 'settled' }).toBe(exceptions);
  await stayed();
  // A figure opens into its rows.
  await tile(page, 'To check').click();
  await expect(page).toHaveURL(/\/stock\?.*short=1/);
  await expect(page.getByRole('row').filter({ hasText: item.name })).toBeVisible();
  await page.goBack();
  await worth.locator('.worth-sum').click();
  await expect(page).toHaveURL(/\/worth/);
});

test('52: who only reads sees the figures without who did what', async ({ visit, key }) => {
  await key.stocked(3);
  const page = await (await visit('mark')).open(`/dashboard?store=${STORE}`);
  await expect(page.getByRole('heading', { name: 'What colleagues are doing' })).toBeVisible();
  const ann = await visit('ann');
  const answer = await (await ann.open('/stock')).request.post(`${ann.url}/api/report/standing`, {
    data: { store: STORE, day: null }, headers: { 'sec-fetch-site': 'same-origin' },
  });
  expect(answer.status()).toBe(403);
});

test('49: a filter is kept under a name, shared as a link, and opened first', async ({ visit, key }) => {
  const item = await key.stocked(4, 'Enamel kettle');
  const visitor = await visit('mark');
  const page = await visitor.open(`/stock?store=${STORE}&q=${item.sku}&sort=name`);
  await page.getByText('Saved filters', { exact: true }).click();
  await page.getByLabel('Name for what is shown now').fill('Kettles');
  await page.getByRole('button', { name: 'Save this filter' }).click();
  await page.getByRole('button', { name: 'Open the stock with Kettles' }).click();
  await page.keyboard.press('Escape');
  const chip = page.getByRole('link', { name: 'Kettles' });
  await expect(chip).toHaveAttribute('aria-current', 'true');
  const shared = await chip.getAttribute('href');
  // The stock opens with it, and what the address asks for is not overruled.
  await page.goto(`${visitor.url}/stock?store=${STORE}`);
  await expect(page).toHaveURL(new RegExp(`q=${item.sku}`));
  await page.goto(`${visitor.url}/stock?store=${STORE}&short=1`);
  await expect(chip).toBeVisible();
  await expect(page).toHaveURL(/short=1/);
  // Somebody else opens the link.
  const other = await (await visit('ann')).open(shared ?? '');
  await expect(other.getByRole('row').filter({ hasText: item.name })).toBeVisible();
  await page.getByText('Saved filters', { exact: true }).click();
  await page.getByRole('button', { name: 'Remove Kettles' }).click();
  await expect(chip).toHaveCount(0);
});

test('62: a chart is drawn when it comes into sight, and not before', async ({ visit, key }) => {
  await key.sell(await key.stocked(5), 1);
  const page = await (await visit('mark')).open(`/dashboard?store=${STORE}`);
  await page.setViewportSize({ width: 360, height: 640 });
  await page.reload();
  await isLive(page);
  await page.waitForFunction(() => 'storeroomChart' in window);
  const last = page.locator('.chart').last();
  await expect(last).not.toBeInViewport();
  await expect(last.locator('canvas')).toHaveCount(0);
  await last.scrollIntoViewIfNeeded();
  await expect(last.locator('canvas')).toBeVisible();
});
