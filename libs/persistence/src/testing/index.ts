/** For specs of this lib and of the apps: a database of their own. */
export * from './scratch-database.js';
