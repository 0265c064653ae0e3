// Measures pages as a browser sees them: time to first byte, and until the page is interactive (its pill says "Live").
import { chromium } from "@playwright/test";

const [base, name, password] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** Slow 4G as Lighthouse has it: 1.6 Mbit/s down, 150 ms there and back. */
const slow4g = { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 };

async function visit(path, throttled) {
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${base}/sign-in`);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  const cookies = await context.cookies();
  await context.close();

  const fresh = await browser.newContext({ locale: "en-GB" });
  await fresh.addCookies(cookies);
  const cold = await fresh.newPage();
  cold.setDefaultTimeout(120_000);
  const devtools = await fresh.newCDPSession(cold);
  if (throttled) {
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", slow4g);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  }
  const start = Date.now();
  await cold.goto(`${base}${path}`, { waitUntil: "commit" });
  await cold.getByText("Live", { exact: true }).first().waitFor();
  const interactive = Date.now() - start;
  const timing = await cold.evaluate(() => {
    const [page] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const files = performance.getEntriesByType("resource");
    const sum = (entries) => entries.reduce((bytes, entry) => bytes + entry.transferSize, 0) / 1024;
    const wasm = sum(files.filter((file) => new URL(file.name).pathname.endsWith(".wasm")));
    return { firstByte: page.responseStart - page.requestStart, paint: paint?.startTime ?? NaN, all: sum([page, ...files]), wasm };
  });
  await fresh.close();
  return { ...timing, interactive };
}

const median = (figures) => figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)];

console.log("| page | throttled | first byte ms | first paint ms | interactive ms | KiB received | of that WASM |\n|---|---|---|---|---|---|---|");
for (const path of ["/till?store=LON", "/stock?store=LON", "/dashboard?store=LON"]) {
  for (const throttled of [false, true]) {
    const rounds = [];
    for (let round = 0; round < 3; round += 1) rounds.push(await visit(path, throttled));
    const of = (name) => median(rounds.map((round) => round[name])).toFixed(0);
    console.log(`| ${path} | ${throttled ? "yes" : "no"} | ${of("firstByte")} | ${of("paint")} | ${of("interactive")} | ${of("all")} | ${of("wasm")} |`);
  }
}
await browser.close();
