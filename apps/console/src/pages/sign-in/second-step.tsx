import { PRESENT_RECOVERY_CODE, PRESENT_TOTP, type SentSession } from '@linkbroker/contracts/api';
import { Button, Divider, Stack, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { FailureNote } from '../../parts/failure-note.js';
import { useTexts } from '../../texts/use-texts.js';
import { CodeField } from './code-field.js';
import { PasskeySignIn } from './passkey-sign-in.js';
import { useSessionCall } from './use-session-call.js';

type Way = 'totp' | 'recovery' | 'passkey';

/** The ways in that an account has, the quickest first. */
const waysOf = ({ factors }: SentSession): Way[] => [
  ...(factors?.totp ? (['totp'] as const) : []),
  ...(factors && factors.passkeys > 0 ? (['passkey'] as const) : []),
  ...(factors && factors.recoveryCodes > 0 ? (['recovery'] as const) : []),
];

/** The second step, with what the account has. */
export function SecondStep({ session }: { readonly session: SentSession }): ReactNode {
  const { signIn } = useTexts();
  const ways = waysOf(session);
  const [chosen, choose] = useState<Way>(ways[0] ?? 'recovery');
  const others = ways.filter((way) => way !== chosen);
  const words: Readonly<Record<Way, string>> = {
    totp: signIn.useCode,
    recovery: signIn.useRecovery,
    passkey: signIn.usePasskey,
  };
  return (
    <Stack>
      {chosen === 'totp' && <TotpForm />}
      {chosen === 'recovery' && <RecoveryForm />}
      {chosen === 'passkey' && <PasskeySignIn label={signIn.usePasskey} />}
      {others.length > 0 && <Divider label={signIn.or} />}
      {others.map((way) => (
        <Button key={way} variant="subtle" onClick={() => choose(way)}>
          {words[way]}
        </Button>
      ))}
    </Stack>
  );
}

function TotpForm(): ReactNode {
  const { signIn } = useTexts();
  const [code, setCode] = useState('');
  const { mutate, isPending, error } = useSessionCall(PRESENT_TOTP);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (code.length === 6) mutate({ body: { code } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <CodeField value={code} onChange={setCode} />
        {error && <FailureNote error={error} />}
        <Button type="submit" fullWidth loading={isPending}>
          {signIn.confirm}
        </Button>
      </Stack>
    </form>
  );
}

function RecoveryForm(): ReactNode {
  const { signIn } = useTexts();
  const [code, setCode] = useState('');
  const { mutate, isPending, error } = useSessionCall(PRESENT_RECOVERY_CODE);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    mutate({ body: { code: code.trim() } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={signIn.recovery}
          description={signIn.recoveryHint}
          autoComplete="off"
          autoFocus
          required
          withAsterisk={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {error && <FailureNote error={error} />}
        <Button type="submit" fullWidth loading={isPending}>
          {signIn.confirm}
        </Button>
      </Stack>
    </form>
  );
}
