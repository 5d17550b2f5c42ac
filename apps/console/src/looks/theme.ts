import { createTheme, defaultVariantColorsResolver } from '@mantine/core';
import { ACCENT, NIGHT } from './palette.js';

const FONT = '-apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, system-ui, sans-serif';

/** How the console looks. What is not said here or in `styles.css` is Mantine's own. */
export const THEME = createTheme({
  fontFamily: FONT,
  headings: { fontFamily: FONT, fontWeight: '650' },
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, "Liberation Mono", monospace',
  colors: { accent: ACCENT, dark: NIGHT },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  // Mantine picks the letters of a filled button for its colour in light; ours is another in the dark.
  variantColorResolver: (input) => {
    const usual = defaultVariantColorsResolver(input);
    const ours = input.color === undefined || input.color === 'accent';
    return input.variant === 'filled' && ours ? { ...usual, color: 'var(--mantine-primary-color-contrast)' } : usual;
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    // By name, so that a page that needs none of them does not fetch them.
    Paper: { defaultProps: { radius: 'lg' } },
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'md', highlightOnHover: true } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, events: { hover: true, focus: true, touch: true } } },
  },
});
