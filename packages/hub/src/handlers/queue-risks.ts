import { POLICY_KINDS } from '@bulwark/analyses';
import {
  clusterFacts,
  type FindingGroupRecord,
  type RiskRecord,
  risksOf,
  type Scope,
  type Store,
} from '@bulwark/store';
import { kindOf } from './convert.ts';
import { unseenAmong } from './passport-context.ts';
import { listed } from './words.ts';

type Reason = RiskRecord['reasons'][number];

/** The risk of the worst workload of each group, as far as it is known, and as it may be told to who asks. */
export async function risksByControl(
  store: Store,
  scope: Scope,
  groups: readonly FindingGroupRecord[],
): Promise<ReadonlyMap<string, RiskRecord>> {
  const keys = groups.flatMap(({ riskiest }) => riskiest ?? []);
  const [found, facts] = await Promise.all([risksOf(store, scope, keys), clusterFacts(store, scope)]);
  const unseen = new Map(facts.map((cluster) => [cluster.id, unseenAmong(cluster, POLICY_KINDS)]));
  const risks = new Map(
    found.map((risk) => {
      const reasons = risk.reasons
        .map((reason) => asFarAsSeen(reason, unseen.get(risk.cluster) ?? []))
        .map((reason) => (scope.namespaces === 'all' ? reason : withoutRights(reason)));
      return [keyOf(risk), { ...risk, reasons }];
    }),
  );
  return new Map(
    groups.flatMap(({ key, riskiest }) => {
      const risk = riskiest && risks.get(keyOf(riskiest));
      return risk === undefined ? [] : [[key, risk]];
    }),
  );
}

function keyOf({
  cluster,
  kind,
  namespace,
  name,
}: Pick<RiskRecord, 'cluster' | 'kind' | 'namespace' | 'name'>): string {
  return `${cluster}|${kind}|${namespace}|${name}`;
}

/** What policies decide is not known where some are not seen. */
function asFarAsSeen(reason: Reason, unseen: readonly string[]): Reason {
  const isOfPolicies = reason.factor === 'exposure' || reason.factor === 'metadata';
  if (!isOfPolicies || unseen.length === 0) return reason;
  const kinds = listed([...new Set(unseen.map(kindOf))]);
  return { ...reason, text: `${reason.text}, as far as is known: ${kinds} objects are not seen` };
}

/** Who sees some namespaces only does not learn what lies outside. */
function withoutRights(reason: Reason): Reason {
  return reason.factor === 'identity'
    ? { ...reason, text: 'reaches further by its service account', objects: [] }
    : { ...reason, objects: [] };
}
