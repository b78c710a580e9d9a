import { defineConfig, devices } from '@playwright/test';

/**
 * Every spec runs twice: with scripts, and without. What can only work with
 * scripts is in files named `*.hydrate.spec.ts`; what needs no page at all,
 * such as the independent client, in files named `*.protocol.spec.ts`.
 *
 * `cargo xtask test` starts the server and sets the variables below; to run
 * the specs against `cargo xtask serve`, nothing needs to be set.
 */
const chromium = process.env.OIDC_PLAYGROUND_CHROMIUM;
const root = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'specs',
  outputDir: 'test-results',
  forbidOnly: Boolean(process.env.CI),
  // A test that passes only the second time is wrong.
  retries: 0,
  fullyParallel: true,
  workers: 2,
  timeout: 30_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 5_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:3000',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium || undefined,
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-gpu',
        '--disable-quic',
        '--disable-sync',
        // Chromium refuses its sandbox to root.
        ...(root ? ['--no-sandbox'] : []),
      ],
    },
  },
  projects: [
    {
      name: 'scripts',
      use: { javaScriptEnabled: true },
    },
    {
      name: 'no-scripts',
      testIgnore: ['**/*.hydrate.spec.ts', '**/*.protocol.spec.ts'],
      use: { javaScriptEnabled: false },
    },
  ],
});
