import { ANY_WORKLOAD, type Analysis, type Resource, type WorldView } from '@bulwark/core';
import { type IdentityGain, identityReach } from '../identity/identity-reach.ts';
import { workloadSecrets } from '../identity/workload-secrets.ts';
import { exposures, type Reach } from '../network/exposure.ts';
import { metadataReach } from '../network/metadata-reach.ts';
import { nodeEscapes } from '../node/node-escapes.ts';
import { nodeVolumes } from '../node/node-volumes.ts';
import { reachReasons } from './reach-reasons.ts';
import { objectName, type RiskReason } from './risk-reason.ts';

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

/** The risks of workloads. */
export interface WorkloadRisks {
  of(resource: Resource): WorkloadRisk;
  /** The same without the reasons that are said and weigh nothing, for who needs the points only. */
  weighing(resource: Resource): WorkloadRisk;
}

/**
 * What Kubernetes objects alone tell of the danger that each workload is in and is: who can connect to it, whether it can
 * take its node, what its service account may do, and what else it reaches (risk.md 5b). Kept per resource until a policy, Service, role or the
 * like changes. Cost: see the analyses that it is made from.
 */
export const workloadRisk: Analysis<WorkloadRisks> = {
  id: 'workload-risk',
  reads: [ANY_WORKLOAD, exposures, identityReach, metadataReach, nodeVolumes, workloadSecrets],
  compute: (world) => ({
    of: (resource) => {
      const { reasons, ...risk } = weighed(resource, world);
      return { ...risk, reasons: [...reasons, ...reachReasons(resource, world)] };
    },
    weighing: (resource) => weighed(resource, world),
  }),
};

function weighed(resource: Resource, world: WorldView): WorkloadRisk {
  const exposure = world.get(exposures).of(resource);
  const reasons: RiskReason[] = [
    {
      factor: 'exposure',
      points: REACH_POINTS[exposure.reach],
      text: exposure.text,
      objects: exposure.objects.map(objectName),
    },
    ...nodeReasons(resource, world),
    ...identityReasons(resource, world),
  ];
  const points = reasons.reduce((sum, reason) => sum + reason.points, 0);
  return { points, reach: exposure.reach, reasons };
}

function nodeReasons(resource: Resource, world: WorldView): RiskReason[] {
  const [first, ...more] = nodeEscapes(resource, world.get(nodeVolumes));
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
      objects: [...new Set(gains.map(({ binding }) => objectName(binding)))],
    },
  ];
}

/** A risk, and its text, by which equals are told apart. */
export interface KnownRisk {
  readonly risk: WorkloadRisk;
  readonly text: string;
}

/** Whether one risk is worse than another: of equals the first by its text, whatever the order in which they came. */
export function isWorseRisk(a: KnownRisk, b: KnownRisk): boolean {
  return a.risk.points !== b.risk.points ? a.risk.points > b.risk.points : a.text < b.text;
}
