import { CANCEL_DOCTOR_RUN, GET_DOCTOR_RUN } from '@linkbroker/contracts/api';
import { Alert, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { ButtonLink } from '../../parts/links.js';
import { Moment } from '../../parts/moment.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { saveText } from '../../parts/save-text.js';
import { sayDone } from '../../parts/say.js';
import { useCall } from '../../parts/use-call.js';
import { useSayFailure } from '../../parts/use-say-failure.js';
import { useAccess } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { Findings } from './findings.js';
import { RunState } from './run-state.js';

export type Run = z.output<(typeof GET_DOCTOR_RUN)['answer']>;

const LOOK_MS = 1_500;

/** One run: how far it is, then what it found. */
export function RunPage(): ReactNode {
  const { doctor } = useTexts();
  const { tenant, run } = useParams({ from: '/shell/t/$tenant/doctor/$run' });
  const query = useQuery({
    queryKey: ['doctor-run', tenant, run],
    queryFn: ({ signal }) => callApi(GET_DOCTOR_RUN, { params: { tenant, run } }, signal),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? LOOK_MS : false),
  });
  const target = query.data?.target;
  return (
    <>
      <PageHead
        title={target ? (target.skill ?? new URL(target.authorizeUrl).host) : doctor.run}
        text={query.data && <Head run={query.data} />}
      >
        {query.data && <Actions tenant={tenant} run={query.data} />}
      </PageHead>
      <QueryView query={query} rows={8}>
        {(found) => (
          <>
            <Trouble run={found} />
            {found.target.unreached.length > 0 && (
              <Alert variant="light" icon={<Icon name="info" />} mb="md">
                {doctor.unreached(found.target.unreached.join(', '))}
              </Alert>
            )}
            {found.report && <Findings report={found.report} />}
            <Progress run={found} />
          </>
        )}
      </QueryView>
    </>
  );
}

function Head({ run }: { readonly run: Run }): ReactNode {
  const { doctor } = useTexts();
  return (
    <>
      <RunState state={run.state} /> {run.target.authorizeUrl}, {run.target.clientId} · <Moment at={run.startedAt} />{' '}
      {doctor.by(run.startedBy)}
    </>
  );
}

function Actions({ tenant, run }: { readonly tenant: string; readonly run: Run }): ReactNode {
  const { doctor } = useTexts();
  const { may } = useAccess();
  if (run.state === 'running') return may('doctor.run') ? <Cancel tenant={tenant} run={run.id} /> : null;
  const { report } = run;
  return (
    <>
      {report && (
        <>
          <Button
            component="a"
            variant="default"
            href={`/api/v1/tenants/${encodeURIComponent(tenant)}/doctor/runs/${run.id}/report`}
            download
            leftSection={<Icon name="download" size={16} />}
          >
            {doctor.asHtml}
          </Button>
          <Button
            variant="default"
            leftSection={<Icon name="download" size={16} />}
            onClick={() => saveText(`doctor-${run.id.slice(0, 8)}.json`, `${JSON.stringify(report, null, 2)}\n`)}
          >
            {doctor.asJson}
          </Button>
        </>
      )}
      {may('doctor.run') && (
        <ButtonLink to="/t/$tenant/doctor/new" params={{ tenant }} search={{ like: run.id }}>
          {doctor.again}
        </ButtonLink>
      )}
    </>
  );
}

function Cancel({ tenant, run }: { readonly tenant: string; readonly run: string }): ReactNode {
  const { doctor } = useTexts();
  const sayFailure = useSayFailure();
  const { mutate, isPending } = useCall(CANCEL_DOCTOR_RUN, {
    stale: [
      ['doctor-run', tenant, run],
      ['doctor-runs', tenant],
    ],
    done: () => sayDone(doctor.cancelled),
  });
  return (
    <Button
      color="red"
      variant="light"
      loading={isPending}
      onClick={() => mutate({ params: { tenant, run } }, { onError: sayFailure })}
    >
      {doctor.cancel}
    </Button>
  );
}

/** Why there is no report, or one that says little. */
function Trouble({ run: { state, reason } }: { readonly run: Run }): ReactNode {
  const { doctor } = useTexts();
  if (reason === null) return null;
  return (
    <Alert variant="light" color={state === 'failed' ? 'red' : 'yellow'} icon={<Icon name="alert" />} mb="md">
      <Text fw={600} size="sm">
        {state === 'failed' ? doctor.whyFailed : doctor.nobodySignedIn}
      </Text>
      <span lang="en">{reason}</span>
    </Alert>
  );
}

function Progress({ run: { progress, state } }: { readonly run: Run }): ReactNode {
  const { doctor } = useTexts();
  if (progress.length === 0 && state !== 'running') return null;
  return (
    <Panel title={doctor.progress} text={state === 'running' ? doctor.progressText : undefined}>
      {progress.length === 0 ? (
        <Text size="sm" c="dimmed">
          {doctor.nothingYet}
        </Text>
      ) : (
        <pre className="lb-json" tabIndex={0} lang="en" role="log" aria-label={doctor.progress}>
          {progress.join('\n')}
        </pre>
      )}
    </Panel>
  );
}
