/** The admin app as a library, so that tests can run it in process. */
export * from './create-admin.js';
export * from './environment.js';
export { issueWelcomeLink } from './sign-in/first-operator.js';
