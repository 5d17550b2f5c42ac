import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** A cell that tells the name of its column where there is no room for columns. */
export function Cell({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <Table.Td data-label={label}>
      <div className="lb-cell">{children}</div>
    </Table.Td>
  );
}
