// The frame around every page: what each person is led to, the palette, the keys, and how it fits a hand.
import type { Page } from '@playwright/test';
import { burst } from './scanner.ts';
import { type Name, PEOPLE, STORE, expect, isLive, mark, test } from './shop.ts';

/** The words of the pages that someone is led to. */
async function led(page: Page): Promise<string[]> {
  return page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts();
}

async function press(page: Page, keys: string, gapMs: number): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(gapMs);
  }
}

const palette = (page: Page) => page.getByRole('dialog', { name: 'Find or go to' });

test('52: each person is led to what their roles allow, and to nothing else', async ({ visit }) => {
  const closed: Record<Name, string[]> = {
    ann: ['Products', 'Import', 'Dashboard', 'Activity', 'Problems', 'Design'],
    mark: ['Problems', 'Design'],
    olga: [],
  };
  for (const name of Object.keys(PEOPLE) as Name[]) {
    const visitor = await visit(name);
    const page = await visitor.open(`/stock?store=${STORE}`);
    const words = await led(page);
    expect(words, name).toEqual(expect.arrayContaining(['Till', 'Stock']));
    expect(words.filter((word) => closed[name].includes(word)), `${name} is led to`).toEqual([]);
    if (name === 'olga') expect(words).toEqual(expect.arrayContaining(['Dashboard', 'Design']));
    // A door that one is led to opens.
    for (const link of await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').all()) {
      const path = await link.getAttribute('href');
      const answer = await page.request.get(`${visitor.url}${path}`);
      expect(answer.status(), `${name} at ${path}`).toBe(200);
    }
    // On a phone the same are in the bar and behind "More".
    await page.setViewportSize({ width: 360, height: 640 });
    await page.getByLabel('More pages').click();
    expect((await led(page)).sort(), `${name} on a phone`).toEqual([...words].sort());
  }
});

test('48: the palette finds pages, deeds and items by keyboard, the latest first', async ({ visit, key }) => {
  const item = await key.stocked(7, 'Wicker basket');
  const page = await (await visit('mark')).open(`/stock?store=${STORE}`);
  await page.getByRole('button', { name: 'Find or go to' }).click();
  await expect(palette(page)).toBeVisible();
  const field = palette(page).getByRole('combobox');
  await expect(field).toBeFocused();
  const chosen = palette(page).getByRole('option', { selected: true });
  await field.fill('dash');
  await expect(chosen).toContainText('Dashboard');
  await expect(field).toHaveAttribute('aria-activedescendant', (await chosen.getAttribute('id')) ?? '');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/dashboard/);
  // An item, by a word of its name, and by a scan that does not wait for an answer.
  await page.keyboard.press('Control+k');
  await field.fill(item.sku);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/items/${item.sku}`));
  // What was chosen is first the next time; the arrows move the choice.
  await page.keyboard.press('Control+k');
  const options = palette(page).getByRole('option');
  await expect(options.nth(0)).toContainText(item.name);
  await expect(options.nth(1)).toContainText('Dashboard');
  await page.keyboard.press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  // A deed.
  await field.fill('high con');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'contrast');
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
});

test('48: the palette speaks Spanish', async ({ visit }) => {
  const visitor = await visit('ann');
  await visitor.context.addCookies([{ name: 'lang', value: 'es', url: visitor.url }]);
  const page = await visitor.open('/till');
  await page.keyboard.press('Control+k');
  const field = page.getByRole('dialog', { name: 'Buscar o ir a' }).getByRole('combobox');
  await field.fill('exist');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/stock/);
});

test('17, 48: keys lead where a hand would, and no scan leads anywhere', async ({ visit }) => {
  const page = await (await visit('mark')).open(`/stock?store=${STORE}`);
  const stayed = await mark(page);
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(keys).toBeVisible();
  await expect(keys.getByText('Dashboard')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();
  // A scanner's burst that holds the very keys, and the same letters in a field.
  await burst(page, 'gd4711');
  await burst(page, 'gd');
  await page.waitForTimeout(400);
  await expect(page).toHaveURL(/\/stock/);
  await page.getByRole('searchbox').focus();
  await press(page, 'gd', 160);
  await expect(page.getByRole('searchbox')).toHaveValue('gd');
  await expect(page).toHaveURL(/\/stock/);
  await page.getByRole('heading', { name: 'Stock', exact: true }).click();
  await press(page, 'gd', 160);
  await expect(page).toHaveURL(/\/dashboard/);
  await isLive(page);
  await stayed();
});

test('20: a page that takes longer than a blink shows its shape, and not before', async ({ visit }) => {
  const visitor = await visit('mark');
  const page = await visitor.open(`/stock?store=${STORE}`);
  let answer = () => {};
  const held = new Promise<void>((done) => (answer = done));
  await page.route('**/api/report/board', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Dashboard' }).click();
  const shape = page.locator('.skeleton');
  await expect(shape).toHaveCount(1);
  // Held back by the style sheet, so that no clock of this test decides.
  expect(await shape.evaluate((element) => getComputedStyle(element).animationDelay)).toBe('0.4s');
  await expect(shape).toHaveCSS('opacity', '1');
  await expect(shape.locator('.skeleton-tiles')).toBeVisible();
  answer();
  await expect(page.getByText('Pieces sold', { exact: true })).toBeVisible();
  await expect(shape).toHaveCount(0);
});

test('60: words that are 40 % longer still fit a phone', async ({ visit }) => {
  const visitor = await visit('olga');
  const page = await visitor.open(`/stock?store=${STORE}`);
  await page.setViewportSize({ width: 360, height: 640 });
  await page.getByLabel('More pages').click();
  const faults = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    for (const text of texts) text.data += text.data.trim().slice(0, Math.ceil(text.data.trim().length * 0.4));
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const cut = [...document.querySelectorAll<HTMLElement>('.bar .to span, .bar .menu-button span, .nav-title, .button')];
    const clipped = cut.filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1);
    return [...(wide > 0 ? [`the page is ${wide} px too wide`] : []), ...clipped.map((one) => one.textContent ?? '')];
  });
  expect(faults).toEqual([]);
});

test('50: help stands at the same place on each page, in three sentences and the person’s language', async ({ visit }) => {
  const visitor = await visit('ann');
  for (const [path, title, words] of [['/till', 'About “Till”', 'Scan each item'], ['/stock', 'About “Stock”', 'Search by name']]) {
    const page = await visitor.open(path);
    await page.getByRole('banner').getByLabel(/Ann Reed/).first().click();
    await page.getByRole('button', { name: 'Help with this page' }).click();
    const sheet = page.getByRole('dialog', { name: title });
    await expect(sheet.locator('p', { hasText: words })).toBeVisible();
    await expect(sheet.locator('p:not(.help-picture)')).toHaveCount(3);
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
    await page.close();
  }
});

test('62: a page asks for each file of its code once', async ({ visit }) => {
  const page = await (await visit('ann')).open('/till');
  const stock = page.url().replace('/till', '/stock');
  // What the till fetches beforehand, when it has nothing else to do, is another page's.
  await page.goto('about:blank');
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/\/pkg\/(split|chunk)_/.test(request.url())) asked.push(request.url());
  });
  await page.goto(stock);
  await isLive(page);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter((url, at) => asked.indexOf(url) !== at)).toEqual([]);
});
