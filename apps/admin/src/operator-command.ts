import type { AuditEntry } from '@linkbroker/persistence';
import { auditEntry } from './sign-in/audit-entry.js';
import { issueWelcomeLink } from './sign-in/first-operator.js';
import type { SignInNeeds } from './sign-in/sign-in-needs.js';

export const OPERATOR_USAGE = `operator                     the one-time link for the first operator, good for an hour
operator list                who is an operator
operator grant LOGIN         makes an account that is there an operator
operator withdraw LOGIN      makes an operator a person like others
operator disable LOGIN       shuts an account out, operator or not
operator enable LOGIN        lets it in again
operator reset-factor LOGIN  takes every second factor off an account that lost them
`;

const CHANGES = ['grant', 'withdraw', 'disable', 'enable', 'reset-factor'] as const;
type Change = (typeof CHANGES)[number];

export type OperatorArguments =
  { readonly command: 'welcome' | 'list' } | { readonly command: Change; readonly login: string };

/** The command line cannot be understood. */
export class OperatorUsageError extends Error {
  override readonly name = 'OperatorUsageError';
  constructor() {
    super(`one of these is needed:\n\n${OPERATOR_USAGE}`);
  }
}

/** What was asked for cannot be done, in words for the one who asked. */
export class OperatorRefused extends Error {
  override readonly name = 'OperatorRefused';
}

/** @throws OperatorUsageError */
export function readOperatorArguments(argv: readonly string[]): OperatorArguments {
  const [command, login, ...rest] = argv;
  if (command === undefined) return { command: 'welcome' };
  if (command === 'list' && login === undefined) return { command };
  const change = CHANGES.find((known) => known === command);
  if (change && login !== undefined && rest.length === 0) return { command: change, login: login.toLowerCase() };
  throw new OperatorUsageError();
}

export interface OperatorNeeds extends Pick<SignInNeeds, 'now' | 'newSecret' | 'adminUrl' | 'bootstrap'> {
  readonly accounts: Pick<
    SignInNeeds['accounts'],
    'operators' | 'factorsOf' | 'findByLogin' | 'resetFactors' | 'setOperator' | 'setDisabled'
  >;
  readonly sessions: Pick<SignInNeeds['sessions'], 'endOthers'>;
  readonly print: (line: string) => void;
}

/** Runs one command. @throws OperatorRefused, and the errors of the stores */
export async function runOperator(needs: OperatorNeeds, args: OperatorArguments): Promise<void> {
  if (args.command === 'list') return list(needs);
  if ('login' in args) return change(needs, args.command, args.login);
  const link = await issueWelcomeLink(needs);
  if (link === undefined) throw new OperatorRefused('there is an operator already; see operator list');
  needs.print(link);
}

async function list({ accounts, print }: OperatorNeeds): Promise<void> {
  for (const { id, login, displayName, disabledAt } of await accounts.operators()) {
    const { totp, passkeys } = await accounts.factorsOf(id);
    const factors = [...(totp ? ['authenticator app'] : []), ...(passkeys > 0 ? [`${String(passkeys)} passkeys`] : [])];
    const how = disabledAt ? 'disabled' : factors.join(', ') || 'no second factor yet';
    print(`${login ?? '-'}  ${displayName}  ${how}`);
  }
}

/** How the audit log names a change, what it means, and what it does; false where nothing is to do. */
interface Deed {
  readonly action: string;
  readonly outcome: string;
  readonly act: (needs: OperatorNeeds, id: string, entry: AuditEntry) => Promise<boolean>;
}

const DEEDS: Readonly<Record<Change, Deed>> = {
  grant: {
    action: 'operator.granted',
    outcome: 'is an operator, and sets up a second factor where there is none',
    act: ({ accounts }, id, entry) => accounts.setOperator(id, true, entry),
  },
  withdraw: {
    action: 'operator.withdrawn',
    outcome: 'is no operator any more',
    act: ({ accounts }, id, entry) => accounts.setOperator(id, false, entry),
  },
  disable: {
    action: 'account.disabled',
    outcome: 'is shut out',
    act: ({ accounts }, id, entry) => accounts.setDisabled(id, entry.at, entry),
  },
  enable: {
    action: 'account.enabled',
    outcome: 'is let in again',
    act: ({ accounts }, id, entry) => accounts.setDisabled(id, null, entry),
  },
  'reset-factor': {
    action: 'factors.reset',
    outcome: 'has no second factor, and sets up a new one where one is needed',
    act: async ({ accounts }, id, entry) => {
      await accounts.resetFactors(id, entry);
      return true;
    },
  },
};

/** Whoever runs this has the machine. Sessions that were opened as what the account was before end. */
async function change(needs: OperatorNeeds, command: Change, login: string): Promise<void> {
  const account = await needs.accounts.findByLogin(login);
  if (!account) throw new OperatorRefused(`nobody signs in as ${login}`);
  const { action, outcome, act } = DEEDS[command];
  const actor = { kind: 'command', id: null, label: 'npm run operator' } as const;
  const entry = auditEntry(needs, actor, { action, subject: account.id }, null);
  if (!(await act(needs, account.id, entry))) throw new OperatorRefused(`${login} is so already`);
  await needs.sessions.endOthers(account.id, null);
  needs.print(`${login} ${outcome}`);
}
