import { TEST_CONNECTOR } from '@linkbroker/contracts/api';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { Icon } from '../../../looks/icon.js';
import { FailureNote } from '../../../parts/failure-note.js';
import { StateMark } from '../../../parts/state-mark.js';
import { useCall } from '../../../parts/use-call.js';
import { useTenant } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';

interface Props {
  readonly connector: string;
  /** Whether it is tried without being asked, when it comes onto the page. */
  readonly atOnce?: boolean;
}

/** Tries a connector at its provider, without a household, and says what was found. */
export function ConnectionTest({ connector, atOnce = false }: Props): ReactNode {
  const { connectors } = useTexts();
  const tenant = useTenant();
  const { mutate, isPending, error, data } = useCall(TEST_CONNECTOR);
  useEffect(() => {
    if (atOnce) mutate({ params: { tenant, connector } });
  }, [atOnce, mutate, tenant, connector]);
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {connectors.testText}
      </Text>
      <Group>
        <Button
          variant="default"
          loading={isPending}
          leftSection={<Icon name="refresh" size={16} />}
          onClick={() => mutate({ params: { tenant, connector } })}
        >
          {connectors.test}
        </Button>
      </Group>
      {error && <FailureNote error={error} />}
      <ul className="lb-diff" aria-live="polite">
        {data?.findings.map(({ step, ok, detail }) => (
          <li key={step} className="lb-finding">
            <StateMark tone={ok === null ? 'odd' : ok ? 'good' : 'bad'}>{connectors.tested[step]}</StateMark>{' '}
            <span lang="en">{detail}</span>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
