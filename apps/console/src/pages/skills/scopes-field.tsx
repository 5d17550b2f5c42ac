import { TagsInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../texts/use-texts.js';

interface Props {
  readonly draft: { readonly scopes: readonly string[] };
  readonly set: (part: { readonly scopes: readonly string[] }) => void;
  readonly errorOf: (field: string) => string | undefined;
}

/** The scopes that Alexa asks for. */
export function ScopesField({ draft, set, errorOf }: Props): ReactNode {
  const { skillForm } = useTexts();
  return (
    <TagsInput
      label={skillForm.scopes}
      description={skillForm.scopesText}
      splitChars={[' ', ',']}
      value={[...draft.scopes]}
      error={errorOf('scopes')}
      onChange={(scopes) => set({ scopes })}
    />
  );
}
