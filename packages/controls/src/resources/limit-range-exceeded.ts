import { type EffectiveAmount, limitRangeBounds, limitRangeDefaults } from '@bulwark/analyses';
import {
  compareQuantity,
  containers,
  defineControl,
  type Path,
  type Quantity,
  quantityToNumber,
} from '@bulwark/core';
import { limitPath, requestPath, resourcesAtRun, whyNoResources } from './container-resources.ts';

interface Excess {
  readonly field: 'limit' | 'request';
  readonly name: string;
  readonly excess: string;
}

/** Amounts that come from the LimitRange are not the container's mistake. */
function isOwn(amount: EffectiveAmount | undefined): amount is EffectiveAmount {
  return amount !== undefined && amount.source !== 'limit-range';
}

type Amounts = ReadonlyMap<string, EffectiveAmount>;

function* outside(field: Excess['field'], amounts: Amounts, bound: Bound): Iterable<Excess> {
  for (const [name, edge] of bound.edges) {
    const found = amounts.get(name);
    if (!isOwn(found) || compareQuantity(found.amount, edge) * bound.sign <= 0) continue;
    // A request that only repeats the limit is the same mistake.
    if (field === 'limit' || found.source === 'container') yield { field, name, excess: bound.excess };
  }
}

interface Bound {
  readonly edges: ReadonlyMap<string, Quantity>;
  /** Positive where amounts must not be above. */
  readonly sign: 1 | -1;
  readonly excess: string;
}

function* beyondRatio(limits: Amounts, requests: Amounts, ratio: Bound['edges']): Iterable<Excess> {
  for (const [name, most] of ratio) {
    const [limit, request] = [limits.get(name), requests.get(name)];
    if (limit === undefined || request === undefined || request.amount.nano <= 0n) continue;
    if (!isOwn(limit) && !isOwn(request)) continue;
    const times = quantityToNumber(limit.amount) / quantityToNumber(request.amount);
    if (times > quantityToNumber(most)) yield { field: 'limit', name, excess: 'too many times its request' };
  }
}

export const limitRangeExceeded = defineControl({
  id: 'limit-range-exceeded',
  aliases: [],
  title: 'Containers must keep within the LimitRange of their namespace',
  problem: 'exceed the LimitRange of their namespace',
  message: 'In {resource}, the {name} {field} of the container {container} is {excess} by the LimitRange.',
  severity: 'low',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'The API server refuses such a pod. A Deployment or Job with it is accepted, and no pod of it ever comes to be.',
  remediation: 'Bring the amount within the bounds of the LimitRange, or change the LimitRange.',
  references: ['https://kubernetes.io/docs/concepts/policy/limit-range/'],
  attack: [],
  appliesTo: containers,
  looks: 'world',
  reads: [limitRangeBounds, limitRangeDefaults],
  notApplicable(view) {
    const hasBounds = view.world.get(limitRangeBounds).of(view.resource.namespace) !== undefined;
    return whyNoResources(view) ?? (hasBounds ? undefined : 'No LimitRange of the namespace is known here.');
  },
  *evaluate(view) {
    const bounds = view.world.get(limitRangeBounds).of(view.resource.namespace);
    if (bounds === undefined) return;
    const { limits, requests } = resourcesAtRun(view);
    const below: Bound = { edges: bounds.min, sign: -1, excess: 'too small' };
    const above: Bound = { edges: bounds.max, sign: 1, excess: 'too large' };
    const found = [
      ...outside('limit', limits, below),
      ...outside('limit', limits, above),
      ...outside('request', requests, below),
      ...outside('request', requests, above),
      ...beyondRatio(limits, requests, bounds.ratio),
    ];
    for (const { field, name, excess } of found) {
      const path: Path = field === 'limit' ? limitPath(view, name) : requestPath(view, name);
      yield view.at(path, { field, name, excess });
    }
  },
});
