import type { ReactNode } from 'react';
import { Panel } from '../../../parts/panel.js';
import { useTexts } from '../../../texts/use-texts.js';
import type { SkillDetails } from './skill-draft.js';

const KEPT = ['relay', 'webhooks', 'events', 'appToApp'] as const;

/** What of a skill the form leaves alone: to be read here, to be changed by config file or API. */
export function Untouched({ skill }: { readonly skill: SkillDetails['skill'] }): ReactNode {
  const { skillForm } = useTexts();
  const kept = KEPT.flatMap((name) => {
    const value = skill[name];
    const empty = value === undefined || (Array.isArray(value) && value.length === 0);
    return empty ? [] : [[name, value] as const];
  });
  if (kept.length === 0) return null;
  return (
    <Panel title={skillForm.untouched} text={skillForm.untouchedText}>
      <pre className="lb-json" tabIndex={0}>
        {JSON.stringify(Object.fromEntries(kept), null, 2)}
      </pre>
    </Panel>
  );
}
