import { Problem } from './problem.mjs';

const BEGIN = '<!-- pictures: npm run pictures -->';
const END = '<!-- end of pictures -->';
const KINDS = ['1440-light', '1440-dark', '390-light', '390-dark'];
const WIDTHS = { 1440: 300, 390: 110 };

/**
 * A page with its gallery written anew: a row for each thing that there are pictures of.
 * @param {string} text of the page
 * @param {readonly string[]} files names of the pictures: `<what>-<width>-<brightness>.webp`
 * @returns {string}
 * @throws {Problem} where the page has no place for it, or a picture is missing
 */
export function galleryOf(text, files) {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Problem('the page has no place for pictures');
  const known = new Set(files);
  const names = [...new Set(files.map((file) => file.replace(/-(?:1440|390)-(?:light|dark)\.webp$/, '')))].sort();
  const rows = names.map((name) => rowOf(name, known));
  return `${text.slice(0, from)}${BEGIN}\n\n${rows.join('\n\n')}\n\n${text.slice(to)}`;
}

function rowOf(name, known) {
  const pictures = KINDS.map((kind) => {
    const file = `${name}-${kind}.webp`;
    if (!known.has(file)) throw new Problem(`there is no picture ${file}`);
    const [width, brightness] = kind.split('-');
    return `<a href="images/console/${file}"><img src="images/console/${file}" width="${WIDTHS[width]}" alt="${name.replaceAll('-', ' ')}, ${width} px, ${brightness}"></a>`;
  });
  return `**${name.replaceAll('-', ' ')}**\n\n${pictures.join('\n')}`;
}
