/** How much a rule weighs: Amazon demands it or linking breaks without it, it is advised, or it is how things are. */
export type RuleLevel = 'MUST' | 'SHOULD' | 'FACT';

/** One rule of Alexa's as data. */
export interface RuleFact {
  /** `R` and a number that never changes. */
  readonly id: string;
  readonly level: RuleLevel;
  /** The rule in one sentence. */
  readonly text: string;
  /** Where it is said; null when it is only derived, or known without a source. */
  readonly source: string | null;
}
