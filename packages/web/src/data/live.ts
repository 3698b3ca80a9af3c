import { liveEvent } from '@bulwark/api';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** Which queries a topic makes stale, by the first part of their keys. */
const STALE: Readonly<Record<string, readonly string[]>> = {
  clusters: ['clusters'],
  inventory: [
    'listWorkloads',
    'listNamespaces',
    'listNodes',
    'listSecrets',
    'listResources',
    'listChanges',
    'compareObjects',
    'getWorkload',
    'getResource',
  ],
  findings: [
    'listFindings',
    'compareFindings',
    'groupFindings',
    'getFinding',
    'getQueue',
    'listWorkloads',
    'listNamespaces',
    'listTeams',
    'listExceptions',
    'getWorkload',
  ],
  coverage: ['listCoverage'],
  exceptions: ['listExceptions'],
  triage: ['listFindings', 'getFinding', 'getQueue'],
  settings: ['listUsers', 'listTokens', 'listDeliveries'],
};

/** Listens to the hub and makes stale what has changed. The browser connects again on its own, and goes on where it was. */
export function useLive(queries: QueryClient): void {
  useEffect(() => {
    const source = new EventSource('/api/v1/events');
    source.addEventListener('message', ({ data }) => {
      const { topics } = liveEvent.parse(JSON.parse(String(data)));
      const names = new Set(['listClusters', ...topics.flatMap((topic) => STALE[topic] ?? [])]);
      void queries.invalidateQueries({ predicate: ({ queryKey }) => names.has(String(queryKey[0])) });
    });
    return () => source.close();
  }, [queries]);
}
