/** Adds an account: node add-user.mjs NAME, with the password on standard input. */
import { text } from 'node:stream/consumers';
import { Store } from './store.mjs';

const [name] = process.argv.slice(2);
const password = (await text(process.stdin)).trimEnd();
if (!name || password.length < 12) throw new Error('a name, and a password of twelve characters at least, are needed');
await new Store(process.env.DATABASE).addUser(name, password);
