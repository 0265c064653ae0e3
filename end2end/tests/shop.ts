// A demo shop for the tests of a worker, another system with a key, and people with browsers of their own.
import { type BrowserContext, type BrowserContextOptions, type Page, expect, test as base } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { Server, command, forget, freshPlace } from './server.ts';
import { Watch } from './watch.ts';

/** The demo's people: see `server/src/demo.rs`. */
export const PEOPLE = {
  olga: { shown: 'Olga Marsh', password: 'olga-owns-the-demo-shop' },
  mark: { shown: 'Mark Hale', password: 'mark-minds-the-demo-shop' },
  ann: { shown: 'Ann Reed', password: 'ann-sells-in-the-demo-shop' },
} as const;
export type Name = keyof typeof PEOPLE;

export const STORE = 'DEMO';

/** What the browser calls itself, for a request that it makes without a page. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

export interface Item {
  sku: string;
  name: string;
  barcode: string;
}

/** Another system, which calls with its key. */
export class Key {
  constructor(readonly url: string, private readonly key: string) {}

  async get(path: string): Promise<any> {
    const answer = await fetch(`${this.url}/api/v1${path}`, { headers: this.headers() });
    expect(answer.status, `GET ${path}`).toBe(200);
    return answer.json();
  }

  async post(path: string, body: unknown, status = 201): Promise<any> {
    const headers = { ...this.headers(), 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const answer = await fetch(`${this.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.status, `POST ${path}: ${await answer.clone().text()}`).toBe(status);
    return answer.json();
  }

  /** Brings a document further, which makes nothing new. */
  step(path: string, body: unknown): Promise<any> {
    return this.post(path, body, 200);
  }

  async change(path: string, body: unknown): Promise<any> {
    const headers = { ...this.headers(), 'content-type': 'application/json', 'idempotency-key': randomUUID(), 'if-match': '*' };
    const answer = await fetch(`${this.url}/api/v1${path}`, { method: 'PATCH', headers, body: JSON.stringify(body) });
    expect(answer.status, `PATCH ${path}: ${await answer.clone().text()}`).toBe(200);
    return answer.json();
  }

  async put(path: string, body: unknown): Promise<any> {
    const headers = { ...this.headers(), 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const answer = await fetch(`${this.url}/api/v1${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect(answer.status, `PUT ${path}: ${await answer.clone().text()}`).toBe(200);
    return answer.json();
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.key}` };
  }

  /** A new item of the store, with so many on the shelf. */
  async stocked(quantity: number, name = 'Copper lantern'): Promise<Item> {
    const mark = randomUUID().slice(0, 8).toUpperCase();
    const barcode = String(Date.now() % 1e9) + String(Math.floor(Math.random() * 1000)).padStart(3, '0');
    const item = { sku: `T${mark}`, name: `${name} ${mark}`, barcode };
    await this.post('/items', { id: randomUUID(), sku: item.sku, name: item.name, barcodes: [barcode], price: '2.55' });
    await this.post('/receipts', this.document([{ sku: item.sku, quantity: String(quantity), unit_price: '1.10' }]));
    return item;
  }

  sell(item: Item, quantity: number): Promise<any> {
    return this.post('/sales', this.document([{ sku: item.sku, quantity: String(quantity), unit_price: '2.55' }]));
  }

  /** What is on hand where it is sold, as the server says it. */
  async onHand(item: Item): Promise<string> {
    const { data } = await this.get(`/stock?sku=${item.sku}&store=${STORE}`);
    type Row = { location: string; condition: string; on_hand: string };
    return data.find((row: Row) => row.location === 'SHOP' && row.condition === 'sellable').on_hand;
  }

  private document(lines: object[]): object {
    return { id: randomUUID(), store: STORE, lines };
  }
}

/** Somebody at a browser of their own. */
export class Visitor {
  constructor(readonly context: BrowserContext, readonly url: string) {}

  /** Opens a page and waits until it is alive. */
  async open(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.url + path);
    await isLive(page);
    return page;
  }

  /** As the form of the sign-in page does without scripts; sign-in.spec.ts opens the page itself. */
  async signIn(name: Name): Promise<void> {
    const form = { name, password: PEOPLE[name].password };
    const headers = { origin: this.url, 'user-agent': BROWSER, accept: 'text/html' };
    const answer = await this.context.request.post(`${this.url}/api/auth/sign_in`, { form, headers, maxRedirects: 0 });
    expect(answer.status(), `${name} signs in`).toBe(302);
  }
}

/** A PIN that is not among the first that anyone would try. */
export const PIN = '739158';

/** Makes that browser a shared tablet of the shop, where these people have a PIN; nobody is signed in there then. */
export async function shareTablet(context: BrowserContext, url: string, people: Name[]): Promise<void> {
  const headers = { origin: url, 'user-agent': BROWSER };
  const call = async (path: string, data: object): Promise<any> => {
    const answer = await context.request.post(`${url}/api/${path}`, { data, headers });
    expect(answer.status(), `${path}: ${await answer.text()}`).toBe(200);
    return answer.json();
  };
  const visitor = new Visitor(context, url);
  await visitor.signIn('olga');
  const { stores } = await call('auth/me', {});
  await call('devices/share', { new: { store: stores[0].id, name: 'Till 2', lock_minutes: 1 } });
  for (const name of people) {
    await visitor.signIn(name);
    await call('people/set_pin', { password: PEOPLE[name].password, pin: PIN });
  }
  await context.request.post(`${url}/api/auth/sign_out`, { form: {}, headers: { ...headers, accept: 'text/html' }, maxRedirects: 0 });
}

/** Types a PIN with a thumb. */
export async function tapPin(page: Page, pin = PIN): Promise<void> {
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click();
}

/** Types into the sign-in form and sends it. */
export async function fillIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** The connection pill. */
export function pill(page: Page) {
  return page.getByRole('banner').getByRole('status');
}

export async function isLive(page: Page): Promise<void> {
  await expect(pill(page)).toHaveText(/^(Live|En vivo)$/);
}

/** What the page asks of the server by that name takes a while, as over a bad network. */
export async function slowed(page: Page, call: string): Promise<void> {
  await page.route(`**/api/inventory/${call}`, async (route) => {
    await new Promise((done) => setTimeout(done, 400));
    await route.continue();
  });
}

/** Marks the page, so that a reload would show. */
export async function mark(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => Object.assign(window, { stillHere: true }));
  return async () => expect(await page.evaluate(() => 'stillHere' in window), 'the page was reloaded').toBe(true);
}

/** The dashboard's "Pieces sold". */
export async function pieces(dashboard: Page): Promise<number> {
  const text = await dashboard.getByText('Pieces sold', { exact: true }).locator('xpath=following-sibling::*[1]').textContent();
  return Number(text?.replaceAll(',', ''));
}

interface Fixtures {
  /** Complains when a page complains. */
  watch: Watch;
  /** A browser of one's own, signed in when a name is given. */
  visit: (name?: Name, url?: string, options?: BrowserContextOptions) => Promise<Visitor>;
}

interface WorkerFixtures {
  house: { server: Server; key: string };
  /** The shop's server. */
  server: Server;
  /** Another system. */
  key: Key;
}

/** Opens a demo shop in that place, with a key. */
export async function openShop(place = freshPlace()): Promise<{ server: Server; key: string }> {
  const first = await Server.start(place, ['--demo']);
  await first.stop();
  const key = command(place, ['key', 'add', '--scopes', 'all', '--stores', 'all']).trim();
  return { server: await Server.start(place, ['--demo']), key };
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  house: [async ({}, use) => {
    const house = await openShop();
    await use(house);
    await house.server.stop();
    forget(house.server.place);
  }, { scope: 'worker', timeout: 90_000 }],

  server: [async ({ house }, use) => use(house.server), { scope: 'worker' }],

  key: [async ({ house }, use) => use(new Key(house.server.url, house.key)), { scope: 'worker' }],

  watch: [async ({}, use) => {
    const watch = new Watch();
    await use(watch);
    expect(watch.complaints, 'what the browser complained of').toEqual([]);
  }, { auto: true }],

  visit: async ({ browser, server, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (name, url = server.url, options = {}) => {
      const context = await browser.newContext({ locale: 'en-GB', ...options });
      watch.over(context, url);
      opened.push(context);
      const visitor = new Visitor(context, url);
      if (name) await visitor.signIn(name);
      return visitor;
    });
    for (const context of opened) await context.close();
  },
});

export { expect };
