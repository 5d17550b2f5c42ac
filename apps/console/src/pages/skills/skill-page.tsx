import { GET_SKILL } from '@linkbroker/contracts/api';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { ButtonLink } from '../../parts/links.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { useAccess } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { Clients } from './clients.js';
import { Paste } from './paste.js';
import { RemoveSkill } from './remove-skill.js';
import { Smapi } from './smapi.js';

/** One skill: what Amazon's developer console takes, its clients, its configuration. */
export function SkillPage(): ReactNode {
  const { skills } = useTexts();
  const { tenant, skill } = useParams({ from: '/shell/t/$tenant/skills/$skill' });
  const query = useQuery({
    queryKey: ['skill', tenant, skill],
    queryFn: ({ signal }) => callApi(GET_SKILL, { params: { tenant, skill } }, signal),
  });
  return (
    <>
      <PageHead title={query.data?.skill.name ?? skill} text={skills.title}>
        {query.data && <SkillActions tenant={tenant} skill={skill} />}
      </PageHead>
      <QueryView query={query} rows={8}>
        {(details) => (
          <>
            <Paste console={details.alexaConsole} />
            <Smapi skill={skill} />
            <Clients skill={skill} clients={details.clients} />
            <Panel title={skills.configuration} text={skills.configurationText}>
              <pre className="lb-json" tabIndex={0}>
                {JSON.stringify(details.skill, null, 2)}
              </pre>
            </Panel>
          </>
        )}
      </QueryView>
    </>
  );
}

function SkillActions({ tenant, skill }: { readonly tenant: string; readonly skill: string }): ReactNode {
  const { setUp, skillForm, shell } = useTexts();
  const { may } = useAccess();
  return (
    <>
      {may('timelines.read') && (
        <ButtonLink
          to="/t/$tenant/skills/new"
          params={{ tenant }}
          search={{ step: 'alexa', skill }}
          variant="default"
          leftSection={<Icon name="check" size={16} />}
        >
          {setUp.checklist}
        </ButtonLink>
      )}
      {may('doctor.run') && (
        <ButtonLink
          to="/t/$tenant/doctor/new"
          params={{ tenant }}
          search={{ skill }}
          variant="default"
          leftSection={<Icon name="doctor" size={16} />}
        >
          {shell.nav.doctor}
        </ButtonLink>
      )}
      {may('skills.write') && (
        <>
          <ButtonLink
            to="/t/$tenant/skills/$skill/edit"
            params={{ tenant, skill }}
            leftSection={<Icon name="edit" size={16} />}
          >
            {skillForm.edit}
          </ButtonLink>
          <RemoveSkill skill={skill} />
        </>
      )}
    </>
  );
}
