const DARK = '(prefers-color-scheme:dark)';

interface Look {
  readonly scheme: 'light' | 'dark';
  /** What the policy of the page around it knows style elements by. */
  readonly nonce: string;
}

/**
 * A link page as a frame of the console can show it. A frame without an address of its own is held to the policy of the page
 * around it: its styles carry that page's nonce. Its own policy stands in it besides, and lets nothing but styles and
 * pictures of its own in. It is looked at in the scheme that is chosen, whatever the system's is.
 */
export function previewPage(markup: string, { scheme, nonce }: Look): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; form-action 'none'; base-uri 'none'`;
  return markup
    .replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${policy}" />`)
    .replaceAll('<style>', `<style nonce="${nonce}">`)
    .replaceAll(DARK, scheme === 'dark' ? 'all' : 'not all');
}
