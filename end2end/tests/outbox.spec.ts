// The outbox: what is done without a connection waits on the device, is sent by itself, and counts once (33, 34, 40, 41, 42).
import type { BrowserContext, Page, Route } from '@playwright/test';
import { Line } from './line.ts';
import { command, forget, freshPlace } from './server.ts';
import { type Item, Key, STORE, expect, fillIn, isLive, openShop, pill, test } from './shop.ts';
import { NO_LINE } from './watch.ts';

/** What Chromium notes of a request that a test kept from the wire. */
const CUT_OFF = [/net::ERR_FAILED/];
const POSTS = '**/api/inventory/post_*';
const SIGN_OUT = '**/api/auth/sign_out';

const sellButton = (page: Page) => page.getByRole('button', { name: /^Sell \d+ items?/ });
const lines = (page: Page) => page.getByRole('list', { name: 'This sale' });
const said = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });
const rows = (page: Page) => page.locator('.waiting-row');
const cards = (page: Page) => page.locator('.refused');

async function fill(till: Page, item: Item, quantity: number): Promise<void> {
  for (let count = 1; count <= quantity; count += 1) {
    await till.getByLabel('Scan or search').fill(item.barcode);
    await till.keyboard.press('Enter');
    await expect(lines(till).getByRole('button', { name: `${item.name}: ${count}. Change the quantity` })).toBeVisible();
  }
}

/** The day's pages have come: they are fetched beside the till, so that a cut line still leads to what waits. */
async function dayHasCome(till: Page): Promise<void> {
  const files = () => till.evaluate(() => performance.getEntriesByType('resource').map((file) => file.name).filter((name) => name.endsWith('.wasm')));
  let before = 0;
  await expect.poll(async () => {
    const now = await files();
    const all = now.some((name) => name.includes('split_day')) && now.length === before;
    before = now.length;
    return all;
  }, { intervals: [500] }).toBe(true);
}

/** Sells so many, and sees that the sale is kept and the basket free for the next. */
async function sellUnheard(till: Page, item: Item, quantity: number): Promise<void> {
  await fill(till, item, quantity);
  await sellButton(till).click();
  await expect(said(till, `Sale of £${(quantity * 2.55).toFixed(2)} is kept on this device`)).toBeVisible();
  await expect(lines(till)).toBeHidden();
}

/** The sales of an item, by when they happened. */
async function sales(key: Key, item: Item): Promise<any[]> {
  const { data } = await key.get(`/movements?store=${STORE}&sku=${item.sku}`);
  const sold = data.filter((movement: any) => movement.kind === 'sale');
  return sold.sort((one: any, other: any) => one.occurred_at.localeCompare(other.occurred_at));
}

/** Asks to sign out. */
async function leave(page: Page): Promise<void> {
  await page.getByLabel(/settings and sign out/).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
}

async function signOut(page: Page): Promise<void> {
  await leave(page);
  await expect(page.getByLabel('Password')).toBeVisible();
}

/** Without the Background Sync API, which Safari and Firefox do not have. */
function withoutBackgroundSync(context: BrowserContext): Promise<void> {
  return context.addInitScript(() => {
    delete (window as any).SyncManager;
    if (window.ServiceWorkerRegistration) delete (window.ServiceWorkerRegistration.prototype as any).sync;
  });
}

/** Without the Web Locks API, which no page has that came over plain http from another machine. */
function withoutLocks(context: BrowserContext): Promise<void> {
  return context.addInitScript(() => delete (Navigator.prototype as any).locks);
}

test('33, 34, 40, 41: sales without a network wait in order, outlive a reload, and are booked once with their own moments', async ({ visit, server, key, watch }) => {
  watch.expect(...NO_LINE, ...CUT_OFF);
  const line = await Line.to(server.port);
  const item = await key.stocked(20);
  const visitor = await visit('ann', line.url);
  await withoutBackgroundSync(visitor.context);
  const till = await visitor.open('/till');
  expect(await till.evaluate(() => 'SyncManager' in window)).toBe(false);
  await fill(till, item, 1);
  await dayHasCome(till);
  line.cut();
  await sellButton(till).click();
  await expect(said(till, 'Sale of £2.55 is kept on this device')).toBeVisible();
  // The till never stops: what was sold before is known without asking anybody.
  await sellUnheard(till, item, 2);
  await sellUnheard(till, item, 3);
  await expect(pill(till)).toHaveText('Offline – 3 waiting');
  await pill(till).click();
  await expect(till.getByRole('heading', { level: 1, name: 'Waiting to send' })).toBeVisible();
  for (const [at, quantity] of [1, 2, 3].entries()) {
    await expect(rows(till).nth(at)).toContainText(`Sale of £${(quantity * 2.55).toFixed(2)}`);
    await expect(rows(till).nth(at)).toContainText(`${quantity} × ${item.name}`);
    await expect(rows(till).nth(at).locator('.waiting-state')).toHaveText(/Waiting|Sending…/);
  }
  await expect(till.getByRole('alert')).toContainText('No connection to the server');
  // The page comes, and nothing else gets through: they are still there.
  await till.route('**/api/**', (route) => route.abort());
  line.mend();
  await till.reload();
  await expect(rows(till)).toHaveCount(3);
  await expect(till.getByRole('button', { name: /Try now|Trying/ })).toBeVisible();
  expect(await key.onHand(item)).toBe('20');
  await till.unroute('**/api/**');
  // It may have been quicker by itself.
  const allSent = till.getByText('All is sent');
  await till.getByRole('button', { name: 'Try now' }).or(allSent).click();
  await expect(allSent).toBeVisible();
  expect(await key.onHand(item)).toBe('14');
  const booked = await sales(key, item);
  expect(booked.map((sale) => sale.quantity)).toEqual(['1', '2', '3']);
  expect(new Set(booked.map((sale) => sale.occurred_at)).size).toBe(3);
  const learnt = booked.map((sale) => sale.recorded_at);
  expect(learnt).toEqual([...learnt].sort());
  expect(booked[2].occurred_at < learnt[0], 'it happened before anybody learnt of it').toBe(true);
  await line.close();
});

for (const locks of [true, false]) {
  test(`40, 41: two windows ${locks ? 'with' : 'without'} the browser’s locks send each sale once`, async ({ visit, key, watch }) => {
    watch.expect(...CUT_OFF);
    const item = await key.stocked(20);
    const visitor = await visit('ann');
    await withoutBackgroundSync(visitor.context);
    if (!locks) await withoutLocks(visitor.context);
    const till = await visitor.open('/till');
    expect(await till.evaluate(() => 'locks' in navigator)).toBe(locks);
    await visitor.context.route(POSTS, (route) => route.abort());
    for (const quantity of [1, 2, 1, 2]) await sellUnheard(till, item, quantity);
    const other = await visitor.open('/waiting');
    await expect(rows(other)).toHaveCount(4);
    const sent: string[] = [];
    visitor.context.on('response', (response) => {
      if (response.url().includes('/post_sale')) sent.push(JSON.parse(response.request().postData() ?? '{}').sale.id);
    });
    await visitor.context.unroute(POSTS);
    await Promise.all([till, other].map((page) => page.evaluate(() => dispatchEvent(new Event('online')))));
    await expect(other.getByText('All is sent')).toBeVisible();
    await expect(said(till, 'All that waited is sent now')).toBeVisible();
    expect(await key.onHand(item)).toBe('14');
    expect((await sales(key, item)).map((sale) => sale.quantity)).toEqual(['1', '2', '1', '2']);
    expect(new Set(sent).size).toBe(4);
    if (locks) expect(sent, 'each was answered once').toHaveLength(4);
  });
}

test('33, 42: what the server refuses becomes a card, stops nothing behind it, and is booked once the role is back', async ({ visit, watch }) => {
  watch.expect(...NO_LINE, /status (of )?40[134]/);
  const place = freshPlace();
  const { server, key: secret } = await openShop(place);
  await server.stop();
  command(place, ['store', 'add', 'TWO', 'Second', '--currency', 'GBP', '--time-zone', 'Europe/London']);
  command(place, ['user', 'add', 'nina', '--role', 'employee', '--stores', `${STORE},TWO`], 'three red umbrellas\n');
  await server.resume();
  const key = new Key(server.url, secret);
  const item = await key.stocked(10);
  const line = await Line.to(server.port);
  const nina = await visit(undefined, line.url);
  const door = await nina.context.newPage();
  await door.goto(`${line.url}/sign-in`);
  await fillIn(door, 'nina', 'three red umbrellas');
  await isLive(door);
  await door.close();
  const [first, second] = [await nina.open(`/till?store=${STORE}`), await nina.open('/till?store=TWO')];
  await fill(first, item, 1);
  await fill(second, item, 2);
  line.cut();
  for (const till of [first, second]) {
    await expect(pill(till)).toHaveText(/^Offline/);
    await sellButton(till).click();
    await expect(said(till, 'is kept on this device')).toBeVisible();
  }
  // While she is away, her role in the first store is taken.
  const olga = await (await visit('olga', server.url)).open('/settings/people');
  const ask = async (what: string, data: object) => {
    const answer = await olga.request.post(`${server.url}/api/${what}`, { data, headers: { origin: server.url } });
    expect(answer.status(), what).toBe(200);
    return answer.json();
  };
  const person = (await ask('people/list', { after: '' })).find((person: any) => person.name === 'nina');
  const there = (await ask('inventory/stores', {})).find((store: any) => store.code === STORE).id;
  const grant = person.grants.find((grant: any) => grant.store === there);
  await ask('people/revoke', { person: person.id, grant });
  line.mend();
  const waiting = await nina.context.newPage();
  await waiting.goto(`${line.url}/waiting?store=TWO`);
  await expect(cards(waiting)).toHaveCount(1);
  await expect(cards(waiting)).toContainText('Sale of £2.55');
  await expect(cards(waiting)).toContainText(`1 × ${item.name}`);
  await expect(cards(waiting)).toContainText('This is not here, or not yours to see.');
  await expect(rows(waiting)).toHaveCount(0);
  const onHand = async (store: string) => (await key.get(`/stock?sku=${item.sku}&store=${store}`)).data[0]?.on_hand;
  expect([await onHand(STORE), await onHand('TWO')], 'the other store’s sale went by').toEqual(['10', '-2']);
  await ask('people/grant', { person: person.id, grant });
  await cards(waiting).getByRole('button', { name: 'Try again' }).click();
  await expect(waiting.getByText('All is sent')).toBeVisible();
  expect([await onHand(STORE), await onHand('TWO')]).toEqual(['9', '-2']);
  await line.close();
  for (const page of nina.context.pages()) await page.close();
  await olga.close();
  await server.stop();
  forget(place);
});

test('33, 42: what could not be booked goes back into the basket to be mended, or is discarded in two taps', async ({ visit, key, watch }) => {
  watch.expect(...CUT_OFF, /status (of )?422/);
  const item = await key.stocked(20);
  const visitor = await visit('ann');
  const till = await visitor.open('/till');
  await till.route(POSTS, (route) => route.abort());
  for (const quantity of [1, 2, 3]) await sellUnheard(till, item, quantity);
  // As if an item had been taken out of the catalogue meanwhile; the second sale holds another.
  await till.evaluate((sku) => {
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith('outbox:'))) {
      if (/"turn":[13],/.test(localStorage[key])) localStorage[key] = localStorage[key].replaceAll(`"sku":"${sku}","quantity"`, '"sku":"GONE-1","quantity"');
    }
  }, item.sku);
  await till.close();
  const page = await visitor.open('/waiting');
  await expect(cards(page)).toHaveCount(2);
  await expect.poll(() => key.onHand(item)).toBe('18');
  await expect(cards(page).first()).toContainText(/Something needs another look: .*GONE-1/);
  await expect(pill(page)).toHaveText('Live');
  await page.goto(`${visitor.url}/?store=${STORE}`);
  await expect(page.locator('.home-tile').filter({ hasText: 'Waiting to send' })).toContainText('2');
  await page.locator('.home-tile').filter({ hasText: 'Waiting to send' }).click();
  await cards(page).first().getByRole('button', { name: 'Put the lines back' }).click();
  await expect(page).toHaveURL(/\/till/);
  await expect(lines(page).getByRole('button', { name: `${item.name}: 1. Change the quantity` })).toBeVisible();
  await page.getByRole('link', { name: 'Look at it' }).click();
  await cards(page).getByRole('button', { name: 'Put the lines back' }).click();
  await expect(said(page, 'There are other lines on that page')).toBeVisible();
  await cards(page).getByRole('button', { name: 'Discard' }).click();
  await cards(page).getByRole('button', { name: 'Keep it' }).click();
  await expect(cards(page)).toHaveCount(1);
  await cards(page).getByRole('button', { name: 'Discard' }).click();
  await cards(page).getByRole('button', { name: 'Discard the sale of £7.65' }).click();
  await expect(page.getByText('All is sent')).toBeVisible();
  // What went back is sold as it should have been.
  await page.goto(`${visitor.url}/till`);
  await isLive(page);
  await sellButton(page).click();
  await expect(said(page, 'Sold for £2.55').first()).toBeVisible();
  expect(await key.onHand(item)).toBe('17');
});

test('40: who comes after on the same device neither sees nor sends it, and it goes when its owner is back', async ({ visit, key, watch }) => {
  watch.expect(...CUT_OFF, /WebSocket/, /status (of )?401/);
  const item = await key.stocked(10);
  const visitor = await visit('ann');
  const till = await visitor.open('/till');
  await till.route(POSTS, (route) => route.abort());
  await sellUnheard(till, item, 1);
  await leave(till);
  const warning = till.getByRole('alert').filter({ hasText: '1 thing is not sent yet.' });
  await warning.getByRole('button', { name: 'Stay signed in' }).click();
  await expect(warning).toHaveCount(0);
  await leave(till);
  await till.route(SIGN_OUT, (route) => route.abort());
  await warning.getByRole('button', { name: 'Sign out all the same' }).click();
  const failed = till.getByRole('alert').filter({ hasText: 'You are still signed in' });
  await expect(failed).toBeVisible();
  await till.unroute(SIGN_OUT);
  await failed.getByRole('button', { name: 'Try again' }).click();
  await expect(till.getByLabel('Password')).toBeVisible();
  await till.unroute(POSTS);
  await visitor.signIn('mark');
  const marks = await visitor.open('/waiting');
  await expect(marks.getByText('All is sent')).toBeVisible();
  await expect(marks.getByText(item.name)).toHaveCount(0);
  await expect(marks.getByText('1 more waits here for somebody else to sign in.')).toBeVisible();
  await marks.evaluate(() => dispatchEvent(new Event('online')));
  await marks.goto(`${visitor.url}/?store=${STORE}`);
  await isLive(marks);
  await expect(marks.locator('.home-tile').filter({ hasText: 'Waiting to send' })).toHaveCount(0);
  expect(await key.onHand(item), 'nothing went in his name').toBe('10');
  await signOut(marks);
  // Whatever page she opens first.
  await visitor.signIn('ann');
  const anns = await visitor.open('/stock');
  await expect.poll(() => key.onHand(item)).toBe('9');
  const [sale] = await sales(key, item);
  expect(sale.actor).toBe('Ann Reed');
  const left = () => anns.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('outbox:')));
  await expect.poll(left).toEqual([]);
});

test('40: what one sells while another has signed in beside is not booked as theirs', async ({ visit, key, watch }) => {
  watch.expect(/status (of )?401/);
  const item = await key.stocked(10);
  const visitor = await visit('ann');
  const till = await visitor.open('/till');
  await fill(till, item, 1);
  // As in another window of this browser; here everything is still live, and Ann's.
  await visitor.signIn('mark');
  await isLive(till);
  await sellButton(till).click();
  await expect(said(till, 'Sale of £2.55 is kept on this device')).toBeVisible();
  await expect(till.getByRole('link', { name: 'Sign in again' })).toBeVisible();
  expect(await key.onHand(item)).toBe('10');
  await visitor.signIn('ann');
  await till.evaluate(() => dispatchEvent(new Event('online')));
  await expect.poll(() => key.onHand(item)).toBe('9');
  expect((await sales(key, item)).map((sale) => sale.actor)).toEqual(['Ann Reed']);
});

test('40: what was cancelled before anybody answered does not come back with the till', async ({ visit, server, key, watch }) => {
  watch.expect(...NO_LINE, ...CUT_OFF);
  const line = await Line.to(server.port);
  const item = await key.stocked(10);
  const till = await (await visit('ann', line.url)).open('/till');
  await fill(till, item, 1);
  await dayHasCome(till);
  line.cut();
  await expect(pill(till)).toHaveText(/^Offline/);
  // Nobody says yes or no before the page is left.
  const unanswered: Route[] = [];
  await till.route('**/api/auth/me', (route) => void unanswered.push(route));
  await sellButton(till).click();
  await till.getByRole('link', { name: 'See what waits' }).click();
  await expect(rows(till)).toHaveCount(1);
  await expect.poll(() => unanswered.length, 'it asked, and still waits').toBeGreaterThan(0);
  // What is held is let go with this, onto a line that is cut.
  await till.unroute('**/api/auth/me');
  await rows(till).getByRole('button', { name: 'Cancel the sale of £2.55' }).click();
  await rows(till).locator('.waiting-ways').getByRole('button', { name: 'Cancel the sale of £2.55' }).click();
  await expect(said(till, 'Cancelled. It was never booked.')).toBeVisible();
  await till.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Till', exact: true }).click();
  await expect(till.getByLabel('Scan or search')).toBeVisible();
  line.mend();
  await expect(pill(till)).toHaveText('Live', { timeout: 30_000 });
  await fill(till, item, 1);
  await sellButton(till).click();
  await expect(said(till, 'Sold for £2.55').first()).toBeVisible();
  expect(await key.onHand(item)).toBe('9');
  await line.close();
});

test('40: what was never sent can be cancelled; what the server may have cannot, and says so', async ({ visit, server, key, watch }) => {
  watch.expect(...NO_LINE);
  const line = await Line.to(server.port);
  const [item, other] = [await key.stocked(10), await key.stocked(10, 'Blue bowl')];
  const till = await (await visit('ann', line.url)).open('/till');
  await fill(till, other, 1);
  await till.getByRole('button', { name: `Take out ${other.name}` }).click();
  await fill(till, item, 1);
  await dayHasCome(till);
  line.breakOnAnswer('POST /api/inventory/post_sale');
  await sellButton(till).click();
  await expect(said(till, 'is kept on this device')).toBeVisible();
  await expect(pill(till)).toHaveText('Offline – 1 waiting');
  await sellUnheard(till, other, 2);
  await till.getByRole('link', { name: 'See what waits' }).click();
  await expect(rows(till).first()).toContainText('The server may have it already');
  await expect(rows(till).first().getByRole('button')).toHaveCount(0);
  await rows(till).last().getByRole('button', { name: 'Cancel the sale of £5.10' }).click();
  await rows(till).last().getByRole('button', { name: 'Keep it' }).click();
  await rows(till).last().getByRole('button', { name: 'Cancel the sale of £5.10' }).click();
  await rows(till).last().locator('.waiting-ways').getByRole('button', { name: 'Cancel the sale of £5.10' }).click();
  await expect(said(till, 'Cancelled. It was never booked.')).toBeVisible();
  await expect(rows(till)).toHaveCount(1);
  line.mend();
  await expect(till.getByText('All is sent')).toBeVisible({ timeout: 30_000 });
  expect([await key.onHand(item), await key.onHand(other)]).toEqual(['9', '10']);
  await line.close();
});

test('44: what another version kept is left alone, and a device without room says so', async ({ visit, key }) => {
  const item = await key.stocked(10);
  const visitor = await visit('ann');
  const till = await visitor.open('/till');
  await fill(till, item, 1);
  const later = await till.evaluate(() => {
    const person = Object.keys(localStorage).find((key) => key.startsWith('draft:'))?.split(':')[1];
    const later = `outbox:${person}:from-the-future`;
    localStorage[later] = '{"format":2,"bundle":[]}';
    // Full to the last character.
    for (let size = 1 << 22; size > 0; size >>= 1) {
      try {
        for (;;) localStorage[`ballast-${size}-${Math.random()}`] = 'x'.repeat(size);
      } catch { /* Less, then. */ }
    }
    return later;
  });
  await sellButton(till).click();
  await expect(said(till, 'This device has no room left')).toBeVisible();
  await expect(lines(till).getByText(item.name)).toBeVisible();
  expect(await key.onHand(item)).toBe('10');
  await till.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith('ballast-')) delete localStorage[key];
  });
  await sellButton(till).click();
  await expect(said(till, 'Sold for £2.55').first()).toBeVisible();
  expect(await key.onHand(item)).toBe('9');
  const waiting = await visitor.open('/waiting');
  await expect(waiting.getByText('1 more was kept by another version')).toBeVisible();
  expect(await waiting.evaluate((key) => localStorage[key], later)).toBe('{"format":2,"bundle":[]}');
});
