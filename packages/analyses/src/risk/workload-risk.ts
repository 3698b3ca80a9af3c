import { ANY_WORKLOAD, type Analysis, type Resource, type WorldView } from '@bulwark/core';
import { type IdentityGain, identityReach } from '../identity/identity-reach.ts';
import { exposures, type Reach } from '../network/exposure.ts';
import { nodeEscapes } from '../node/node-escapes.ts';

/** A reason why faults of a workload matter more, or less, than those of another. */
export interface RiskReason {
  readonly factor: 'exposure' | 'node' | 'identity';
  readonly points: number;
  /** In words that follow the workload's name. */
  readonly text: string;
  /** The objects that decide it besides the workload, as `Kind namespace/name`. */
  readonly objects: readonly string[];
}

/** What makes faults of one workload matter: who reaches it, and what whoever takes it over reaches. */
export interface WorkloadRisk {
  /** The sum of its reasons. */
  readonly points: number;
  readonly reach: Reach;
  readonly reasons: readonly RiskReason[];
}

const REACH_POINTS: Readonly<Record<Reach, number>> = {
  internet: 20,
  outside: 10,
  cluster: 5,
  limited: 0,
  none: -10,
};
const NODE_POINTS = 15;
const GAIN_POINTS: Readonly<Record<IdentityGain, number>> = { cluster: 20, commands: 15, secrets: 10 };

/**
 * What Kubernetes objects alone tell of the danger that each workload is in and is: who can connect to it, whether it can
 * take its node, and what its service account may do (risk.md 5b). Kept per resource until a policy, Service, role or the
 * like changes. Cost: see the analyses that it is made from.
 */
export const workloadRisk: Analysis<{ of(resource: Resource): WorkloadRisk }> = {
  id: 'workload-risk',
  reads: [ANY_WORKLOAD, exposures, identityReach],
  compute: (world) => ({ of: (resource) => riskOf(resource, world) }),
};

function riskOf(resource: Resource, world: WorldView): WorkloadRisk {
  const exposure = world.get(exposures).of(resource);
  const reasons: RiskReason[] = [
    {
      factor: 'exposure',
      points: REACH_POINTS[exposure.reach],
      text: exposure.text,
      objects: exposure.objects.map(named),
    },
    ...nodeReasons(resource),
    ...identityReasons(resource, world),
  ];
  const points = reasons.reduce((sum, reason) => sum + reason.points, 0);
  return { points, reach: exposure.reach, reasons };
}

function nodeReasons(resource: Resource): RiskReason[] {
  const [first, ...more] = nodeEscapes(resource);
  if (first === undefined) return [];
  const others = more.length === 0 ? '' : `, and ${more.length} more ${more.length === 1 ? 'way' : 'ways'}`;
  return [{ factor: 'node', points: NODE_POINTS, text: `can take its node: ${first}${others}`, objects: [] }];
}

/** The most that its identity gives counts; what is less is said. */
function identityReasons(resource: Resource, world: WorldView): RiskReason[] {
  const gains = world
    .get(identityReach)
    .of(resource)
    .toSorted((a, b) => GAIN_POINTS[b.gain] - GAIN_POINTS[a.gain]);
  const [most] = gains;
  if (most === undefined) return [];
  const means = [...new Set(gains.map((each) => each.means))].join(' and ');
  return [
    {
      factor: 'identity',
      points: GAIN_POINTS[most.gain],
      text: `${most.gain === 'cluster' ? 'can take the cluster' : 'reaches further'}: service account ${most.account} may ${means}`,
      objects: [...new Set(gains.map(({ binding }) => named(binding)))],
    },
  ];
}

function named({ kind, namespace, name }: Resource): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** Whether one risk is before another: more points, then the name that is first. */
export function compareRisks(
  a: { readonly points: number; readonly name: string },
  b: { readonly points: number; readonly name: string },
): number {
  return b.points - a.points || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
