/** Markup that is safe to send. */
export interface Html {
  readonly markup: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toMarkup(value: unknown): string {
  if (Array.isArray(value)) return value.map(toMarkup).join('');
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'object' && 'markup' in value) return String(value.markup);
  const text = typeof value === 'string' ? value : ((JSON.stringify(value) as string | undefined) ?? '');
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

/** Template tag: everything interpolated is escaped unless it is {@link Html} already. */
export function html(parts: TemplateStringsArray, ...values: readonly unknown[]): Html {
  const markup = parts.reduce(
    (out, part, index) => out + part + (index < values.length ? toMarkup(values[index]) : ''),
    '',
  );
  return { markup };
}
