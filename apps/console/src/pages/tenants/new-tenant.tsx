import { CREATE_TENANT } from '@linkbroker/contracts/api';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Dialog } from '../../parts/dialog.js';
import { Icon } from '../../looks/icon.js';
import { FailureNote } from '../../parts/failure-note.js';
import { sayDone } from '../../parts/say.js';
import { isSlug, slugOf } from '../../parts/slug.js';
import { useCall } from '../../parts/use-call.js';
import { useTexts } from '../../texts/use-texts.js';

/** Makes a tenant, and leads there. */
export function NewTenant(): ReactNode {
  const { tenants } = useTexts();
  const navigate = useNavigate();
  const [opened, open] = useState(false);
  const { mutate, isPending, error } = useCall(CREATE_TENANT, {
    stale: [['tenants']],
    done: (tenant) => {
      open(false);
      sayDone(tenants.createdDone(tenant.name));
      void navigate({ to: '/t/$tenant', params: { tenant: tenant.slug } });
    },
  });
  return (
    <>
      <Button leftSection={<Icon name="plus" size={16} />} onClick={() => open(true)}>
        {tenants.create}
      </Button>
      <Dialog opened={opened} onClose={() => open(false)} title={tenants.create}>
        <TenantForm busy={isPending} error={error} onSubmit={(body) => mutate({ body })} onClose={() => open(false)} />
      </Dialog>
    </>
  );
}

interface FormProps {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (body: { slug: string; name: string }) => void;
  readonly onClose: () => void;
}

function TenantForm({ busy, error, onSubmit, onClose }: FormProps): ReactNode {
  const { tenants, common } = useTexts();
  const [name, setName] = useState('');
  const [typed, setSlug] = useState<string>();
  const [tried, setTried] = useState(false);
  const slug = typed ?? slugOf(name);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (name.trim() !== '' && isSlug(slug)) onSubmit({ slug, name: name.trim() });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={tenants.name}
          maxLength={80}
          value={name}
          error={tried && name.trim() === '' ? tenants.required : null}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={tenants.slug}
          description={tenants.slugHint}
          maxLength={63}
          value={slug}
          error={tried && !isSlug(slug) ? tenants.slugWrong : null}
          onChange={(event) => setSlug(event.currentTarget.value)}
        />
        {error !== null && <FailureNote error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {common.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
