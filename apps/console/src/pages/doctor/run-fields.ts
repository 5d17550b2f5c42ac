import type { DoctorStep, START_DOCTOR_RUN } from '@linkbroker/contracts/api';
import type { z } from 'zod';

/** One row of the recipe by which somebody signs in. */
export interface StepFields {
  /** Stays with the row. */
  readonly key: number;
  readonly kind: 'fill' | 'click' | 'waitFor';
  readonly selector: string;
  readonly value: string;
}

/** A run as it is typed. */
export interface RunFields {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scheme: 'HTTP_BASIC' | 'REQUEST_BODY_CREDENTIALS';
  readonly redirectUri: string;
  readonly scope: string;
  readonly domains: string;
  readonly skill: string;
  readonly steps: readonly StepFields[];
}

/** As most sign-in pages have it. */
export const EMPTY_RUN: RunFields = {
  ...{
    authorizeUrl: '',
    tokenUrl: '',
    clientId: '',
    clientSecret: '',
    redirectUri: '',
    scope: '',
    domains: '',
    skill: '',
  },
  scheme: 'HTTP_BASIC',
  steps: [
    { key: 1, kind: 'fill', selector: 'input[name=username]', value: '' },
    { key: 2, kind: 'fill', selector: 'input[type=password]', value: '' },
    { key: 3, kind: 'click', selector: 'button[type=submit]', value: '' },
  ],
};

type Body = z.input<(typeof START_DOCTOR_RUN)['body']>;

/** The hosts of the two addresses, as far as they can be read: they have to be proven. */
export function hostsOf({ authorizeUrl, tokenUrl }: RunFields): readonly string[] {
  const addresses = [authorizeUrl, tokenUrl].filter((url) => URL.canParse(url)).map((url) => new URL(url).hostname);
  return [...new Set(addresses)].filter((host) => host !== '');
}

/** Hosts of the domain list, which may be anybody's. */
export const domainsOf = ({ domains }: RunFields): readonly string[] => wordsOf(domains);

const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** What is missing or cannot be. */
export function missingIn(fields: RunFields): ReadonlySet<keyof RunFields> {
  const wrong = new Set<keyof RunFields>();
  for (const name of ['authorizeUrl', 'tokenUrl', 'redirectUri'] as const)
    if (!isWebAddress(fields[name].trim())) wrong.add(name);
  for (const name of ['clientId', 'clientSecret'] as const) if (fields[name] === '') wrong.add(name);
  if (fields.steps.length === 0 || fields.steps.some(({ selector }) => selector.trim() === '')) wrong.add('steps');
  return wrong;
}

/** What is sent. */
export function bodyOf(fields: RunFields): Body {
  const { clientId, clientSecret, scheme, scope, skill } = fields;
  return {
    target: {
      ...{ clientId, clientSecret, scheme, scope: scope.trim(), domains: wordsOf(fields.domains) },
      authorizeUrl: fields.authorizeUrl.trim(),
      tokenUrl: fields.tokenUrl.trim(),
      redirectUri: fields.redirectUri.trim(),
      ...(skill !== '' && { skill }),
      login: fields.steps.map(stepOf),
    },
  };
}

function stepOf({ kind, selector, value }: StepFields): DoctorStep {
  const css = selector.trim();
  if (kind === 'fill') return { fill: css, value };
  return kind === 'click' ? { click: css } : { waitFor: css };
}
