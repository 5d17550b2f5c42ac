import { readPath } from './dotted-path.js';
import { UpstreamError } from './upstream-error.js';
import type { ProfilePaths } from './upstream-provider.js';

/** For show only: a profile identifies nobody. */
export interface Profile {
  readonly name?: string;
  readonly email?: string;
  /** An https address. */
  readonly picture?: string;
  readonly locale?: string;
}

/** Who signed in. */
export interface Identity {
  /** At most 255 characters, none of them a control character. */
  readonly subject: string;
  readonly profile: Profile;
}

const UNFIT = /[\p{Cc}\p{Cs}]/u;
const LONGEST_SUBJECT = 255;
const LONGEST = { name: 200, email: 320, picture: 2_048, locale: 35 };

/**
 * The subject at the given paths, joined by `:`; undefined when one of them is missing. Text, or a whole number that
 * JSON carries exactly.
 * @throws UpstreamError `misconfigured` when it is there and cannot be one
 */
export function readSubject(json: unknown, paths: readonly string[]): string | undefined {
  const parts = paths.map((path) => readPath(json, path));
  if (parts.includes(undefined)) return undefined;
  const subject = parts.map(asText).join(':');
  if (subject.length > LONGEST_SUBJECT || UNFIT.test(subject)) throw unusable();
  return subject;
}

/** @throws UpstreamError `misconfigured` when there is no subject */
export function requireSubject(json: unknown, paths: readonly string[]): string {
  const subject = readSubject(json, paths);
  if (subject === undefined) throw unusable();
  return subject;
}

/** What of a profile is there and fits. */
export function readProfile(json: unknown, paths: ProfilePaths = {}): Profile {
  const names = (typeof paths.name === 'string' ? [paths.name] : (paths.name ?? [])).map((path) =>
    readPath(json, path),
  );
  const found = {
    name: names.filter((part) => typeof part === 'string').join(' '),
    email: paths.email && readPath(json, paths.email),
    picture: paths.picture && readPath(json, paths.picture),
    locale: paths.locale && readPath(json, paths.locale),
  };
  const fitting = Object.entries(found).filter(([name, value]) => fits(name as keyof Profile, value));
  return Object.fromEntries(fitting);
}

function fits(name: keyof Profile, value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST[name] || UNFIT.test(value)) return false;
  return name !== 'picture' || value.startsWith('https://');
}

function asText(part: unknown): string {
  if (typeof part === 'string') return part;
  if (typeof part === 'number' && Number.isSafeInteger(part)) return String(part);
  throw unusable();
}

const unusable = (): UpstreamError =>
  new UpstreamError('misconfigured', 'the provider names no usable subject for who signed in');
