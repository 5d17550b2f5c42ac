import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readDoctorRunSearch, readNewDoctorRunSearch } from '../../search.js';
import { tenant } from '../../shell/shell-routes.js';

export const doctor = createRoute({
  getParentRoute: () => tenant,
  path: '/doctor',
  component: lazyRouteComponent(() => import('./doctor-page.js'), 'DoctorPage'),
});

export const configFile = createRoute({
  getParentRoute: () => tenant,
  path: '/config',
  component: lazyRouteComponent(() => import('../config/config-page.js'), 'ConfigPage'),
});

export const newDoctorRun = createRoute({
  getParentRoute: () => tenant,
  path: '/doctor/new',
  validateSearch: readNewDoctorRunSearch,
  component: lazyRouteComponent(() => import('./new-run-page.js'), 'NewRunPage'),
});

export const doctorRun = createRoute({
  getParentRoute: () => tenant,
  path: '/doctor/$run',
  validateSearch: readDoctorRunSearch,
  component: lazyRouteComponent(() => import('./run-page.js'), 'RunPage'),
});
