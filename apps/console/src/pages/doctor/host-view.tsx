import { REMOVE_DOCTOR_HOST, VERIFY_DOCTOR_HOST, type LIST_DOCTOR_HOSTS } from '@linkbroker/contracts/api';
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { z } from 'zod';
import { Icon } from '../../looks/icon.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { CopyField } from '../../parts/copy-field.js';
import { Moment } from '../../parts/moment.js';
import { sayDone } from '../../parts/say.js';
import { StateMark } from '../../parts/state-mark.js';
import { useCall } from '../../parts/use-call.js';
import { useSayFailure } from '../../parts/use-say-failure.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import type { Tone } from '../../story/describe-step.js';
import { useTexts } from '../../texts/use-texts.js';

export type Host = z.output<(typeof LIST_DOCTOR_HOSTS)['answer']>['items'][number];
type HostState = 'proven' | 'open' | 'expired';

const TONES: Readonly<Record<HostState, Tone>> = { proven: 'good', open: 'plain', expired: 'odd' };

/** Whether a proof is there and still counts. */
export function hostState({ expiresAt }: Pick<Host, 'expiresAt'>): HostState {
  if (expiresAt === null) return 'open';
  return Date.parse(expiresAt) > Date.now() ? 'proven' : 'expired';
}

/** One host: whether it is proven, and if not, how. */
export function HostView({ host }: { readonly host: Host }): ReactNode {
  const { doctor, common } = useTexts();
  const { may } = useAccess();
  const state = hostState(host);
  const [shown, show] = useState(state !== 'proven');
  const [removing, remove] = useState(false);
  return (
    <article className={`lb-cause${state === 'proven' ? '' : ' is-oddity'}`} aria-label={host.host}>
      <Group justify="space-between" gap="xs">
        <Text fw={600} className="lb-cell">
          {host.host}
        </Text>
        <StateMark tone={TONES[state]}>{doctor.hostStates[state]}</StateMark>
      </Group>
      {state === 'proven' && host.provenBy && host.expiresAt && (
        <Text size="sm" c="dimmed" component="div">
          {doctor.provenBy[host.provenBy]}, {doctor.until} <Moment at={host.expiresAt} />
        </Text>
      )}
      {shown && <Proofs host={host} />}
      {may('doctor.run') && (
        <Group gap="xs" mt="sm">
          {shown ? (
            <Check host={host.host} onProven={() => show(false)} />
          ) : (
            <Button size="xs" variant="default" onClick={() => show(true)}>
              {doctor.howToProve}
            </Button>
          )}
          <Button
            size="xs"
            variant="subtle"
            color="red"
            aria-label={doctor.removeHost(host.host)}
            onClick={() => remove(true)}
          >
            {common.remove}
          </Button>
        </Group>
      )}
      {removing && <Remove host={host.host} onClose={() => remove(false)} />}
    </article>
  );
}

function Proofs({ host: { dns, wellKnown } }: { readonly host: Host }): ReactNode {
  const { doctor } = useTexts();
  return (
    <Stack gap="xs" mt="xs">
      <Text size="sm">{doctor.prove}</Text>
      <CopyField label={doctor.dnsName} value={dns.name} />
      <CopyField label={doctor.dnsValue} value={dns.value} />
      <CopyField label={doctor.fileUrl} value={wellKnown.url} />
      <CopyField label={doctor.fileBody} value={wellKnown.body} />
    </Stack>
  );
}

function Check({ host, onProven }: { readonly host: string; readonly onProven: () => void }): ReactNode {
  const { doctor } = useTexts();
  const tenant = useTenant();
  const sayFailure = useSayFailure();
  const { mutate, isPending, data } = useCall(VERIFY_DOCTOR_HOST, {
    stale: [['doctor-hosts', tenant]],
    done: ({ seen }) => {
      if (seen.length > 0) return;
      sayDone(doctor.proven(host));
      onProven();
    },
  });
  return (
    <>
      {data && data.seen.length > 0 && (
        <Alert role="alert" variant="light" color="yellow" icon={<Icon name="alert" />} w="100%">
          <Text fw={600} size="sm">
            {doctor.notFound}
          </Text>
          <List size="sm" lang="en">
            {data.seen.map((one) => (
              <List.Item key={one} className="lb-cell">
                {one}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Button
        size="xs"
        aria-label={doctor.checkOf(host)}
        loading={isPending}
        onClick={() => mutate({ params: { tenant, host } }, { onError: sayFailure })}
      >
        {doctor.check}
      </Button>
    </>
  );
}

function Remove({ host, onClose }: { readonly host: string; readonly onClose: () => void }): ReactNode {
  const { doctor, common } = useTexts();
  const tenant = useTenant();
  const { mutate, isPending, error } = useCall(REMOVE_DOCTOR_HOST, {
    stale: [['doctor-hosts', tenant]],
    done: () => sayDone(doctor.removed(host)),
  });
  return (
    <ConfirmDialog
      title={doctor.removeHost(host)}
      text={doctor.removeHostText}
      action={common.remove}
      busy={isPending}
      error={error}
      onConfirm={() => mutate({ params: { tenant, host } }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
