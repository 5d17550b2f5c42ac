import { chromium, type Browser } from 'playwright-core';
import type { Found } from './tools.js';

/** Starts a Chromium that asks nobody for anything by itself. */
export function launchChromium({ executablePath, env }: Found): Promise<Browser> {
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
}
