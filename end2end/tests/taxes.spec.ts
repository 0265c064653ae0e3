// Taxes in browsers: a class is said, chosen for a product, and told in what was sold and on the dashboard, live.
import { randomUUID } from 'node:crypto';
import { STORE, expect, test } from './shop.ts';

test('a tax class is said, chosen for a product, and told where it was sold', async ({ visit, key, watch }) => {
  // An id that nobody has yet is a new class.
  watch.expect(/status (of )?404/);
  const item = await key.stocked(20);
  const olga = await visit('olga');
  const name = `Standard ${randomUUID().slice(0, 6)}`;
  const list = await olga.open(`/taxes?store=${STORE}`);
  await list.getByRole('link', { name: 'New tax class' }).click();
  await list.getByLabel('Name', { exact: true }).fill(name);
  await list.getByLabel('Percent').fill('21,5');
  await list.getByRole('button', { name: 'Save the tax class' }).click();
  await expect(list.getByText('The tax class is saved.')).toBeVisible();

  await test.step('chosen in the product', async () => {
    const editor = await (await visit('mark')).open(`/products/${item.sku}?store=${STORE}`);
    await editor.getByLabel('Tax in the price').selectOption({ label: `${name} (21.5 %)` });
    await editor.getByRole('button', { name: 'Save changes' }).click();
    await expect(editor.getByText('Saved', { exact: true })).toBeVisible();
  });

  await test.step('told of a basket before it is sold, and the same of what was sold', async () => {
    const till = await (await visit('ann')).open('/till');
    const scan = till.getByLabel('Scan or search');
    await scan.fill(item.sku);
    await scan.press('Enter');
    const panel = till.getByRole('complementary', { name: 'Till' });
    await expect(panel.getByText(/^£0\.45 tax included \(21\.5 %\)$/)).toBeVisible();
    await till.getByRole('button', { name: /^Sell 1 item/ }).click();
    await expect(panel.getByText(/£0\.45 tax included \(21\.5 %\)/)).toBeVisible();
    await expect(panel.locator('.sum .taxes')).toHaveCount(0);
  });

  await test.step('told on the dashboard, live, and in the history', async () => {
    const board = await olga.open(`/dashboard?store=${STORE}`);
    await key.sell(item, 4);
    const rate = board.locator('.day-taxes').getByRole('row', { name: /^21.5 %/ });
    await expect(rate).toContainText('2.25');
    const history = await olga.open(`/history?store=${STORE}`);
    const posting = history.locator('.posting').filter({ hasText: item.name }).first();
    await posting.locator('summary').filter({ hasText: /line/ }).click();
    await expect(posting.getByText(/1\.80 tax included \(21\.5 %\)/)).toBeVisible();
  });
});
