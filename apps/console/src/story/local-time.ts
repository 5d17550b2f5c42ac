const two = (value: number): string => String(value).padStart(2, '0');

/** A time as an input of the browser wants it, in the viewer's time zone: `2026-01-31T12:00:05`. */
export function toLocalInput(at: string): string {
  const time = new Date(at);
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(two).join('-');
  return `${day}T${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}
