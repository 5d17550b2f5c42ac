import { BEGIN_TOTP, CONFIRM_TOTP } from '@linkbroker/contracts/api';
import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { callApi } from '../../api/api.js';
import { CopyField } from '../../parts/copy-field.js';
import { FailureNote } from '../../parts/failure-note.js';
import { QueryView } from '../../parts/query-view.js';
import { useTexts } from '../../texts/use-texts.js';
import { CodeField } from './code-field.js';
import { QrCode } from './qr-code.js';
import { useSessionCall } from './use-session-call.js';

/** Sets up an authenticator app: its secret is shown here and nowhere later. */
export function TotpSetUp({ onDone }: { readonly onDone?: () => void }): ReactNode {
  const { enrol, signIn } = useTexts();
  const [code, setCode] = useState('');
  // A secret that was shown is not kept in the cache, and a new one comes only with a new set-up.
  const begun = useQuery({
    queryKey: ['totp'],
    queryFn: ({ signal }) => callApi(BEGIN_TOTP, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const { mutate, isPending, error } = useSessionCall(CONFIRM_TOTP, onDone);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (code.length === 6) mutate({ body: { code } });
  };
  return (
    <QueryView query={begun} rows={6}>
      {({ secret, uri }) => (
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">{enrol.appText}</Text>
            <QrCode text={uri} label={enrol.qr} />
            <CopyField label={enrol.secret} value={secret} />
            <CodeField value={code} onChange={setCode} />
            {error && <FailureNote error={error} />}
            <Button type="submit" fullWidth loading={isPending}>
              {signIn.confirm}
            </Button>
          </Stack>
        </form>
      )}
    </QueryView>
  );
}
