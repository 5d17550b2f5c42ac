import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../texts/use-texts.js';

interface Props {
  readonly value: string;
  readonly onChange: (code: string) => void;
  readonly error?: string | undefined;
}

/** Six digits of an authenticator app, however they were pasted. */
export function CodeField({ value, onChange, error }: Props): ReactNode {
  const { signIn } = useTexts();
  return (
    <TextInput
      label={signIn.code}
      description={signIn.codeHint}
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      autoFocus
      required
      withAsterisk={false}
      maxLength={9}
      className="lb-code"
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 6))}
    />
  );
}
