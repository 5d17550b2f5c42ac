import { namedHosts, type SignedIn, type Target } from '@linkbroker/doctor';
import type { Browser } from 'playwright-core';
import { CannotRun } from '../cannot-run.js';
import { loginByBrowser } from './browser-login.js';
import { loginByCommand } from './command-login.js';
import { HandLogin } from './hand-login.js';

/** A way to sign in that was started, and has to be ended. */
export interface Login {
  readonly signIn: (authorizeUrl: string) => Promise<SignedIn>;
  readonly close: () => Promise<void>;
  /** PNG of the first page that a browser saw. */
  readonly screenshot: () => Uint8Array | undefined;
}

const variables = (json: string | undefined): Record<string, string> =>
  json === undefined ? {} : (JSON.parse(json) as Record<string, string>);

/** Whether there is a screen on which a person could see a browser. */
function hasScreen({ DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv): boolean {
  return process.platform === 'darwin' || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}

async function launch(target: Target, env: NodeJS.ProcessEnv, visible: boolean): Promise<Browser> {
  const { LINKBROKER_CHROMIUM: executablePath, LINKBROKER_CHROMIUM_ENV: more } = env;
  if (!executablePath) {
    throw new CannotRun('signing in takes a Chromium and there is none: install one, or use {"command": [...]}');
  }
  const { chromium } = await import('playwright-core');
  return chromium
    .launch({
      executablePath,
      headless: !visible,
      env: { ...env, ...variables(more) },
      args: chromiumFlags(target, visible),
    })
    .catch(() => {
      throw new CannotRun(`Chromium could not be started (${executablePath})`);
    });
}

/** Signs in with a browser and keeps the first picture. */
function withPictures(browser: Browser, signIn: (url: string, photographs: boolean) => Promise<SignedIn>): Login {
  let picture: Uint8Array | undefined;
  return {
    signIn: async (url) => {
      const done = await signIn(url, picture === undefined);
      picture ??= done.seen?.screenshot;
      return done;
    },
    close: () => browser.close(),
    screenshot: () => picture,
  };
}

/**
 * Starts what the target's login needs: nothing for a command, a Chromium for steps, one that can be seen for a person.
 * @throws CannotRun without a Chromium, or without a screen
 */
export async function startLogin(target: Target, env: NodeJS.ProcessEnv): Promise<Login> {
  const { login } = target;
  if ('command' in login) {
    const { command } = login;
    return {
      signIn: (url) => loginByCommand(command, url),
      close: () => Promise.resolve(),
      screenshot: () => undefined,
    };
  }
  if ('steps' in login) {
    const browser = await launch(target, env, false);
    const { steps } = login;
    return withPictures(browser, (url, photographs) => loginByBrowser({ browser, target, steps, photographs }, url));
  }
  if (!hasScreen(env)) {
    throw new CannotRun('signing in by hand takes a screen and there is no DISPLAY: give the target a login');
  }
  const browser = await launch(target, env, true);
  const byHand = new HandLogin(browser, target);
  return withPictures(browser, (url, photographs) => byHand.signIn(url, photographs));
}

/** Redirects are not routed, so names that the target does not give are also made to lead nowhere. */
function chromiumFlags(target: Target, visible: boolean): string[] {
  const exclude = [...namedHosts(target)].map((host) => `EXCLUDE ${host}`).join(', ');
  return [
    ...(visible ? [] : ['--headless']),
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    `--host-resolver-rules=MAP * ~NOTFOUND, ${exclude}`,
  ];
}
