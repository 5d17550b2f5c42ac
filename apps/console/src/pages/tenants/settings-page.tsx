import { CHANGE_TENANT, GET_TENANT } from '@linkbroker/contracts/api';
import { Alert, Button, Group, NumberInput, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { callApi } from '../../api/api.js';
import { SESSION_KEY } from '../../api/session-query.js';
import { FailureNote } from '../../parts/failure-note.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { sayDone } from '../../parts/say.js';
import { useCall } from '../../parts/use-call.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { DeleteTenant } from './delete-tenant.js';

const MOST_DAYS = 400;

/** A tenant's name, for how long its timelines are kept, and its end. */
export function SettingsPage(): ReactNode {
  const { settings } = useTexts();
  const tenant = useTenant();
  const { operator } = useAccess();
  const query = useQuery({
    queryKey: ['tenants', 'one', tenant],
    queryFn: ({ signal }) => callApi(GET_TENANT, { params: { tenant } }, signal),
  });
  return (
    <>
      <PageHead title={settings.title} text={settings.text} />
      <Panel title={settings.title} quiet>
        <QueryView query={query}>
          {({ name, timelineDays }) => <SettingsForm key={tenant} was={{ name, timelineDays }} />}
        </QueryView>
      </Panel>
      {operator && <DeleteTenant />}
    </>
  );
}

interface Settings {
  readonly name: string;
  readonly timelineDays: number;
}

function SettingsForm({ was }: { readonly was: Settings }): ReactNode {
  const { tenants, settings, common } = useTexts();
  const tenant = useTenant();
  const allowed = useAccess().may('tenant.write');
  const [name, setName] = useState(was.name);
  const [days, setDays] = useState<string | number>(was.timelineDays);
  const { mutate, isPending, error } = useCall(CHANGE_TENANT, {
    stale: [['tenants'], SESSION_KEY],
    done: () => sayDone(common.saved),
  });
  const timelineDays = Number(days);
  const fits = Number.isInteger(timelineDays) && timelineDays >= 1 && timelineDays <= MOST_DAYS;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (name.trim() !== '' && fits) mutate({ params: { tenant }, body: { name: name.trim(), timelineDays } });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={420}>
        {!allowed && <Alert variant="light">{settings.readOnly}</Alert>}
        <TextInput
          label={tenants.name}
          maxLength={80}
          disabled={!allowed}
          value={name}
          error={name.trim() === '' ? tenants.required : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NumberInput
          label={tenants.timelineDays}
          description={tenants.timelineDaysHint}
          allowDecimal={false}
          hideControls
          disabled={!allowed}
          value={days}
          error={fits ? null : tenants.notDays}
          onChange={setDays}
        />
        {error && <FailureNote error={error} />}
        {allowed && (
          <Group>
            <Button type="submit" loading={isPending}>
              {common.save}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
