interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Just enough of an XML reader to notice what is not well-formed: every octet belongs to a tag or to text. */
export class XMLish {
  private readonly elements: Element[] = [];

  constructor(xml: string) {
    const open: string[] = [];
    const body = xml.replace(/^<\?xml [^>]*\?>/, '');
    const token = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|[^<]+/gy;
    let end = 0;
    for (const [whole, closing, name, attributes, empty] of body.matchAll(token)) {
      end += whole.length;
      if (name === undefined) assertText(whole);
      else if (closing) {
        if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      } else {
        const pairs = [...(attributes ?? '').matchAll(/([\w-]+)="([^"]*)"/g)];
        this.elements.push({ name, attributes: new Map(pairs.map(([, key = '', value = '']) => [key, value])) });
        if (!empty) open.push(name);
      }
    }
    if (end !== body.length || open.length > 0) throw new Error(`not well-formed at ${end}`);
  }

  count(name: string): number {
    return this.elements.filter((element) => element.name === name).length;
  }

  attribute(name: string, key: string): string | undefined {
    return this.elements.find((element) => element.name === name)?.attributes.get(key);
  }
}

function assertText(text: string): void {
  const controls = /[^\t\n\r -\uFFFD]/.test(text);
  if (controls || /&(?!(amp|lt|gt|quot|#39);)/.test(text)) throw new Error('not XML text');
}
