import type { ObjectKey } from './rows.ts';

/** Points are never below -1000, so that texts of them compare as they do. */
const ZERO = 1000;

/** SQL: a text of a workload's risk `r` and of the object that it is of, of which the greatest is the worst. */
export function riskiest(object: string): string {
  return `(lpad((r.points + ${ZERO})::text, 4, '0') || '|' || ${object}.cluster_id || '|' || ${object}.kind || '|' || ${object}.namespace || '|' || ${object}.name) collate "C"`;
}

/** SQL: whether a risk `r` is that of an object. */
export function isRiskOf(object: string): string {
  return `r.cluster_id = ${object}.cluster_id and r.namespace = ${object}.namespace and r.name = ${object}.name and r.kind = ${object}.kind`;
}

/** A workload, and how much its circumstances weigh. */
export interface RiskyObject extends ObjectKey {
  readonly cluster: number;
  readonly points: number;
}

/** What a text of `riskiest` says. */
export function parseRiskiest(text: string): RiskyObject {
  const [points = '', cluster = '', kind = '', namespace = '', ...name] = text.split('|');
  return { points: Number(points) - ZERO, cluster: Number(cluster), kind, namespace, name: name.join('|') };
}
