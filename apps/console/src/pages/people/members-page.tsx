import { CHANGE_MEMBER, LIST_MEMBERS, REMOVE_MEMBER, ROLES, type Role } from '@linkbroker/contracts/api';
import { Button, Select, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { z } from 'zod';
import { callApi } from '../../api/api.js';
import { SESSION_KEY } from '../../api/session-query.js';
import { Cell } from '../../parts/cell.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Moment } from '../../parts/moment.js';
import { PageHead } from '../../parts/page-head.js';
import { Panel } from '../../parts/panel.js';
import { QueryView } from '../../parts/query-view.js';
import { RowTable } from '../../parts/row-table.js';
import { sayDone } from '../../parts/say.js';
import { useCall } from '../../parts/use-call.js';
import { useSayFailure } from '../../parts/use-say-failure.js';
import { useAccess, useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';
import { Invitations } from './invitations.js';

type Member = z.output<(typeof LIST_MEMBERS)['answer']>['items'][number];

/** Who belongs to a tenant, and who is asked to. */
export function MembersPage(): ReactNode {
  const { members } = useTexts();
  const tenant = useTenant();
  const query = useQuery({
    queryKey: ['members', tenant],
    queryFn: ({ signal }) => callApi(LIST_MEMBERS, { params: { tenant } }, signal),
  });
  return (
    <>
      <PageHead title={members.title} text={members.text} />
      <Panel title={members.title} quiet>
        <QueryView query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon="members" title={members.empty} text={members.emptyText} />
            ) : (
              <MemberTable items={items} />
            )
          }
        </QueryView>
      </Panel>
      <Invitations />
    </>
  );
}

function MemberTable({ items }: { readonly items: readonly Member[] }): ReactNode {
  const { members } = useTexts();
  return (
    <RowTable columns={[members.name, members.role, members.since]} actions>
      {items.map((member) => (
        <Row key={member.id} member={member} />
      ))}
    </RowTable>
  );
}

function Row({ member }: { readonly member: Member }): ReactNode {
  const { members, common } = useTexts();
  const { may, session } = useAccess();
  const [removing, ask] = useState(false);
  return (
    <Table.Tr>
      <Cell label={members.name}>
        <>
          <Text fw={600} size="sm">
            {member.displayName}
            {member.id === session.account?.id && ` (${members.you})`}
          </Text>
          <Text size="xs" c="dimmed">
            {member.login}
          </Text>
        </>
      </Cell>
      <Cell label={members.role}>
        {may('members.write') ? <RoleSelect member={member} /> : members.roles[member.role]}
      </Cell>
      <Cell label={members.since}>
        <Moment at={member.since} />
      </Cell>
      <Table.Td className="lb-fit">
        {may('members.write') && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={members.remove(member.displayName)}
            onClick={() => ask(true)}
          >
            {common.remove}
          </Button>
        )}
        {removing && <RemoveDialog member={member} onClose={() => ask(false)} />}
      </Table.Td>
    </Table.Tr>
  );
}

function RoleSelect({ member }: { readonly member: Member }): ReactNode {
  const { members } = useTexts();
  const tenant = useTenant();
  const sayFailure = useSayFailure();
  const { mutate, isPending } = useCall(CHANGE_MEMBER, {
    stale: [['members', tenant], SESSION_KEY],
    done: () => sayDone(members.changed(member.displayName)),
  });
  return (
    <Select
      size="xs"
      w={170}
      aria-label={members.roleOf(member.displayName)}
      data={ROLES.map((role) => ({ value: role, label: members.roles[role] }))}
      value={member.role}
      allowDeselect={false}
      disabled={isPending}
      renderOption={({ option }) => <RoleOption role={option.value} />}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      onChange={(next) => {
        const role = ROLES.find((one) => one === next);
        if (role && role !== member.role)
          mutate({ params: { tenant, member: member.id }, body: { role } }, { onError: sayFailure });
      }}
    />
  );
}

/** A role with what it may do. */
export function RoleOption({ role }: { readonly role: Role }): ReactNode {
  const { members } = useTexts();
  return (
    <div>
      <Text size="sm">{members.roles[role]}</Text>
      <Text size="xs" c="dimmed">
        {members.roleText[role]}
      </Text>
    </div>
  );
}

function RemoveDialog({ member, onClose }: { readonly member: Member; readonly onClose: () => void }): ReactNode {
  const { members, common } = useTexts();
  const tenant = useTenant();
  const { mutate, isPending, error } = useCall(REMOVE_MEMBER, {
    stale: [['members', tenant], SESSION_KEY],
    done: () => sayDone(members.removed(member.displayName)),
  });
  return (
    <ConfirmDialog
      title={members.remove(member.displayName)}
      text={members.removeText}
      action={common.remove}
      busy={isPending}
      error={error}
      onConfirm={() => mutate({ params: { tenant, member: member.id } }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
