/** Characters of a `data:` address. @see the config file's `branding.logo` */
const MOST = 8_192;
const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
/** As tall as the link page shows a picture, on a display of twice the points. */
const HEIGHT = 84;
const WIDTH = 480;
const SHARES = [1, 0.75, 0.5, 0.35, 0.25];
const QUALITIES = [0.9, 0.7, 0.5];

/** A file that is no picture a link page may have. */
export class NoPicture extends Error {
  override readonly name = 'NoPicture';
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The sizes that are tried for a picture, the largest first; none is larger than the picture. */
export function sizesFor({ width, height }: Size): Size[] {
  const fits = Math.min(1, WIDTH / width, HEIGHT / height);
  return SHARES.map((share) => ({
    width: Math.max(1, Math.round(width * fits * share)),
    height: Math.max(1, Math.round(height * fits * share)),
  }));
}

/**
 * A picture as a `data:` address that is small enough for a link page: as it is where it fits, else drawn again smaller.
 * @throws NoPicture
 */
export async function fitLogo(file: File): Promise<{ readonly logo: string; readonly shrunk: boolean }> {
  if (!TYPES.includes(file.type)) throw new NoPicture();
  if (file.size < MOST) {
    const whole = await addressOf(file);
    if (whole.length <= MOST) return { logo: whole, shrunk: false };
  }
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) throw new NoPicture();
  const logo = drawSmaller(picture);
  picture.close();
  if (logo === undefined) throw new NoPicture();
  return { logo, shrunk: true };
}

/** Sharp edges and transparency first, then fewer octets. */
function drawSmaller(picture: ImageBitmap): string | undefined {
  const canvas = document.createElement('canvas');
  for (const { width, height } of sizesFor(picture)) {
    Object.assign(canvas, { width, height });
    canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height);
    const drawn = [canvas.toDataURL('image/png'), ...QUALITIES.map((one) => canvas.toDataURL('image/webp', one))];
    const small = drawn.find((address) => address.length <= MOST);
    if (small !== undefined) return small;
  }
  return undefined;
}

const addressOf = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(new NoPicture());
    reader.readAsDataURL(file);
  });
