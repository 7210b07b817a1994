import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's browser: playwright-core brings none. */
const CHROMIUM = '/usr/bin/chromium';

/** Why browser tests are skipped here; empty where they run. Put it into the name of the suite. */
export const NO_CHROMIUM = existsSync(CHROMIUM) ? '' : ` [skipped: no ${CHROMIUM}; apt-get install chromium fonts-dejavu-core]`;

/** Starts a real browser without a window and without services of its own. */
export const launchChromium = (): Promise<Browser> => chromium.launch({
  executablePath: CHROMIUM, handleSIGINT: false, // tests send themselves one
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
