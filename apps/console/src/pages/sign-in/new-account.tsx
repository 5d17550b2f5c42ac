import { PASSWORD_LENGTH } from '@linkbroker/contracts/api';
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { FailureNote } from '../../parts/failure-note.js';
import { useTexts } from '../../texts/use-texts.js';

export interface NewAccountFacts {
  readonly displayName: string;
  readonly login: string;
  readonly password: string;
}

interface Props {
  readonly action: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (account: NewAccountFacts) => void;
}

/** What of an account is not as it has to be, in words for its fields. */
function useWrong(account: NewAccountFacts): Readonly<Record<keyof NewAccountFacts, string | null>> {
  const { tenants } = useTexts();
  return {
    displayName: account.displayName.trim() === '' ? tenants.required : null,
    login: /^\S+@\S+\.\S+$/.test(account.login.trim()) ? null : tenants.notEmail,
    password: account.password.length < PASSWORD_LENGTH.least ? tenants.tooShort(PASSWORD_LENGTH.least) : null,
  };
}

/** Name, login and password of a new account. What is wrong is said at its field, before anything is sent. */
export function NewAccount({ action, busy, error, onSubmit }: Props): ReactNode {
  const [account, change] = useState<NewAccountFacts>({ displayName: '', login: '', password: '' });
  const [tried, setTried] = useState(false);
  const wrong = useWrong(account);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).some(Boolean)) return;
    onSubmit({ ...account, displayName: account.displayName.trim(), login: account.login.trim() });
  };
  const field = (name: keyof NewAccountFacts) => ({
    name,
    required: true,
    withAsterisk: false,
    value: account[name],
    error: tried ? wrong[name] : null,
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      change({ ...account, [name]: currentTarget.value }),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Fields field={field} />
        {error !== null && <FailureNote error={error} />}
        <Button type="submit" fullWidth loading={busy}>
          {action}
        </Button>
      </Stack>
    </form>
  );
}

type Field = (name: keyof NewAccountFacts) => object;

function Fields({ field }: { readonly field: Field }): ReactNode {
  const { welcome, signIn } = useTexts();
  return (
    <>
      <TextInput
        label={welcome.name}
        description={welcome.nameHint}
        autoComplete="name"
        maxLength={80}
        autoFocus
        {...field('displayName')}
      />
      <TextInput
        label={signIn.login}
        description={welcome.loginHint}
        type="email"
        autoComplete="username"
        maxLength={200}
        {...field('login')}
      />
      <PasswordInput
        label={signIn.password}
        description={welcome.passwordHint(PASSWORD_LENGTH.least)}
        autoComplete="new-password"
        maxLength={PASSWORD_LENGTH.most}
        {...field('password')}
      />
    </>
  );
}
