const PLACEHOLDER = /\{(\w+)\}/g;

/** Names of the parameters that a template asks for. */
export function placeholdersOf(template: string): readonly string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** Puts checked values into a template; undefined when one is missing. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string | undefined {
  if (placeholdersOf(template).some((name) => !Object.hasOwn(values, name))) return undefined;
  return template.replace(PLACEHOLDER, (_, name: string) => values[name] ?? '');
}
