import { CREATE_API_KEY, PERMISSIONS, type Permission } from '@linkbroker/contracts/api';
import { Button, Checkbox, Group, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Dialog } from '../../parts/dialog.js';
import { Icon } from '../../looks/icon.js';
import { CopyField } from '../../parts/copy-field.js';
import { FailureNote } from '../../parts/failure-note.js';
import { ShownOnce } from '../../parts/shown-once.js';
import { useCall } from '../../parts/use-call.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';

const USUAL_DAYS = 90;
const MOST_DAYS = 400;

/** Makes a key and shows it, this once. */
export function NewApiKey(): ReactNode {
  const { apiKeys } = useTexts();
  const tenant = useTenant();
  const [opened, open] = useState(false);
  const call = useCall(CREATE_API_KEY, { stale: [['api-keys', tenant]], done: () => open(false) });
  return (
    <>
      <Button leftSection={<Icon name="plus" size={16} />} onClick={() => open(true)}>
        {apiKeys.create}
      </Button>
      <Dialog opened={opened} onClose={() => open(false)} title={apiKeys.create} wide>
        <KeyForm
          busy={call.isPending}
          error={call.error}
          onSubmit={(body) => call.mutate({ params: { tenant }, body })}
          onClose={() => open(false)}
        />
      </Dialog>
      <ShownOnce title={apiKeys.made} text={apiKeys.madeText} opened={call.data !== undefined} onClose={call.reset}>
        {call.data && <CopyField label={call.data.name} value={call.data.key} />}
      </ShownOnce>
    </>
  );
}

interface KeyFacts {
  readonly name: string;
  readonly permissions: Permission[];
  readonly expiresInDays: number;
}

interface FormProps {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (body: KeyFacts) => void;
  readonly onClose: () => void;
}

function KeyForm({ busy, error, onSubmit, onClose }: FormProps): ReactNode {
  const { apiKeys, common, tenants } = useTexts();
  const [name, setName] = useState('');
  const [chosen, choose] = useState<string[]>([]);
  const [days, setDays] = useState<string | number>(USUAL_DAYS);
  const [tried, setTried] = useState(false);
  const expiresInDays = Number(days);
  const fits = Number.isInteger(expiresInDays) && expiresInDays >= 1 && expiresInDays <= MOST_DAYS;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    const permissions = PERMISSIONS.filter((one) => chosen.includes(one));
    if (name.trim() === '' || permissions.length === 0 || !fits) return;
    onSubmit({ name: name.trim(), permissions, expiresInDays });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={apiKeys.name}
          maxLength={80}
          value={name}
          error={tried && name.trim() === '' ? tenants.required : null}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <PermissionChoice chosen={chosen} onChoose={choose} wrong={tried && chosen.length === 0} />
        <NumberInput
          label={apiKeys.days}
          min={1}
          max={MOST_DAYS}
          allowDecimal={false}
          value={days}
          error={tried && !fits ? tenants.notDays : null}
          onChange={setDays}
          hideControls
        />
        {error !== null && <FailureNote error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {apiKeys.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ChoiceProps {
  readonly chosen: string[];
  readonly onChoose: (permissions: string[]) => void;
  readonly wrong: boolean;
}

/** What the maker of a key may do, of which the key may do a part. */
function PermissionChoice({ chosen, onChoose, wrong }: ChoiceProps): ReactNode {
  const { apiKeys } = useTexts();
  const { may } = useAccess();
  return (
    <Checkbox.Group
      label={apiKeys.permissions}
      value={chosen}
      onChange={onChoose}
      error={wrong ? apiKeys.choose : null}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" my="xs">
        {PERMISSIONS.filter(may).map((one) => (
          <Checkbox key={one} value={one} label={one} />
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  );
}
