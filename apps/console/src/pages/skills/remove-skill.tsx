import { REMOVE_SKILL } from '@linkbroker/contracts/api';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sayDone } from '../../parts/say.js';
import { useCall } from '../../parts/use-call.js';
import { useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { RemoveButton } from '../../parts/remove-button.js';

/** Removes a skill, and leads back to the others. */
export function RemoveSkill({ skill }: { readonly skill: string }): ReactNode {
  const { skillForm } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  const call = useCall(REMOVE_SKILL, {
    stale: [['skills', tenant]],
    done: () => {
      sayDone(skillForm.removed);
      void navigate({ to: '/t/$tenant/skills', params: { tenant } });
    },
  });
  return (
    <RemoveButton
      title={skillForm.removeTitle(skill)}
      text={skillForm.removeText}
      word={skill}
      call={call}
      onRemove={(liveGrants) => call.mutate({ params: { tenant, skill }, query: { liveGrants } })}
    />
  );
}
