// Every screen, looked at: by axe in both colours and languages, and by a person at three sizes (results/screens).
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type Item, type Key, type Name, PEOPLE, STORE, type Visitor, expect, isLive, shareTablet, test } from './shop.ts';

const folder = resolve(import.meta.dirname, '../results/screens');
const sizes = [{ width: 360, height: 640 }, { width: 1024, height: 768 }, { width: 1440, height: 900 }];
const standard = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

test.describe.configure({ mode: 'parallel' });

interface Screen {
  name: string;
  signedIn: boolean;
  /** Who looks; a manager when nobody is named. */
  who?: Name;
  /** A page without the frame, and so without its pill. */
  frameless?: boolean;
  /** What the browser notes of what the screen shows, such as a sale that does not get through. */
  noise?: RegExp[];
  open: (page: Page, url: string, key: Key) => Promise<unknown>;
}

const screens: Screen[] = [
  { name: 'sign-in', signedIn: false, open: (page, url) => page.goto(`${url}/sign-in`) },
  { name: 'who', signedIn: false, frameless: true, open: (page, url) => atTablet(page, url) },
  { name: 'who-pin', signedIn: false, frameless: true, open: (page, url) => atTablet(page, url, PEOPLE.ann.shown) },
  { name: 'home', signedIn: true, open: (page, url) => page.goto(`${url}/?store=${STORE}`) },
  { name: 'home-unknown', signedIn: true, open: unknown },
  { name: 'receive', signedIn: true, open: delivery },
  { name: 'return', signedIn: true, open: (page, url) => page.goto(`${url}/return?store=${STORE}`) },
  { name: 'return-aside', signedIn: true, open: broughtBack },
  { name: 'aside', signedIn: true, open: returned },
  { name: 'history', signedIn: true, open: (page, url) => page.goto(`${url}/history?store=${STORE}`) },
  { name: 'exceptions', signedIn: true, open: oversold },
  { name: 'corrections-none', signedIn: true, open: (page, url) => page.goto(`${url}/corrections?store=${STORE}&state=withdrawn`) },
  { name: 'corrections', signedIn: true, who: 'olga', open: async (page, url, key) => { await held(page, url, key); await page.goto(`${url}/corrections?store=${STORE}`); } },
  { name: 'correction', signedIn: true, who: 'olga', open: async (page, url, key) => page.goto(`${url}/corrections/${await held(page, url, key)}?store=${STORE}`) },
  { name: 'correction-held', signedIn: true, who: 'olga', open: heldNow },
  { name: 'counts', signedIn: true, open: startCount },
  { name: 'count-plans', signedIn: true, open: planCounts },
  { name: 'counting', signedIn: true, who: 'ann', open: atShelf },
  { name: 'count-review', signedIn: true, open: reviewed },
  { name: 'waiting', signedIn: true, who: 'ann', noise: [/net::ERR_FAILED/, /status (of )?422/], open: unsent },
  { name: 'waiting-till', signedIn: true, who: 'ann', noise: [/net::ERR_FAILED/], open: keptSale },
  { name: 'waiting-empty', signedIn: true, who: 'ann', open: (page, url) => page.goto(`${url}/waiting?store=${STORE}`) },
  { name: 'till-empty', signedIn: true, open: (page, url) => page.goto(`${url}/till`) },
  { name: 'till', signedIn: true, open: basket },
  { name: 'camera-refused', signedIn: true, open: refusedCamera },
  { name: 'stock', signedIn: true, open: (page, url) => page.goto(`${url}/stock?store=${STORE}`) },
  { name: 'stock-short', signedIn: true, open: (page, url) => page.goto(`${url}/stock?store=${STORE}&q=nothing-like-it`) },
  { name: 'item', signedIn: true, open: sheet },
  { name: 'item-rule', signedIn: true, open: rule },
  { name: 'products', signedIn: true, open: (page, url) => page.goto(`${url}/products?store=${STORE}`) },
  { name: 'products-none', signedIn: true, open: (page, url) => page.goto(`${url}/products?store=${STORE}&archived=1`) },
  { name: 'products-chosen', signedIn: true, open: chosen },
  { name: 'prices-none', signedIn: true, open: (page, url) => page.goto(`${url}/prices?store=${STORE}`) },
  { name: 'price-list', signedIn: true, open: priceList },
  { name: 'prices', signedIn: true, open: (page, url) => page.goto(`${url}/prices?store=${STORE}`) },
  { name: 'taxes-none', signedIn: true, who: 'olga', open: (page, url) => page.goto(`${url}/taxes?store=${STORE}`) },
  { name: 'tax-class', signedIn: true, who: 'olga', noise: [/status (of )?404/], open: taxClass },
  { name: 'variants-none', signedIn: true, open: (page, url) => page.goto(`${url}/variants?store=${STORE}&after=${randomUUID()}`) },
  { name: 'variants-propose', signedIn: true, noise: [/status (of )?404/], open: proposed },
  { name: 'variants', signedIn: true, open: (page, url) => page.goto(`${url}/variants?store=${STORE}`) },
  { name: 'item-variants', signedIn: true, open: variants },
  { name: 'category-renamed', signedIn: true, open: renaming },
  { name: 'product', signedIn: true, open: product },
  { name: 'product-kit', signedIn: true, open: (page, url, key) => kit(page, url, key, (sku) => `/products/${sku}?store=${STORE}`) },
  { name: 'item-kit', signedIn: true, open: (page, url, key) => kit(page, url, key, (sku) => `/items/${sku}?store=${STORE}`) },
  { name: 'pick-kit', signedIn: true, open: ordersKit },
  { name: 'product-new', signedIn: true, open: (page, url) => page.goto(`${url}/products/new?code=5012345678900&store=${STORE}`) },
  { name: 'purchases', signedIn: true, open: orders },
  { name: 'purchases-none', signedIn: true, open: (page, url) => page.goto(`${url}/purchases?store=${STORE}&state=rejected`) },
  { name: 'purchase', signedIn: true, open: order },
  { name: 'purchase-arrival', signedIn: true, open: arrival },
  { name: 'delivery-none', signedIn: true, open: async (page, url, key) => page.goto(`${url}/deliveries/${await came(key)}?store=${STORE}`) },
  { name: 'delivery', signedIn: true, open: freight },
  { name: 'sent-back-none', signedIn: true, open: (page, url) => page.goto(`${url}/supplier-returns?store=${STORE}&state=credited`) },
  { name: 'sent-back', signedIn: true, open: wentBack },
  { name: 'sent-back-one', signedIn: true, open: async (page, url, key) => page.goto(`${url}/supplier-returns/${await back(key)}?store=${STORE}`) },
  { name: 'send-back', signedIn: true, open: goesBack },
  { name: 'buy', signedIn: true, open: runsOut },
  { name: 'buy-none', signedIn: true, open: (page, url) => page.goto(`${url}/purchases/buy?store=${STORE}`) },
  { name: 'suppliers', signedIn: true, who: 'olga', open: suppliers },
  { name: 'supplier', signedIn: true, who: 'olga', open: supplier },
  { name: 'import', signedIn: true, open: (page, url) => page.goto(`${url}/import?store=${STORE}`) },
  { name: 'import-check', signedIn: true, open: checked },
  { name: 'orders', signedIn: true, open: (page, url, key) => promised(page, url, key, () => `/orders?store=${STORE}`) },
  { name: 'orders-none', signedIn: true, open: (page, url) => page.goto(`${url}/orders?store=${STORE}&state=closed`) },
  { name: 'order-draft', signedIn: true, open: (page, url, key) => promised(page, url, key, (id) => `/orders/${id}?store=${STORE}`, false) },
  { name: 'order', signedIn: true, open: (page, url, key) => promised(page, url, key, (id) => `/orders/${id}?store=${STORE}`) },
  { name: 'pick', signedIn: true, open: fetching },
  { name: 'item-promised', signedIn: true, open: (page, url, key) => promised(page, url, key, (_, item) => `/items/${item.sku}?store=${STORE}`) },
  { name: 'transfers', signedIn: true, open: (page, url) => page.goto(`${url}/transfers?store=${STORE}`) },
  { name: 'transfer', signedIn: true, open: packed },
  { name: 'places', signedIn: true, who: 'olga', open: (page, url) => page.goto(`${url}/places?store=${STORE}`) },
  { name: 'place-name', signedIn: true, who: 'olga', open: naming },
  { name: 'lots', signedIn: true, who: 'mark', open: dated },
  { name: 'receive-lot', signedIn: true, open: dozen },
  { name: 'receive-serials', signedIn: true, open: numbered },
  { name: 'serial', signedIn: true, who: 'mark', open: traced },
  { name: 'serial-none', signedIn: true, open: (page, url) => page.goto(`${url}/lots?store=${STORE}&serial=NOBODY-1`) },
  { name: 'dashboard', signedIn: true, open: dashboard },
  { name: 'worth', signedIn: true, open: (page, url, key) => costed(page, url, key, () => `/worth?store=${STORE}`) },
  { name: 'worth-then', signedIn: true, open: (page, url) => page.goto(`${url}/worth?store=${STORE}&at=2020-02-29T10:00:05`) },
  { name: 'worth-wrong', signedIn: true, noise: [/status (of )?422/], open: (page, url) => page.goto(`${url}/worth?store=${STORE}&at=soon`) },
  { name: 'layers', signedIn: true, open: (page, url, key) => costed(page, url, key, (sku) => `/worth/${sku}?store=${STORE}`) },
  { name: 'margins', signedIn: true, open: (page, url, key) => costed(page, url, key, () => `/margins?store=${STORE}`) },
  { name: 'margins-none', signedIn: true, open: (page, url) => page.goto(`${url}/margins?store=${STORE}&from=2020-02-01&to=2020-02-29`) },
  { name: 'history-cost', signedIn: true, open: whatItCost },
  { name: 'design', signedIn: true, open: (page, url) => page.goto(`${url}/design?store=${STORE}`) },
  { name: 'settings', signedIn: true, who: 'olga', open: (page, url) => page.goto(`${url}/settings`) },
  { name: 'people', signedIn: true, who: 'olga', open: people },
  { name: 'keys', signedIn: true, who: 'olga', open: keys },
  { name: 'rules', signedIn: true, who: 'olga', open: (page, url) => page.goto(`${url}/settings/rules`) },
  { name: 'sessions', signedIn: true, who: 'olga', open: (page, url) => page.goto(`${url}/settings/sessions`) },
  { name: 'setup-store', signedIn: true, who: 'olga', frameless: true, open: (page, url) => page.goto(`${url}/setup/store`) },
  { name: 'setup-products', signedIn: true, who: 'olga', frameless: true, open: (page, url) => page.goto(`${url}/setup/products`) },
  { name: 'setup-scan', signedIn: true, frameless: true, open: (page, url) => page.goto(`${url}/setup/scan`) },
  { name: 'setup-practice', signedIn: true, frameless: true, open: (page, url) => page.goto(`${url}/setup/practice`) },
  { name: 'activity', signedIn: true, who: 'olga', open: (page, url) => page.goto(`${url}/activity`) },
  { name: 'activity-filter', signedIn: true, who: 'olga', open: (page, url) => page.goto(`${url}/activity?kind=security&q=no-such-thing`) },
  { name: 'problems', signedIn: true, who: 'olga', open: problems },
  { name: 'problems-empty', signedIn: true, who: 'olga', open: (page, url) => page.goto(`${url}/problems?list=mine`) },
  { name: 'report', signedIn: true, who: 'ann', open: report },
];

async function broughtBack(page: Page, url: string, key: Key): Promise<void> {
  const item = await key.stocked(1);
  await page.goto(`${url}/return?store=${STORE}`);
  await isLive(page);
  await page.locator('#scan-field').fill(item.barcode);
  await page.keyboard.press('Enter');
  await expect(page.locator('.line').first()).toBeVisible();
  await page.locator('.choice').filter({ hasText: /Set aside|Apartado/ }).click();
}

/** A delivery whose costs are known. */
async function came(key: Key): Promise<string> {
  const [item, id] = [await key.stocked(1), randomUUID()];
  await key.post('/receipts', { id, store: STORE, number: 'DN-7', lines: [{ sku: item.sku, quantity: '12', unit_price: '1.10' }] });
  return id;
}

async function freight(page: Page, url: string, key: Key): Promise<void> {
  const id = await came(key);
  await key.post(`/receipts/${id}/costs`, { id: randomUUID(), landed: '4.50', what: 'Freight of the van' });
  await page.goto(`${url}/deliveries/${id}?store=${STORE}`);
  await isLive(page);
  await page.locator('#costs-amount').fill('9');
  await expect(page.locator('.line-money strong').first()).not.toBeEmpty();
}

/** A correction that waits; the limit is above what other tests correct, which share this store. */
async function held(page: Page, url: string, key: Key): Promise<string> {
  await limit(page, url);
  const item = await key.stocked(40);
  const id = randomUUID();
  const lines = [{ sku: item.sku, quantity: '-600' }];
  await key.post('/adjustments', { id, store: STORE, reason: 'damaged', lines }, 202);
  return id;
}

async function limit(page: Page, url: string): Promise<void> {
  const headers = { origin: url, 'content-type': 'application/json' };
  const data = { store: STORE, patch: { lock_day: null, limits: [{ kind: 'adjustment', amount: '1000' }] } };
  const answer = await page.request.post(`${url}/api/inventory/change_rules`, { data, headers });
  expect(answer.status(), await answer.text()).toBe(200);
}

async function heldNow(page: Page, url: string, key: Key): Promise<void> {
  await limit(page, url);
  const item = await key.stocked(5);
  await page.goto(`${url}/items/${item.sku}?store=${STORE}&fix=1`);
  await isLive(page);
  await page.locator('#counted').fill('505');
  await page.locator('.fix button[type=submit]').click();
  await expect(page.locator('.correction-held')).toBeVisible();
}

async function naming(page: Page, url: string, key: Key): Promise<void> {
  await key.post('/places', { id: randomUUID(), store: STORE, code: `R${randomUUID().slice(0, 6).toUpperCase()}`, name: 'Stock room' });
  await page.goto(`${url}/places?store=${STORE}`);
  await isLive(page);
  await page.getByRole('button', { name: /^(Rename|Cambiar el nombre)$/ }).first().click();
  await expect(page.locator('.place-name')).toBeVisible();
}

async function returned(page: Page, url: string, key: Key): Promise<void> {
  const item = await key.stocked(1);
  const lines = [{ sku: item.sku, quantity: '2', unit_price: '2.50' }];
  await key.post('/returns', { id: randomUUID(), store: STORE, to: 'quarantine', lines });
  await page.goto(`${url}/aside?store=${STORE}`);
  await isLive(page);
}

async function unknown(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/?store=${STORE}`);
  await isLive(page);
  await page.locator('#scan-field').fill('4006381333931');
  await page.keyboard.press('Enter');
  await expect(page.locator('.held').first()).toBeVisible();
}

async function dated(page: Page, url: string, key: Key): Promise<void> {
  const item = await key.stocked(1);
  await key.change(`/items/${item.sku}`, { tracking: 'lot' });
  const lots = [{ line: 1, lot: 'L2026-11', expires_on: '2020-01-31' }];
  await key.post('/receipts', { id: crypto.randomUUID(), store: STORE, lines: [{ sku: item.sku, quantity: '6' }], lots });
  await key.sell(item, 1);
  await page.goto(`${url}/lots?store=${STORE}`);
  await isLive(page);
  await page.locator('[data-lot="L2026-11"] .lot-open').first().click();
  await expect(page.locator('.lot-trace h3').first()).toBeVisible();
}

async function dozen(page: Page, url: string, key: Key): Promise<void> {
  const item = await key.stocked(12);
  await key.change(`/items/${item.sku}`, { tracking: 'lot' });
  await page.goto(`${url}/receive?store=${STORE}&item=${item.sku}`);
  await isLive(page);
  await expect(page.locator('.line input[type=date]').first()).toBeVisible();
}

async function numbered(page: Page, url: string, key: Key): Promise<void> {
  const item = await key.stocked(1);
  await key.change(`/items/${item.sku}`, { tracking: 'serial' });
  await page.goto(`${url}/receive?store=${STORE}&item=${item.sku}`);
  await isLive(page);
  // What was named in another language is in the delivery too.
  const line = page.locator('.line').filter({ hasText: item.sku });
  const field = line.locator('.line-serials input');
  for (const serial of ['SN-2026-000471', 'SN-2026-000472']) {
    await field.fill(`${serial}-${item.sku}`);
    await page.keyboard.press('Enter');
  }
  await expect(line.locator('.line-serials li')).toHaveCount(2);
}

async function traced(page: Page, url: string, key: Key): Promise<void> {
  const item = await key.stocked(2);
  await key.change(`/items/${item.sku}`, { tracking: 'serial' });
  const lines = [{ sku: item.sku, quantity: '1', unit_price: '2', serials: [`SN-${item.sku}`] }];
  await key.post('/receipts', { id: crypto.randomUUID(), store: STORE, lines });
  await page.goto(`${url}/lots?store=${STORE}&serial=SN-${item.sku}`);
  await isLive(page);
  await expect(page.locator('.lot-trace li').first()).toBeVisible();
}

async function packed(page: Page, url: string, key: Key): Promise<void> {
  const item = await key.stocked(10);
  const places = await key.get(`/places?store=${STORE}`);
  const code = 'ROOM';
  if (!places.data.some((place: { code: string }) => place.code === code)) {
    await key.post('/places', { id: crypto.randomUUID(), store: STORE, code, name: 'Stock room' });
  }
  const lines = [{ sku: item.sku, quantity: '6' }];
  const { id } = await key.post('/transfers', { id: crypto.randomUUID(), store: STORE, to: code, lines });
  await page.goto(`${url}/transfers/${id}?store=${STORE}`);
  await isLive(page);
}

async function delivery(page: Page, url: string, key: Key): Promise<void> {
  const { data } = await key.get('/items?search=lantern&limit=1');
  await page.goto(`${url}/receive?store=${STORE}&item=${data[0].sku}`);
  await isLive(page);
  await expect(page.getByRole('listitem').filter({ hasText: data[0].name }).first()).toBeVisible();
}

/** An order of three items, as far as these steps bring it. */
async function ordered(key: Key, steps: string[] = []): Promise<{ order: string; supplier: string }> {
  const [order, supplier, code] = [randomUUID(), randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.post('/suppliers', { id: supplier, code, name: 'Northern Lantern Works', email: 'orders@lanterns.example', lead_days: 5 });
  const { data } = await key.get('/items?search=lantern&limit=3');
  const lines = (data as Item[]).map((item, at) => ({ sku: item.sku, quantity: String(12 * (at + 1)), unit_cost: '1.25' }));
  await key.post('/purchase-orders', { id: order, store: STORE, supplier, due_on: '2026-12-04', lines });
  for (const step of steps) await key.post(`/purchase-orders/${order}/${step}`, {}, 200);
  return { order, supplier };
}

async function orders(page: Page, url: string, key: Key): Promise<void> {
  await ordered(key);
  await ordered(key, ['submit', 'send']);
  await page.goto(`${url}/purchases?store=${STORE}`);
}

async function order(page: Page, url: string, key: Key): Promise<void> {
  await page.goto(`${url}/purchases/${(await ordered(key)).order}?store=${STORE}`);
}

async function runsOut(page: Page, url: string, key: Key): Promise<void> {
  const [item, supplier, code] = [await key.stocked(1, 'Copper bell'), randomUUID(), `S${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.post('/suppliers', { id: supplier, code, name: 'Northern Bell Foundry', lead_days: 2 });
  await key.change(`/suppliers/${supplier}`, { items: [{ sku: item.sku, price: '1.10', multiple: '6' }] });
  await key.sell(item, 4);
  await ordered(key);
  await page.goto(`${url}/purchases/buy?store=${STORE}`);
  await isLive(page);
}

async function arrival(page: Page, url: string, key: Key): Promise<void> {
  const { order } = await ordered(key, ['submit', 'send']);
  await page.goto(`${url}/purchases/${order}/receive?store=${STORE}`);
  await isLive(page);
  await page.getByRole('button', { name: 'Everything is here' }).or(page.getByRole('button', { name: 'Está todo' })).click();
}

/** What of an order's goods went back. */
async function back(key: Key): Promise<string> {
  const { supplier } = await ordered(key);
  const [id, lamp, vase] = [randomUUID(), await key.stocked(12, 'Brass lamp'), await key.stocked(4, 'Blue vase')];
  const lines = [{ sku: lamp.sku, quantity: '2', reason: 'damaged' }, { sku: vase.sku, quantity: '4', reason: 'too_many' }];
  await key.post('/supplier-returns', { id, store: STORE, supplier, note: 'as agreed by phone', lines });
  return id;
}

async function wentBack(page: Page, url: string, key: Key): Promise<void> {
  await back(key);
  await page.goto(`${url}/supplier-returns?store=${STORE}`);
}

/** An order that came, of which something is chosen to go back. */
async function goesBack(page: Page, url: string, key: Key): Promise<void> {
  const { order } = await ordered(key, ['submit', 'send']);
  const { lines } = await key.get(`/purchase-orders/${order}`);
  const came = lines.map((line: { sku: string }) => ({ sku: line.sku, quantity: '3' }));
  await key.post('/receipts', { id: randomUUID(), store: STORE, order, lines: came });
  await page.goto(`${url}/supplier-returns?store=${STORE}&order=${order}`);
  await isLive(page);
  await page.locator('.line-count .icon-button').last().click();
  await expect(page.locator('.purchase-why')).toBeVisible();
}

async function suppliers(page: Page, url: string, key: Key): Promise<void> {
  await ordered(key);
  await page.goto(`${url}/suppliers?store=${STORE}`);
}

async function supplier(page: Page, url: string, key: Key): Promise<void> {
  await page.goto(`${url}/suppliers/${(await ordered(key)).supplier}?store=${STORE}`);
}

async function oversold(page: Page, url: string, key: Key): Promise<void> {
  await key.sell(await key.stocked(1), 3);
  const free = `F${randomUUID().slice(0, 8)}`;
  await key.post('/items', { id: randomUUID(), sku: free, name: 'Free lantern' });
  await key.post('/receipts', { id: randomUUID(), store: STORE, lines: [{ sku: free, quantity: '3' }] });
  await key.post('/sales', { id: randomUUID(), store: STORE, lines: [{ sku: '4006381333931', quantity: '1' }] }, 422);
  await page.goto(`${url}/exceptions?store=${STORE}&tell=5012345678900`);
}

/** An order of which a part is there; then the page that its id or its item leads to. */
async function promised(page: Page, url: string, key: Key, path: (id: string, item: Item) => string, confirmed = true): Promise<void> {
  const [item, other] = [await key.stocked(3), await key.stocked(9)];
  const id = randomUUID();
  const lines = [{ sku: item.sku, quantity: '5' }, { sku: other.sku, quantity: '2' }];
  await key.change(`/items/${item.sku}`, { promise: 'allow' });
  await key.post('/orders', { id, store: STORE, content: { customer: 'Ada Byron', contact: 'ada@example.org', due_on: '2026-12-24', lines } });
  if (confirmed) await key.post(`/orders/${id}/confirm`, {}, 200);
  await page.goto(url + path(id, item));
  await isLive(page);
}

/** An order whose goods lie in two places, and in lots there; one more is said to have been elsewhere. */
async function fetching(page: Page, url: string, key: Key): Promise<void> {
  const [plain, milk, room] = [await key.stocked(3), await key.stocked(1, 'Milk'), `R${randomUUID().slice(0, 6).toUpperCase()}`];
  await key.change(`/items/${milk.sku}`, { tracking: 'lot' });
  await key.post('/places', { id: randomUUID(), store: STORE, code: room, name: 'Cold room' });
  for (const [lot, expires_on] of [['M-117', '2098-12-31'], ['M-118', '2099-01-31']]) {
    await key.post('/receipts', { id: randomUUID(), store: STORE, lines: [{ sku: milk.sku, quantity: '4' }], lots: [{ line: 1, lot, expires_on }] });
  }
  const trip = randomUUID();
  await key.post('/transfers', { id: trip, store: STORE, to: room, lines: [{ sku: milk.sku, quantity: '6' }] });
  for (const step of ['dispatch', { arrive: {} }]) await key.step(`/transfers/${trip}/steps`, { id: randomUUID(), step });
  const id = randomUUID();
  const lines = [{ sku: plain.sku, quantity: '2' }, { sku: milk.sku, quantity: '7' }];
  await key.post('/orders', { id, store: STORE, content: { customer: 'Ada Byron', lines } });
  await key.step(`/orders/${id}/confirm`, {});
  await page.goto(`${url}/pick/${id}?store=${STORE}`);
  await isLive(page);
  const line = page.locator(`[data-line="${milk.sku}"]`);
  await line.locator('summary').click();
  await line.getByRole('combobox').selectOption(room);
  await line.locator('input').first().fill('M-118');
  await line.locator('input').last().fill('1');
  await line.locator('form button').click();
  await expect(line.locator('.pick-taken li')).toHaveCount(1);
}

async function startCount(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/counts?store=${STORE}`);
  await isLive(page);
  await page.getByRole('button', { name: /^(Start a count|Empezar un recuento)$/ }).click();
  await expect(page.locator('.count-start')).toBeVisible();
}

/** One plan that waits for its day, and another one that is being written. */
async function planCounts(page: Page, url: string, key: Key): Promise<void> {
  const [id, store] = ['01990000-0000-7000-8000-000000000001', STORE];
  const { data } = await key.get(`/count-plans?store=${STORE}`);
  const plan = { store, by: 'class_a', most: 20, every: 7, next_on: '2099-12-07', note: 'Start at the door', version: 0 };
  if (!data.some((one: { id: string }) => one.id === id)) await key.put(`/count-plans/${id}`, plan);
  await page.goto(`${url}/counts?store=${STORE}`);
  await isLive(page);
  await page.getByRole('button', { name: /^(Plan a count|Planear un recuento)$/ }).click();
  await expect(page.locator('.count-plan-form')).toBeVisible();
}

/** A count of two items of which one is counted. */
async function count(key: Key): Promise<string> {
  const [lamp, vase] = [await key.stocked(12, 'Brass lamp'), await key.stocked(4, 'Blue vase')];
  const opened = await key.post('/counts', { id: randomUUID(), store: STORE, by: 'items', skus: [lamp.sku, vase.sku] });
  await key.step(`/counts/${opened.id}/entries`, { entries: [{ id: randomUUID(), code: lamp.sku, quantity: '9', shelf: 'A4' }] });
  return opened.id;
}

async function atShelf(page: Page, url: string, key: Key): Promise<void> {
  const { data } = await key.get('/items?search=lantern&limit=1');
  await page.goto(`${url}/counts/${await count(key)}?store=${STORE}`);
  await isLive(page);
  await page.locator('#scan-field').fill(data[0].sku);
  await page.keyboard.press('Enter');
  await expect(page.locator('.count-number')).toBeVisible();
}

async function reviewed(page: Page, url: string, key: Key): Promise<void> {
  const id = await count(key);
  await key.step(`/counts/${id}/hand-in`, {});
  await page.goto(`${url}/counts/${id}?store=${STORE}`);
  await expect(page.locator('.count-line').first()).toBeVisible();
}

/** Sales that do not get through, into an outbox that holds nothing else; one holds an item that nobody knows. */
async function keptSale(page: Page, url: string, key: Key): Promise<void> {
  await page.route('**/api/inventory/post_sale', (route) => (route.request().postData()?.includes('GONE-1') ? route.continue() : route.abort()));
  // Where nothing is at work that would put back what it is just sending.
  await page.goto(`${url}/healthz`);
  await page.evaluate(() => localStorage.clear());
  for (const count of [2, 1, 3]) {
    await basket(page, url, key, count);
    await page.locator('.sell').click();
    await expect(page.locator('.saying[data-tone=kept]')).toBeVisible();
  }
}

async function unsent(page: Page, url: string, key: Key): Promise<void> {
  await keptSale(page, url, key);
  await page.evaluate(() => {
    const first = Object.keys(localStorage).find((key) => key.startsWith('outbox:') && /"turn":1,/.test(localStorage[key]));
    if (first) localStorage[first] = localStorage[first].replace(/"sku":"[^"]+","quantity"/, '"sku":"GONE-1","quantity"');
  });
  await page.goto(`${url}/waiting?store=${STORE}`);
  await expect(page.locator('.refused')).toHaveCount(1);
  await expect(page.locator('.waiting-row')).toHaveCount(2);
}

async function basket(page: Page, url: string, key: Key, most = 3): Promise<void> {
  await page.goto(`${url}/till`);
  await isLive(page);
  const { data } = await key.get(`/items?search=lantern&limit=${most}`);
  for (const item of data as Item[]) {
    await page.locator('#scan-field').fill(item.sku);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('listitem').filter({ hasText: item.name }).first()).toBeVisible();
  }
}

async function refusedCamera(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/till?store=${STORE}`);
  await isLive(page);
  await page.evaluate(() => Object.assign(navigator.mediaDevices, { getUserMedia: () => Promise.reject(new DOMException('', 'NotAllowedError')) }));
  await page.locator('.scan-camera').click();
  await expect(page.locator('.camera .notice')).toBeVisible();
}

async function sheet(page: Page, url: string, key: Key): Promise<void> {
  const { data } = await key.get('/items?search=HEART&limit=1');
  await page.goto(`${url}/items/${data[0].sku}?store=${STORE}`);
}

/** How it is ordered, with something typed that is no number. */
async function rule(page: Page, url: string, key: Key): Promise<void> {
  await sheet(page, url, key);
  await page.locator('#rule-multiple').fill('a few');
  await page.locator('.wrong').filter({ hasText: '12' }).scrollIntoViewIfNeeded();
}

async function chosen(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/products?store=${STORE}&q=heart`);
  await isLive(page);
  await page.getByRole('table').getByRole('checkbox').nth(1).check();
  await page.locator('.bulk .choice').first().click();
}

async function priceList(page: Page, url: string, key: Key): Promise<void> {
  const { data } = await key.get('/items?search=HEART&limit=2');
  const lines = data.map((item: { sku: string }) => [{ sku: item.sku, price: '2.20' }, { sku: item.sku, from: '12', price: '1.95' }]).flat();
  const id = randomUUID();
  const days = { from_day: '2026-12-27', to_day: '2027-01-06' };
  await key.put(`/price-lists/${id}`, { version: 0, name: `Winter sale ${id.slice(0, 4)}`, store: STORE, ...days, lines });
  await page.goto(`${url}/prices/${id}?store=${STORE}`);
}

async function taxClass(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/taxes/0192b7a0-0000-7000-8000-000000000001?store=${STORE}`);
  await isLive(page);
  await page.locator('#class-name').fill('Standard');
  await page.locator('.product-form .button.wide').first().click();
  await expect(page.locator('.price-line')).toHaveCount(2);
}

async function proposed(page: Page, url: string, key: Key): Promise<void> {
  const item = await key.stocked(4, 'Linen shirt');
  await page.goto(`${url}/variants/${randomUUID()}?store=${STORE}&like=${item.sku}`);
  await isLive(page);
  await page.locator('#option-0').fill('Size');
  await page.locator('#values-0').fill('S, M, L');
  await page.locator('.family-option ~ button').click();
  await page.locator('#option-1').fill('Colour');
  await page.locator('#values-1').fill('Red, Blue');
  await page.locator('form button[type="button"]').last().click();
  await expect(page.locator('.family-row')).toHaveCount(6);
}

async function variants(page: Page, url: string, key: Key): Promise<void> {
  const item = await key.stocked(4, 'Linen shirt');
  const options = [{ name: 'Size', values: ['S', 'M', 'L'] }, { name: 'Colour', values: ['Red', 'Blue', 'Sand'] }];
  const made = ['S', 'L'].flatMap((size) => ['Blue', 'Sand'].map((colour) => (
    { sku: `${item.sku}-${size}-${colour}`, values: [size, colour], make: { id: randomUUID(), name: `${item.name}, ${size}, ${colour}` } }
  )));
  const items = [{ sku: item.sku, values: ['M', 'Red'] }, ...made];
  await key.put(`/families/${randomUUID()}`, { version: 0, name: item.name, options, items, like: item.sku });
  await page.goto(`${url}/items/${item.sku}?store=${STORE}`);
  await isLive(page);
  await expect(page.locator('.family-grid')).toBeVisible();
}

async function renaming(page: Page, url: string, key: Key): Promise<void> {
  const { data } = await key.get('/items?search=HEART&limit=1');
  await key.change(`/items/${data[0].sku}`, { category: 'Lanterns' });
  await page.goto(`${url}/products?store=${STORE}&category=lanterns`);
  await isLive(page);
  await page.getByRole('button', { name: /Rename|Cambiar/ }).click();
  await expect(page.locator('#category-name')).toBeVisible();
}

async function product(page: Page, url: string, key: Key): Promise<void> {
  const { data } = await key.get('/items?search=HEART&limit=1');
  await page.goto(`${url}/products/${data[0].sku}?store=${STORE}`);
}

/** A kit of two items, of which one is the first to run out. */
async function tea(key: Key): Promise<string> {
  const [cup, pot] = [await key.stocked(9, 'Cup'), await key.stocked(2, 'Tea pot')];
  const sku = `T${randomUUID().slice(0, 8).toUpperCase()}`;
  await key.post('/items', { id: randomUUID(), sku, name: `Tea set ${sku}`, price: '19.50' });
  await key.change(`/items/${sku}`, { components: [{ sku: cup.sku, quantity: '4' }, { sku: pot.sku, quantity: '1' }] });
  return sku;
}

async function kit(page: Page, url: string, key: Key, path: (sku: string) => string): Promise<void> {
  await page.goto(url + path(await tea(key)));
}

async function ordersKit(page: Page, url: string, key: Key): Promise<void> {
  const [id, sku] = [randomUUID(), await tea(key)];
  await key.post('/orders', { id, store: STORE, content: { customer: 'Ada Byron', lines: [{ sku, quantity: '2' }] } });
  await key.step(`/orders/${id}/confirm`, {});
  await page.goto(`${url}/pick/${id}?store=${STORE}`);
}

async function checked(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/import?store=${STORE}`);
  await isLive(page);
  const buffer = Buffer.from('SKU,Name,EAN,Price,Qty\nX1,Red mug,5012345678900,2.55,7\nX2,Blue mug,,abc,\nX3,Jug,96385075,1,3\n');
  await page.locator('input[type=file]').setInputFiles({ name: 'products.csv', mimeType: 'text/csv', buffer });
  await expect(page.locator('.faults')).toBeVisible();
}

async function dashboard(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/dashboard?store=${STORE}`);
  // Drawn, if there is anything to draw: before the first sale of the day the page says so instead.
  await expect(page.locator('canvas, svg[class*=icon], .empty').first()).toBeVisible();
  await page.waitForTimeout(1_200);
}

/** An item that came at two costs and once without any, of which some was sold. */
async function costed(page: Page, url: string, key: Key, path: (sku: string) => string): Promise<void> {
  const item = await key.stocked(40, 'Copper pan');
  for (const line of [{ unit_price: '1.30' }, {}]) {
    await key.post('/receipts', { id: randomUUID(), store: STORE, lines: [{ sku: item.sku, quantity: '24', ...line }] });
  }
  await key.sell(item, 52);
  await key.sell(await key.stocked(1, 'Brass lamp'), 3);
  await page.goto(url + path(item.sku));
  await isLive(page);
}

async function whatItCost(page: Page, url: string, key: Key): Promise<void> {
  const item = await key.stocked(12, 'Copper pan');
  await key.sell(item, 5);
  await page.goto(`${url}/history?store=${STORE}&item=${item.sku}`);
  await isLive(page);
  await page.locator('.posting-cost summary').first().click();
  await expect(page.locator('.posting-cost strong').first()).toBeVisible();
}

/** What a finger cannot hit on this page: smaller than 48 px, or a primary button lower than 56 px. */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const all = 'a[href], button, summary, select, textarea, input:not([type=hidden]), [role=option], [role=tab]';
    for (const element of document.querySelectorAll<HTMLElement>(all)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.skip, .unseen')) continue;
      // A link whose shadow covers its row, and a field with its label around it, are as large as what they cover.
      const covers = getComputedStyle(element, '::after').position === 'absolute';
      const target = covers ? (element.offsetParent ?? element) : (element.closest('label, .scan-box, .search, .find-box') ?? element);
      const { width, height } = target.getBoundingClientRect();
      const least = element.matches('.button.primary') ? 56 : 48;
      // A link within a sentence is as high as its line.
      const inText = element.matches('p a, li p a');
      if (!inText && width > 0 && (width < 47.5 || height < least - 0.5)) {
        faults.push(`${element.outerHTML.slice(0, 90)} is ${Math.round(width)} × ${Math.round(height)}`);
      }
    }
    return faults;
  });
}

async function isNoWider(page: Page, name: string): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(wide, `${name} at ${page.viewportSize()?.width} px is wider than its window`).toBeLessThanOrEqual(0);
}

/** With one person unfolded, and the form open. */
/** A shared tablet, with the keys of that person's PIN when one is named. */
async function atTablet(page: Page, url: string, name?: string): Promise<void> {
  await shareTablet(page.context(), url, ['ann', 'mark']);
  await page.goto(`${url}/who`);
  if (name) await page.getByRole('link', { name }).click();
  await page.waitForLoadState('networkidle');
}

async function people(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/settings/people`);
  await isLive(page);
  await page.locator('.row-end button').first().click();
  await page.locator('.people-head button').click();
}

async function keys(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/settings/keys`);
  await isLive(page);
  await page.locator('main .button.primary').first().click();
}

const troubled = new Set<string>();

/** Two problems, once for each server: what a screen tells by itself, and a report. */
async function problems(page: Page, url: string): Promise<void> {
  const tell = (path: string, data: object) => page.request.post(`${url}/api/problems/${path}`, { data, headers: { origin: url } });
  const doing = { screen: '/till', actions: ['inventory/find 200', 'inventory/post_sale 200'], version: '0.1.0', viewport: '390 × 844' };
  if (!troubled.has(url)) {
    await tell('see', { seen: { what: 'RuntimeError: the chart could not be drawn', place: '/pkg/chart.js:12:3', doing } });
    await tell('report', { report: { note: 'I wanted to give a receipt a second time.', doing } });
    troubled.add(url);
  }
  await page.goto(`${url}/problems`);
}

async function report(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/stock`);
  await isLive(page);
  await page.getByLabel(new RegExp(PEOPLE.ann.shown)).first().click();
  await page.getByRole('button', { name: /Report a problem|Avisar de un problema/ }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
}

async function wear(context: BrowserContext, url: string, theme: string, lang: string): Promise<void> {
  await context.addCookies([{ name: 'theme', value: theme, url }, { name: 'lang', value: lang, url }]);
}

async function opened(visitor: Visitor, screen: Screen, key: Key): Promise<Page> {
  const page = await visitor.context.newPage();
  await screen.open(page, visitor.url, key);
  if (screen.frameless) await page.waitForLoadState('networkidle');
  else if (screen.signedIn) await isLive(page);
  return page;
}

/** At three sizes for a person to look at, and at 320 px, where nothing may be cut off. */
async function photographed(page: Page, screen: Screen, theme: string, lang: string): Promise<void> {
  for (const viewport of sizes) {
    await page.setViewportSize(viewport);
    await settled(page);
    await isNoWider(page, screen.name);
    const name = `${screen.name}-${viewport.width}x${viewport.height}-${theme}-${lang}.png`;
    await page.screenshot({ path: join(folder, name) });
  }
  await page.setViewportSize({ width: 320, height: 568 });
  await settled(page);
  await isNoWider(page, screen.name);
  expect.soft(await tooSmall(page), `${screen.name} has targets too small for a finger`).toEqual([]);
  expect.soft(await page.locator('.button.primary:not(:disabled):not(.pad *):visible').count(), `${screen.name} has one primary button`).toBeLessThanOrEqual(1);
}

/** A new size is drawn in two frames; what moves to its place takes a fifth of a second. */
function settled(page: Page): Promise<void> {
  return page.waitForTimeout(250);
}

/** What axe finds with the whole standard in one theme, and of the colours in the others: nothing else differs. */
async function faultless(page: Page, screen: Screen, lang: string, themes: string[]): Promise<void> {
  for (const viewport of [sizes[0], sizes[2]]) {
    await page.setViewportSize(viewport);
    // All of a short page at once: what the bar below lies over can be scrolled up.
    const long = await page.evaluate(() => document.documentElement.scrollHeight);
    if (long < 8_000) await page.setViewportSize({ ...viewport, height: Math.max(viewport.height, long) });
    // Of a long list the bar covers half a row, wherever that is; the bar itself is looked at on every short page.
    else await page.evaluate(() => document.querySelector<HTMLElement>('.bar')?.style.setProperty('visibility', 'hidden'));
    for (const [at, theme] of themes.entries()) {
      const fading = await page.evaluate((theme) => new Promise<string[]>((drawn) => {
        document.documentElement.dataset.theme = theme;
        const fades = () => document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.transitionProperty);
        requestAnimationFrame(() => requestAnimationFrame(() => drawn(fades())));
      }), theme);
      expect.soft(fading, `${screen.name} stands still for whoever asked for less motion`).toEqual([]);
      const axe = new AxeBuilder({ page });
      const { violations } = await (at === 0 ? axe.withTags(standard) : axe.withRules(['color-contrast'])).analyze();
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
      expect.soft(told, `${screen.name}, ${theme}, ${lang}, ${viewport.width} px`).toEqual([]);
    }
  }
}

for (const screen of screens) {
  test(`12, 13, 15, 18, 58: axe finds nothing on ${screen.name}, which fits 320 px and a finger, and has one primary button`, async ({ visit, key, watch }) => {
    watch.expect(...(screen.noise ?? []));
    // Colours that fade into each other have none that axe could judge.
    const visitor = await visit(screen.signedIn ? (screen.who ?? 'mark') : undefined, undefined, { reducedMotion: 'reduce' });
    // A theme's colours are the same in every language: each is looked at in one.
    for (const [theme, lang, others] of [['light', 'en', ['contrast']], ['dark', 'es', []]] as const) {
      await wear(visitor.context, visitor.url, theme, lang);
      const page = await opened(visitor, screen, key);
      await photographed(page, screen, theme, lang);
      await faultless(page, screen, lang, [theme, ...others]);
      await page.close();
    }
  });
}
