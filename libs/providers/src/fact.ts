import type { Fact } from './upstream-provider.js';

/** A fact that the provider's own documentation, or a rule of docs/alexa-rules.md that cites it, says. */
export const documented = (source: string): Fact => ({ source, status: 'documented' });

/** A fact that users of the provider report. */
export const reported = (source: string): Fact => ({ source, status: 'reported' });

/** A fact that nobody has checked against the page it should stand on. */
export const unverified = (source: string): Fact => ({ source, status: 'unverified' });
