import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Cell } from '../../parts/cell.js';
import { AnchorLink } from '../../parts/links.js';
import { useTenant } from '../../session/use-access.js';
import { useTexts } from '../../texts/use-texts.js';

/** A link in a row, by its skill and the beginning of its id; leads to its own page. */
export function LinkCell({ link, skill }: { readonly link: string; readonly skill: string }): ReactNode {
  const { links } = useTexts();
  const tenant = useTenant();
  const short = link.slice(0, 8);
  return (
    <Cell label={links.skill}>
      <AnchorLink
        to="/t/$tenant/links/$link"
        params={{ tenant, link }}
        fw={600}
        aria-label={`${skill}, ${links.open(short)}`}
      >
        {skill}
      </AnchorLink>
      <Text size="xs" c="dimmed" ff="monospace" component="span" ml={8}>
        {short}
      </Text>
    </Cell>
  );
}
