// A tablet that several people share: faces and PINs, each with their own page and draft, and what ends it.
import { type Page } from '@playwright/test';
import { PEOPLE, PIN, STORE, expect, fillIn, isLive, shareTablet, tapPin, test } from './shop.ts';

const face = (page: Page, name: string) => page.getByRole('link', { name });

/** Leaves the tablet to the next one: two taps, from whatever page. */
async function changePerson(page: Page, name: string): Promise<void> {
  await page.getByLabel(`${name}: settings and sign out`).click();
  await page.getByRole('button', { name: 'Change person' }).click();
  await expect(page.getByRole('heading', { name: "Who's working?" })).toBeVisible();
}

test('51: two people at one tablet change places in four taps and a PIN, each with their page and draft', async ({ visit, key, watch }) => {
  watch.expect(/WebSocket/, /status (of )?40[13]/);
  const item = await key.stocked(5);
  // Olga makes the tablet one, Ann sets her PIN, both by hand.
  const tablet = await visit('olga');
  const page = await tablet.open('/settings/sessions');
  await page.getByLabel('Name of the tablet').fill('Back door');
  await page.getByLabel('Ask who is working after').selectOption('1 minute');
  await page.getByRole('button', { name: 'Share this tablet' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Back door' })).toBeVisible();
  // Another test may have set one before.
  const ann = await (await visit('ann')).open('/settings');
  const card = ann.locator('.card').filter({ has: ann.getByRole('heading', { name: 'Your PIN' }) });
  await card.getByLabel('Password now').fill(PEOPLE.ann.password);
  await card.getByLabel('New PIN').fill('123456');
  watch.expect(/status (of )?422/);
  await card.getByRole('button', { name: /^(Set|Change) my PIN$/ }).click();
  await expect(card.getByText('This is among the first that anyone would try')).toBeVisible();
  await card.getByLabel('New PIN').fill(PIN);
  await card.getByRole('button', { name: /^(Set|Change) my PIN$/ }).click();
  await expect(card.getByText('Your PIN is set.')).toBeVisible();
  const marks = await visit('mark');
  const set = await marks.context.request.post(`${marks.url}/api/people/set_pin`, {
    data: { password: PEOPLE.mark.password, pin: '904736' }, headers: { origin: marks.url },
  });
  expect(set.status()).toBe(200);

  await isLive(page);
  await changePerson(page, PEOPLE.olga.shown);
  await expect(face(page, PEOPLE.olga.shown)).toHaveCount(0);
  await face(page, PEOPLE.ann.shown).click();
  await expect(page.getByRole('textbox'), 'nothing opens a keyboard').toHaveCount(0);
  await tapPin(page);
  await isLive(page);
  const first = await tablet.context.cookies();
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Till' }).click();
  await page.locator('#scan-field').fill(item.sku);
  await page.keyboard.press('Enter');
  const line = page.getByRole('listitem').filter({ hasText: item.name });
  await expect(line.first()).toBeVisible();

  // Four taps and six digits, and Mark is there.
  await changePerson(page, PEOPLE.ann.shown);
  await face(page, PEOPLE.mark.shown).click();
  await tapPin(page, '904736');
  await expect(page.getByLabel(`${PEOPLE.mark.shown}: settings and sign out`)).toBeVisible();
  const now = await tablet.context.cookies();
  const value = (cookies: typeof now, name: string) => cookies.find((cookie) => cookie.name.endsWith(name))?.value;
  expect(value(now, 'at')).not.toBe(value(first, 'at'));
  expect(value(now, 'tablet')).toBe(value(first, 'tablet'));
  // A manager with a PIN has the floor and nothing else; hers is not shown to him.
  await isLive(page);
  await expect(page.getByRole('link', { name: 'Dashboard' })).toHaveCount(0);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Till' }).click();
  await expect(page.locator('#scan-field')).toBeVisible();
  await expect(page.getByText(item.name)).toHaveCount(0);
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Stock' }).click();
  await expect(page).toHaveURL(/\/stock/);

  await changePerson(page, PEOPLE.mark.shown);
  await face(page, PEOPLE.ann.shown).click();
  await tapPin(page);
  await expect(page, 'she is where she was').toHaveURL(/\/till/);
  await expect(line.first(), 'with what she had begun').toBeVisible();

  // What she had opened before is worth nothing, here or elsewhere.
  const thief = await visit();
  await thief.context.addCookies(now.filter((cookie) => !cookie.name.endsWith('tablet')));
  const stolen = await thief.context.newPage();
  await stolen.goto(`${thief.url}/till?store=${STORE}`);
  await expect(stolen).toHaveURL(/\/sign-in/);
});

test('43, 51: it locks itself, but not without a network; five wrong PINs; the tablet ends', async ({ visit, watch }) => {
  watch.expect(/WebSocket/, /status (of )?4(01|03|22)/, /net::ERR_INTERNET_DISCONNECTED/, /Failed to fetch/);
  const tablet = await visit();
  await shareTablet(tablet.context, tablet.url, ['ann', 'mark']);
  const page = await tablet.context.newPage();
  await page.clock.install();
  await page.goto(`${tablet.url}/stock`);
  await expect(page).toHaveURL(/\/who/);
  await face(page, PEOPLE.ann.shown).click();
  await tapPin(page);
  await isLive(page);
  await expect(page).toHaveURL(/\/stock/);

  // Nobody could come in again without a network: who is there goes on working.
  await tablet.context.setOffline(true);
  await page.clock.fastForward(70_000);
  await page.clock.fastForward(10_000);
  await expect(page).toHaveURL(/\/stock/);
  await tablet.context.setOffline(false);
  await page.clock.fastForward(10_000);
  await expect(page.getByRole('heading', { name: "Who's working?" })).toBeVisible();

  await face(page, PEOPLE.ann.shown).click();
  for (let wrong = 1; wrong <= 5; wrong += 1) {
    await tapPin(page, '508264');
    await expect(page.getByRole('alert').filter({ hasText: wrong < 5 ? 'This PIN is wrong.' : 'No PIN opens this any more.' })).toBeVisible();
  }
  await page.goto(`${tablet.url}/who`);
  await expect(face(page, PEOPLE.ann.shown)).toContainText('Needs the password');
  await face(page, PEOPLE.ann.shown).click();
  await fillIn(page, 'ann', PEOPLE.ann.password);
  await isLive(page);
  await changePerson(page, PEOPLE.ann.shown);
  await face(page, PEOPLE.ann.shown).click();
  await tapPin(page);
  await isLive(page);

  // Olga ends it from elsewhere: whoever works there is out, and it asks for a name again.
  const office = await (await visit('olga')).open('/settings/sessions');
  const shared = office.getByRole('button', { name: /^Share Till 2 no longer$/ });
  for (let left = await shared.count(); left > 0; left -= 1) {
    await shared.first().click();
    await expect(shared).toHaveCount(left - 1);
  }
  await expect(page).toHaveURL(/\/sign-in/, { timeout: 5_000 });
  await page.goto(`${tablet.url}/who`);
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByLabel('Name')).toBeVisible();
});
