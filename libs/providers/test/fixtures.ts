import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WireResponse } from '../src/wire.js';

export const FIXTURES = join(import.meta.dirname, '../fixtures');

/** An answer of a provider in the shape its documentation gives, with made-up values. */
export interface Fixture {
  /** The page that shows or describes this answer. */
  readonly source: string;
  readonly response: WireResponse;
  /** What has to be read from it: fields of the tokens, of the error, or the identity. */
  readonly expect: Readonly<Record<string, unknown>>;
}

/** A fixture as it is written down. */
export function readRawFixture(id: string, name: string): { source: string; response: { body: unknown } } {
  return JSON.parse(readFileSync(join(FIXTURES, id, `${name}.json`), 'utf8')) as never;
}

/** Reads a fixture. Its body is text as sent, or an object for JSON. */
export function readFixture(id: string, name: 'success' | 'refresh' | 'error' | 'userinfo'): Fixture {
  const fixture = readRawFixture(id, name);
  if (!/^https:\/\/\S+$/.test(fixture.source)) throw new Error(`fixtures/${id}/${name}.json names no source`);
  const { body } = fixture.response;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { ...fixture, response: { ...fixture.response, body: text } } as unknown as Fixture;
}
