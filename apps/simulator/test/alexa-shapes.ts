import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from './fake-broker.js';

const names = (text: string): string =>
  text
    .split('&')
    .map((pair) => pair.split('=', 1)[0])
    .join(' ');

const authorizeOrders = new Set([
  'client_id response_type scope redirect_uri state',
  'client_id response_type redirect_uri state',
  'client_id response_type scope redirect_uri state code_challenge code_challenge_method',
]);

/** @returns what is unlike Alexa in an authorization request */
export function checkAlexaAuthorize(rawQuery: string): string | undefined {
  if (!authorizeOrders.has(names(rawQuery))) return `unexpected parameters: ${names(rawQuery)}`;
  return /scope=[^&]*\+/.test(rawQuery) ? 'a space in scope comes as %20' : undefined;
}

const tokenOrders = new Set([
  'grant_type code redirect_uri client_id client_secret',
  'grant_type code redirect_uri client_id client_secret code_verifier',
  'grant_type code redirect_uri',
  'grant_type code redirect_uri code_verifier',
  'grant_type refresh_token client_id client_secret',
  'grant_type refresh_token',
]);

/** @returns what is unlike Alexa in a token request, or wrong in its credentials */
export function checkAlexaToken(body: string, headers: IncomingHttpHeaders, client: Credentials): string | undefined {
  if (!tokenOrders.has(names(body))) return `unexpected parameters: ${names(body)}`;
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') return 'unexpected Content-Type';
  if (headers['user-agent'] !== 'Apache-HttpClient/4.5.x (Java/1.8.0_152)') return 'unexpected User-Agent';
  const form = new URLSearchParams(body);
  const basic = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
  const given = headers.authorization ? basic : `${form.get('client_id')}:${form.get('client_secret')}`;
  const both = headers.authorization !== undefined && form.has('client_id');
  return both || given !== `${client.clientId}:${client.clientSecret}` ? 'wrong credentials' : undefined;
}
