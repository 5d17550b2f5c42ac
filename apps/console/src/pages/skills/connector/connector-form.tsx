import { PUT_CONNECTOR, type CatalogueEntry } from '@linkbroker/contracts/api';
import { Button, Group, Stack } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { fieldError } from '../../../parts/field-errors.js';
import { SaveFailure } from '../../../parts/form/save-failure.js';
import { SlugField, useSlugComplaint } from '../../../parts/form/slug-field.js';
import { useUnsaved } from '../../../parts/form/use-unsaved.js';
import { freeSlug } from '../../../parts/slug.js';
import { useCall } from '../../../parts/use-call.js';
import { useTenant } from '../../../session/use-access.js';
import { Callback } from './callback.js';
import { connectorBodyOf, type ConnectorDraft } from './connector-draft.js';
import { AdvancedFields, ClientFields, PlaceFields } from './connector-fields.js';

interface Props {
  readonly entry: CatalogueEntry;
  readonly was: ConnectorDraft;
  /** Of one that is there; a new one is given its own. */
  readonly slug?: string;
  readonly tag?: string | undefined;
  readonly taken: readonly string[];
  readonly action: string;
  readonly onSaved: (slug: string) => void;
  readonly onReload: () => void;
}

/** What a connector says. Its secret is asked for where there is none, and where it is to be another. */
export function ConnectorForm({ entry, was, slug, tag, taken, action, onSaved, onReload }: Props): ReactNode {
  const tenant = useTenant();
  const [draft, change] = useState(was);
  const [typed, name] = useState<string>();
  const isNew = slug === undefined;
  const chosen = slug ?? typed ?? freeSlug(entry.id, taken);
  const { question, leave } = useUnsaved(JSON.stringify(draft) !== JSON.stringify(was));
  const { mutate, isPending, error } = useCall(PUT_CONNECTOR, {
    stale: [
      ['connectors', tenant],
      ['connector', tenant, chosen],
    ],
    done: () => {
      leave();
      onSaved(chosen);
    },
  });
  const wrong = useSlugComplaint(chosen, taken);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isNew && wrong !== undefined) return;
    mutate({ params: { tenant, connector: chosen }, body: connectorBodyOf(entry.id, draft), ifMatch: tag });
  };
  const set = (part: Partial<ConnectorDraft>): void => change({ ...draft, ...part });
  const fields = { entry, draft, set, isNew, errorOf: (field: string) => fieldError(error, field) };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={560}>
        {isNew && <SlugField slug={chosen} wrong={wrong} onSlug={name} />}
        <Callback slug={chosen} entry={entry} />
        <PlaceFields {...fields} />
        <ClientFields {...fields} />
        <AdvancedFields {...fields} />
        {error && <SaveFailure error={error} onReload={onReload} />}
        <Group>
          <Button type="submit" loading={isPending}>
            {action}
          </Button>
        </Group>
      </Stack>
      {question}
    </form>
  );
}
