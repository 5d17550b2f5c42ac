import { GET_SKILL } from '@linkbroker/contracts/api';
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { CopyField } from '../../parts/copy-field.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { useTexts } from '../../texts/use-texts.js';
import { Clients } from './clients.js';

export type SkillDetails = z.output<(typeof GET_SKILL)['answer']>;

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
      <PageHead title={query.data?.skill.name ?? skill} text={skills.title} />
      <QueryView query={query} rows={8}>
        {(details) => (
          <>
            <Paste console={details.alexaConsole} />
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

function Paste({ console: values }: { readonly console: SkillDetails['alexaConsole'] }): ReactNode {
  const { skills } = useTexts();
  return (
    <Panel title={skills.paste} text={skills.pasteText}>
      <Stack gap="sm">
        <CopyField label={skills.authorizationUrl} value={values.authorizationUrl} />
        {values.tokenUrl !== null && <CopyField label={skills.tokenUrl} value={values.tokenUrl} />}
        <CopyField label={skills.clientId} value={values.clientId} />
        {values.scopes.length > 0 && <CopyField label={skills.scopes} value={values.scopes.join('\n')} />}
        <CopyField label={skills.redirectUris} value={values.redirectUris.join('\n')} />
      </Stack>
    </Panel>
  );
}
