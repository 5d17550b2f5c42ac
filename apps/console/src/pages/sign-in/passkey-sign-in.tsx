import { BEGIN_PASSKEY, SIGN_IN_BY_PASSKEY } from '@linkbroker/contracts/api';
import { Alert, Button, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { callApi } from '../../api/api.js';
import { adoptSession } from '../../api/session-query.js';
import { Icon } from '../../looks/icon.js';
import { FailureNote } from '../../parts/failure-note.js';
import { askForPasskey, canUsePasskeys, PasskeyCancelled } from '../../session/passkeys.js';
import { useTexts } from '../../texts/use-texts.js';

/** Signs in with a passkey, or presents it as the second factor. */
export function PasskeySignIn({ label }: { readonly label: string }): ReactNode {
  const { signIn } = useTexts();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const credential = await askForPasskey(await callApi(BEGIN_PASSKEY, {}));
      return callApi(SIGN_IN_BY_PASSKEY, { body: { credential } });
    },
    onSuccess: (session) => adoptSession(client, session),
  });
  const usable = canUsePasskeys();
  return (
    <Stack gap="xs">
      <Button
        variant="default"
        fullWidth
        onClick={() => mutate()}
        loading={isPending}
        disabled={!usable}
        leftSection={<Icon name="passkey" />}
      >
        {usable ? label : signIn.noPasskeys}
      </Button>
      {error instanceof PasskeyCancelled && (
        <Alert role="alert" variant="light" color="yellow">
          {signIn.passkeyFailed}
        </Alert>
      )}
      {error && !(error instanceof PasskeyCancelled) && <FailureNote error={error} />}
    </Stack>
  );
}
