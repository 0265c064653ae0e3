// Price lists in browsers: written in the editor, followed by an open till, also without a connection, and undone.
import { randomUUID } from 'node:crypto';
import { burst } from './scanner.ts';
import { STORE, expect, test } from './shop.ts';

test('a list is written, the open till follows it by how many, and the slip says its name', async ({ visit, key, watch }) => {
  // An id that nobody has yet is a new list.
  watch.expect(/status (of )?404/);
  const item = await key.stocked(50);
  const till = await (await visit('ann')).open(`/till?store=${STORE}`);
  await burst(till, item.barcode, '\n');
  const line = till.getByRole('list', { name: 'This sale' }).getByRole('listitem');
  await expect(line.getByRole('button', { name: /Change the price/ })).toContainText('2.55');

  const mark = await visit('mark');
  const lists = await mark.open(`/prices?store=${STORE}`);
  await lists.getByRole('link', { name: 'New price list' }).click();
  const name = `Sale ${randomUUID().slice(0, 6)}`;
  await lists.getByLabel('Name', { exact: true }).fill(name);
  const scan = async () => {
    await lists.getByLabel('Scan or search').fill(item.barcode);
    await lists.keyboard.press('Enter');
  };
  await scan();
  const prices = lists.locator('.price-line');
  await prices.getByLabel('Price of one').fill('2.20');
  await scan();
  await prices.nth(1).getByLabel('From how many').fill('3');
  await prices.nth(1).getByLabel('Price of one').fill('2');
  await lists.getByRole('button', { name: 'Save the prices' }).click();
  await expect(lists.getByText('The prices are saved.')).toBeVisible();

  await expect(line.getByRole('button', { name: /Change the price/ })).toContainText('2.20');
  await expect(line.getByText(name)).toBeVisible();
  await burst(till, item.barcode, '\n');
  await burst(till, item.barcode, '\n');
  await expect(line.getByRole('button', { name: /Change the price/ })).toContainText('2.00');
  await till.getByRole('button', { name: /^Sell \d+ items?/ }).click();
  await expect(till.getByRole('button', { name: 'Undo' })).toBeVisible();

  await test.step('without a connection', async () => {
    await till.context().setOffline(true);
    await burst(till, item.barcode, '\n');
    await expect(line.getByRole('button', { name: /Change the price/ })).toContainText('2.20');
    await expect(line.getByText(name)).toBeVisible();
    await till.context().setOffline(false);
  });

  await test.step('and undone', async () => {
    await lists.getByRole('button', { name: 'Undo' }).click();
    await expect(line.getByText(name)).toHaveCount(0);
    await expect(line.getByRole('button', { name: /Change the price/ })).toContainText('2.55');
    const all = await mark.open(`/prices?store=${STORE}`);
    await expect(all.getByRole('link', { name: new RegExp(name) })).toContainText('Put aside');
  });
});
