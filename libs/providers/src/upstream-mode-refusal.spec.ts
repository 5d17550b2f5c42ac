import { PLAIN } from '../test/upstreams.js';
import { upstreamModeRefusal } from './upstream-mode-refusal.js';

describe('upstreamModeRefusal', () => {
  it.each([
    ['nothing is known of it', PLAIN],
    ['its tokens live long enough', { ...PLAIN, token: { lifetime: 1_200 } }],
    ['its tokens live on', { ...PLAIN, refresh: { kind: 'none', rotation: 'none' } as const }],
  ])('lets a provider hand out its own tokens when %s', (_, provider) => {
    expect(upstreamModeRefusal(provider)).toBeUndefined();
  });

  it.each([
    ['short-lived tokens', { ...PLAIN, token: { lifetime: 1_199 } }, 'live 1199 seconds'],
    ['tokens taken to be short-lived', { ...PLAIN, token: { assumedLifetime: 600 } }, 'live 600 seconds'],
    [
      'tokens that end when they are renewed',
      { ...PLAIN, refresh: { ...PLAIN.refresh, killsPreviousAccessToken: true } },
      'requests under way still carry it',
    ],
  ])('says why not with %s', (_, provider, words) => {
    expect(upstreamModeRefusal(provider)).toContain(words);
  });
});
