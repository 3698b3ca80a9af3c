export type { DecisionSettings } from './cluster/decisions.ts';
export { type Hub, type HubOptions, startHub } from './hub.ts';
