export type { ConfiguredDecisions } from './cluster/decision-settings.ts';
export { accessOf, type ClusterPlace, serveCluster } from './cluster/worker.ts';
export { type Hub, type HubOptions, startHub } from './hub.ts';
