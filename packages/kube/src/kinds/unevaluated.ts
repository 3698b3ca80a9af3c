import type { GroupKind } from '@bulwark/core';

/** Kinds that are collected and decide what is reachable, and by which nothing is judged: what that means. */
export const UNEVALUATED_KINDS: Readonly<Record<GroupKind, string>> = {
  'networking.istio.io/VirtualService':
    'Which Services Istio Gateways open by VirtualServices is not evaluated: what lies behind them can be open to the Internet and is not called so.',
};
