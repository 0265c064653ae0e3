// First start: from the link on the console to a first scan, with a store of one's own or only the demo.
import { randomUUID } from 'node:crypto';
import { expect, isLive, test } from './shop.ts';
import { Server, command, forget, freshPlace } from './server.ts';
import { NO_LINE } from './watch.ts';

/** The link that an empty server prints on its console. */
function printedLink(server: Server): string {
  const link = /http:\/\/\S+\/setup\?token=\S+/.exec(server.output)?.[0];
  expect(link, server.output).toBeTruthy();
  return link!;
}

test.describe.configure({ timeout: 300_000 });

test('first start: from the printed link to a first scan, with a demo that goes again (11, 28, 56, 61)', async ({ visit, watch }) => {
  // The server is stopped under the open pages at the end.
  watch.expect(...NO_LINE);
  const server = await Server.start(freshPlace());
  try {
    const visitor = await visit(undefined, server.url, { locale: 'es-ES', timezoneId: 'Europe/Madrid', viewport: { width: 360, height: 640 } });
    const page = await visitor.context.newPage();
    await page.goto(`${server.url}/stock`);
    await expect(page).toHaveURL(/\/setup$/);
    await expect(page.getByRole('heading', { name: 'Preparar Storeroom' })).toBeVisible();

    await page.goto(printedLink(server));
    await expect(page.getByText('Paso 1 de 5')).toBeVisible();
    await page.waitForLoadState('networkidle');
    await page.getByRole('button', { name: 'English' }).first().click();
    await page.getByRole('link', { name: 'Next: your store' }).click();

    // Guesses: the code from the name, the rest from the browser.
    await page.getByLabel('Name of the store').fill('Corner Shop');
    await expect(page.getByLabel('Short code')).toHaveValue('CORNER');
    await expect(page.getByLabel('Time zone')).toHaveValue('Europe/Madrid');
    await expect(page.getByLabel('Currency')).toHaveValue('EUR');
    await page.getByRole('button', { name: 'Open this store' }).click();
    await expect(page.getByText('Step 3 of 5')).toBeVisible();

    // A reload goes on where one was, and what was done stays done.
    await page.reload();
    await expect(page.getByText('Step 3 of 5')).toBeVisible();
    await page.getByRole('link', { name: 'Back' }).click();
    await expect(page.getByText('Open already: Corner Shop')).toBeVisible();
    await page.getByRole('link', { name: 'Next: who runs it' }).click();
    await page.waitForLoadState('networkidle');

    await page.getByLabel('Your name').fill('Rosa Campos');
    await expect(page.getByLabel('Sign-in name')).toHaveValue('rosa');
    await page.getByLabel('Your password').fill('short');
    await page.getByLabel('Your password').blur();
    await expect(page.getByText('Use at least 10 characters.').first()).toBeVisible();
    await page.getByLabel('Your password').fill('green apples on monday');
    await page.getByRole('button', { name: 'Make me the administrator' }).click();

    await expect(page.getByText('Step 4 of 5')).toBeVisible();
    await page.waitForLoadState('networkidle');
    await expect(page.getByRole('link', { name: 'Import a file' })).toHaveAttribute('href', '/import');
    await page.getByRole('button', { name: 'Try a demo store' }).click();
    await expect(page.getByText('Step 5 of 5')).toBeVisible({ timeout: 120_000 });

    const code = await page.locator('.barcode code').textContent();
    await page.waitForLoadState('networkidle');
    await page.locator('#scan-field').focus();
    await page.keyboard.type(`${code}`);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('status').filter({ hasText: /on hand|scanner works/ })).toBeVisible();

    // The sheet fits a page, in black on white.
    await page.getByRole('link', { name: 'Print a practice sheet' }).click();
    await expect(page.locator('.practice-cards .barcode svg path').first()).toBeAttached();
    expect(await page.locator('.practice-cards .barcode').count()).toBeGreaterThan(3);
    for (const format of ['A4', 'Letter']) {
      const sheet = (await page.pdf({ format })).toString('latin1');
      expect(sheet.match(/\/Type\s*\/Page[^s]/g)?.length, `${format}: one sheet of paper`).toBe(1);
    }

    // The set-up is over: its link leads home, and the token opens nothing.
    await page.goto(printedLink(server));
    await expect(page).toHaveURL(`${server.url}/`);
    await page.goto(`${server.url}/settings?store=CORNER`);
    await isLive(page);
    await page.getByRole('button', { name: 'Remove the demo store' }).click();
    await expect(page.getByText('The demo store is removed.')).toBeVisible();
    const stores = page.waitForResponse((answer) => answer.url().endsWith('/api/setup/restore_demo'));
    await page.getByRole('button', { name: 'Undo' }).click();
    expect((await stores).ok()).toBe(true);
    await isLive(page);
    await page.getByRole('button', { name: 'Remove the demo store' }).click();
    await expect(page.getByRole('button', { name: 'Try a demo store' })).toBeVisible();
    await page.goto(`${server.url}/stock`);
    await isLive(page);
    await expect(page.getByRole('heading', { name: 'No items yet' })).toBeVisible();
    await expect(page.getByText(/\bDEMO\b/)).toHaveCount(0);

    // Nobody tells Rosa's password at the door, and the ledger is whole.
    const stranger = await visit(undefined, server.url);
    const door = await stranger.context.newPage();
    await door.goto(`${server.url}/sign-in`);
    await expect(door.getByText('This is a demo')).toHaveCount(0);
    await server.stop();
    expect(command(server.place, ['verify'])).toContain('all is well');
  } finally {
    await server.stop();
    forget(server.place);
  }
});

test('first start: whoever skips everything looks around in the demo, whose passwords are on the door (55, 56)', async ({ visit, watch }) => {
  watch.expect(...NO_LINE, /status (of )?409/);
  const server = await Server.start(freshPlace());
  try {
    const visitor = await visit(undefined, server.url);
    const page = await visitor.context.newPage();
    const wrong = printedLink(server).replace(/token=.*/, `token=${randomUUID()}`);
    await page.goto(wrong);
    await expect(page.getByRole('alert')).toContainText('Start Storeroom again');
    await page.goto(printedLink(server));
    for (const step of [2, 3, 4]) {
      await page.waitForLoadState('networkidle');
      await page.getByRole('link', { name: 'Skip this step' }).click();
      await expect(page.getByText(`Step ${step} of 5`)).toBeVisible();
    }
    await page.getByRole('button', { name: 'Try a demo store' }).click();
    await expect(page.getByText('Step 5 of 5')).toBeVisible({ timeout: 120_000 });

    const other = await visit(undefined, server.url);
    const door = await other.context.newPage();
    await door.goto(`${server.url}/`);
    await expect(door.getByRole('heading', { name: 'This is a demo' })).toBeVisible();
    await door.getByRole('button', { name: /Ann Reed/ }).click();
    await isLive(door);
    await expect(door.getByLabel('Ann Reed: settings and sign out')).toBeVisible();

    // The demo's own administrator is the last one: she stays until somebody else runs the house.
    await page.goto(`${server.url}/settings`);
    await isLive(page);
    await page.getByRole('button', { name: 'Remove the demo store' }).click();
    await expect(page.getByRole('alert')).toContainText('Name another one first');
  } finally {
    await server.stop();
    forget(server.place);
  }
});
