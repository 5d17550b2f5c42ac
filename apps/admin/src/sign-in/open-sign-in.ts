import type { Egress } from '@linkbroker/egress';
import {
  AdminSessionsStore,
  PasskeyChallengesStore,
  ProviderHopsStore,
  SignInAttemptsStore,
} from '@linkbroker/ephemeral';
import {
  AccountsStore,
  ApiKeysStore,
  BootstrapStore,
  InvitationsStore,
  MembersStore,
  PasskeysStore,
  SignInProvidersStore,
  type OpenDatabase,
} from '@linkbroker/persistence';
import { InstallationSeal, PasswordHashes, type Fingerprints } from '@linkbroker/vault';
import { randomBytes, randomUUID } from 'node:crypto';
import type { SignInNeeds } from './sign-in-needs.js';

/** What the stores of signing in are opened with. */
export interface SignInSources {
  readonly dataSource: OpenDatabase['dataSource'];
  readonly redis: ConstructorParameters<typeof AdminSessionsStore>[0];
  readonly fingerprints: Fingerprints;
  readonly egress: Egress;
  readonly adminUrl: string;
  readonly now: () => Date;
}

/** Wires {@link SignInNeeds}. */
export function openSignIn({ dataSource, redis, fingerprints, egress, adminUrl, now }: SignInSources): SignInNeeds {
  return {
    ...{ now, adminUrl, egress, newId: randomUUID, newSecret: () => randomBytes(32).toString('base64url') },
    accounts: new AccountsStore(dataSource),
    passkeys: new PasskeysStore(dataSource),
    bootstrap: new BootstrapStore(dataSource),
    members: new MembersStore(dataSource),
    invitations: new InvitationsStore(dataSource),
    apiKeys: new ApiKeysStore(dataSource),
    providers: new SignInProvidersStore(dataSource),
    sessions: new AdminSessionsStore(redis),
    attempts: new SignInAttemptsStore(redis),
    challenges: new PasskeyChallengesStore(redis),
    hops: new ProviderHopsStore(redis),
    passwords: new PasswordHashes(),
    seal: new InstallationSeal(fingerprints),
  };
}
