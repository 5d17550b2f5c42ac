import { BEGIN_PROVIDER_SIGN_IN, OFFERED_PROVIDERS } from '@linkbroker/contracts/api';
import { Button, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { FailureNote } from '../../parts/failure-note.js';
import { keepWayBack } from '../../session/way-back.js';
import { useTexts } from '../../texts/use-texts.js';

/** What an address says is shown only where it can be the name of a provider. */
const SLUG = /^[a-z0-9-]{1,40}$/;

interface Props {
  /** The token of an invitation that is accepted with it. */
  readonly invitation?: string;
}

/**
 * A button for each provider that one can sign in with: the installation's, and a tenant's own where the address names it.
 * Where they cannot be had the other ways in are still there, so nothing is said.
 */
export function ProviderSignIn({ invitation }: Props): ReactNode {
  const { signIn } = useTexts();
  const { provider, back } = useSearch({ strict: false });
  const offered = useQuery({
    queryKey: ['sign-in-providers', 'offered'],
    queryFn: ({ signal }) => callApi(OFFERED_PROVIDERS, {}, signal),
    retry: false,
  });
  const { mutate, isPending, error, variables } = useMutation({
    mutationFn: (slug: string) =>
      callApi(BEGIN_PROVIDER_SIGN_IN, {
        params: { provider: slug },
        body: invitation === undefined ? {} : { invitation },
      }),
    onSuccess: ({ url }) => {
      keepWayBack(back, sessionStorage);
      location.assign(url);
    },
  });
  const items = offered.data?.items ?? [];
  const own = provider !== undefined && SLUG.test(provider) && !items.some(({ slug }) => slug === provider);
  const all = own ? [{ slug: provider, name: provider }, ...items] : items;
  if (all.length === 0) return null;
  return (
    <Stack gap="xs">
      {all.map(({ slug, name }) => (
        <Button
          key={slug}
          variant="default"
          fullWidth
          loading={isPending && variables === slug}
          onClick={() => mutate(slug)}
        >
          {signIn.withProvider(name)}
        </Button>
      ))}
      {error && <FailureNote error={error} />}
    </Stack>
  );
}
