import type { ComponentType } from 'react';

/** One page of the navigation: its address, its name, and the module that shows it, loaded when it is first asked for. */
export interface PageDefinition {
  readonly path: `/${string}`;
  readonly title: string;
  /** Absent from the navigation: a page of one object. */
  readonly isHidden?: boolean;
  readonly load: () => Promise<{ readonly Page: ComponentType }>;
}

export const PAGES: readonly PageDefinition[] = [
  { path: '/', title: 'Queue', load: () => import('../pages/queue.tsx') },
  { path: '/findings', title: 'Findings', load: () => import('../pages/findings.tsx') },
  { path: '/workloads', title: 'Workloads', load: () => import('../pages/workloads.tsx') },
  {
    path: '/workloads/$cluster/$kind/$namespace/$name',
    title: 'Workload',
    isHidden: true,
    load: () => import('../pages/workload.tsx'),
  },
  {
    path: '/objects/$cluster/$kind/$namespace/$name',
    title: 'Object',
    isHidden: true,
    load: () => import('../pages/object.tsx'),
  },
  { path: '/namespaces', title: 'Namespaces', load: () => import('../pages/namespaces.tsx') },
  { path: '/nodes', title: 'Nodes', load: () => import('../pages/nodes.tsx') },
  { path: '/secrets', title: 'Secrets', load: () => import('../pages/secrets.tsx') },
  { path: '/teams', title: 'Teams', load: () => import('../pages/teams.tsx') },
  { path: '/changes', title: 'Changes', load: () => import('../pages/changes.tsx') },
  { path: '/controls', title: 'Controls', load: () => import('../pages/controls.tsx') },
  { path: '/frameworks', title: 'Frameworks', load: () => import('../pages/frameworks.tsx') },
  { path: '/exceptions', title: 'Exceptions', load: () => import('../pages/exceptions.tsx') },
  { path: '/coverage', title: 'Coverage', load: () => import('../pages/coverage.tsx') },
  { path: '/settings', title: 'Settings', load: () => import('../pages/settings.tsx') },
];
