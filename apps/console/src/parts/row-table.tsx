import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/use-texts.js';

interface Props {
  /** What stands above each column. */
  readonly columns: readonly string[];
  /** There is a last column with what can be done with a row. */
  readonly actions?: boolean;
  /** The rows, whose cells name their columns again. */
  readonly children: ReactNode;
}

/** A table with names of columns, where there is room for them. */
export function RowTable({ columns, actions = false, children }: Props): ReactNode {
  const { common } = useTexts();
  return (
    <Table className="lb-table">
      <Table.Thead>
        <Table.Tr>
          {columns.map((column, at) => (
            <Table.Th key={at}>{column}</Table.Th>
          ))}
          {actions && (
            <Table.Th>
              <span className="lb-fit">{common.actions}</span>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  );
}
