import type { CatalogueEntry } from '@linkbroker/contracts/api';
import { Anchor, List, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyField } from '../../../parts/copy-field.js';
import { QueryView } from '../../../parts/query-view.js';
import { useTenant } from '../../../session/use-access.js';
import { useTexts } from '../../../texts/use-texts.js';
import { useInstallation } from '../catalogue.js';
import { isGeneral } from './general.js';

/** What has to be registered at the provider, and where that is explained. */
export function Callback({ slug, entry }: { readonly slug: string; readonly entry: CatalogueEntry }): ReactNode {
  const { connectors, setUp } = useTexts();
  const tenant = useTenant();
  const installation = useInstallation();
  return (
    <div className="lb-hint">
      <Text size="sm">{setUp.register(isGeneral(entry.id) ? setUp.yourProvider : entry.name)}</Text>
      <QueryView query={installation} rows={1}>
        {({ brokerUrl }) => <CopyField label={connectors.callback} value={`${brokerUrl}/callback/${tenant}/${slug}`} />}
      </QueryView>
      <List size="sm" mt="xs">
        {entry.docs.map((page) => (
          <List.Item key={page}>
            <Anchor href={page} target="_blank" rel="noreferrer" size="sm" className="lb-long">
              {page.replace('https://', '')}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </div>
  );
}

/** What to know of a provider beforehand. In English: it comes from the API. */
export function Quirks({ entry }: { readonly entry: CatalogueEntry }): ReactNode {
  const { setUp } = useTexts();
  if (entry.quirks.length === 0) return null;
  return (
    <div className="lb-hint">
      <Text size="sm" fw={600}>
        {setUp.quirks}
      </Text>
      <List size="sm" lang="en">
        {entry.quirks.map((quirk) => (
          <List.Item key={quirk}>{quirk}</List.Item>
        ))}
      </List>
    </div>
  );
}
