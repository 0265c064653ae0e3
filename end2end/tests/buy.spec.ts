// What to buy, in browsers: proposed with its reason, put off and back, and ordered with one button.
import { randomUUID } from 'node:crypto';
import { STORE, expect, test } from './shop.ts';

test('what runs out is ordered with one button, each line with its reason', async ({ visit, key }) => {
  const item = await key.stocked(1, 'Copper bell');
  const [supplier, code] = [randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.post('/suppliers', { id: supplier, code, name: `Foundry ${code}`, lead_days: 2 });
  await key.change(`/suppliers/${supplier}`, { items: [{ sku: item.sku, price: '1.10', multiple: '6' }] });
  const mark = await (await visit('mark')).open(`/purchases?store=${STORE}`);
  await mark.getByRole('main').getByRole('link', { name: 'What to buy' }).click();
  await expect(mark.getByRole('heading', { name: 'What to buy' })).toBeVisible();

  const line = mark.getByRole('listitem').filter({ hasText: item.name });
  await test.step('a sale that left nothing brings it here, live', async () => {
    await key.sell(item, 4);
    await expect(line).toContainText('0 sold in 7 days, −3 left, delivery');
    await expect(line.getByRole('button', { name: `${item.name}: 6, change it` })).toBeVisible();
  });
  await test.step('it is put off, and back with undo', async () => {
    await line.getByRole('button', { name: `${item.name}: not for 7 days` }).click();
    await expect(line).toBeHidden();
    await mark.getByRole('button', { name: 'Undo' }).click();
    await expect(line).toBeVisible();
  });
  await test.step('a person says how many, in the packs of the supplier', async () => {
    await line.getByRole('button', { name: `One more: ${item.name}` }).click();
    await expect(line.getByRole('button', { name: `${item.name}: 12, change it` })).toBeVisible();
  });
  await test.step('the order keeps why, and what is ordered is not proposed again', async () => {
    await mark.getByRole('button', { name: /^Order \d+ products?$/ }).click();
    const written = mark.getByRole('region', { name: 'Orders that you just wrote' }).getByRole('link');
    await expect(written).toBeVisible();
    await expect(line).toBeHidden();
    await written.click();
    await expect(mark.getByRole('heading', { name: `Foundry ${code}` })).toBeVisible();
    await expect(mark.getByRole('listitem').filter({ hasText: item.name })).toContainText('−3 left, delivery');
  });
  await test.step('who comes back is told of the draft that nobody has sent', async () => {
    await mark.goto(`${new URL(mark.url()).origin}/purchases/buy?store=${STORE}`);
    const drafts = mark.getByRole('region', { name: 'Orders that are not sent yet' });
    await expect(drafts.getByRole('listitem').filter({ hasText: `Foundry ${code}` }).getByRole('link')).toBeVisible();
  });
});

test('how an item is ordered is said on its page, taken back, and heeded', async ({ visit, key, watch }) => {
  const item = await key.stocked(1, 'Copper gong');
  const [supplier, code] = [randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.post('/suppliers', { id: supplier, code, name: `Foundry ${code}`, lead_days: 2 });
  await key.change(`/suppliers/${supplier}`, { items: [{ sku: item.sku, price: '1.10', multiple: '6' }] });
  await key.sell(item, 4);
  const buy = await (await visit('mark')).open(`/purchases/buy?store=${STORE}`);
  await expect(buy.getByRole('button', { name: `${item.name}: 6, change it` })).toBeVisible();
  const mark = await (await visit('mark')).open(`/items/${item.sku}?store=${STORE}`);
  const multiple = mark.getByLabel('Order in multiples of');
  const save = mark.getByRole('button', { name: 'Order it so' });
  await test.step('what is typed is heeded, also by a page of proposals that is open elsewhere', async () => {
    await multiple.fill('5');
    await mark.getByLabel('How many should be left when a delivery comes').fill('4');
    await save.click();
    await expect(mark.getByText('It is ordered so from now on.')).toBeVisible();
    await expect(buy.getByRole('button', { name: `${item.name}: 10, change it` })).toBeVisible();
  });
  await test.step('what is no number is said, and what the shop refuses', async () => {
    await multiple.fill('a few');
    await expect(mark.getByText('Type a number, such as 12; days are whole numbers.')).toBeVisible();
    watch.expect(/status (of )?422/);
    await multiple.fill('0');
    await save.click();
    await expect(mark.getByText('use a quantity above 0')).toBeVisible();
  });
  await test.step('undo puts it back', async () => {
    await multiple.fill('7');
    await save.click();
    await expect(buy.getByRole('button', { name: `${item.name}: 7, change it` })).toBeVisible();
    await mark.getByRole('form', { name: 'Ordering' }).getByRole('button', { name: 'Undo' }).click();
    await expect(multiple).toHaveValue('5');
    expect(await key.get(`/reorder-rules?store=${STORE}&sku=${item.sku}`)).toMatchObject({ multiple: '5', safety: '4' });
  });
});
