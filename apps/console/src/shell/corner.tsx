import { createTheme, MantineThemeProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useMemo, type ReactNode } from 'react';
import { useTexts } from '../texts/use-texts.js';

/** Where things are said that have no place of their own on the page. */
export function Corner(): ReactNode {
  const { common } = useTexts();
  const theme = useMemo(() => {
    const defaultProps = { closeButtonProps: { 'aria-label': common.close } };
    return createTheme({ components: { Notification: { defaultProps } } });
  }, [common.close]);
  return (
    <MantineThemeProvider theme={theme}>
      <Notifications position="bottom-right" />
    </MantineThemeProvider>
  );
}
