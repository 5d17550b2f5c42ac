import { EVENT_REGIONS } from '@linkbroker/contracts/api';
import { Checkbox, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../../texts/use-texts.js';
import type { FieldProps } from './skill-fields.js';
import { NO_EVENTS, type EventsDraft } from './skill-parts.js';

/** The permission to send events to Alexa. @see R159 */
export function EventFields({ draft, set, errorOf }: FieldProps): ReactNode {
  const { skillForm } = useTexts();
  const { events } = draft;
  return (
    <Stack>
      <Checkbox
        label={skillForm.sendsEvents}
        description={skillForm.sendsEventsText}
        checked={events !== null}
        error={events === null ? errorOf('events') : undefined}
        onChange={(event) => set({ events: event.currentTarget.checked ? NO_EVENTS : null })}
      />
      {events && <Client events={events} errorOf={errorOf} onChange={(next) => set({ events: next })} />}
    </Stack>
  );
}

interface ClientProps {
  readonly events: EventsDraft;
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (events: EventsDraft) => void;
}

function Client({ events, errorOf, onChange }: ClientProps): ReactNode {
  const { skillForm } = useTexts();
  return (
    <>
      <TextInput
        label={skillForm.eventsClientId}
        description={skillForm.eventsClientIdText}
        placeholder="amzn1.application-oa2-client.…"
        autoComplete="off"
        value={events.clientId}
        error={errorOf('events.clientId')}
        onChange={(event) => onChange({ ...events, clientId: event.currentTarget.value })}
      />
      <PasswordInput
        label={skillForm.eventsSecret}
        description={skillForm.eventsSecretText}
        autoComplete="off"
        value={events.clientSecret}
        error={errorOf('events.clientSecret')}
        onChange={(event) => onChange({ ...events, clientSecret: event.currentTarget.value })}
      />
      <Select
        label={skillForm.region}
        description={skillForm.regionText}
        data={EVENT_REGIONS.map((value) => ({ value, label: skillForm.regions[value] }))}
        value={events.region}
        error={errorOf('events.region')}
        allowDeselect={false}
        onChange={(value) =>
          onChange({ ...events, region: EVENT_REGIONS.find((one) => one === value) ?? events.region })
        }
      />
      <Checkbox
        label={skillForm.reciprocal}
        description={skillForm.reciprocalText}
        checked={events.reciprocal}
        onChange={(event) => onChange({ ...events, reciprocal: event.currentTarget.checked })}
      />
    </>
  );
}
