/** Shorter ones turn up by chance. */
export const SHORTEST = 8;

const utf8 = (text) => Buffer.from(text, 'utf8');
const jsonEscaped = (text) => JSON.stringify(text).slice(1, -1);
const formEncoded = (text) => new URLSearchParams([['', text]]).toString().slice(1);

/** What of a secret's base64 is the same wherever it stands in what is encoded: three ways to fall on groups of three octets. */
function base64Forms(text, encoding) {
  const octets = utf8(text);
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), octets]).toString(encoding);
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + octets.length) * 8) / 6));
  });
}

/**
 * The ways in which a secret is looked for. @param {string} secret
 * @returns {Map<string, string>} text by text, with the name of its form
 */
export function formsOf(secret) {
  const percent = encodeURIComponent(secret);
  const named = [
    ['as it is', [secret]],
    ['percent-encoded', [percent, formEncoded(secret), percent.replace(/%../g, (code) => code.toLowerCase())]],
    ['JSON-escaped', [jsonEscaped(secret), jsonEscaped(jsonEscaped(secret))]],
    [
      'base64',
      [...base64Forms(secret, 'base64'), ...base64Forms(secret, 'base64url'), ...base64Forms(percent, 'base64')],
    ],
    ['hexadecimal', [utf8(secret).toString('hex'), utf8(secret).toString('hex').toUpperCase()]],
  ];
  const forms = new Map();
  for (const [name, texts] of named) for (const text of texts) if (!forms.has(text)) forms.set(text, name);
  return forms;
}

const FILTER_BITS = 22;
const hash = (octets, at) => {
  const first = octets[at] | (octets[at + 1] << 8) | (octets[at + 2] << 16) | (octets[at + 3] << 24);
  const second = octets[at + 4] | (octets[at + 5] << 8) | (octets[at + 6] << 16) | (octets[at + 7] << 24);
  return (Math.imul(first ^ Math.imul(second, 0x85ebca6b), 0x9e3779b1) >>> (32 - FILTER_BITS)) >>> 0;
};

/**
 * Looks for many secrets at once. Each form is found by its first eight octets: a filter that nearly every place of a text
 * fails costs a few nanoseconds, so that ten thousand secrets cost no more than ten.
 * @param {Iterable<{ secret: string, what: string }>} noted what: its kind, which may be shown
 */
export function leakSearch(noted) {
  const filter = new Uint8Array(1 << FILTER_BITS);
  const byStart = new Map();
  const known = new Set();
  for (const { secret, what } of noted) {
    if (secret.length < SHORTEST || known.has(secret)) continue;
    known.add(secret);
    for (const [text, form] of formsOf(secret)) {
      const octets = utf8(text);
      const start = octets.latin1Slice(0, SHORTEST);
      filter[hash(octets, 0)] = 1;
      if (!byStart.has(start)) byStart.set(start, []);
      byStart.get(start).push({ octets, form, what });
    }
  }
  return {
    /** How many are looked for. */
    secrets: known.size,
    /** @param {Buffer} text @returns {{ line: number, what: string, form: string }[]} what was found and in which line */
    in(text) {
      const found = [];
      for (let at = 0; at + SHORTEST <= text.length; at += 1) {
        if (filter[hash(text, at)] === 0) continue;
        const candidates = byStart.get(text.latin1Slice(at, at + SHORTEST)) ?? [];
        const hit = candidates.find(({ octets }) => octets.equals(text.subarray(at, at + octets.length)));
        if (hit) found.push({ line: lineOf(text, at), what: hit.what, form: hit.form });
      }
      return found;
    },
  };
}

function lineOf(text, at) {
  let line = 1;
  for (let from = text.indexOf(10); from >= 0 && from < at; from = text.indexOf(10, from + 1)) line += 1;
  return line;
}
