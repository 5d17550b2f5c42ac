import { asTenantId } from '@linkbroker/contracts';
import { randomUUID } from 'node:crypto';
import { MemoryRelayedTokens } from './memory-relayed-tokens.js';
import { describeRelayedTokensConformance } from './relayed-tokens-conformance.js';

describe('MemoryRelayedTokens', () => {
  describeRelayedTokensConformance(() => {
    const store = new MemoryRelayedTokens();
    return Promise.resolve({
      doors: [store, store],
      tenantId: asTenantId(randomUUID()),
      skillId: randomUUID(),
      other: { tenantId: asTenantId(randomUUID()), skillId: randomUUID() },
    });
  });
});
