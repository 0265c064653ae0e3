// Browser tests in the system's Chromium; `cargo xtask test` names it and the server's executable.
import { defineConfig, devices } from '@playwright/test';

const inCi = Boolean(process.env.CI);
const quietChromium = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results',
  forbidOnly: inCi,
  // On a machine that runs much else beside, once more; what needed that is counted and named at the end.
  retries: inCi ? 1 : 0,
  workers: 2,
  reporter: 'list',
  // Long, because a machine that does other things beside is no fault of ours.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  use: {
    ...devices['Desktop Chrome'],
    // So that what never comes is named where it was waited for, and not by the end of the whole test.
    actionTimeout: 60_000,
    // Recording costs every test time: in CI only what runs once more is recorded.
    trace: inCi ? 'on-first-retry' : 'retain-on-failure',
    // What a worker answers no test can cut or count; pwa.spec.ts lets it in.
    serviceWorkers: 'block',
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: quietChromium },
  },
});
