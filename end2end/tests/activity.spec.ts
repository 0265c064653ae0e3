// Activity and problems: what happened, in sentences, as it happens; what went wrong, and what becomes of it.
import type { Page } from '@playwright/test';
import { PEOPLE, expect, isLive, test } from './shop.ts';

/** The lines of the journal that are shown. */
function lines(page: Page) {
  return page.getByRole('list', { name: /^(Activity|Actividad)$/ }).getByRole('listitem');
}

/** A problem's card by its words. */
function card(page: Page, words: string | RegExp) {
  return page.getByRole('list', { name: 'Problems' }).getByRole('listitem').filter({ hasText: words });
}

test('23, 49, 53: activity explains every line, is live, and its filters are the address', async ({ visit, key }) => {
  const item = await key.stocked(12);
  const olga = await visit('olga');
  const page = await olga.open('/activity');
  await expect(page.getByRole('status').filter({ hasText: /every line up to \d+ is as it was written/ })).toBeVisible();
  await expect(lines(page).filter({ hasText: `added ${item.name}` }).first()).toBeVisible();
  await expect(lines(page).filter({ hasText: 'that this page has no words for' })).toHaveCount(0);

  // Live: a sale by another system, and a sign-in, arrive by themselves.
  await key.sell(item, 3);
  await expect(lines(page).first()).toContainText(`sold 3 × ${item.name}.`);
  await visit('ann');
  await expect(lines(page).first()).toContainText(`${PEOPLE.ann.shown} signed in.`);

  // The exact time and the line's number come on a tap.
  const first = lines(page).first();
  await expect(first.getByText(/^Line \d+$/)).toBeHidden();
  await first.locator('summary').click();
  await expect(first.getByText(/^Line \d+$/)).toBeVisible();
  await expect(first.locator('time')).toBeVisible();

  // Chips and fields are in the address, and the address opens the same again.
  await page.getByRole('navigation', { name: 'Which lines' }).getByRole('link', { name: 'Security' }).click();
  await expect(page).toHaveURL(/kind=security/);
  await expect(lines(page).first()).toContainText('signed in.');
  await page.getByText('Filter', { exact: true }).click();
  await page.getByLabel('Who').selectOption({ label: PEOPLE.ann.shown });
  await page.getByRole('button', { name: 'Show these lines' }).click();
  await expect(page).toHaveURL(/who=person/);
  await expect(lines(page)).not.toHaveCount(0);
  for (const text of await lines(page).allInnerTexts()) expect(text).toContain(PEOPLE.ann.shown);
  const again = await olga.open(new URL(page.url()).pathname + new URL(page.url()).search);
  await expect(again.getByLabel('Who')).toHaveValue(/^person:/);

  // Older lines are a page of their own.
  await page.goto(`${olga.url}/activity`);
  await isLive(page);
  const newest = Number(await lines(page).first().getAttribute('data-seq'));
  await page.getByRole('link', { name: 'Older lines' }).click();
  await expect(page).toHaveURL(/before=\d+/);
  await expect.poll(async () => Number(await lines(page).first().getAttribute('data-seq'))).toBeLessThan(newest);

  // In Spanish, and not for everybody.
  await olga.context.addCookies([{ name: 'lang', value: 'es', url: olga.url }]);
  const spanish = await olga.open('/activity?kind=changes');
  await expect(lines(spanish).first()).toContainText(`vendió 3 × ${item.name}.`);
});

test('24, 29: a browser error and a report arrive in problems, are taken, closed, undone', async ({ visit, watch }) => {
  watch.expect(/error: .*lantern fell/, /console\.error: .*lantern fell/);
  const olga = await (await visit('olga')).open('/problems');
  await expect(olga.getByRole('heading', { level: 1, name: 'Problems' })).toBeVisible();

  // A screen breaks somewhere else: what was typed there stays there.
  const till = await (await visit('ann')).open('/till');
  await till.locator('#scan-field').fill('canary-typed-into-a-field');
  await till.evaluate(() => setTimeout(() => { throw new Error('the lantern fell on "canary-in-quotes"'); }));
  await expect(card(olga, 'the lantern fell on …')).toBeVisible();

  // Ann says so too, from her menu.
  await till.getByLabel(new RegExp(PEOPLE.ann.shown)).first().click();
  await till.getByRole('button', { name: 'Report a problem' }).click();
  await till.getByLabel('What happened?').fill('The lantern fell off the shelf');
  await till.getByRole('button', { name: 'Send the report' }).click();
  await expect(till.getByText('Thank you. The report has arrived.')).toBeVisible();
  await till.getByRole('button', { name: 'Close', exact: true }).click();
  const report = card(olga, 'The lantern fell off the shelf');
  await expect(report).toContainText(`From ${PEOPLE.ann.shown}`);
  await report.getByText('Details').click();
  await expect(report.getByText('/till').first()).toBeVisible();
  expect(await olga.locator('main').innerText()).not.toContain('canary');

  // Taken, closed with a note, undone, closed.
  await report.getByRole('button', { name: 'I take it' }).click();
  await expect(report).toContainText('You look after it');
  await report.getByRole('button', { name: 'Close', exact: true }).click();
  await report.getByLabel(/What was done/).fill('Put it back');
  await report.getByRole('button', { name: 'Close this problem' }).click();
  await expect(report).toHaveCount(0);
  await olga.getByRole('button', { name: 'Undo' }).click();
  await expect(card(olga, 'The lantern fell off the shelf')).toBeVisible();
  await card(olga, 'The lantern fell off the shelf').getByRole('button', { name: 'Close', exact: true }).click();
  await card(olga, 'The lantern fell off the shelf').getByRole('button', { name: 'Close this problem' }).click();
  await olga.getByRole('link', { name: 'Closed' }).click();
  await expect(card(olga, 'The lantern fell off the shelf')).toBeVisible();
});
