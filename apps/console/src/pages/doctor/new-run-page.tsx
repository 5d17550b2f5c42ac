import { GET_DOCTOR_RUN, GET_SKILL, LIST_DOCTOR_RUNS, LIST_SKILLS } from '@linkbroker/contracts/api';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { Warnings } from './doctor-page.js';
import { RunForm } from './run-form.js';
import { EMPTY_RUN, type RunFields } from './run-fields.js';

/** What is looked at, and what that does, before it is done. */
export function NewRunPage(): ReactNode {
  const { doctor } = useTexts();
  const tenant = useTenant();
  const { skill, like } = useSearch({ from: '/shell/t/$tenant/doctor/new' });
  const quota = useQuery({
    queryKey: ['doctor-runs', tenant],
    queryFn: ({ signal }) => callApi(LIST_DOCTOR_RUNS, { params: { tenant } }, signal),
  });
  const filled = useQuery({
    queryKey: ['doctor-fields', tenant, skill, like],
    queryFn: ({ signal }) => readFields({ tenant, skill, like }, signal),
  });
  return (
    <>
      <PageHead title={doctor.newTitle} text={doctor.newText} />
      {quota.data && <Warnings quota={quota.data.quota} />}
      <Panel title={doctor.whatHappens}>
        <ul className="lb-list">
          {doctor.whatHappensText(quota.data?.quota.minutes ?? 10).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Panel>
      <ChooseSkill skill={skill} />
      <QueryView query={filled} rows={8}>
        {(fields) => <RunForm key={`${skill ?? ''} ${like ?? ''}`} filled={fields} />}
      </QueryView>
    </>
  );
}

interface From {
  readonly tenant: string;
  readonly skill: string | undefined;
  readonly like: string | undefined;
}

/** What is known without asking: never a secret. */
async function readFields({ tenant, skill, like }: From, signal: AbortSignal): Promise<RunFields> {
  if (skill !== undefined) {
    const { alexaConsole: told, skill: described } = await callApi(GET_SKILL, { params: { tenant, skill } }, signal);
    return {
      ...EMPTY_RUN,
      ...{ authorizeUrl: told.authorizationUrl, tokenUrl: told.tokenUrl ?? '', clientId: told.clientId },
      ...{ scope: told.scopes.join(' '), redirectUri: told.redirectUris[0] ?? '', skill: described.name },
      // The household chooses where to sign in first.
      steps: [{ key: 0, kind: 'click', selector: 'button[name=connector]', value: '' }, ...EMPTY_RUN.steps],
    };
  }
  if (like === undefined) return EMPTY_RUN;
  const { target } = await callApi(GET_DOCTOR_RUN, { params: { tenant, run: like } }, signal);
  return {
    ...EMPTY_RUN,
    ...{ authorizeUrl: target.authorizeUrl, tokenUrl: target.tokenUrl ?? '', clientId: target.clientId },
    ...{ scope: target.scope ?? '', redirectUri: target.redirectUri ?? '', domains: target.domains.join('\n') },
    ...{
      scheme: target.scheme === 'HTTP_BASIC' ? 'HTTP_BASIC' : 'REQUEST_BODY_CREDENTIALS',
      skill: target.skill ?? '',
    },
  };
}

function ChooseSkill({ skill }: { readonly skill: string | undefined }): ReactNode {
  const { doctor } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ['skills', tenant],
    queryFn: ({ signal }) => callApi(LIST_SKILLS, { params: { tenant } }, signal),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <Select
      label={doctor.fromSkill}
      description={doctor.fromSkillHint}
      mb="md"
      maw={420}
      allowDeselect={false}
      value={skill ?? ''}
      data={[
        { value: '', label: doctor.noSkill },
        ...data.items.map(({ slug, name }) => ({ value: slug, label: name })),
      ]}
      onChange={(next) => {
        const search = next ? { skill: next } : {};
        void navigate({ to: '/t/$tenant/doctor/new', params: { tenant }, search, replace: true });
      }}
    />
  );
}
