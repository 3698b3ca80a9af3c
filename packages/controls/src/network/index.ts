import { podWithoutNetworkPolicy } from './pod-without-network-policy.ts';

/** The controls of this domain, by id. */
export const NETWORK_CONTROLS = [podWithoutNetworkPolicy] as const;
