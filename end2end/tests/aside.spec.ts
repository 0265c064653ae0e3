// What came back is set aside on one tablet, looked at on another, sold again or thrown away; and a place gets another name.
import { randomUUID } from 'node:crypto';
import { burst } from './scanner.ts';
import { STORE, expect, isLive, test } from './shop.ts';

test('13, 31: what came back is set aside, seen at once elsewhere, looked at and undone', async ({ visit, key }) => {
  const item = await key.stocked(3, 'Tin lantern');
  const mark = await (await visit('mark')).open(`/aside?store=${STORE}`);
  const goods = mark.locator('.aside').filter({ hasText: item.name });
  await expect(goods).toHaveCount(0);

  const ann = await (await visit('ann')).open('/return');
  await burst(ann, item.barcode, '\n');
  await burst(ann, item.barcode, '\n');
  await ann.getByRole('button', { name: 'Set aside' }).click();
  await expect(ann.getByText(/waits under .Set aside./)).toBeVisible();
  await ann.getByRole('button', { name: /^Take back 2 items/ }).click();
  await expect(goods.getByText('2 set aside')).toBeVisible();
  await expect.poll(() => key.onHand(item), 'it is not sold meanwhile').toBe('3');

  await goods.getByLabel('How many of them').fill('3');
  await expect(goods.getByRole('button', { name: /^Back on the shelf/ }), 'more than there is').toBeDisabled();
  await goods.getByLabel('How many of them').fill('1');
  await goods.getByRole('button', { name: /^Back on the shelf/ }).click();
  await expect(goods.getByText('1 set aside')).toBeVisible();
  await expect.poll(() => key.onHand(item)).toBe('4');
  await goods.getByRole('button', { name: /^Throw away/ }).click();
  await expect(goods).toHaveCount(0);
  await expect.poll(() => key.onHand(item)).toBe('4');
  await mark.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(goods.getByText('1 set aside')).toBeVisible();
});

test('a place gets another name, and everyone sees it', async ({ visit, key }) => {
  const code = `R${randomUUID().slice(0, 6).toUpperCase()}`;
  await key.post('/places', { id: randomUUID(), store: STORE, code, name: `Room ${code}` });
  const other = await (await visit('mark')).open(`/places?store=${STORE}`);
  const olga = await (await visit('olga')).open(`/places?store=${STORE}`);
  await isLive(olga);
  const row = olga.locator('.place').filter({ hasText: code });
  await row.getByRole('button', { name: 'Rename' }).click();
  await row.getByLabel(`New name of Room ${code}`).fill(`Cellar ${code}`);
  await row.getByRole('button', { name: 'Save the name' }).click();
  await expect(row.getByText(`Cellar ${code}`)).toBeVisible();
  await expect(other.locator('.place').filter({ hasText: `Cellar ${code}` })).toBeVisible();
});
