import { namedHosts, type SignedIn, type Target } from '@linkbroker/doctor';
import type { Browser } from 'playwright-core';
import { CannotRun } from '../cannot-run.js';
import type { ProxyAccess } from '../proxy-tunnel.js';
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

/** What binds a run on somebody else's behalf. */
export interface Confinement {
  readonly proxy: ProxyAccess;
  /** Whether pages run in Chromium's sandbox; where they cannot, as root, and an operator has said so, they do not. */
  readonly sandbox: boolean;
}

const variables = (json: string | undefined): Record<string, string> =>
  json === undefined ? {} : (JSON.parse(json) as Record<string, string>);

/** Whether there is a screen on which a person could see a browser. */
function hasScreen({ DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv): boolean {
  return process.platform === 'darwin' || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}

async function launch(
  target: Target,
  env: NodeJS.ProcessEnv,
  visible: boolean,
  confinement?: Confinement,
): Promise<Browser> {
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
      args: confinement ? confinedFlags(confinement) : chromiumFlags(target, visible),
      ...(confinement && { chromiumSandbox: confinement.sandbox, proxy: proxyOf(confinement) }),
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
export async function startLogin(target: Target, env: NodeJS.ProcessEnv, confinement?: Confinement): Promise<Login> {
  const { login } = target;
  if (confinement) return startConfined(target, env, confinement);
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

/** Without a browser what rests on a sign-in is not tested, and the rest is. */
async function startConfined(target: Target, env: NodeJS.ProcessEnv, confinement: Confinement): Promise<Login> {
  const { login } = target;
  if (!('steps' in login)) throw new CannotRun('only steps in a browser sign in here');
  const { steps } = login;
  try {
    const browser = await launch(target, env, false, confinement);
    return withPictures(browser, (url, photographs) => loginByBrowser({ browser, target, steps, photographs }, url));
  } catch (error) {
    const says = error instanceof CannotRun ? NO_BROWSER : 'the driver of the browser is not installed here';
    return {
      signIn: () => Promise.resolve({ kind: 'recipe', says }),
      close: () => Promise.resolve(),
      screenshot: () => undefined,
    };
  }
}

const NO_BROWSER = 'there is no Chromium on this machine, or it could not be started in its sandbox';

const proxyOf = ({ proxy: { port, credential } }: Confinement) => {
  const [username = '', password = ''] = credential.split(':');
  // Chromium goes to loopback addresses past any proxy, unless it is told not to.
  return { server: `http://127.0.0.1:${String(port)}`, bypass: '<-loopback>', username, password };
};

/** Nothing looks up a name, and nothing is sent that does not go through the proxy: no QUIC, no WebRTC beside it. */
const confinedFlags = ({ sandbox }: Confinement): string[] => [
  '--headless',
  ...(sandbox ? [] : ['--no-sandbox']),
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--dns-prefetch-disable',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--renderer-process-limit=4',
  '--js-flags=--max-old-space-size=256',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

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
