// A file is looked at, mended, imported, undone, and exported again (57).
import { readFile } from 'node:fs/promises';
import { STORE, expect, test } from './shop.ts';

test('57: a file is guessed, previewed, checked, imported, undone whole, and the same again changes nothing', async ({ visit }) => {
  const mark = `I${Date.now()}`;
  const rows = [
    'Código;Descripción;EAN;Precio;Existencias;Mínimo',
    `${mark}A;Taza roja;5012345678900;2,55;7;2`,
    `${mark}B;Taza azul;;abc;3;`,
    `${mark}C;Taza verde;;3,10;4;`,
  ].join('\r\n');
  const file = { name: 'productos.csv', mimeType: 'text/csv', buffer: Buffer.from(rows, 'latin1') };
  const page = await (await visit('mark')).open('/import');
  const choose = async () => page.getByLabel('Choose a file').setInputFiles(file);

  await test.step('columns are guessed, rows previewed, mistakes told with what to write', async () => {
    await choose();
    await expect(page.getByRole('heading', { name: 'productos.csv: 3 rows' })).toBeVisible();
    await expect(page.getByLabel('Column Descripción')).toHaveValue('name');
    await expect(page.getByLabel('Column Existencias')).toHaveValue('quantity');
    await expect(page.getByRole('cell', { name: 'Taza verde' })).toBeVisible();
    await expect(page.getByText('“abc” is not a number. Write 2,55.')).toBeVisible();
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save the list of mistakes' }).click();
    expect(await readFile(await (await saved).path(), 'utf8')).toContain('"3","Precio","abc"');
  });
  await test.step('it runs, and what is in is told', async () => {
    await page.getByRole('button', { name: 'Import 2 products' }).click();
    await expect(page.getByRole('heading', { name: 'All of it is in' })).toBeVisible();
    await expect(page.getByText('2 added, 0 changed, 2 booked.')).toBeVisible();
  });
  await test.step('the same file again changes nothing', async () => {
    await page.getByRole('link', { name: 'Choose another file' }).click();
    await choose();
    await expect(page.getByText('Everything in this file is in already.')).toBeVisible();
    await page.goBack();
    await page.goBack();
  });
  await test.step('all of it is undone', async () => {
    await page.getByRole('button', { name: 'Undo this import' }).click();
    await expect(page.getByRole('heading', { name: 'Undone' })).toBeVisible();
    await page.getByRole('link', { name: 'See the products' }).click();
    await expect(page).toHaveURL(/\/products/);
  });
  await test.step('what the list shows is saved as a file', async () => {
    await page.goto(`${new URL(page.url()).origin}/products?store=${STORE}&q=${mark}&archived=1`);
    await expect(page.getByRole('rowheader', { name: 'Taza roja' })).toBeVisible();
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save as CSV' }).click();
    const text = await readFile(await (await saved).path(), 'utf8');
    expect(text).toContain(`${mark}A,Taza roja,5012345678900,2.55,piece,,,,,0,,,yes`);
  });
});
