import type { Role } from '@linkbroker/contracts';
import { noteSecret } from '@linkbroker/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Answer, ConsoleClient } from './console-client.js';
import { PASSWORD, type AdminWorld } from './use-admin.js';

/** Tenants of an admin world, and people who belong to them. */
export interface Tenants {
  /** Asks as whoever holds the operator key. */
  readonly root: <Body = Record<string, unknown>>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
  ) => Promise<Answer<Body>>;
  /** Its slug. */
  readonly newTenant: () => Promise<string>;
  /** The token of a fresh invitation. */
  readonly invitation: (tenant: string, role: Role) => Promise<string>;
  /** Somebody who came by an invitation, signed in. */
  readonly member: (tenant: string, role: Role) => Promise<ConsoleClient & { readonly accountId: string }>;
}

/** What somebody brings who makes an account. */
export const newAccount = () => ({
  ...{ displayName: 'Bob', login: `${randomBytes(4).toString('hex')}@example.com`, password: PASSWORD },
});

export function useTenants({ admin, browser, sql }: Pick<AdminWorld, 'admin' | 'browser' | 'sql'>): Tenants {
  const root: Tenants['root'] = (method, path, body) =>
    browser().send(method, path, body, { authorization: `Bearer ${admin().needs.operatorKey}` });
  const newTenant = async (): Promise<string> => {
    const slug = `t-${randomBytes(4).toString('hex')}`;
    await sql('INSERT INTO linkbroker.tenants (id, slug, name) VALUES ($1, $2, $2)', [randomUUID(), slug]);
    return slug;
  };
  const invitation = async (tenant: string, role: Role): Promise<string> => {
    const { body } = await root<{ url: string }>('POST', `/tenants/${tenant}/invitations`, { role, label: 'Bob' });
    return noteSecret('invitation token', body.url.split('#token=')[1] ?? '');
  };
  const member: Tenants['member'] = async (tenant, role) => {
    const [client, account] = [browser(), newAccount()];
    const token = await invitation(tenant, role);
    expect((await client.send('POST', '/invitations/accept', { token, account })).body).toEqual({ tenant, role });
    const { body } = await client.signIn(account.login, PASSWORD);
    expect(body).toMatchObject({ stage: 'signed-in', tenants: [{ slug: tenant, role }] });
    return Object.assign(client, { accountId: body.account?.id ?? '' });
  };
  return { root, newTenant, invitation, member };
}
