// Lets Lighthouse look at the pages that are open all day, signed in, as a desktop and as a phone.
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const [base, name, password] = process.argv.slice(2);
const PAGES = ["/?store=LON", "/till?store=LON", "/stock?store=LON", "/dashboard?store=LON"];
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const FIGURES = { "first-contentful-paint": "ms", "largest-contentful-paint": "ms", "total-blocking-time": "ms", "cumulative-layout-shift": "" };

// A browser of its own for each look: in one that was audited before, V8's profiler first lists all code that those audits left
// in its process (from the third look on that took a phone 300 ms and more), and Lighthouse counts that as the page's.
async function signedIn() {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en-GB"],
  });
  const page = await browser.newPage();
  await page.goto(`${base}/sign-in`, { waitUntil: "networkidle2" });
  await page.type("[name=name]", name);
  await page.type("[name=password]", password);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  await page.close();
  return browser;
}

// Without these it would ask a host on the internet for its flags, and forget who is signed in.
const flags = { onlyCategories: CATEGORIES, disableStorageReset: true, output: "json", logLevel: "error" };
const missed = new Map();

console.log(`| page | device | ${CATEGORIES.join(" | ")} | ${Object.keys(FIGURES).join(" | ")} |\n|${"---|".repeat(2 + CATEGORIES.length + Object.keys(FIGURES).length)}`);
for (const path of PAGES) {
  for (const [device, config] of [["desktop", desktopConfig], ["phone", undefined]]) {
    const browser = await signedIn();
    const { lhr } = await lighthouse(base + path, { ...flags, port: Number(new URL(browser.wsEndpoint()).port) }, config);
    await browser.close();
    if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(base + path).pathname) throw new Error(`${path} led to ${lhr.finalDisplayedUrl}`);
    const scores = CATEGORIES.map((category) => Math.round(lhr.categories[category].score * 100));
    const figures = Object.entries(FIGURES).map(([audit, unit]) => `${lhr.audits[audit].numericValue.toFixed(unit ? 0 : 3)}${unit && ` ${unit}`}`);
    console.log(`| ${path} | ${device} | ${scores.join(" | ")} | ${figures.join(" | ")} |`);
    for (const category of CATEGORIES) {
      for (const { id, weight } of lhr.categories[category].auditRefs) {
        const { score, title, displayValue } = lhr.audits[id];
        if (weight > 0 && score !== null && score < 0.9) missed.set(`${id}`, [...(missed.get(id) ?? []), `${path} ${device}: ${Math.round(score * 100)} ${displayValue ?? title}`]);
      }
    }
  }
}
for (const [audit, where] of missed) console.log(`\n${audit}:\n  ${where.join("\n  ")}`);
