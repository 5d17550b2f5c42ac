import { Button, Table } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { Cell } from '../../parts/cell.js';
import { ConfirmDialog } from '../../parts/confirm-dialog.js';
import { CopyAction } from '../../parts/copy-field.js';
import { useTexts } from '../../texts/use-texts.js';

export interface SignInProvider {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
}

interface Removal {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly mutate: (id: string, then: { readonly onSuccess: () => void }) => void;
  readonly reset: () => void;
}

interface Props {
  readonly items: readonly SignInProvider[];
  readonly shared: boolean;
  readonly remove: Removal | undefined;
}

/** Providers, with the address by which a tenant's own people come in. */
export function SignInProviderTable({ items, shared, remove }: Props): ReactNode {
  const { signInProviders } = useTexts();
  return (
    <Table className="lb-table">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{signInProviders.name}</Table.Th>
          <Table.Th>{signInProviders.issuer}</Table.Th>
          {!shared && <Table.Th>{signInProviders.address}</Table.Th>}
          <Table.Th>
            <span className="lb-heard">{signInProviders.actions}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((one) => (
          <Table.Tr key={one.id}>
            <Cell label={signInProviders.name}>
              <strong>{one.name}</strong> <code>{one.slug}</code>
            </Cell>
            <Cell label={signInProviders.issuer}>{one.issuer}</Cell>
            {!shared && (
              <Cell label={signInProviders.address}>
                <CopyAction value={`${location.origin}/sign-in?provider=${one.slug}`} label={signInProviders.copy} />
              </Cell>
            )}
            <Table.Td className="lb-fit">{remove && <Remove one={one} remove={remove} />}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Remove({ one, remove }: { readonly one: SignInProvider; readonly remove: Removal }): ReactNode {
  const { signInProviders, common } = useTexts();
  const [asked, ask] = useState(false);
  const close = (): void => {
    remove.reset();
    ask(false);
  };
  return (
    <>
      <Button size="xs" variant="default" aria-label={`${common.remove}: ${one.name}`} onClick={() => ask(true)}>
        {common.remove}
      </Button>
      {asked && (
        <ConfirmDialog
          title={signInProviders.removeTitle(one.name)}
          text={signInProviders.removeText}
          action={common.remove}
          word={one.slug}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(one.id, { onSuccess: close })}
          onClose={close}
        />
      )}
    </>
  );
}
