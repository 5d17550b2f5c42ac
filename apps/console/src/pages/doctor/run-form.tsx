import { LIST_DOCTOR_HOSTS, START_DOCTOR_RUN } from '@linkbroker/contracts/api';
import { Alert, Button, Checkbox, Group, PasswordInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { FailureNote } from '../../parts/failure-note.js';
import { AnchorLink } from '../../parts/links.js';
import { Panel } from '../../parts/panel.js';
import { useCall } from '../../parts/use-call.js';
import { useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { hostState } from './host-view.js';
import { LoginSteps } from './login-steps.js';
import { bodyOf, domainsOf, hostsOf, missingIn, type RunFields } from './run-fields.js';

type Change = (change: Partial<RunFields>) => void;

/** The form of a run. What is typed stays on the page and goes to the run alone. */
export function RunForm({ filled }: { readonly filled: RunFields }): ReactNode {
  const { doctor } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  const [fields, setFields] = useState(filled);
  const [agreed, agree] = useState(false);
  const [tried, setTried] = useState(false);
  const change: Change = (one) => setFields((before) => ({ ...before, ...one }));
  const { mutate, isPending, error } = useCall(START_DOCTOR_RUN, {
    stale: [['doctor-runs', tenant]],
    done: ({ id }) => void navigate({ to: '/t/$tenant/doctor/$run', params: { tenant, run: id }, search: {} }),
  });
  const wrong = missingIn(fields);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (agreed && wrong.size === 0) mutate({ params: { tenant }, body: bodyOf(fields) });
  };
  const shown = tried ? wrong : new Set<keyof RunFields>();
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Panel title={doctor.addresses}>
        <Server fields={fields} change={change} wrong={shown} />
        <NotProven hosts={filled.skill === '' ? hostsOf(fields) : []} domains={domainsOf(fields)} />
      </Panel>
      <Panel title={doctor.login} text={doctor.loginText}>
        <LoginSteps steps={fields.steps} wrong={shown.has('steps')} onChange={(steps) => change({ steps })} />
      </Panel>
      <Stack>
        <Checkbox
          label={doctor.agree}
          checked={agreed}
          error={tried && !agreed ? doctor.mustAgree : null}
          onChange={(event) => agree(event.currentTarget.checked)}
        />
        {error && <FailureNote error={error} />}
        <Group>
          <Button type="submit" loading={isPending} leftSection={<Icon name="doctor" size={16} />}>
            {doctor.start}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ServerProps {
  readonly fields: RunFields;
  readonly change: Change;
  readonly wrong: ReadonlySet<keyof RunFields>;
}

function Server({ fields, change, wrong }: ServerProps): ReactNode {
  const { doctor, tenants } = useTexts();
  const text = (name: 'authorizeUrl' | 'tokenUrl' | 'clientId' | 'redirectUri' | 'scope' | 'domains') => ({
    label: doctor[name],
    value: fields[name],
    spellCheck: false,
    autoCapitalize: 'none',
    autoComplete: 'off',
    maxLength: 2_048,
    error: wrong.has(name) ? (name === 'clientId' ? tenants.required : doctor.notAddress) : null,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      change({ [name]: event.currentTarget.value }),
  });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      <TextInput {...text('authorizeUrl')} placeholder="https://id.example.com/oauth/authorize" />
      <TextInput {...text('tokenUrl')} placeholder="https://id.example.com/oauth/token" />
      <TextInput {...text('clientId')} />
      <PasswordInput
        label={doctor.clientSecret}
        value={fields.clientSecret}
        autoComplete="off"
        maxLength={1_000}
        error={wrong.has('clientSecret') ? tenants.required : null}
        onChange={(event) => change({ clientSecret: event.currentTarget.value })}
      />
      <Select
        label={doctor.scheme}
        allowDeselect={false}
        value={fields.scheme}
        data={(['HTTP_BASIC', 'REQUEST_BODY_CREDENTIALS'] as const).map((value) => ({
          value,
          label: doctor.schemes[value],
        }))}
        onChange={(next) => change({ scheme: next === 'HTTP_BASIC' ? next : 'REQUEST_BODY_CREDENTIALS' })}
      />
      <TextInput {...text('scope')} />
      <TextInput {...text('redirectUri')} description={doctor.redirectUriHint} />
      <TextInput {...text('domains')} description={doctor.domainsHint} />
    </SimpleGrid>
  );
}

interface NotProvenProps {
  /** These have to be proven. */
  readonly hosts: readonly string[];
  /** Pages get nothing from these unless they are. */
  readonly domains: readonly string[];
}

/** Said before it is refused. */
function NotProven({ hosts, domains }: NotProvenProps): ReactNode {
  const { doctor } = useTexts();
  const tenant = useTenant();
  const { data } = useQuery({
    queryKey: ['doctor-hosts', tenant],
    queryFn: ({ signal }) => callApi(LIST_DOCTOR_HOSTS, { params: { tenant } }, signal),
  });
  if (!data) return null;
  const proven = new Set(data.items.filter((one) => hostState(one) === 'proven').map(({ host }) => host));
  const missing = (of: readonly string[]): string => of.filter((host) => !proven.has(host.toLowerCase())).join(', ');
  const [needed, unreached] = [missing(hosts), missing(domains)];
  return (
    <>
      {needed !== '' && (
        <Alert variant="light" color="yellow" icon={<Icon name="alert" />} mt="md">
          {doctor.notProven(needed)}{' '}
          <AnchorLink to="/t/$tenant/doctor" params={{ tenant }} inherit>
            {doctor.toHosts}
          </AnchorLink>
        </Alert>
      )}
      {unreached !== '' && (
        <Alert variant="light" icon={<Icon name="info" />} mt="md">
          {doctor.unreached(unreached)}
        </Alert>
      )}
    </>
  );
}
