export interface UpstreamUser {
  readonly username: string;
  readonly sub: string;
  readonly name: string;
  readonly email: string;
}

const users: readonly UpstreamUser[] = [
  { username: 'alice', sub: 'acme-alice', name: 'Alice Lindqvist', email: 'alice@acme-home.example' },
  { username: 'bob', sub: 'acme-bob', name: 'Bob Marwick', email: 'bob@acme-home.example' },
];

export function findUser(username: string): UpstreamUser | undefined {
  return users.find((user) => user.username === username);
}

/** Every demo user's password is the user's name. */
export function checkPassword(username: string, password: string): UpstreamUser | undefined {
  const user = findUser(username.trim().toLowerCase());
  return user?.username === password ? user : undefined;
}

/** The profile claims that a scope opens (OpenID Connect Core §5.4). */
export function claimsFor(user: UpstreamUser, scope: readonly string[]): Record<string, string | boolean> {
  return {
    ...(scope.includes('profile') ? { name: user.name, preferred_username: user.username } : {}),
    ...(scope.includes('email') ? { email: user.email, email_verified: true } : {}),
  };
}
