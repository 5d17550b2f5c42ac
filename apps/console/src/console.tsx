import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { THEME } from './looks/theme.js';
import { styleNonce } from './nonce.js';
import type { ConsoleRouter } from './router.js';
import { keepLanguage } from './texts/chosen-language.js';
import { loadTexts } from './texts/languages.js';
import { LanguageContext, type Spoken } from './texts/use-texts.js';

const colours = localStorageColorSchemeManager({ key: 'linkbroker-colours' });

interface Props {
  readonly client: QueryClient;
  readonly router: ConsoleRouter;
  readonly first: Pick<Spoken, 'language' | 'texts'>;
}

/** What surrounds every page: looks, language, the client of the API. */
export function Console({ client, router, first }: Props): ReactNode {
  const [words, change] = useState(first);
  useEffect(() => {
    document.documentElement.lang = words.language;
  }, [words]);
  const spoken: Spoken = useMemo(
    () => ({
      ...words,
      speak: (language) => {
        keepLanguage(language);
        // Where the words do not come, the page goes on in those that it has.
        void loadTexts(language).then(
          (texts) => change({ language, texts }),
          () => undefined,
        );
      },
    }),
    [words],
  );
  return (
    <LanguageContext value={spoken}>
      <MantineProvider theme={THEME} defaultColorScheme="auto" colorSchemeManager={colours} getStyleNonce={styleNonce}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </LanguageContext>
  );
}
