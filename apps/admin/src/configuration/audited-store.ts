import type { ConfigurationNeeds } from '@linkbroker/configuration';
import type { ConfigurationStore } from '@linkbroker/persistence';

/**
 * A store for a command: what it changes stands in each tenant's audit log, in the transaction of the change.
 * @param label who ran which command
 */
export function auditedStore(store: ConfigurationStore, label: string): ConfigurationNeeds['store'] {
  return {
    resolveTenant: (slug) => store.resolveTenant(slug),
    read: (tenantId) => store.read(tenantId),
    countLiveGrants: (...asked) => store.countLiveGrants(...asked),
    write: async (tenantId, changes, now) => {
      if (changes.length === 0) return;
      const actor = { kind: 'command', id: null, label } as const;
      const diff = { changes: changes.map(({ kind }) => kind) };
      const audit = { at: now, actor, action: 'tenant.apply', subject: 'config file', diff, address: null };
      await store.write(tenantId, changes, now, { audit });
    },
  };
}
