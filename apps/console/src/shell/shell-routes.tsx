import { createRootRoute, createRoute, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { MissingPage } from '../pages/missing-page.js';

/** Everything. */
export const root = createRootRoute({ component: Outlet, notFoundComponent: MissingPage });

/** Pages for who is signed in, in their frame. */
export const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: lazyRouteComponent(() => import('./shell.js'), 'Shell'),
});

/** Pages of one tenant. */
export const tenant = createRoute({ getParentRoute: () => shell, path: '/t/$tenant', component: Outlet });
