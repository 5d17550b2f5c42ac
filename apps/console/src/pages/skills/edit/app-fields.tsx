import { APP_PLATFORMS } from '@linkbroker/contracts/api';
import { Stack, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../../texts/use-texts.js';
import type { FieldProps } from './skill-fields.js';

/** How apps of the skill's maker take part in linking. @see R179 R188 */
export function AppFields({ draft, set, errorOf }: FieldProps): ReactNode {
  const { skillForm } = useTexts();
  const { apps } = draft;
  const named = APP_PLATFORMS.filter((platform) => apps[platform].trim() !== '');
  return (
    <Stack>
      {APP_PLATFORMS.map((platform) => (
        <TextInput
          key={platform}
          label={skillForm.appAddress(platform)}
          description={skillForm.appAddressText[platform]}
          type="url"
          maxLength={2_000}
          value={apps[platform]}
          error={errorOf(`appToApp.authorizationUrlsByPlatform.${String(named.indexOf(platform))}`)}
          onChange={(event) => set({ apps: { ...apps, [platform]: event.currentTarget.value } })}
        />
      ))}
      <TagsInput
        label={skillForm.appRedirects}
        description={skillForm.appRedirectsText}
        value={[...apps.redirectUrls]}
        error={errorOf('appToApp.redirectUrls')}
        onChange={(redirectUrls) => set({ apps: { ...apps, redirectUrls } })}
      />
    </Stack>
  );
}
