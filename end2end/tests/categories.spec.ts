// Categories in browsers: named in the editor, chips above the lists and in their addresses, many at once and back again.
import { randomUUID } from 'node:crypto';
import { STORE, expect, test } from './shop.ts';

test('a category is named in the editor, and lists narrow to it', async ({ visit, key }) => {
  const [item, other] = [await key.stocked(3), await key.stocked(4)];
  const name = `Lanterns ${randomUUID().slice(0, 6)}`;
  const mark = await visit('mark');
  const editor = await mark.open(`/products/${item.sku}?store=${STORE}`);
  await editor.getByLabel('Category').fill(name);
  await editor.getByRole('button', { name: 'Save changes' }).click();
  await expect(editor.getByText('Saved', { exact: true })).toBeVisible();

  const list = await mark.open(`/products?store=${STORE}`);
  await list.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name }).click();
  await expect(list).toHaveURL(/category=Lanterns/);
  await expect(list.getByRole('link', { name: item.name })).toBeVisible();
  await expect(list.getByText('1 product', { exact: true })).toBeVisible();

  await test.step('many at once, and undone', async () => {
    const found = await mark.open(`/products?store=${STORE}&q=${other.sku}`);
    await found.getByRole('table').getByRole('checkbox').nth(1).check();
    await found.getByRole('button', { name: 'Category' }).click();
    await found.locator('.bulk').getByLabel('Category').fill(name.toUpperCase());
    await found.getByRole('button', { name: 'Change 1 product' }).click();
    await expect(found.locator('.stock-mark.category')).toHaveText(name);
    await expect(list.getByText('update – refresh list')).toBeVisible();
    await found.getByRole('button', { name: 'Undo' }).click();
    await expect(found.locator('.stock-mark.category')).toHaveCount(0);
  });

  await test.step('the stock grid, also without scripts', async () => {
    const grid = await mark.open(`/stock?store=${STORE}`);
    await grid.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name }).click();
    await expect(grid).toHaveURL(/category=Lanterns/);
    await expect(grid.getByText(item.name)).toBeVisible();
    await expect(grid.getByText(other.name)).toHaveCount(0);
    await grid.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name }).click();
    await expect(grid).not.toHaveURL(/category=/);
  });

  await test.step('another name, seen by the others, and undone', async () => {
    const chips = list.getByRole('navigation', { name: 'Categories' });
    const now = `Candles ${randomUUID().slice(0, 6)}`;
    const mine = await mark.open(`/products?store=${STORE}&category=${encodeURIComponent(name)}`);
    await mine.getByRole('button', { name: `Rename ${name}` }).click();
    await mine.getByLabel('New name for').fill(now);
    await mine.getByRole('button', { name: 'Rename the category' }).click();
    await expect(mine).toHaveURL(/category=Candles/);
    await expect(mine.getByRole('link', { name: item.name })).toBeVisible();
    await expect(chips.getByRole('link', { name: now })).toHaveAttribute('aria-current', 'true');
    await expect(list.locator('.stock-mark.category')).toHaveText(now);
    await list.reload();
    await expect(list.getByRole('link', { name: item.name })).toBeVisible();
    await mine.getByRole('button', { name: 'Undo' }).click();
    await expect(mine).toHaveURL(/category=Lanterns/);
    await expect(chips.getByRole('link', { name })).toBeVisible();
  });
});
