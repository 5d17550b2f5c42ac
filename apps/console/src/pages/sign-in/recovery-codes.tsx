import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyAction } from '../../parts/copy-field.js';
import { useTexts } from '../../texts/use-texts.js';

/** Recovery codes to be kept: to read, and to copy all at once. */
export function RecoveryCodes({ codes }: { readonly codes: readonly string[] }): ReactNode {
  const { enrol } = useTexts();
  return (
    <>
      <ol className="lb-codes" aria-label={enrol.codesTitle}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <Group justify="flex-end">
        <CopyAction value={codes.join('\n')} />
      </Group>
    </>
  );
}
