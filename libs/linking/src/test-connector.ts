import type { Connector, Deadline } from '@linkbroker/contracts';
import { askedScopes, buildCodeExchange, readTokenResponse, UpstreamError, type Upstream } from '@linkbroker/providers';
import { findUpstream, reach, sendUpstream, type UpstreamNeeds } from './upstream-needs.js';

/** One thing that was tried at a provider. `ok` is null where its answer does not say. */
export interface ConnectorFinding {
  readonly step: 'endpoints' | 'keys' | 'client';
  readonly ok: boolean | null;
  readonly detail: string;
}

export interface TestConnectorNeeds extends UpstreamNeeds {
  readonly now: () => Date;
}

/** Nobody's code: no provider has issued it, so that nothing can be spent by it. */
const NO_CODE = 'linkbroker-connection-test';
/** As RFC 7636 §4.1 wants it. */
const NO_VERIFIER = 'a'.repeat(43);

/**
 * Tries a connector at its provider without a household: finds the endpoints, fetches the signing keys, and presents a code
 * that nobody has issued. A provider that refuses the code has accepted the client; one that does not know the client, or
 * does not take its secret, says that instead.
 * @param callbackUrl the redirect URI that is registered there
 */
export async function testConnector(
  needs: TestConnectorNeeds,
  connector: Connector,
  callbackUrl: string,
  deadline: Deadline,
): Promise<ConnectorFinding[]> {
  const findings: ConnectorFinding[] = [];
  try {
    const upstream = await findUpstream(needs, connector, deadline);
    findings.push({ step: 'endpoints', ok: true, detail: `sign-in at ${hostOf(upstream.authorizationEndpoint)}` });
    if (upstream.jwksUri !== null) findings.push(await tryKeys(needs, upstream.jwksUri, deadline));
    findings.push(await tryClient(needs, connector, upstream, callbackUrl, deadline));
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    findings.push({ step: 'endpoints', ok: false, detail: error.message });
  }
  return findings;
}

async function tryKeys(needs: TestConnectorNeeds, jwksUri: string, deadline: Deadline): Promise<ConnectorFinding> {
  const step = 'keys';
  try {
    const document = await reach(() => needs.documents.get(jwksUri, deadline));
    const { keys } = document as { readonly keys?: unknown };
    const count = Array.isArray(keys) ? keys.length : 0;
    return { step, ok: count > 0, detail: `${String(count)} signing keys at ${hostOf(jwksUri)}` };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { step, ok: false, detail: error.message };
  }
}

async function tryClient(
  needs: TestConnectorNeeds,
  connector: Connector,
  upstream: Upstream,
  callbackUrl: string,
  deadline: Deadline,
): Promise<ConnectorFinding> {
  const step = 'client';
  try {
    const hop = { code: NO_CODE, codeVerifier: NO_VERIFIER, redirectUri: callbackUrl };
    const request = buildCodeExchange(upstream, connector, hop, needs.now());
    const response = await sendUpstream(needs, connector, request, deadline);
    readTokenResponse(upstream, response, askedScopes(connector), 'code', needs.now());
    return { step, ok: null, detail: 'the provider gave tokens for a code that nobody has issued' };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const { failure, code, message } = error;
    if (failure === 'rejected') return { step, ok: true, detail: 'the provider knows the client and its secret' };
    const detail = code === null || message.includes(code) ? message : `${message} (${code})`;
    return { step, ok: failure === 'misconfigured' ? false : null, detail };
  }
}

const hostOf = (address: string): string => URL.parse(address)?.host ?? '';
