import { notifications } from '@mantine/notifications';
import { Icon } from '../looks/icon.js';
import { useTexts } from '../texts/use-texts.js';
import { sayFailure } from './failure-note.js';

/** Says in the corner what went wrong with something that has no place of its own on the page. */
export function useSayFailure(): (error: unknown) => void {
  const texts = useTexts();
  return (error) => {
    const { title, text } = sayFailure(error, texts);
    notifications.show({
      title,
      message: text,
      color: 'red',
      icon: <Icon name="alert" />,
      autoClose: 12_000,
      withBorder: true,
      role: 'alert',
    });
  };
}
