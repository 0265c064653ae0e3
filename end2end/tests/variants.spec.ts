// Sizes and colours in browsers: said on an item's page, proposed, made in one act, live in the grid, found by one name, undone.
import { randomUUID } from 'node:crypto';
import { STORE, expect, test } from './shop.ts';

test('a shirt comes in sizes and colours: its items are proposed, made, found and counted live', async ({ visit, key, watch }) => {
  // An id that nobody has yet is a new family.
  watch.expect(/status (of )?404/);
  const item = await key.stocked(5, 'Linen shirt');
  const mark = await visit('mark');
  const page = await mark.open(`/items/${item.sku}?store=${STORE}`);
  await page.getByRole('link', { name: 'This comes in sizes or colours' }).click();
  const name = `Shirt ${randomUUID().slice(0, 6)}`;
  await page.getByLabel('Product', { exact: true }).fill(name);
  await page.locator('#option-0').fill('Size');
  await page.locator('#values-0').fill('S, L');
  await page.getByRole('button', { name: 'They differ in one more thing' }).click();
  await page.locator('#option-1').fill('Colour');
  await page.locator('#values-1').fill('Red, Blue');
  await page.getByRole('button', { name: 'Propose the missing items' }).click();
  const rows = page.locator('.family-row');
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(3).getByLabel('SKU')).toHaveValue(`${item.sku}-L-BLUE`);
  // There is no red one in L.
  await rows.nth(2).getByRole('checkbox').uncheck();
  await rows.nth(3).getByLabel('Name').fill(`${name} large, sky blue`);
  await page.getByRole('button', { name: 'Save and make 2 items' }).click();
  await expect(page.getByText('The sizes and colours are saved.')).toBeVisible();

  await test.step('the grid shows what is there, and moves by itself', async () => {
    const ann = await (await visit('ann')).open(`/items/${item.sku}-L-BLUE?store=${STORE}`);
    const grid = ann.locator('.family-grid');
    await expect(grid.getByRole('link')).toHaveCount(3);
    await expect(grid.getByRole('link', { name: `${item.name}: 5` })).toBeVisible();
    await key.sell(item, 2);
    await expect(grid.getByRole('link', { name: `${item.name}: 3` })).toBeVisible();
    await grid.getByRole('link', { name: `${item.name}: 3` }).click();
    await expect(ann.getByRole('heading', { level: 1, name: item.name })).toBeVisible();
    await expect(ann.getByRole('link', { name: 'Change sizes and colours' })).toHaveCount(0);
  });

  await test.step('all are found by the product’s name', async () => {
    const list = await mark.open(`/products?store=${STORE}&q=${encodeURIComponent(name)}`);
    await expect(list.getByText('3 products', { exact: true })).toBeVisible();
    await expect(list.getByRole('link', { name: item.name })).toBeVisible();
  });

  await test.step('one that is there joins, and leaves by undo', async () => {
    const other = await key.stocked(1, 'Red shirt');
    await page.getByLabel('Scan or search').fill(other.barcode);
    await page.keyboard.press('Enter');
    await page.getByLabel(`Size of ${other.name}`).selectOption('L');
    await page.getByLabel(`Colour of ${other.name}`).selectOption('Red');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(rows).toHaveCount(4);
    // The way back stays as long as the focus is on it, however long the other page takes.
    await page.getByRole('button', { name: 'Undo' }).focus();
    const sheet = await mark.open(`/items/${other.sku}?store=${STORE}`);
    await expect(sheet.locator('.family-grid').getByRole('link')).toHaveCount(4);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(sheet.getByRole('link', { name: 'This comes in sizes or colours' })).toBeVisible();
    await expect(rows).toHaveCount(3);
  });

  await test.step('it stands in the list', async () => {
    const all = await mark.open(`/variants?store=${STORE}`);
    await expect(all.getByRole('link', { name: new RegExp(name) })).toContainText('3 items');
  });
});

test('what was made is archived when it is undone', async ({ visit, key, watch }) => {
  watch.expect(/status (of )?404/);
  const item = await key.stocked(1, 'Wool cap');
  const mark = await visit('mark');
  const page = await mark.open(`/variants/${randomUUID()}?store=${STORE}&like=${item.sku}`);
  await page.locator('#option-0').fill('Size');
  await page.locator('#values-0').fill('S, L');
  await page.getByRole('button', { name: 'Propose the missing items' }).click();
  await page.getByRole('button', { name: 'Save and make 1 item' }).click();
  await expect(page.getByText('The sizes and colours are saved.')).toBeVisible();
  expect((await key.get(`/items/${item.sku}-L`)).archived).toBe(false);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.family-row')).toHaveCount(0);
  expect((await key.get(`/items/${item.sku}-L`)).archived).toBe(true);
  expect((await key.get(`/items/${item.sku}`)).archived).toBe(false);
});
