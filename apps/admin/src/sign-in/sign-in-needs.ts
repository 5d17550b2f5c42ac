import type { Egress } from '@linkbroker/egress';
import type {
  AdminSessionsStore,
  PasskeyChallengesStore,
  ProviderHopsStore,
  SignInAttemptsStore,
} from '@linkbroker/ephemeral';
import type {
  AccountsStore,
  ApiKeysStore,
  BootstrapStore,
  InvitationsStore,
  MembersStore,
  PasskeysStore,
  SignInProvidersStore,
} from '@linkbroker/persistence';
import type { InstallationSeal, PasswordHashes } from '@linkbroker/vault';

/** What signing in, and who may do what, needs; each step names its share. Assembled in `open-sign-in.ts`. */
export interface SignInNeeds {
  readonly now: () => Date;
  readonly newId: () => string;
  /** 256 random bits, base64url. */
  readonly newSecret: () => string;
  /** The admin app's public address, without a trailing slash. */
  readonly adminUrl: string;
  readonly accounts: AccountsStore;
  readonly passkeys: PasskeysStore;
  readonly bootstrap: BootstrapStore;
  readonly members: MembersStore;
  readonly invitations: InvitationsStore;
  readonly apiKeys: ApiKeysStore;
  readonly providers: SignInProvidersStore;
  readonly sessions: AdminSessionsStore;
  readonly attempts: SignInAttemptsStore;
  readonly challenges: PasskeyChallengesStore;
  readonly hops: ProviderHopsStore;
  readonly egress: Pick<Egress, 'send'>;
  readonly passwords: PasswordHashes;
  readonly seal: InstallationSeal;
}
