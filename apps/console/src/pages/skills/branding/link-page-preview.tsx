import { PREVIEW_LINK_PAGE } from '@linkbroker/contracts/api';
import { SegmentedControl, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { callApi } from '../../../api/api.js';
import { styleNonce } from '../../../nonce.js';
import { QueryView } from '../../../parts/query-view.js';
import { useTenant } from '../../../session/use-access.js';
import { useLanguage } from '../../../texts/use-texts.js';
import { previewPage } from './preview-page.js';

export interface Previewed {
  readonly name: string;
  readonly color: string;
  readonly logo: string;
  readonly connectors: readonly string[];
}

const SETTLED_MS = 350;
const COLOUR = /^#[0-9a-f]{6}$/i;
const SCHEMES = ['light', 'dark'] as const;

/** The very page that households see, as a phone shows it, of what stands in the form. */
export function LinkPagePreview({ page }: { readonly page: Previewed }): ReactNode {
  const { language, texts } = useLanguage();
  const { branding } = texts;
  const tenant = useTenant();
  const [scheme, choose] = useState<(typeof SCHEMES)[number]>('light');
  const [settled] = useDebouncedValue(JSON.stringify(shownOf(page)), SETTLED_MS);
  const query = useQuery({
    queryKey: ['link-page', tenant, settled, language],
    queryFn: ({ signal }) => {
      const body = { ...(JSON.parse(settled) as ReturnType<typeof shownOf>), language };
      return callApi(PREVIEW_LINK_PAGE, { params: { tenant }, body }, signal);
    },
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className="lb-preview">
      <SegmentedControl
        aria-label={branding.scheme}
        data={SCHEMES.map((value) => ({ value, label: texts.shell[value] }))}
        value={scheme}
        onChange={(value) => choose(value === 'dark' ? 'dark' : 'light')}
      />
      <QueryView query={query} rows={10}>
        {(markup) => (
          <iframe
            className="lb-phone"
            title={branding.preview}
            sandbox=""
            srcDoc={previewPage(markup, { scheme, nonce: styleNonce() })}
          />
        )}
      </QueryView>
      <Text size="xs" c="dimmed">
        {branding.previewText}
      </Text>
    </div>
  );
}

/** What can be shown while somebody is still typing. */
const shownOf = ({ name, color, logo, connectors }: Previewed) => ({
  name: name.trim().slice(0, 80) || '…',
  branding: { ...(COLOUR.test(color) && { color }), ...(logo !== '' && { logo }) },
  connectors: [...connectors],
});
