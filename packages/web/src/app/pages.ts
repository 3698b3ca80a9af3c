import type { QueryList } from '@bulwark/core';
import type { ComponentType } from 'react';
import type { View } from '../data/view.ts';

/** One page of the navigation: its address, its name, and the module that shows it, loaded when it is first asked for. */
export interface PageDefinition {
  readonly path: `/${string}`;
  readonly title: string;
  /** Absent from the navigation: a page of one object. */
  readonly isHidden?: boolean;
  /** The list that the query of the header asks; absent where there is none, so that it asks for findings and leads to them. */
  readonly list?: (view: View) => QueryList;
  /** Whether what it shows is of whole clusters, so that a namespace narrows nothing of it. */
  readonly isOfClusters?: boolean;
  readonly load: () => Promise<{ readonly Page: ComponentType }>;
}

export const PAGES: readonly PageDefinition[] = [
  { path: '/', title: 'Queue', list: () => 'findings', load: () => import('../pages/queue.tsx') },
  {
    path: '/findings',
    title: 'Findings',
    list: () => 'findings',
    load: () => import('../pages/findings.tsx'),
  },
  {
    path: '/workloads',
    title: 'Workloads',
    list: () => 'workloads',
    load: () => import('../pages/workloads.tsx'),
  },
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
  {
    path: '/namespaces',
    title: 'Namespaces',
    list: () => 'namespaces',
    load: () => import('../pages/namespaces.tsx'),
  },
  {
    path: '/nodes',
    title: 'Nodes',
    list: () => 'nodes',
    isOfClusters: true,
    load: () => import('../pages/nodes.tsx'),
  },
  { path: '/secrets', title: 'Secrets', list: () => 'secrets', load: () => import('../pages/secrets.tsx') },
  { path: '/teams', title: 'Teams', list: () => 'teams', load: () => import('../pages/teams.tsx') },
  {
    path: '/changes',
    title: 'Changes',
    list: ({ from, by }) => (from !== undefined && by === 'findings' ? 'findings' : 'changes'),
    load: () => import('../pages/changes.tsx'),
  },
  {
    path: '/controls',
    title: 'Controls',
    list: () => 'controls',
    load: () => import('../pages/controls.tsx'),
  },
  { path: '/frameworks', title: 'Frameworks', load: () => import('../pages/frameworks.tsx') },
  {
    path: '/exceptions',
    title: 'Exceptions',
    list: () => 'exceptions',
    load: () => import('../pages/exceptions.tsx'),
  },
  {
    path: '/coverage',
    title: 'Coverage',
    list: () => 'coverage',
    isOfClusters: true,
    load: () => import('../pages/coverage.tsx'),
  },
  {
    path: '/settings',
    title: 'Settings',
    isOfClusters: true,
    load: () => import('../pages/settings.tsx'),
  },
];
