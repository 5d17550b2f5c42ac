import { ROTATE_SECRET } from '@linkbroker/contracts/api';
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { CopyField } from '../../parts/copy-field.js';
import { Moment } from '../../parts/moment.js';
import { Panel } from '../../parts/panel.js';
import { ShownOnce } from '../../parts/shown-once.js';
import { useCall } from '../../parts/use-call.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import type { SkillDetails } from './edit/skill-draft.js';

type Client = SkillDetails['clients'][number];

interface Props {
  readonly skill: string;
  readonly clients: readonly Client[];
}

/** The clients of a skill and what is known of their secrets, which is not much. */
export function Clients({ skill, clients }: Props): ReactNode {
  const { skills } = useTexts();
  return (
    <Panel title={skills.clients} text={skills.clientsText}>
      <Stack>
        {clients.map((client) => (
          <ClientView key={client.clientId} skill={skill} client={client} />
        ))}
      </Stack>
    </Panel>
  );
}

function ClientView({ skill, client }: { readonly skill: string; readonly client: Client }): ReactNode {
  const { skills, common } = useTexts();
  const { may } = useAccess();
  return (
    <section>
      <Group justify="space-between">
        <Text fw={600}>
          {skills[client.kind]} <code>{client.clientId}</code>
        </Text>
        {may('skills.write') && <Rotate skill={skill} kind={client.kind} />}
      </Group>
      <ul className="lb-diff">
        {client.secrets.map(({ id, createdAt, lastSeenAt, superseded }) => (
          <li key={id}>
            <Moment at={createdAt} />, {skills.lastSeen}{' '}
            {lastSeenAt === null ? common.never : <Moment at={lastSeenAt} />}
            {superseded && `; ${skills.superseded}`}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rotate({ skill, kind }: { readonly skill: string; readonly kind: Client['kind'] }): ReactNode {
  const { skills } = useTexts();
  const tenant = useTenant();
  const [asked, ask] = useState(false);
  const [retire, choose] = useState(false);
  const call = useCall(ROTATE_SECRET, { stale: [['skill', tenant, skill]], done: () => ask(false) });
  return (
    <>
      <Button size="xs" variant="default" aria-label={`${skills.rotate}: ${skills[kind]}`} onClick={() => ask(true)}>
        {skills.rotate}
      </Button>
      {asked && (
        <ConfirmDialog
          title={skills.rotateTitle(skills[kind])}
          text={skills.rotateText}
          action={skills.rotate}
          busy={call.isPending}
          error={call.error}
          onConfirm={() => call.mutate({ params: { tenant, skill }, body: { client: kind, retire } })}
          onClose={() => ask(false)}
        >
          <Checkbox
            label={skills.retire}
            description={skills.retireText}
            checked={retire}
            onChange={(event) => choose(event.currentTarget.checked)}
          />
        </ConfirmDialog>
      )}
      <ShownOnce title={skills.made} text={skills.madeText} opened={call.data !== undefined} onClose={call.reset}>
        {call.data?.once.map(({ what, secret }) => (
          <CopyField key={what} label={what} value={secret} />
        ))}
      </ShownOnce>
    </>
  );
}
