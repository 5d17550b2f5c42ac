const plain = ['authorize', 'login', 'token', 'userinfo', 'revoke'] as const;
const openId = ['discovery', 'jwks', ...plain] as const;

/**
 * Which endpoints of which provider can be made to misbehave: `/oidc` is `upstream`, a model has its own name, and `lwa` is Login
 * with Amazon.
 */
const endpoints = {
  upstream: openId,
  google: openId,
  github: plain,
  apple: ['discovery', 'jwks', 'authorize', 'login', 'token', 'revoke'],
  facebook: plain,
  slack: plain,
  withings: ['authorize', 'login', 'token', 'userinfo'],
  rotating: plain,
  lwa: ['token'],
} as const;

type Endpoints = typeof endpoints;
export type FaultProvider = keyof Endpoints;
export type FaultTarget = { [P in FaultProvider]: `${P}.${Endpoints[P][number]}` }[FaultProvider];

export const faultProviders = Object.keys(endpoints) as FaultProvider[];

export const faultTargets = Object.entries(endpoints).flatMap(([provider, names]) =>
  names.map((name) => `${provider}.${name}` as FaultTarget),
);
