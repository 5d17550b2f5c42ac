import { BEGIN_PASSKEY_REGISTRATION, REGISTER_PASSKEY } from '@linkbroker/contracts/api';
import { Alert, Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { callApi } from '../../api/api.js';
import { adoptSession } from '../../api/session-query.js';
import { Icon } from '../../looks/icon.js';
import { FailureNote } from '../../parts/failure-note.js';
import { makePasskey, PasskeyCancelled } from '../../session/passkeys.js';
import { useTexts } from '../../texts/use-texts.js';

/** Makes a passkey on this device or a key, under a name that its owner knows it by. */
export function NewPasskey({ onDone }: { readonly onDone?: () => void }): ReactNode {
  const { enrol, signIn } = useTexts();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const credential = await makePasskey(await callApi(BEGIN_PASSKEY_REGISTRATION, {}));
      return callApi(REGISTER_PASSKEY, { body: { name: name.trim(), credential } });
    },
    onSuccess: (session) => {
      onDone?.();
      adoptSession(client, session);
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{enrol.passkeyText}</Text>
        <TextInput
          label={enrol.passkeyName}
          description={enrol.passkeyNameHint}
          required
          withAsterisk={false}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {error instanceof PasskeyCancelled && (
          <Alert role="alert" variant="light" color="yellow">
            {signIn.passkeyFailed}
          </Alert>
        )}
        {error && !(error instanceof PasskeyCancelled) && <FailureNote error={error} />}
        <Button type="submit" fullWidth loading={isPending} leftSection={<Icon name="passkey" />}>
          {enrol.addPasskey}
        </Button>
      </Stack>
    </form>
  );
}
