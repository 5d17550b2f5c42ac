import {
  LARGEST_RECORDING,
  parseRecordingTarget,
  parseTarget,
  type RecordingTarget,
  type Target,
} from '@linkbroker/doctor';
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CannotRun } from './cannot-run.js';

function readText(path: string, largest: number): string {
  try {
    if (statSync(path).size > largest) throw new CannotRun(`${path} has more than ${largest / 1_000_000} MB`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`);
  }
}

const LARGEST_TARGET = 1_000_000;

/**
 * The target; its `ca` is PEM, or a file beside it.
 * @throws CannotRun, UnusableTarget
 */
export function readTarget(path: string): Target {
  const target = parseTarget(readText(path, LARGEST_TARGET));
  const { ca } = target;
  if (ca === undefined || ca.includes('-----BEGIN')) return target;
  return { ...target, ca: readText(resolve(dirname(path), ca), LARGEST_TARGET) };
}

/** @throws CannotRun, UnusableTarget */
export const readRecordingTarget = (path: string): RecordingTarget =>
  parseRecordingTarget(readText(path, LARGEST_TARGET));

/** @throws CannotRun */
export const readRecordingText = (path: string): string => readText(path, LARGEST_RECORDING);
