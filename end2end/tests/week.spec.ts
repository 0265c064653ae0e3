// A store's first week in one sitting: an owner and two employees, on a desk, a tablet and a handheld, in two languages.
import type { Page } from '@playwright/test';
import { expect, isLive, test } from './shop.ts';
import { Server, command, forget, freshPlace } from './server.ts';

const LANTERN = { sku: 'A001', name: 'Copper lantern', barcode: '5012345678900' };
const CUP = { sku: 'A002', name: 'Red cup', barcode: '4006381333931' };

const FILE = [
  'SKU,Name,Barcode,Price,Opening stock,Minimum',
  `${LANTERN.sku},${LANTERN.name},${LANTERN.barcode},12.50,5,2`,
  `${CUP.sku},${CUP.name},${CUP.barcode},2.55,0,4`,
].join('\n');

async function enter(page: Page, url: string, name: string, password: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.locator('input[name="name"]').fill(name);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('form button[type="submit"]').click();
  await isLive(page);
}

async function scan(page: Page, code: string): Promise<void> {
  await page.getByLabel(/^(Scan or search|Escanear o buscar)$/).fill(code);
  await page.keyboard.press('Enter');
}

test.describe.configure({ timeout: 420_000 });

test('the week: first start, import, receive, sell, take back, correct, close (24, 25, 31, 52, 53, 56, 57, 60)', async ({ visit, watch }) => {
  watch.expect(/WebSocket/, /status (of )?401/);
  const server = await Server.start(freshPlace());
  try {
    const desk = await visit(undefined, server.url, { viewport: { width: 1440, height: 900 } });
    const tablet = await visit(undefined, server.url, { viewport: { width: 1024, height: 768 } });
    const handheld = await visit(undefined, server.url, { locale: 'es-ES', viewport: { width: 360, height: 640 } });
    const rosa = await desk.context.newPage();
    const tom = await tablet.context.newPage();
    const nina = await handheld.context.newPage();
    const shelf = await tablet.context.newPage();
    const onHand = (number: string) => expect(shelf.getByText(number, { exact: true }).first()).toBeVisible();

    await test.step('Monday: Rosa opens her store from the link on the console', async () => {
      await rosa.goto(/http:\/\/\S+\/setup\?token=\S+/.exec(server.output)![0]);
      await rosa.waitForLoadState('networkidle');
      await rosa.getByRole('link', { name: 'Skip this step' }).click();
      await rosa.getByLabel('Name of the store').fill('Corner Shop');
      await rosa.getByLabel('Currency').fill('EUR');
      await rosa.getByRole('button', { name: 'Open this store' }).click();
      await rosa.getByLabel('Your name').fill('Rosa Campos');
      await rosa.getByLabel('Your password').fill('green apples on monday');
      await rosa.getByRole('button', { name: 'Make me the administrator' }).click();
      await rosa.waitForLoadState('networkidle');
      await rosa.getByRole('link', { name: 'Import a file' }).click();
    });

    await test.step('she brings her products in from a file', async () => {
      await isLive(rosa);
      await rosa.getByLabel('Choose a file').setInputFiles({ name: 'products.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
      await rosa.getByRole('button', { name: 'Import 2 products' }).click();
      await expect(rosa.getByRole('heading', { name: 'All of it is in' })).toBeVisible();
    });

    await test.step('and lets two employees in', async () => {
      await rosa.goto(`${server.url}/settings/people`);
      await isLive(rosa);
      for (const [name, password] of [['Nina Soto', 'three red umbrellas'], ['Tom Reid', 'seven small boats']]) {
        await rosa.getByRole('button', { name: 'Add someone' }).click();
        await rosa.getByLabel('Their name').fill(name);
        await rosa.getByLabel('First password').fill(password);
        await rosa.getByRole('button', { name: `Add ${name}` }).click();
        await expect(rosa.getByText('can sign in now as')).toBeVisible();
      }
    });

    await test.step('Tuesday: Nina books a delivery on her handheld, in Spanish', async () => {
      await enter(nina, server.url, 'nina', 'three red umbrellas');
      await expect(nina.getByRole('link', { name: 'Panel' })).toHaveCount(0);
      await enter(tom, server.url, 'tom', 'seven small boats');
      await shelf.goto(`${server.url}/items/${LANTERN.sku}`);
      await isLive(shelf);
      await onHand('5');
      await nina.goto(`${server.url}/receive`);
      await isLive(nina);
      for (let count = 0; count < 3; count += 1) await scan(nina, LANTERN.barcode);
      await nina.getByRole('button', { name: 'Recibir 3 artículos' }).click();
      await onHand('8');
    });

    await test.step('Wednesday: Tom sells two lanterns on the tablet', async () => {
      await tom.goto(`${server.url}/till`);
      await isLive(tom);
      await scan(tom, LANTERN.barcode);
      await scan(tom, LANTERN.barcode);
      await tom.getByRole('button', { name: 'Sell 2 items · €25.00' }).click();
      await onHand('6');
    });

    await test.step('Thursday: a customer brings one back', async () => {
      await tom.goto(`${server.url}/return`);
      await isLive(tom);
      await scan(tom, LANTERN.barcode);
      await tom.getByRole('button', { name: 'Changed their mind' }).click();
      await tom.getByRole('button', { name: 'Take back 1 item · €12.50' }).click();
      await onHand('7');
    });

    await test.step('Friday: Nina finds a broken one, and sells a cup that the book does not have', async () => {
      await nina.goto(`${server.url}/items/${LANTERN.sku}`);
      await isLive(nina);
      await nina.getByRole('button', { name: 'Corregir' }).click();
      await nina.getByLabel('Contado en el estante').fill('6');
      await nina.getByRole('button', { name: 'Dañado' }).click();
      await nina.getByRole('button', { name: /^Poner 6/ }).click();
      await onHand('6');
      await nina.goto(`${server.url}/till`);
      await isLive(nina);
      await scan(nina, CUP.barcode);
      await nina.getByRole('button', { name: /^Vender 1 artículo/ }).click();
      await expect(nina.getByText(/^Vendido por/).first()).toBeVisible();
    });

    await test.step('Saturday: Rosa looks what happened, undoes, settles and closes', async () => {
      await rosa.goto(`${server.url}/dashboard`);
      await isLive(rosa);
      await expect(rosa.getByText('Tom Reid').first()).toBeVisible();
      await expect(rosa.getByText('Nina Soto').first()).toBeVisible();
      await rosa.goto(`${server.url}/history`);
      await isLive(rosa);
      const correction = rosa.locator('.posting[data-kind="adjustment"]').first();
      await expect(correction).toContainText('Nina Soto');
      await correction.getByRole('button', { name: 'Undo' }).click();
      await correction.getByRole('button', { name: 'Undo this correction' }).click();
      await onHand('7');
      await rosa.goto(`${server.url}/exceptions`);
      await isLive(rosa);
      const cups = rosa.locator('.case').filter({ hasText: CUP.name });
      await expect(cups).toContainText('−1 on hand');
      await cups.getByRole('button', { name: 'Count it' }).click();
      await rosa.getByLabel('Counted on the shelf').fill('3');
      await rosa.getByRole('button', { name: 'Set to 3 (+4)' }).click();
      await expect(rosa.getByText('All adds up')).toBeVisible();
      await rosa.goto(`${server.url}/settings/people`);
      await isLive(rosa);
      for (const name of ['Nina Soto', 'Tom Reid']) {
        await rosa.getByRole('button', { name: `Change ${name}` }).click();
        await rosa.getByRole('button', { name: 'Sign out everywhere' }).click();
        await expect(rosa.getByText(`${name} is signed out everywhere.`)).toBeVisible();
      }
      await expect(nina).toHaveURL(/\/sign-in/);
      await expect(shelf).toHaveURL(/\/sign-in/);
    });

    await server.stop();
    expect(command(server.place, ['verify'])).toContain('all is well');
  } finally {
    await server.stop();
    forget(server.place);
  }
});
