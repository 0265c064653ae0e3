// Signing in and out, with scripts and without.
import { PEOPLE, STORE, expect, fillIn, isLive, test } from './shop.ts';
import { NO_SCRIPTS } from './watch.ts';

test('someone signs in without JavaScript and reads the stock', async ({ visit, key, watch }) => {
  watch.expect(...NO_SCRIPTS);
  const item = await key.stocked(31);
  const visitor = await visit(undefined, undefined, { javaScriptEnabled: false });
  const page = await visitor.context.newPage();
  await page.goto(`${visitor.url}/stock?store=${STORE}&q=${item.sku}`);
  await expect(page).toHaveURL(/\/sign-in/);
  await fillIn(page, 'ann', PEOPLE.ann.password);
  await expect(page).toHaveURL(/\/stock/);
  const row = page.getByRole('row').filter({ hasText: item.name });
  await expect(row.getByRole('gridcell').nth(1)).toHaveText('31');
  await page.getByRole('link', { name: item.name }).click();
  await expect(page.getByRole('heading', { name: 'Why is it 31?' })).toBeVisible();
});

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'with' : 'without';
  test(`a wrong password is answered with a sentence, ${how} JavaScript`, async ({ visit, watch }) => {
    watch.expect(...(javaScriptEnabled ? [/status (of )?409/] : NO_SCRIPTS));
    const visitor = await visit(undefined, undefined, { javaScriptEnabled });
    const page = await visitor.context.newPage();
    await page.goto(`${visitor.url}/sign-in`);
    if (javaScriptEnabled) await page.waitForLoadState('networkidle');
    await fillIn(page, 'mark', 'not-the-password-of-mark');
    await expect(page.getByRole('alert')).toHaveText('The name or the password is wrong. Try again.');
    await expect(page.getByLabel('Password')).toBeVisible();
    await fillIn(page, 'mark', PEOPLE.mark.password);
    await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  });
}

test('signing out ends every page of that browser at once', async ({ visit }) => {
  const visitor = await visit('ann');
  const stock = await visitor.open('/stock');
  const till = await visitor.open('/till');
  await till.getByLabel(`${PEOPLE.ann.shown}: settings and sign out`).click();
  const kept = await visitor.context.cookies();
  await till.getByRole('button', { name: 'Sign out' }).click();
  await expect(till).toHaveURL(/\/sign-in/);
  await expect(stock).toHaveURL(/\/sign-in/, { timeout: 5_000 });
  // The cookies as they were open nothing any more.
  await visitor.context.addCookies(kept);
  await till.goto(`${visitor.url}/stock`);
  await expect(till).toHaveURL(/\/sign-in/);
});

test('what was asked for is shown after signing in, and a foreign address is not', async ({ visit }) => {
  const visitor = await visit();
  const page = await visitor.context.newPage();
  await page.goto(`${visitor.url}/dashboard?store=${STORE}`);
  await fillIn(page, 'mark', PEOPLE.mark.password);
  await expect(page).toHaveURL(`${visitor.url}/dashboard?store=${STORE}`);
  const other = await visit();
  const astray = await other.context.newPage();
  await astray.goto(`${other.url}/sign-in?next=//example.org/`);
  await fillIn(astray, 'mark', PEOPLE.mark.password);
  await expect(astray.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  expect(astray.url().startsWith(`${other.url}/`)).toBe(true);
});

test('an employee sees no reports, a manager does', async ({ visit }) => {
  const till = await (await visit('ann')).open('/till');
  const pages = till.getByRole('navigation', { name: 'Pages' });
  await expect(pages.getByRole('link', { name: 'Stock' })).toBeVisible();
  await expect(pages.getByRole('link', { name: 'Dashboard' })).toHaveCount(0);
  const page = await (await visit('mark')).open('/till');
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Dashboard' }).click();
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible();
  await isLive(page);
});

test('the language and the colours that were chosen stay', async ({ visit }) => {
  const visitor = await visit('ann');
  const page = await visitor.open('/till');
  await page.getByLabel(`${PEOPLE.ann.shown}: settings and sign out`).click();
  await page.getByRole('button', { name: 'Español' }).click();
  await page.getByRole('button', { name: 'Oscuro' }).click();
  await expect(page.getByRole('navigation', { name: 'Páginas' })).toBeVisible();
  await page.reload();
  await isLive(page);
  await expect(page.getByRole('navigation', { name: 'Páginas' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
