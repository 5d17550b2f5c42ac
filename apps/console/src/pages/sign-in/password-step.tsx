import { SIGN_IN_BY_PASSWORD } from '@linkbroker/contracts/api';
import { Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { FailureNote } from '../../parts/failure-note.js';
import { useTexts } from '../../texts/use-texts.js';
import { PasskeySignIn } from './passkey-sign-in.js';
import { ProviderSignIn } from './provider-sign-in.js';
import { useSessionCall } from './use-session-call.js';

/** The first step: login and password, or a passkey, which is both steps at once. */
export function PasswordStep(): ReactNode {
  const { signIn } = useTexts();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const { mutate, isPending, error } = useSessionCall(SIGN_IN_BY_PASSWORD);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    mutate({ body: { login: login.trim(), password } });
  };
  return (
    <Stack>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={signIn.login}
            name="login"
            type="email"
            autoComplete="username webauthn"
            required
            withAsterisk={false}
            autoFocus
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
          />
          <PasswordInput
            label={signIn.password}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {error && <FailureNote error={error} />}
          <Button type="submit" fullWidth loading={isPending}>
            {signIn.submit}
          </Button>
        </Stack>
      </form>
      <Divider label={signIn.or} />
      <PasskeySignIn label={signIn.passkey} />
      <ProviderSignIn />
    </Stack>
  );
}
