import type { DoctorFinding } from '@linkbroker/contracts/api';
import { Anchor, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Panel } from '../../parts/panel.js';
import { StateMark } from '../../parts/state-mark.js';
import type { Tone } from '../../story/describe-step.js';
import { useTexts } from '../../texts/use-texts.js';
import type { Run } from './run-page.js';

type Report = NonNullable<Run['report']>;
type Status = DoctorFinding['status'];

/** The gravest first. */
const STATUSES: readonly Status[] = ['fail', 'warn', 'not-tested', 'pass', 'not-applicable'];
const TONES: Readonly<Record<Status, Tone>> = {
  fail: 'bad',
  warn: 'odd',
  'not-tested': 'plain',
  'not-applicable': 'plain',
  pass: 'good',
};
const MARKS: Readonly<Record<Status, string>> = {
  fail: ' is-failure',
  warn: ' is-oddity',
  'not-tested': '',
  'not-applicable': '',
  pass: '',
};

/** What a run found, what failed first. */
export function Findings({ report: { findings } }: { readonly report: Report }): ReactNode {
  const { doctor } = useTexts();
  const { status } = useSearch({ from: '/shell/t/$tenant/doctor/$run' });
  const count = (one: Status): number => findings.filter((finding) => finding.status === one).length;
  const wanted = STATUSES.filter((one) => status === undefined || one === status);
  const groups = wanted.map((one) => [one, findings.filter((finding) => finding.status === one)] as const);
  return (
    <Panel title={doctor.findings} aside={<Filter status={status} count={count} />}>
      {groups.map(
        ([one, of]) =>
          of.length > 0 && (
            <StatusGroup
              key={one}
              status={one}
              findings={of}
              folded={status === undefined && one !== 'fail' && one !== 'warn'}
            />
          ),
      )}
      {groups.every(([, of]) => of.length === 0) && (
        <Text size="sm" c="dimmed">
          {doctor.noneOf}
        </Text>
      )}
    </Panel>
  );
}

interface FilterProps {
  readonly status: Status | undefined;
  readonly count: (status: Status) => number;
}

function Filter({ status, count }: FilterProps): ReactNode {
  const { doctor } = useTexts();
  const { tenant, run } = useParams({ from: '/shell/t/$tenant/doctor/$run' });
  const navigate = useNavigate();
  return (
    <SegmentedControl
      size="xs"
      className="lb-scroll"
      aria-label={doctor.findings}
      value={status ?? 'all'}
      onChange={(next) => {
        const chosen = STATUSES.find((one) => one === next);
        const search = chosen ? { status: chosen } : {};
        void navigate({ to: '/t/$tenant/doctor/$run', params: { tenant, run }, search, replace: true });
      }}
      data={[
        { value: 'all', label: doctor.showAll },
        ...STATUSES.map((one) => ({ value: one, label: `${doctor.status[one]} ${String(count(one))}` })),
      ]}
    />
  );
}

interface GroupProps {
  readonly status: Status;
  readonly findings: readonly DoctorFinding[];
  /** What nobody has to do anything about is there when it is asked for. */
  readonly folded: boolean;
}

function StatusGroup({ status, findings, folded }: GroupProps): ReactNode {
  const { doctor } = useTexts();
  const title = `${doctor.status[status]} (${String(findings.length)})`;
  const body = (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {doctor.statusText[status]}
      </Text>
      {findings.map((finding) => (
        <Finding key={`${finding.rule} ${finding.title}`} finding={finding} />
      ))}
    </>
  );
  const heading = (
    <Title order={3} size="h5">
      {title}
    </Title>
  );
  return (
    <section className="lb-findings">
      {folded ? (
        <details>
          <summary>{heading}</summary>
          {body}
        </details>
      ) : (
        <>
          {heading}
          {body}
        </>
      )}
    </section>
  );
}

function Finding({ finding }: { readonly finding: DoctorFinding }): ReactNode {
  const { doctor } = useTexts();
  const { rule, level, status, title, evidence, remedy, link } = finding;
  return (
    <article className={`lb-cause${MARKS[status]}`}>
      <Group gap="xs" justify="space-between" align="flex-start">
        <Title order={4} size="h6" lang="en" className="lb-title">
          {title}
        </Title>
        <StateMark tone={TONES[status]}>{doctor.status[status]}</StateMark>
      </Group>
      <dl>
        {(status === 'fail' || status === 'warn') && (
          <>
            <dt>{doctor.remedy}</dt>
            <dd lang="en">{remedy}</dd>
          </>
        )}
        <dt>{doctor.seen}</dt>
        <dd lang="en">{evidence}</dd>
        <dt>{doctor.rule}</dt>
        <dd>
          {rule}, {doctor.level[level]}
          {link !== null && (
            <>
              {' · '}
              <Anchor href={link} target="_blank" rel="noreferrer" size="sm">
                {doctor.source}
              </Anchor>
            </>
          )}
        </dd>
      </dl>
    </article>
  );
}
