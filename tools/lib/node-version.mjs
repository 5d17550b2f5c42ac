/**
 * The first thing every launcher imports, and in old syntax: whoever runs it with an old Node must get a line
 * that says so, not a syntax error.
 */
const parts = process.versions.node.split('.').map(Number);
if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
  process.stderr.write('linkbroker: Node ' + process.versions.node + ' is too old: install Node 20.19 or later\n');
  process.exit(1);
}
