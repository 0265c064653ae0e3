// Every screen, looked at: by axe in both colours and languages, and by a person at three sizes (results/screens).
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import { join, resolve } from 'node:path';
import { type Item, type Key, STORE, type Visitor, expect, isLive, test } from './shop.ts';

const folder = resolve(import.meta.dirname, '../results/screens');
const sizes = [{ width: 360, height: 640 }, { width: 1024, height: 768 }, { width: 1440, height: 900 }];
const looks = ['light', 'dark'].flatMap((theme) => ['en', 'es'].map((lang) => ({ theme, lang })));
const standard = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

interface Screen {
  name: string;
  signedIn: boolean;
  open: (page: Page, url: string, key: Key) => Promise<unknown>;
}

const screens: Screen[] = [
  { name: 'sign-in', signedIn: false, open: (page, url) => page.goto(`${url}/sign-in`) },
  { name: 'till-empty', signedIn: true, open: (page, url) => page.goto(`${url}/till`) },
  { name: 'till', signedIn: true, open: basket },
  { name: 'stock', signedIn: true, open: (page, url) => page.goto(`${url}/stock?store=${STORE}`) },
  { name: 'stock-short', signedIn: true, open: (page, url) => page.goto(`${url}/stock?store=${STORE}&q=nothing-like-it`) },
  { name: 'item', signedIn: true, open: sheet },
  { name: 'dashboard', signedIn: true, open: dashboard },
];

async function basket(page: Page, url: string, key: Key): Promise<void> {
  await page.goto(`${url}/till`);
  await isLive(page);
  const { data } = await key.get('/items?search=lantern&limit=3');
  for (const item of data as Item[]) {
    await page.locator('#scan-field').fill(item.sku);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('listitem').filter({ hasText: item.name }).first()).toBeVisible();
  }
}

async function sheet(page: Page, url: string, key: Key): Promise<void> {
  const { data } = await key.get('/items?search=HEART&limit=1');
  await page.goto(`${url}/items/${data[0].sku}?store=${STORE}`);
}

async function dashboard(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/dashboard?store=${STORE}`);
  // Drawn, if there is anything to draw: before the first sale of the day the page says so instead.
  await expect(page.locator('canvas, svg[class*=icon], .empty').first()).toBeVisible();
  await page.waitForTimeout(1_200);
}

async function wear(context: BrowserContext, url: string, theme: string, lang: string): Promise<void> {
  await context.addCookies([{ name: 'theme', value: theme, url }, { name: 'lang', value: lang, url }]);
}

async function opened(visitor: Visitor, screen: Screen, key: Key): Promise<Page> {
  const page = await visitor.context.newPage();
  await screen.open(page, visitor.url, key);
  if (screen.signedIn) await isLive(page);
  return page;
}

for (const screen of screens) {
  test(`axe finds nothing on ${screen.name}`, async ({ visit, key }) => {
    const visitor = await visit(screen.signedIn ? 'mark' : undefined);
    for (const { theme, lang } of looks) {
      await wear(visitor.context, visitor.url, theme, lang);
      const page = await opened(visitor, screen, key);
      for (const viewport of [sizes[0], sizes[2]]) {
        await page.setViewportSize(viewport);
        const { violations } = await new AxeBuilder({ page }).withTags(standard).analyze();
        const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
        expect(told, `${screen.name}, ${theme}, ${lang}, ${viewport.width} px`).toEqual([]);
      }
      await page.close();
    }
  });

  test(`${screen.name} is photographed, and scrolls one way only`, async ({ visit, key }) => {
    const visitor = await visit(screen.signedIn ? 'mark' : undefined);
    for (const [theme, lang] of [['light', 'en'], ['dark', 'es']]) {
      await wear(visitor.context, visitor.url, theme, lang);
      const page = await opened(visitor, screen, key);
      for (const viewport of sizes) {
        await page.setViewportSize(viewport);
        await page.waitForTimeout(250);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wide, `${screen.name} at ${viewport.width} px is wider than its window`).toBeLessThanOrEqual(0);
        const name = `${screen.name}-${viewport.width}x${viewport.height}-${theme}-${lang}.png`;
        await page.screenshot({ path: join(folder, name) });
      }
      await page.close();
    }
  });
}
