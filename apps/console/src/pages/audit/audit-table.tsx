import type { LIST_AUDIT } from '@linkbroker/contracts/api';
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { Cell } from '../../parts/cell.js';
import { Moment } from '../../parts/moment.js';
import { RowTable } from '../../parts/row-table.js';
import { readDiff } from '../../story/read-diff.js';
import { useTexts } from '../../texts/use-texts.js';

export type AuditEntry = z.output<(typeof LIST_AUDIT)['answer']>['items'][number];

/** Entries of an audit log, with what changed in a form that can be read. */
export function AuditTable({ items }: { readonly items: readonly AuditEntry[] }): ReactNode {
  const { audit } = useTexts();
  return (
    <RowTable columns={[audit.when, audit.who, audit.what, audit.changes, audit.address]}>
      {items.map((entry) => (
        <Row key={entry.seq} entry={entry} />
      ))}
    </RowTable>
  );
}

function Row({ entry }: { readonly entry: AuditEntry }): ReactNode {
  const { audit } = useTexts();
  const { at, actor, action, subject, diff, address } = entry;
  return (
    <Table.Tr>
      <Cell label={audit.when}>
        <Moment at={at} />
      </Cell>
      <Cell label={audit.who}>
        <>
          <Text size="sm" fw={600}>
            {actor.label}
          </Text>
          <Text size="xs" c="dimmed">
            {audit.actors[actor.kind] ?? actor.kind}
          </Text>
        </>
      </Cell>
      <Cell label={audit.what}>
        <>
          <code>{action}</code>
          <Text size="xs" c="dimmed" title={audit.subject}>
            {subject}
          </Text>
        </>
      </Cell>
      <Cell label={audit.changes}>
        <Diff diff={diff} />
      </Cell>
      <Cell label={audit.address}>{address}</Cell>
    </Table.Tr>
  );
}

function Diff({ diff }: { readonly diff: AuditEntry['diff'] }): ReactNode {
  const { audit } = useTexts();
  return (
    <ul className="lb-diff">
      {readDiff(diff).map(({ name, from, to }) => (
        <li key={name}>
          {name}:{' '}
          {from !== undefined && (
            <>
              {audit.from} <code>{from}</code> {audit.to}{' '}
            </>
          )}
          <code>{to}</code>
        </li>
      ))}
    </ul>
  );
}
