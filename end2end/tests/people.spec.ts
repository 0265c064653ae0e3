// People, their roles, where they are signed in, and keys: what an administrator changes acts within a second.
import { randomUUID } from 'node:crypto';
import { PEOPLE, STORE, expect, fillIn, isLive, test } from './shop.ts';

test('an employee is added, signs in, loses the role and the device (52, 54, 55)', async ({ visit, watch }) => {
  watch.expect(/WebSocket/, /status (of )?40[139]/);
  const mark = randomUUID().slice(0, 6);
  const olga = await visit('olga');
  const people = await olga.open('/settings/people');
  await people.getByRole('button', { name: 'Add someone' }).click();
  await people.getByLabel('Their name').fill(`Nina${mark} Soto`);
  await expect(people.getByLabel('Sign-in name')).toHaveValue(`nina${mark}`);
  await expect(people.getByLabel('First password')).toHaveAttribute('autocomplete', 'new-password');
  // A password may be pasted, and is shown when asked for.
  await people.getByLabel('First password').evaluate((field: HTMLInputElement) => {
    field.focus();
    document.execCommand('insertText', false, 'three red umbrellas');
  });
  await people.getByRole('button', { name: 'Show the password' }).click();
  await expect(people.getByLabel('First password')).toHaveAttribute('type', 'text');
  await people.getByRole('button', { name: `Add Nina${mark} Soto` }).click();
  await expect(people.getByText(`can sign in now as nina${mark}`)).toBeVisible();

  const nina = await visit(undefined);
  const page = await nina.context.newPage();
  await page.goto(`${nina.url}/sign-in`);
  await fillIn(page, `nina${mark}`, 'three red umbrellas');
  await isLive(page);
  await page.goto(`${nina.url}/settings`);
  await isLive(page);
  await expect(page.getByRole('link', { name: /People/ })).toHaveCount(0);
  await page.goto(`${nina.url}/settings/people`);
  await expect(page.getByRole('alert')).toContainText('You may not do this');
  const stock = await nina.open('/stock');

  // A second device, ended by its owner from the first.
  const tablet = await visit(undefined);
  const other = await tablet.context.newPage();
  await other.goto(`${tablet.url}/sign-in`);
  await fillIn(other, `nina${mark}`, 'three red umbrellas');
  await isLive(other);
  const sessions = await nina.open('/settings/sessions');
  await expect(sessions.getByRole('row')).toHaveCount(3);
  await sessions.getByRole('button', { name: 'Sign out my other devices' }).click();
  await expect(other).toHaveURL(/\/sign-in/, { timeout: 5_000 });
  await expect(sessions.getByRole('row')).toHaveCount(2);
  await isLive(stock);

  // Without a role there is nothing left to see: her open pages close by themselves.
  await people.getByRole('button', { name: `Change Nina${mark} Soto` }).click();
  await people.getByRole('button', { name: /Take away: Employee/ }).click();
  await expect(stock).toHaveURL(/\/sign-in/);
  await people.getByRole('button', { name: 'Undo' }).click();
  await expect(people.getByRole('row').filter({ hasText: `nina${mark}` }).getByText('Employee ·')).toBeVisible();

  // Switched off in three taps, she is out everywhere and cannot come back.
  await people.getByRole('button', { name: 'Switch off' }).click();
  await expect(people.getByRole('row').filter({ hasText: `nina${mark}` }).getByText('Switched off')).toBeVisible();
  const again = await nina.context.newPage();
  await again.goto(`${nina.url}/stock`);
  await expect(again).toHaveURL(/\/sign-in/);
  await fillIn(again, `nina${mark}`, 'three red umbrellas');
  await expect(again.getByRole('alert')).toContainText('The name or the password is wrong');
});

test('the last administrator stays, and is told so in a sentence (29)', async ({ visit, watch }) => {
  watch.expect(/status (of )?409/);
  const page = await (await visit('olga')).open('/settings/people');
  await page.getByRole('button', { name: `Change ${PEOPLE.olga.shown}` }).click();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await expect(page.getByRole('alert')).toHaveText('The last administrator stays. Name another one first.');
});

test('a key is made, used over REST, and ended (26)', async ({ visit }) => {
  const name = `Till ${randomUUID().slice(0, 6)}`;
  const visitor = await visit('olga');
  const page = await visitor.open('/settings/keys');
  await page.getByRole('button', { name: 'Make a key' }).first().click();
  await page.getByLabel('What is it for?').fill(name);
  await page.getByRole('button', { name: 'Make the key' }).click();
  const key = await page.getByLabel('Key', { exact: true }).inputValue();
  expect(key).toMatch(/^sr_live_/);
  const ask = () => fetch(`${visitor.url}/api/v1/stock?store=${STORE}&limit=1`, { headers: { authorization: `Bearer ${key}` } });
  expect((await ask()).status).toBe(200);
  await page.getByRole('button', { name: 'I have it, go on' }).click();
  await expect(page.getByText(key)).toHaveCount(0);

  // What cannot be undone names its object first.
  await page.getByRole('button', { name: `End ${name}` }).click();
  await expect(page.getByText('This cannot be undone')).toBeVisible();
  await page.getByRole('button', { name: `End ${name}` }).click();
  await expect(page.getByRole('row').filter({ hasText: name }).getByText('Ended')).toBeVisible();
  await expect.poll(async () => (await ask()).status, { timeout: 2_000 }).toBe(401);
});
