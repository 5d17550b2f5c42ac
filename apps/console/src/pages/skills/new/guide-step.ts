import type { NewSkillSearch } from '../../../search.js';

export const GUIDE_STEPS = ['provider', 'connector', 'skill', 'alexa'] as const;
export type GuideStep = (typeof GUIDE_STEPS)[number];

/** Which step an address means: never one whose ground is not there yet. */
export function guideStep({ step, provider, connector, skill }: NewSkillSearch): GuideStep {
  if (step === 'alexa' && skill !== undefined) return 'alexa';
  if (step === 'skill' && connector !== undefined) return 'skill';
  if (step === 'connector' && (connector !== undefined || provider !== undefined)) return 'connector';
  return 'provider';
}
