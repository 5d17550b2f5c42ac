/**
 * The value at a dotted path such as `authed_user.id`, or undefined. Only an object's own members count, so that no
 * answer can reach a prototype. Alternatives stand between bars: the first that is there counts.
 */
export function readPath(json: unknown, paths: string): unknown {
  for (const path of paths.split('|')) {
    const value = readOnePath(json, path);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

function readOnePath(json: unknown, path: string): unknown {
  let value = json;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}
