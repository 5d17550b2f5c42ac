// Under Jest's ESM loader a CommonJS package that require()s an ES module fails with a cycle error unless that
// module has been evaluated before; Nest 12 is ESM, and some packages around it are not.
await import('reflect-metadata');
