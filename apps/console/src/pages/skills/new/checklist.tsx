import { FIRST_LINK } from '@linkbroker/contracts/api';
import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { callApi } from '../../../api/api.js';
import type { CallAnswer } from '../../../api/call-api.js';
import { Icon } from '../../../looks/icon.js';
import { AnchorLink } from '../../../parts/links.js';
import { Moment } from '../../../parts/moment.js';
import { Panel } from '../../../parts/panel.js';
import { QueryView } from '../../../parts/query-view.js';
import { Causes } from '../../../parts/timeline/causes.js';
import { useTenant } from '../../../session/use-access.js';
import type { SentCause } from '../../../story/timeline.js';
import { useTexts } from '../../../texts/use-texts.js';

type FirstLink = CallAnswer<typeof FIRST_LINK>;

const WHILE_WAITING_MS = 2_000;
/** Alexa renews its token after three quarters of an hour or so. */
const AFTERWARDS_MS = 15_000;

interface Props {
  readonly skill: string;
  readonly since: string | undefined;
  readonly onRestart: () => void;
}

const reachedOf = ({ steps }: FirstLink, step: string): boolean =>
  steps.some((one) => one.step === step && one.at !== null);

/** The first link while it happens: looked at again and again, as long as somebody looks at the page. */
export function Checklist({ skill, since, onRestart }: Props): ReactNode {
  const { firstLink } = useTexts();
  const tenant = useTenant();
  const query = useQuery({
    queryKey: ['first-link', tenant, skill, since],
    queryFn: ({ signal }) => callApi(FIRST_LINK, { params: { tenant, skill }, query: { since } }, signal),
    refetchInterval: ({ state }) => (state.data && reachedOf(state.data, 'token') ? AFTERWARDS_MS : WHILE_WAITING_MS),
  });
  return (
    <Panel
      title={firstLink.title}
      text={firstLink.text}
      aside={
        <Button size="xs" variant="default" onClick={onRestart}>
          {firstLink.restart}
        </Button>
      }
    >
      <QueryView query={query} rows={6}>
        {(data) => <Steps data={data} />}
      </QueryView>
    </Panel>
  );
}

function Steps({ data }: { readonly data: FirstLink }): ReactNode {
  const failures = data.causes.filter(({ severity }) => severity === 'failure') as readonly SentCause[];
  const next = data.steps.findIndex(({ at }) => at === null);
  const stopped = failures.length > 0 && !reachedOf(data, 'token');
  return (
    <>
      <ol className="lb-checks" aria-live="polite">
        {data.steps.map(({ step, at }, index) => (
          <Step key={step} at={at} state={stateOf(at, index === next, stopped)} name={step} />
        ))}
      </ol>
      <Found data={data} />
      {stopped && <Causes causes={failures} />}
    </>
  );
}

type State = 'done' | 'failed' | 'next' | 'later';

function stateOf(at: string | null, isNext: boolean, stopped: boolean): State {
  if (at !== null) return 'done';
  if (!isNext) return 'later';
  return stopped ? 'failed' : 'next';
}

const SIGNS = { done: 'check', failed: 'alert', next: 'wait', later: 'wait' } as const;

interface StepProps {
  readonly name: FirstLink['steps'][number]['step'];
  readonly at: string | null;
  readonly state: State;
}

function Step({ name, at, state }: StepProps): ReactNode {
  const { firstLink } = useTexts();
  return (
    <li data-state={state}>
      <span className="lb-check">
        <Icon name={SIGNS[state]} size={16} />
      </span>
      <span>
        <strong>{firstLink.steps[name]}</strong>
        <Text size="sm" c="dimmed" component="span">
          {at !== null && <Moment at={at} />}
          {state === 'next' && firstLink.waits[name]}
          {state === 'failed' && firstLink.stopped}
        </Text>
      </span>
    </li>
  );
}

/** Where to read on about the attempt. */
function Found({ data: { reference, linkId } }: { readonly data: FirstLink }): ReactNode {
  const { firstLink } = useTexts();
  const tenant = useTenant();
  if (reference === null) {
    return (
      <Text size="sm" c="dimmed" mt="sm">
        {firstLink.nobody}
      </Text>
    );
  }
  return (
    <Group gap="md" my="sm">
      <AnchorLink to="/t/$tenant/traces" params={{ tenant }} search={{ ref: reference }} size="sm">
        {firstLink.attempt(reference)}
      </AnchorLink>
      {linkId !== null && (
        <AnchorLink to="/t/$tenant/links/$link" params={{ tenant, link: linkId }} size="sm">
          {firstLink.link}
        </AnchorLink>
      )}
    </Group>
  );
}
