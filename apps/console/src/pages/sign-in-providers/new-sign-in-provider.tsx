import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Icon } from '../../looks/icon.js';
import { CopyField } from '../../parts/copy-field.js';
import { Dialog } from '../../parts/dialog.js';
import { FailureNote } from '../../parts/failure-note.js';
import { fieldError } from '../../parts/field-errors.js';
import { slugOf } from '../../parts/slug.js';
import { useTexts } from '../../texts/use-texts.js';

export interface WantedProvider {
  readonly slug: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Adding {
  readonly isPending: boolean;
  readonly error: unknown;
  readonly mutate: (wanted: WantedProvider, then: { readonly onSuccess: () => void }) => void;
  readonly reset: () => void;
}

const EMPTY = { name: '', issuer: '', clientId: '', clientSecret: '' };

/** Adds an OpenID provider that people sign in with. */
export function NewSignInProvider({ call }: { readonly call: Adding }): ReactNode {
  const { signInProviders } = useTexts();
  const [opened, open] = useState(false);
  const close = (): void => {
    call.reset();
    open(false);
  };
  return (
    <>
      <Button leftSection={<Icon name="plus" size={16} />} onClick={() => open(true)}>
        {signInProviders.add}
      </Button>
      <Dialog opened={opened} onClose={close} title={signInProviders.add} wide>
        <ProviderForm call={call} onClose={close} />
      </Dialog>
    </>
  );
}

function ProviderForm({ call, onClose }: { readonly call: Adding; readonly onClose: () => void }): ReactNode {
  const { signInProviders, common, forms } = useTexts();
  const [draft, change] = useState(EMPTY);
  const [typed, setSlug] = useState<string>();
  const slug = typed ?? slugOf(draft.name).slice(0, 40);
  const { error } = call;
  const field = (name: keyof typeof EMPTY) => ({
    label: signInProviders[name],
    value: draft[name],
    error: fieldError(error, name),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      change({ ...draft, [name]: event.currentTarget.value }),
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    call.mutate({ ...draft, slug }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm">{signInProviders.register}</Text>
        <CopyField label={signInProviders.callback} value={`${location.origin}/sign-in/callback`} />
        <TextInput {...field('name')} maxLength={80} data-autofocus />
        <TextInput
          label={forms.slug}
          maxLength={40}
          value={slug}
          error={fieldError(error, 'slug')}
          onChange={(event) => setSlug(event.currentTarget.value)}
        />
        <TextInput {...field('issuer')} placeholder="https://id.example.com" />
        <TextInput {...field('clientId')} autoComplete="off" />
        <PasswordInput {...field('clientSecret')} autoComplete="off" />
        {error !== null && <FailureNote error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={call.isPending}>
            {signInProviders.add}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
