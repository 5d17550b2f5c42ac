import { EVENT_REGIONS } from '@linkbroker/contracts/api';
import { Checkbox, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../../../texts/use-texts.js';
import { textsOf, type FieldProps, type PartProps } from './skill-fields.js';
import { NO_EVENTS, type EventsDraft } from './skill-parts.js';

const PARTS = ['clientId', 'clientSecret', 'region', 'reciprocal'] as const;

/** The permission to send events to Alexa. @see R159 */
export function EventFields({ draft, set, errorOf }: FieldProps): ReactNode {
  const { skillForm } = useTexts();
  const { events } = draft;
  // Whoever takes the permission away and gives it again by mistake has lost nothing.
  const [last, remember] = useState(events ?? NO_EVENTS);
  const change = (next: EventsDraft | null): void => {
    if (next) remember(next);
    set({ events: next });
  };
  const ofPart = PARTS.some((name) => errorOf(`events.${name}`) !== undefined);
  return (
    <Stack>
      <Checkbox
        label={skillForm.sendsEvents}
        description={skillForm.sendsEventsText}
        checked={events !== null}
        error={ofPart ? undefined : errorOf('events')}
        onChange={(event) => change(event.currentTarget.checked ? last : null)}
      />
      {events && <EventsClient events={events} errorOf={errorOf} onChange={change} />}
    </Stack>
  );
}

function EventsClient({ events, ...part }: PartProps<EventsDraft> & { readonly events: EventsDraft }): ReactNode {
  const { skillForm } = useTexts();
  const text = textsOf('events', events, part);
  return (
    <>
      <TextInput
        label={skillForm.eventsClientId}
        description={skillForm.eventsClientIdText}
        placeholder="amzn1.application-oa2-client.…"
        autoComplete="off"
        {...text('clientId')}
      />
      <PasswordInput
        label={skillForm.eventsSecret}
        description={skillForm.eventsSecretText}
        autoComplete="off"
        {...text('clientSecret')}
      />
      <Select
        label={skillForm.region}
        description={skillForm.regionText}
        data={EVENT_REGIONS.map((value) => ({ value, label: skillForm.regions[value] }))}
        value={events.region}
        error={part.errorOf('events.region')}
        allowDeselect={false}
        onChange={(value) =>
          part.onChange({ ...events, region: EVENT_REGIONS.find((one) => one === value) ?? events.region })
        }
      />
      <Checkbox
        label={skillForm.reciprocal}
        description={skillForm.reciprocalText}
        checked={events.reciprocal}
        onChange={(event) => part.onChange({ ...events, reciprocal: event.currentTarget.checked })}
      />
    </>
  );
}
