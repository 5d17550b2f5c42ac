import { Button, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { Icon } from '../../looks/icon.js';
import { useTenant } from '../../session/use-access.js';
import { readLookUp } from '../../story/reference.js';
import { useTexts } from '../../texts/use-texts.js';

/** Finds an attempt by what a household reads out, or a link by its id. */
export function LookUp(): ReactNode {
  const { links } = useTexts();
  const tenant = useTenant();
  const navigate = useNavigate();
  const [asked, ask] = useState('');
  const [wrong, setWrong] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const found = readLookUp(asked);
    setWrong(!found);
    if (found?.kind === 'link') void navigate({ to: '/t/$tenant/links/$link', params: { tenant, link: found.id } });
    if (found?.kind === 'reference')
      void navigate({ to: '/t/$tenant/traces', params: { tenant }, search: { ref: found.reference } });
  };
  return (
    <form onSubmit={submit} role="search">
      <div className="lb-lookup">
        <TextInput
          aria-label={links.reference}
          placeholder={links.reference}
          title={links.referenceHint}
          leftSection={<Icon name="search" size={16} />}
          value={asked}
          error={wrong ? links.notReference : null}
          onChange={(event) => ask(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {links.find}
        </Button>
      </div>
    </form>
  );
}
