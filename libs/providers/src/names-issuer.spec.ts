import { upstreamWith } from '../test/upstreams.js';
import { namesIssuer } from './names-issuer.js';

const family = {
  discovery: 'https://id.example.com/common',
  pattern: /^https:\/\/id\.example\.com\/[0-9a-f]{4}$/,
  open: 'https://id.example.com/{tenant}',
  claim: 'tid',
};

describe('namesIssuer', () => {
  it.each([
    ['https://id.example.com', 'https://id.example.com', true],
    ['https://id.example.com', 'https://id.example.com/', false],
    [null, 'https://id.example.com', false],
    ['https://id.example.com/{tenant}', 'https://id.example.com/12ab', true],
    ['https://id.example.com/{tenant}', 'https://id.example.com/{tenant}', false],
    ['https://id.example.com/{tenant}', 'https://evil.example/12ab', false],
    ['https://id.example.com/12ab', 'https://id.example.com/34cd', false],
  ])('of %s: %s is it: %j', (issuer, named, expected) => {
    expect(namesIssuer(upstreamWith({ issuerFamily: family }, { issuer }), named)).toBe(expected);
  });
});
