import { notifications } from '@mantine/notifications';
import { Icon } from '../looks/icon.js';

/** Says that something was done, in the corner, to be heard as well. */
export function sayDone(message: string): void {
  notifications.show({ message, color: 'green', icon: <Icon name="check" />, autoClose: 5_000, withBorder: true });
}
