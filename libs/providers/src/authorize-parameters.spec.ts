import { CONNECTOR, upstreamWith } from '../test/upstreams.js';
import { authorizeParameters } from './authorize-parameters.js';
import type { UpstreamProvider } from './upstream-provider.js';

const parametersOf = (quirks: Partial<UpstreamProvider>, scopes: readonly string[] = ['a', 'b'], consent = false) =>
  authorizeParameters(upstreamWith(quirks), { ...CONNECTOR, scopes }, { nonce: 'n', consent });

describe('authorizeParameters', () => {
  it.each<[string, Partial<UpstreamProvider>, Record<string, string>]>([
    ['are the scopes', {}, { scope: 'a b' }],
    ['have a nonce for an OpenID provider', { protocol: 'oidc' }, { scope: 'a b', nonce: 'n' }],
    ['may have commas', { scopes: { separator: ',', default: [] } }, { scope: 'a,b' }],
    [
      'may have another name',
      { scopes: { separator: ' ', default: [], parameter: 'user_scope' } },
      { user_scope: 'a b' },
    ],
    [
      'have what is fixed',
      { authorizeParameters: { access_type: 'offline' } },
      { scope: 'a b', access_type: 'offline' },
    ],
    ['ask for a form', { responseMode: 'form_post' }, { scope: 'a b', response_mode: 'form_post' }],
    ['do not ask for consent unasked', { consentParameters: { prompt: 'consent' } }, { scope: 'a b' }],
  ])('%s', (_, quirks, expected) => {
    expect(parametersOf(quirks)).toEqual(expected);
  });

  it('have no scope where none is asked for', () => {
    expect(parametersOf({}, [])).toEqual({});
  });

  it('ask for consent when it is asked for', () => {
    expect(parametersOf({ consentParameters: { prompt: 'consent' } }, [], true)).toEqual({ prompt: 'consent' });
  });

  it('ask for consent with the offline scope where that belongs together', () => {
    const quirks = {
      scopes: { separator: ' ', default: [], offline: 'offline_access' },
      consentParameters: { prompt: 'consent' },
      consentWithOfflineScope: true,
    } as const;
    expect(parametersOf(quirks, ['openid', 'offline_access'])).toHaveProperty('prompt', 'consent');
    expect(parametersOf(quirks, ['openid'])).not.toHaveProperty('prompt');
    expect(parametersOf({ ...quirks, consentWithOfflineScope: false }, ['offline_access'])).not.toHaveProperty(
      'prompt',
    );
  });
});
