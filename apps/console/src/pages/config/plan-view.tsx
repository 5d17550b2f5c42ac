import type { PLAN_CONFIG_FILE } from '@linkbroker/contracts/api';
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { z } from 'zod';
import { Icon } from '../../looks/icon.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { useTexts } from '../../texts/use-texts.js';

type Plan = z.output<(typeof PLAN_CONFIG_FILE)['answer']>;

interface Props {
  readonly plan: Plan;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onApply: (plan: Plan) => void;
}

/** What a file changes, a line each, and the button that does it. */
export function PlanView({ plan, busy, error, onApply }: Props): ReactNode {
  const { configFile } = useTexts();
  const [asked, ask] = useState(false);
  const { lines, liveGrants } = plan;
  const unlinks = liveGrants > 0;
  return (
    <Stack gap="sm" mt="lg" role="status">
      <Title order={3} size="h5">
        {configFile.planned}
      </Title>
      {lines.length === 0 ? (
        <Text size="sm">{configFile.nothing}</Text>
      ) : (
        <ul className="lb-plan" lang="en">
          {lines.map((line) => (
            <PlanLine key={line} line={line} />
          ))}
        </ul>
      )}
      {unlinks && (
        <Alert variant="light" color="red" icon={<Icon name="alert" />}>
          {configFile.liveGrants(liveGrants)}
        </Alert>
      )}
      {lines.length > 0 && (
        <Group>
          <Button onClick={() => ask(true)}>{configFile.applyAction}</Button>
        </Group>
      )}
      {asked && (
        <ConfirmDialog
          title={configFile.confirm}
          text={[configFile.confirmText(lines.length), ...(unlinks ? [configFile.liveGrants(liveGrants)] : [])].join(
            ' ',
          )}
          action={configFile.applyAction}
          {...(unlinks && { word: configFile.unlinkWord })}
          busy={busy}
          error={error}
          onConfirm={() => onApply(plan)}
          onClose={() => ask(false)}
        />
      )}
    </Stack>
  );
}

const KINDS = { '+': 'add', '~': 'change', '-': 'remove' } as const;

function PlanLine({ line }: { readonly line: string }): ReactNode {
  const { configFile } = useTexts();
  const sign = line.charAt(0);
  const kind = sign === '+' || sign === '~' || sign === '-' ? KINDS[sign] : 'other';
  return (
    <li className={`is-${kind}`}>
      <span className="lb-plan-kind">{configFile.kinds[kind]}</span> <code>{line}</code>
    </li>
  );
}
