export interface Field {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

export interface SubmitButton {
  readonly name: string;
  readonly value: string;
  readonly label: string;
}

export interface Form {
  readonly method: 'GET' | 'POST';
  /** Absolute. */
  readonly action: string;
  readonly fields: readonly Field[];
  readonly buttons: readonly SubmitButton[];
}

export interface Tag {
  readonly name: string;
  readonly closing: boolean;
  readonly attributes: ReadonlyMap<string, string>;
  /** Where the text after the tag begins. */
  readonly end: number;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

export function decodeEntities(text: string): string {
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const match of text.matchAll(/([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    const name = (match[1] ?? '').toLowerCase();
    if (!found.has(name)) found.set(name, decodeEntities(match[2] ?? match[3] ?? match[4] ?? ''));
  }
  return found;
}

/** The tags of a page; comments are left out, and so is what stands inside scripts and styles. */
export function readTags(page: string): readonly Tag[] {
  const blank = (text: string) => ' '.repeat(text.length);
  const visible = page
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(
      /(<(script|style)\b[^>]*>)([\s\S]*?)(<\/\2\s*>)/gi,
      (_all, open: string, _name, inner: string, close: string) => {
        return open + blank(inner) + close;
      },
    );
  const tags: Tag[] = [];
  for (const match of visible.matchAll(/<(\/?)([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi)) {
    const attributes = readAttributes(match[3] ?? '');
    tags.push({
      name: (match[2] ?? '').toLowerCase(),
      closing: match[1] === '/',
      attributes,
      end: match.index + match[0].length,
    });
  }
  return tags;
}

/** What a reader sees, on one line. */
export function visibleText(page: string): string {
  const bare = page.replace(/<(script|style|title)\b[\s\S]*?<\/\1\s*>/gi, ' ').replace(/<!--[\s\S]*?-->|<[^>]+>/g, ' ');
  return decodeEntities(bare).replace(/\s+/g, ' ').trim();
}

interface OpenForm {
  readonly method: 'GET' | 'POST';
  readonly action: string;
  readonly fields: Field[];
  readonly buttons: SubmitButton[];
}

const pressed = new Set(['submit', 'image']);
const ticked = new Set(['checkbox', 'radio']);
const ignored = new Set(['button', 'reset', 'file']);

function readField({ attributes }: Tag): Field {
  const type = attributes.get('type')?.toLowerCase() ?? 'text';
  const value = attributes.get('value') ?? (ticked.has(type) ? 'on' : '');
  return { name: attributes.get('name') ?? '', type, value };
}

function addInput(form: OpenForm, tag: Tag): void {
  const field = readField(tag);
  if (tag.attributes.has('disabled') || ignored.has(field.type)) return;
  if (pressed.has(field.type)) form.buttons.push({ name: field.name, value: field.value, label: field.value });
  else if (!ticked.has(field.type) || tag.attributes.has('checked')) form.fields.push(field);
}

function addButton(form: OpenForm, { attributes, end }: Tag, page: string): void {
  if ((attributes.get('type') ?? 'submit').toLowerCase() !== 'submit' || attributes.has('disabled')) return;
  const close = page.toLowerCase().indexOf('</button', end);
  const label = visibleText(page.slice(end, close < 0 ? end : close));
  form.buttons.push({ name: attributes.get('name') ?? '', value: attributes.get('value') ?? '', label });
}

function openForm({ attributes }: Tag, pageUrl: string): OpenForm {
  const method = attributes.get('method')?.toLowerCase() === 'post' ? 'POST' : 'GET';
  return { method, action: new URL(attributes.get('action') || pageUrl, pageUrl).href, fields: [], buttons: [] };
}

/** The forms of a page with what a browser would send for them. */
export function readForms(page: string, pageUrl: string): readonly Form[] {
  const forms: Form[] = [];
  let current: OpenForm | undefined;
  for (const tag of readTags(page)) {
    if (tag.name === 'form') {
      current = tag.closing ? undefined : openForm(tag, pageUrl);
      if (current) forms.push(current);
    } else if (current && !tag.closing) {
      if (tag.name === 'input') addInput(current, tag);
      if (tag.name === 'button') addButton(current, tag, page);
    }
  }
  return forms;
}
