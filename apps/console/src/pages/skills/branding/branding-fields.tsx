import { Button, FileButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { Icon } from '../../../looks/icon.js';
import { useTexts } from '../../../texts/use-texts.js';
import { fitLogo } from './fit-logo.js';

interface Props {
  readonly color: string;
  readonly logo: string;
  readonly set: (part: { readonly color?: string; readonly logo?: string }) => void;
  readonly errorOf: (field: string) => string | undefined;
}

const COLOUR = /^#[0-9a-f]{6}$/i;
/** What the link page has where a skill says nothing. */
const USUAL = '#0b5cab';

/** The colour and picture that a skill's households see. */
export function BrandingFields({ color, logo, set, errorOf }: Props): ReactNode {
  const { branding } = useTexts();
  const id = useId();
  return (
    <Stack>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          id={id}
          label={branding.color}
          description={branding.colorText}
          placeholder={USUAL}
          value={color}
          error={errorOf('branding.color')}
          onChange={(event) => set({ color: event.currentTarget.value })}
        />
        <input
          type="color"
          className="lb-swatch"
          aria-label={branding.pick}
          value={COLOUR.test(color) ? color : USUAL}
          onChange={(event) => set({ color: event.currentTarget.value })}
        />
      </Group>
      <Logo logo={logo} onLogo={(next) => set({ logo: next })} wrong={errorOf('branding.logo')} />
    </Stack>
  );
}

interface LogoProps {
  readonly logo: string;
  readonly onLogo: (logo: string) => void;
  readonly wrong: string | undefined;
}

function Logo({ logo, onLogo, wrong }: LogoProps): ReactNode {
  const { branding, common } = useTexts();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: fitLogo,
    onSuccess: (fitted) => onLogo(fitted.logo),
  });
  return (
    <div>
      <Text size="sm" fw={500}>
        {branding.logo}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {branding.logoText}
      </Text>
      <Group gap="sm">
        {logo !== '' && (
          <span className="lb-logo">
            <img src={logo} alt={branding.logoAlt} />
          </span>
        )}
        <FileButton accept="image/png,image/jpeg,image/webp,image/gif" onChange={(file) => file && mutate(file)}>
          {(props) => (
            <Button {...props} variant="default" loading={isPending} leftSection={<Icon name="plus" size={16} />}>
              {branding.choose}
            </Button>
          )}
        </FileButton>
        {logo !== '' && (
          <Button variant="subtle" onClick={() => onLogo('')}>
            {common.remove}
          </Button>
        )}
      </Group>
      <Text size="sm" mt="xs" c={error || wrong ? 'red' : 'dimmed'} aria-live="polite" component="div">
        {error ? branding.noPicture : (wrong ?? (data?.shrunk && logo !== '' ? branding.shrunk : ''))}
      </Text>
    </div>
  );
}
