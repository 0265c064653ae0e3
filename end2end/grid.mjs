// Scrolls the stock grid without a pause, in turn with and without updates, and counts the frames that Chromium made.
import { randomUUID } from "node:crypto";
import { chromium } from "@playwright/test";

const [base, name, password, key, rows] = process.argv.slice(2);
const ROUNDS = 3;
const SECONDS = 10;
const UPDATES_PER_SECOND = 50;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await (await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 } })).newPage();
await page.goto(`${base}/sign-in`);
await page.getByLabel("Name").fill(name);
await page.getByLabel("Password", { exact: true }).fill(password);
await page.getByRole("button", { name: "Sign in" }).click();
await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
await page.goto(`${base}/stock?store=LON`);
await page.getByText("Live", { exact: true }).first().waitFor();
const devtools = await page.context().newCDPSession(page);

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Sells one of a grid's items, as a till elsewhere does. */
async function sell(sku) {
  const sale = { id: randomUUID(), store: "LON", lines: [{ sku, quantity: "1", unit_price: "2.55" }] };
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": randomUUID() };
  const answer = await fetch(`${base}/api/v1/sales`, { method: "POST", headers, body: JSON.stringify(sale) });
  if (answer.status !== 201) throw new Error(`a sale was answered with ${answer.status}: ${await answer.text()}`);
}

/** So many sales a second until told to stop: every other one of an item that is on the screen. */
function sellOn(shown) {
  let sold = 0;
  const under = new Set();
  const beat = setInterval(() => {
    const at = sold % 2 === 0 ? (sold * 7919) % Number(rows) : Math.min(Number(rows) - 1, shown.first + (sold % 14));
    const sale = sell(`G${String(at).padStart(6, "0")}`);
    sold += 1;
    under.add(sale);
    sale.finally(() => under.delete(sale));
  }, 1000 / UPDATES_PER_SECOND);
  return async () => {
    clearInterval(beat);
    await Promise.all(under);
    return sold;
  };
}

/** What the page writes down of itself: when each frame began, and how long each key had to wait. */
const begin = () => {
  const seen = { frames: [], waits: [], paints: [] };
  const frame = (at) => {
    seen.frames.push(at);
    if (window.seen === seen) requestAnimationFrame(frame);
  };
  window.seen = seen;
  window.heard ??= addEventListener("keydown", (event) => window.seen.waits.push(performance.now() - event.timeStamp), true) ?? true;
  window.painted ??= new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === "keydown") window.seen.paints.push(entry.duration);
  });
  window.painted.observe({ type: "event", durationThreshold: 16 });
  requestAnimationFrame(frame);
};
const end = () => {
  const { seen } = window;
  window.seen = { frames: [], waits: [], paints: [] };
  return seen;
};

async function scroll(updates) {
  await page.evaluate(() => window.scrollTo(0, 0));
  await wait(1000);
  const shown = { first: 0 };
  const stop = updates ? sellOn(shown) : async () => 0;
  await page.evaluate(begin);
  const began = Date.now();
  for (let turn = 0; Date.now() - began < SECONDS * 1000; turn += 1) {
    await devtools.send("Input.dispatchMouseEvent", { type: "mouseWheel", x: 640, y: 500, deltaX: 0, deltaY: 120 });
    if (turn % 8 === 0) {
      await devtools.send("Input.dispatchKeyEvent", { type: "keyDown", key: "Shift", code: "ShiftLeft", windowsVirtualKeyCode: 16 });
      await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", key: "Shift", code: "ShiftLeft", windowsVirtualKeyCode: 16 });
    }
    if (updates && turn % 30 === 0) shown.first = await page.evaluate(() => Math.floor(window.scrollY / 56));
    await wait(25);
  }
  const seen = await page.evaluate(end);
  const sold = await stop();
  const scrolled = await page.evaluate(() => window.scrollY);
  if (scrolled < 5000) throw new Error(`the page scrolled ${scrolled} px only`);
  const first = seen.frames[0];
  const seconds = Array.from({ length: SECONDS }, () => 0);
  for (const at of seen.frames) seconds[Math.floor((at - first) / 1000)] += 1;
  const whole = seconds.slice(0, SECONDS - 1);
  const of = (figures, part) => [...figures].sort((a, b) => a - b)[Math.floor((figures.length - 1) * part)] ?? 0;
  return {
    median: of(whole, 0.5), worst: Math.min(...whole), wait: of(seen.waits, 0.99),
    // Chromium tells only of those that took 16 ms and more.
    paint: seen.paints.length === 0 ? 16 : Math.max(...seen.paints), sold: sold / SECONDS,
  };
}

const rounds = { still: [], moving: [] };
await scroll(false);
for (let round = 0; round < ROUNDS; round += 1) {
  rounds.still.push(await scroll(false));
  rounds.moving.push(await scroll(true));
}
await browser.close();

const middle = (figures) => figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)];
const of = (which, figure) => middle(rounds[which].map((round) => round[figure]));
const line = (which, told) => console.log(`| ${told} | ${of(which, "sold").toFixed(0)} | ${of(which, "median")} | ${of(which, "worst")} | ${of(which, "wait").toFixed(1)} | ${of(which, "paint").toFixed(0)} |`);
console.log("| the page | sales/s | frames/s, median | worst second | a key waits, p99 ms | and is painted, most ms |\n|---|---|---|---|---|---|");
line("still", "scrolled");
line("moving", "scrolled while numbers change");
console.log(`| ratio | | ${(of("moving", "median") / of("still", "median")).toFixed(2)} | ${(of("moving", "worst") / of("still", "worst")).toFixed(2)} | | |`);
