import { CREATE_INVITATION, LIST_INVITATIONS, REVOKE_INVITATION, ROLES, type Role } from '@linkbroker/contracts/api';
import { Button, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Dialog } from '../../parts/dialog.js';
import { callApi } from '../../api/api.js';
import { Icon } from '../../looks/icon.js';
import { CopyField } from '../../parts/copy-field.js';
import { FailureNote } from '../../parts/failure-note.js';
import { Moment } from '../../parts/moment.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { sayDone } from '../../parts/say.js';
import { ShownOnce } from '../../parts/shown-once.js';
import { useCall } from '../../parts/use-call.js';
import { useSayFailure } from '../../parts/use-say-failure.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { RoleOption } from './members-page.js';

/** Invitations that can still be accepted. */
export function Invitations(): ReactNode {
  const { members, common } = useTexts();
  const tenant = useTenant();
  const { may } = useAccess();
  const query = useQuery({
    queryKey: ['invitations', tenant],
    queryFn: ({ signal }) => callApi(LIST_INVITATIONS, { params: { tenant } }, signal),
  });
  return (
    <Panel title={members.invitations} aside={may('members.write') && <Invite />}>
      <QueryView query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {members.noInvitations}
            </Text>
          ) : (
            <Table className="lb-table">
              <Table.Tbody>
                {items.map(({ id, label, role, expiresAt }) => (
                  <Table.Tr key={id}>
                    <Table.Td fw={600}>{label}</Table.Td>
                    <Table.Td>{members.roles[role]}</Table.Td>
                    <Table.Td>
                      {members.expires} <Moment at={expiresAt} />
                    </Table.Td>
                    <Table.Td className="lb-fit">
                      {may('members.write') && (
                        <TakeBack id={id} label={`${members.takeBack}: ${label || common.none}`} />
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </QueryView>
    </Panel>
  );
}

function TakeBack({ id, label }: { readonly id: string; readonly label: string }): ReactNode {
  const { members } = useTexts();
  const tenant = useTenant();
  const sayFailure = useSayFailure();
  const { mutate, isPending } = useCall(REVOKE_INVITATION, {
    stale: [['invitations', tenant]],
    done: () => sayDone(members.takenBack),
  });
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={label}
      loading={isPending}
      onClick={() => mutate({ params: { tenant, invitation: id } }, { onError: sayFailure })}
    >
      {members.takeBack}
    </Button>
  );
}

function Invite(): ReactNode {
  const { members } = useTexts();
  const tenant = useTenant();
  const [opened, open] = useState(false);
  const call = useCall(CREATE_INVITATION, { stale: [['invitations', tenant]], done: () => open(false) });
  return (
    <>
      <Button leftSection={<Icon name="plus" size={16} />} onClick={() => open(true)}>
        {members.invite}
      </Button>
      <Dialog opened={opened} onClose={() => open(false)} title={members.invite}>
        <InviteForm
          busy={call.isPending}
          error={call.error}
          onSubmit={(body) => call.mutate({ params: { tenant }, body })}
          onClose={() => open(false)}
        />
      </Dialog>
      <ShownOnce
        title={members.inviteMade}
        text={members.inviteMadeText}
        opened={call.data !== undefined}
        onClose={call.reset}
      >
        {call.data && <CopyField label={call.data.label} value={call.data.url} />}
      </ShownOnce>
    </>
  );
}

interface FormProps {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (body: { label: string; role: Role }) => void;
  readonly onClose: () => void;
}

function InviteForm({ busy, error, onSubmit, onClose }: FormProps): ReactNode {
  const { members, common } = useTexts();
  const [label, setLabel] = useState('');
  const [role, setRole] = useState<Role>('developer');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    onSubmit({ label: label.trim(), role });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={members.inviteFor}
          description={members.inviteForHint}
          required
          withAsterisk={false}
          maxLength={120}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label={members.role}
          description={members.roleText[role]}
          data={ROLES.map((one) => ({ value: one, label: members.roles[one] }))}
          value={role}
          allowDeselect={false}
          renderOption={({ option }) => <RoleOption role={option.value} />}
          onChange={(next) => setRole(ROLES.find((one) => one === next) ?? role)}
        />
        {error !== null && <FailureNote error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {members.invite}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
