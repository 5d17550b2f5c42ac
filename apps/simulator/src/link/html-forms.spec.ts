import { decodeEntities, readForms, visibleText } from './html-forms.js';

const page = `<!doctype html><title>T</title><script>"<form action='/evil'>"</script>
<form action="/a?x=1&amp;y=2" METHOD=post>
  <input type=hidden name="h" value='1 &gt; 0'> <input name=text> <input type=checkbox name=off>
  <input type="checkbox" name="on" checked> <input type=radio name=r value=2 checked><input name=gone disabled value=x>
  <select><option>1</select><button name="b" value="1"><b>Go</b> on</button><button type=button name=no>No</button>
  <input type=submit value="Send">
</form>
<!-- <form action="/commented"></form> -->
<form><input name="q" value="&#x41;&#66;&nbsp;&unknown;"></form>`;

it('reads forms as a browser would send them', () => {
  const [first, second, ...more] = readForms(page, 'https://example.com/dir/page?z=9');
  expect(more).toEqual([]);
  expect(first).toMatchObject({ method: 'POST', action: 'https://example.com/a?x=1&y=2' });
  expect(first?.fields).toEqual([
    { name: 'h', type: 'hidden', value: '1 > 0' },
    { name: 'text', type: 'text', value: '' },
    { name: 'on', type: 'checkbox', value: 'on' },
    { name: 'r', type: 'radio', value: '2' },
  ]);
  expect(first?.buttons).toEqual([
    { name: 'b', value: '1', label: 'Go on' },
    { name: '', value: 'Send', label: 'Send' },
  ]);
  expect(second).toMatchObject({ method: 'GET', action: 'https://example.com/dir/page?z=9', buttons: [] });
  expect(second?.fields[0]?.value).toBe('AB &unknown;');
});

it('finds nothing in what is no page', () => {
  expect(readForms('', 'https://example.com/')).toEqual([]);
  expect(readForms('{"a":"<form"}', 'https://example.com/')).toEqual([]);
});

it('sees what a reader sees', () => {
  expect(visibleText('<title>x</title><style>p{}</style><p>One &amp; <b>two</b></p><!-- three -->')).toBe('One & two');
});

it('leaves impossible entities as they are', () => {
  expect(decodeEntities('&#x110000; &amp;lt;')).toBe('&#x110000; &lt;');
});
