import { asTenantId } from '@linkbroker/contracts';
import { randomUUID } from 'node:crypto';
import { describeGrantsConformance } from './grants-conformance.js';
import { MemoryGrants } from './memory-grants.js';

describe('MemoryGrants', () => {
  describeGrantsConformance(() => {
    const grants = new MemoryGrants();
    return Promise.resolve({
      grants,
      tenantId: asTenantId(randomUUID()),
      skillId: randomUUID(),
      linkId: randomUUID(),
      other: { tenantId: asTenantId(randomUUID()), skillId: randomUUID() },
      issue: (tenantId, pending) => grants.issue(tenantId, pending),
    });
  });
});
