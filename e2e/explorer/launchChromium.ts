import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the Chromium of this machine; CHROMIUM_PATH says where it is when it isn't in one of the usual places. */
export async function launchChromium(): Promise<Browser> {
  const { CHROMIUM_PATH } = process.env;
  const path = [...(CHROMIUM_PATH ? [CHROMIUM_PATH] : []), ...places].find((place) => existsSync(place));
  if (!path) {
    throw new Error(
      'No Chromium is installed. Install it (Debian: apt-get install -y chromium; macOS: brew install --cask chromium), or name one in CHROMIUM_PATH.',
    );
  }
  return chromium.launch({ executablePath: path, args: flags });
}
