import { fail, NotTested, pass, warn, type Check, type Outcome } from '../check.js';
import { once } from '../once.js';
import { NoAnswer, type TlsView } from '../probes.js';
import type { Session } from '../session.js';
import { isLoopback } from '../target.js';

/** On this machine there are no certificates, and Alexa never comes here. */
function assertPublic({ target: { ca } }: Session, address: string): void {
  if (ca === undefined && isLoopback(address)) throw new NotTested('a loopback address, and the target names no ca');
}

function checkHttps(session: Session, address: string): Outcome {
  assertPublic(session, address);
  const { protocol, port } = new URL(address);
  if (protocol !== 'https:') return fail('plain http');
  if (port === '' || isLoopback(address)) return pass('https');
  return warn(`port ${port}: Amazon asks for 443, though others were reported to work`);
}

/** What was seen of one of the hosts. */
interface View extends TlsView {
  readonly host: string;
}

/** Both hosts, or the one that both addresses have. @throws NotTested, NoAnswer */
const views = once(async (session): Promise<readonly View[]> => {
  const { authorizeUrl, tokenUrl } = session.target;
  const addresses = new Map([tokenUrl, authorizeUrl].map((address) => [new URL(address).host, address]));
  const seen: View[] = [];
  for (const [host, address] of addresses) {
    assertPublic(session, address);
    if (new URL(address).protocol !== 'https:') throw new NotTested('plain http has no certificate (R6, R7)');
    seen.push({ host, ...(await session.probes.inspectTls(address)) });
  }
  return seen;
});

/** Judges each host; the worst outcome is that of all. */
const each =
  (judge: (view: View, session: Session) => Outcome) =>
  async (session: Session): Promise<Outcome> => {
    const seen = await views(session);
    const outcomes = seen.map((view) => {
      const { status, evidence } = judge(view, session);
      return { status, evidence: seen.length === 1 ? evidence : `${view.host}: ${evidence}` };
    });
    const status = (['fail', 'warn'] as const).find((bad) => outcomes.some((outcome) => outcome.status === bad));
    const shown = outcomes.filter((outcome) => status === undefined || outcome.status === status);
    return { status: status ?? 'pass', evidence: shown.map(({ evidence }) => evidence).join('; ') };
  };

/** Node brings Mozilla's list, and fetches no certificates that a server leaves out. */
const checkChain = each(({ distrust, issuer }) =>
  distrust === null ? pass(`complete, issued by ${issuer}`) : fail(`${distrust} (issued by ${issuer})`),
);

const checkAuthority = each(({ distrust, issuer }, { target: { ca } }) => {
  const known = ca === undefined ? "an authority of Mozilla's list" : 'the given ca';
  return distrust === null ? pass(`${issuer} leads to ${known}`) : warn(`${issuer}: ${distrust}`);
});

const LETS_ENCRYPT =
  "issued by Let's Encrypt: one edition of Amazon's page excludes it, others do not, and it works in practice";

const checkLetsEncrypt = each(({ issuer }) =>
  /let's encrypt/i.test(issuer) ? warn(LETS_ENCRYPT) : pass(`issued by ${issuer}`),
);

const checkTls12 = each(({ tls12, newest }) =>
  tls12 ? pass(`TLS 1.2 came about; the newest is ${newest}`) : fail(`no connection with TLS 1.2, only ${newest}`),
);

/** That a run may not go there says nothing about who would have answered. */
const isSilent = (error: unknown): boolean => error instanceof NoAnswer && error.reason !== 'forbidden';

/** Whoever types the address, or follows an old link, comes over plain http first. */
async function checkPlainHttp(session: Session): Promise<Outcome> {
  const { authorizeUrl } = session.target;
  assertPublic(session, authorizeUrl);
  const plain = new URL(authorizeUrl);
  if (isLoopback(authorizeUrl)) throw new NotTested('a loopback address');
  if (plain.protocol !== 'https:') throw new NotTested('the address is plain http (R6)');
  plain.protocol = 'http:';
  plain.port = '';
  try {
    const { status, headers } = await session.send({ method: 'GET', url: plain.href, headers: {} });
    if (status >= 200 && status < 300) return fail('plain http on port 80 shows a page');
    const to = headers['location'] ?? '';
    const leadsTo = URL.canParse(to, plain.href) ? new URL(to, plain.href).protocol : '';
    if (status < 400 && leadsTo === 'http:') return fail('plain http leads to plain http');
    return pass(leadsTo === 'https:' ? 'plain http leads to https' : `plain http is refused with HTTP ${status}`);
  } catch (error) {
    if (isSilent(error)) return pass('nobody answers over plain http');
    throw error;
  }
}

/** How the two addresses are reached. On loopback none of it can be said. */
export const TRANSPORT_CHECKS: readonly Check[] = [
  {
    name: 'https-authorize',
    rule: 'R6',
    title: 'The authorization address is https on port 443',
    remedy: 'Put a proxy that ends TLS on port 443 before the server.',
    run: (session) => checkHttps(session, session.target.authorizeUrl),
  },
  {
    name: 'https-token',
    rule: 'R7',
    title: 'The token address is https',
    remedy: 'Put a proxy that ends TLS before the server.',
    run: (session) => checkHttps(session, session.target.tokenUrl),
  },
  {
    name: 'authority',
    rule: 'R8',
    title: "The certificate leads to an authority of Mozilla's list",
    remedy: 'Use a certificate of a public authority.',
    run: checkAuthority,
  },
  {
    name: 'lets-encrypt',
    rule: 'R9',
    title: 'The authority is one that nobody doubts',
    remedy:
      "Nothing, while linking works; with trouble that nothing else explains, try another authority's certificate.",
    run: checkLetsEncrypt,
  },
  {
    name: 'chain',
    rule: 'R10',
    title: 'The whole chain of certificates is sent and trusted',
    remedy: 'Configure the server with the full chain, intermediate certificates included.',
    run: checkChain,
  },
  {
    name: 'tls12',
    rule: 'R11',
    title: 'TLS 1.2 is offered',
    remedy: 'Enable TLS 1.2 beside 1.3.',
    run: checkTls12,
  },
  {
    name: 'https-pages',
    rule: 'R48',
    title: 'The sign-in page comes over https',
    remedy: 'Serve the page and all it loads over https.',
    run: (session) => checkHttps(session, session.target.authorizeUrl),
  },
  {
    name: 'plain-http',
    rule: 'R48',
    title: 'Plain http shows no sign-in page',
    remedy: 'Redirect port 80 to https, or close it.',
    run: checkPlainHttp,
  },
];
