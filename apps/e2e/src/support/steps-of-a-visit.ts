import { expect, test } from '@jest/globals';
import type { ConsoleVisit } from './console-visit.js';

const LONGEST_MS = 120_000;

/**
 * Tests that are the steps of one visit: where the one before failed, there is nothing to look at. After each nothing may be
 * left that broke, that the policy refused or that axe found.
 * @param there false where there is no browser: then they are skipped
 * @param meant what a browser may say of refusals that are meant
 */
export function stepsOfAVisit(there: boolean, visit: () => ConsoleVisit, meant?: RegExp) {
  let broken = false;
  return (name: string, step: () => Promise<void>): void => {
    const whole = async (): Promise<void> => {
      if (broken) throw new Error('a step before it failed');
      broken = true;
      await step().catch(async (error: unknown) => {
        await visit().picture('failed');
        throw error;
      });
      broken = false;
      const { findings } = visit();
      expect(findings.splice(0).filter((finding) => !meant?.test(String(finding)))).toEqual([]);
    };
    (there ? test : test.skip)(name, whole, LONGEST_MS);
  };
}
