import { GET_SKILL } from '@linkbroker/contracts/api';
import { useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { EmptyState } from '../../../parts/empty-state.js';
import { useTagged } from '../../../parts/form/use-tagged.js';
import { PageHead } from '../../../parts/page-head.js';
import { QueryView } from '../../../parts/query-view.js';
import { useAccess } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';
import { SkillForm } from './skill-form.js';

/** Changes a skill. */
export function EditSkillPage(): ReactNode {
  const { skillForm } = useTexts();
  const { tenant, skill } = useParams({ from: '/shell/t/$tenant/skills/$skill/edit' });
  const allowed = useAccess().may('skills.write');
  const [version, read] = useState(0);
  const query = useTagged(['skill', tenant, skill, String(version)], GET_SKILL, { params: { tenant, skill } });
  return (
    <>
      <PageHead title={skillForm.title(query.data?.answer.skill.name ?? skill)} text={skillForm.text} />
      {allowed ? (
        <QueryView query={query} rows={8}>
          {({ answer, tag }) => <SkillForm key={tag} details={answer} tag={tag} onReload={() => read(version + 1)} />}
        </QueryView>
      ) : (
        <EmptyState icon="info" title={skillForm.forbidden} text={skillForm.forbiddenText} />
      )}
    </>
  );
}
