import { fail, NotTested, pass, warn, type Check, type Outcome } from '../check.js';
import type { TlsView } from '../probes.js';
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

async function view(session: Session): Promise<TlsView> {
  const { tokenUrl } = session.target;
  assertPublic(session, tokenUrl);
  if (new URL(tokenUrl).protocol !== 'https:') throw new NotTested('plain http has no certificate (R7)');
  return session.probes.inspectTls(tokenUrl);
}

/** Node brings Mozilla's list, and fetches no certificates that a server leaves out. */
async function checkChain(session: Session): Promise<Outcome> {
  const { distrust, issuer } = await view(session);
  if (distrust !== null) return fail(`${distrust} (issued by ${issuer})`);
  return pass(`complete, issued by ${issuer}`);
}

async function checkAuthority(session: Session): Promise<Outcome> {
  const { distrust, issuer } = await view(session);
  const known = session.target.ca === undefined ? "an authority of Mozilla's list" : 'the given ca';
  return distrust === null ? pass(`${issuer} leads to ${known}`) : warn(`${issuer}: ${distrust}`);
}

async function checkLetsEncrypt(session: Session): Promise<Outcome> {
  const { issuer } = await view(session);
  if (!/let's encrypt/i.test(issuer)) return pass(`issued by ${issuer}`);
  return warn(
    "issued by Let's Encrypt: one edition of Amazon's page excludes it, others do not, and it works in practice",
  );
}

async function checkTls12(session: Session): Promise<Outcome> {
  return (await view(session)).tls12
    ? pass('a connection with TLS 1.2 came about')
    : fail('no connection with TLS 1.2');
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
];
