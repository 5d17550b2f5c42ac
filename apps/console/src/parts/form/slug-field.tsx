import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../texts/use-texts.js';
import { isSlug } from '../slug.js';

/** What is wrong with a short name for something new. */
export function useSlugComplaint(slug: string, taken: readonly string[]): string | undefined {
  const { forms } = useTexts();
  if (!isSlug(slug)) return forms.slugWrong;
  return taken.includes(slug) ? forms.slugTaken : undefined;
}

interface Props {
  readonly slug: string;
  readonly wrong: string | undefined;
  readonly onSlug: (slug: string) => void;
}

/** The short name of something new. */
export function SlugField({ slug, wrong, onSlug }: Props): ReactNode {
  const { forms } = useTexts();
  return (
    <TextInput
      label={forms.slug}
      description={forms.slugText}
      value={slug}
      error={wrong}
      maxLength={63}
      onChange={(event) => onSlug(event.currentTarget.value)}
    />
  );
}
