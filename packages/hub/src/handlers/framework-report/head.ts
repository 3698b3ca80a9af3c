import type { FrameworkReport } from '@bulwark/api';
import { CONTROLS } from '@bulwark/controls';
import type { Control, Framework, RequirementResult } from '@bulwark/core';
import { ownerKey, type Scope, type Store } from '@bulwark/store';
import type { Caller } from '../../access/caller.ts';
import { standingOf } from '../control-standing.ts';
import { iso } from '../convert.ts';
import { groupBy } from '../group-by.ts';
import { judge, reasonOf, type Standing } from '../judged-framework.ts';
import { ownerNamed } from '../owner-names.ts';
import { type ClusterSight, sightAt, sightNow } from '../past-coverage.ts';
import { listed } from '../words.ts';

/** Everything of a report but its findings: what is known before they are read. */
export type ReportHead = Omit<FrameworkReport, 'findings' | 'total'>;

/** What a report is asked for, and by whom. */
export interface ReportRequest {
  readonly framework: Framework;
  readonly scope: Scope;
  readonly caller: Caller;
  readonly madeAt: Date;
  readonly asOf: Date;
}

const TITLES: ReadonlyMap<string, string> = new Map(CONTROLS.map(({ id, title }) => [id, title]));

/**
 * Works out a report's verdicts, the clusters and what was not seen.
 *
 * @param controls those that run.
 */
export async function reportHead(
  { store, controls }: { readonly store: Store; readonly controls: readonly Control[] },
  { framework, scope, caller, madeAt, asOf }: ReportRequest,
): Promise<ReportHead> {
  const [standing, { clusters, entries }] = await Promise.all([
    standingOf(store, scope, { controls, asOf, isPast: asOf < madeAt }),
    asOf < madeAt ? sightAt(store, scope, asOf) : sightNow(store, scope),
  ]);
  const { item, requirements } = judge(framework, standing);
  const { id, title, version, source } = framework;
  const levels = new Map(framework.requirements.map((each) => [each.id, each.level]));
  return {
    format: 'bulwark-framework-report',
    formatVersion: 1,
    madeAt: iso(madeAt),
    madeBy: caller.user,
    asOf: iso(asOf),
    limits: limitsOf(scope),
    framework: { id, title, version, source, checked: item.checked, counts: item.counts },
    clusters: clusters.map(clusterPart),
    coverage: { asOf: iso(asOf), percent: leastOf(clusters), entries: [...entries] },
    requirements: requirements.map((result) => ({
      ...requirementPart(result, standing),
      level: levels.get(result.id) ?? null,
    })),
  };
}

function limitsOf({ clusters, given }: Scope): ReportHead['limits'] {
  return {
    clusters: clusters === 'all' ? 'all' : [...clusters],
    namespaces: given === 'all' ? 'all' : [...given],
  };
}

type Cluster = ClusterSight['clusters'][number];

function clusterPart(cluster: Cluster): ReportHead['clusters'][number] {
  const { id, name, uid, server, version, isDemo, state, reason, firstSeen, lastSeen, seen } = cluster;
  return { id, name, uid, server, version, isDemo, state, reason, firstSeen, lastSeen, seen };
}

function leastOf(clusters: readonly Cluster[]): number | null {
  const percents = clusters.map(({ seen }) => seen?.percent);
  const known = percents.filter((percent) => percent !== undefined);
  return known.length === 0 || known.length < percents.length ? null : Math.min(...known);
}

function requirementPart(result: RequirementResult, standing: Standing) {
  const counts = standing.counts.filter(({ control }) => result.controls.includes(control));
  const sumOf = (rows: typeof counts) => ({
    open: rows.reduce((sum, { open }) => sum + open, 0),
    excepted: rows.reduce((sum, { excepted }) => sum + excepted, 0),
  });
  const total = sumOf(counts);
  return {
    id: result.id,
    title: result.title,
    verdict: result.verdict,
    reason: whyOf(result, standing, total),
    ...total,
    controls: result.controls.map((id) => ({
      id,
      title: TITLES.get(id) ?? id,
      runs: standing.byControl.has(id),
      ...sumOf(counts.filter(({ control }) => control === id)),
      reason: standing.byControl.get(id)?.reason ?? null,
    })),
    teams: [...groupBy(counts, ({ team }) => ownerKey(team))]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, own]) => ({ ...ownerNamed(own.map(({ team }) => team)), ...sumOf(own) }))
      .sort((a, b) => b.open - a.open || b.excepted - a.excepted),
  };
}

/** A verdict in a sentence. */
function whyOf(
  result: RequirementResult,
  { byControl }: Standing,
  { open, excepted }: { readonly open: number; readonly excepted: number },
): string {
  const said = result.reason ?? reasonOf(result, byControl);
  if (said !== null) return said;
  const controls = listed(result.controls);
  switch (result.verdict) {
    case 'fail':
      return `${found(open)} of ${controls} ${open === 1 ? 'is' : 'are'} open.`;
    case 'excepted':
      return `All that was found is accepted by exceptions: ${found(excepted)} of ${controls}.`;
    case 'pass':
      return `${controls} judged what is there and found nothing.`;
    default:
      return `Nothing more is known of ${controls}.`;
  }
}

function found(count: number): string {
  return `${count} ${count === 1 ? 'finding' : 'findings'}`;
}
