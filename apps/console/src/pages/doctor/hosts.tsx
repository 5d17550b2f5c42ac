import { ADD_DOCTOR_HOST, LIST_DOCTOR_HOSTS } from '@linkbroker/contracts/api';
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { FailureNote } from '../../parts/failure-note.js';
import { fieldError } from '../../parts/field-errors.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { useCall } from '../../parts/use-call.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { HostView } from './host-view.js';

/** The hosts that are the tenant's, and those that are still to be proven. */
export function Hosts(): ReactNode {
  const { doctor } = useTexts();
  const tenant = useTenant();
  const { may } = useAccess();
  const query = useQuery({
    queryKey: ['doctor-hosts', tenant],
    queryFn: ({ signal }) => callApi(LIST_DOCTOR_HOSTS, { params: { tenant } }, signal),
  });
  return (
    <Panel title={doctor.hosts} text={doctor.hostsText}>
      <Stack>
        <QueryView query={query} rows={2}>
          {({ items }) =>
            items.length === 0 ? (
              <Text size="sm" c="dimmed">
                {doctor.noHosts}
              </Text>
            ) : (
              items.map((host) => <HostView key={host.host} host={host} />)
            )
          }
        </QueryView>
        {may('doctor.run') && <AddHost />}
      </Stack>
    </Panel>
  );
}

function AddHost(): ReactNode {
  const { doctor, tenants } = useTexts();
  const tenant = useTenant();
  const [host, setHost] = useState('');
  const [tried, setTried] = useState(false);
  const call = useCall(ADD_DOCTOR_HOST, {
    stale: [['doctor-hosts', tenant]],
    done: () => {
      setHost('');
      setTried(false);
    },
  });
  const wrong = fieldError(call.error, 'host');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (host.trim() !== '') call.mutate({ params: { tenant }, body: { host: host.trim() } });
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className="lb-lookup">
        <TextInput
          aria-label={doctor.host}
          description={doctor.hostHint}
          placeholder="id.example.com"
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={253}
          value={host}
          error={wrong ?? (tried && host.trim() === '' ? tenants.required : null)}
          onChange={(event) => setHost(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={call.isPending} leftSection={<Icon name="plus" size={16} />}>
          {doctor.addHost}
        </Button>
      </div>
      {call.error && wrong === undefined && <FailureNote error={call.error} />}
    </form>
  );
}
