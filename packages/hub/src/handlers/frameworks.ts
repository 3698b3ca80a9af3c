import { FRAMEWORKS } from '@bulwark/controls';
import {
  AppError,
  type Control,
  type Framework,
  frameworkResult,
  type RequirementCounts,
  type RequirementResult,
} from '@bulwark/core';
import type { OwnerCount, Store } from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { type ControlStanding, standingOf } from './control-standing.ts';
import { scopeFor } from './convert.ts';

/**
 * The frameworks, each requirement decided by what is stored of its controls.
 *
 * @param controls those that run.
 */
export function frameworkHandlers(
  store: Store,
  controls: readonly Control[],
): Handlers<'listFrameworks' | 'getFramework'> {
  return {
    listFrameworks: async ({ query }, { caller }) => {
      const standing = await standingOf(store, scopeFor(caller, query.cluster), {
        controls,
        asOf: momentOf(query),
      });
      return { items: FRAMEWORKS.map((framework) => judge(framework, standing).item) };
    },
    getFramework: async ({ params, query }, { caller }) => {
      const framework = FRAMEWORKS.find(({ id }) => id === params.id);
      if (framework === undefined) throw new AppError('not-found');
      const standing = await standingOf(store, scopeFor(caller, query.cluster), {
        controls,
        asOf: momentOf(query),
      });
      const { item, requirements } = judge(framework, standing);
      return { ...item, requirements: requirements.map((result) => requirementItem(result, standing)) };
    },
  };
}

function momentOf({ asOf }: { readonly asOf?: string | undefined }): Date | undefined {
  return asOf === undefined ? undefined : new Date(asOf);
}

interface Standing {
  readonly byControl: ReadonlyMap<string, ControlStanding>;
  readonly counts: readonly OwnerCount[];
}

/** What nobody could tell is no verdict. */
const UNDECIDED: readonly string[] = ['manual', 'not-checked', 'error'];

function judge(framework: Framework, { byControl }: Standing) {
  const counts = new Map<string, RequirementCounts>([...byControl].map(([id, each]) => [id, each.counts]));
  const { id, title, version, requirements } = frameworkResult(framework, counts, {
    ran: new Set(byControl.keys()),
  });
  const verdicts: Record<string, number> = {};
  for (const { verdict } of requirements) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const decided = requirements.filter(({ verdict }) => !UNDECIDED.includes(verdict)).length;
  const checked = requirements.length === 0 ? 0 : Math.floor((1000 * decided) / requirements.length) / 10;
  return { item: { id, title, version, counts: verdicts, checked }, requirements };
}

function requirementItem(result: RequirementResult, { byControl, counts }: Standing) {
  const { id, title, verdict, controls } = result;
  const byOwner = new Map<string, number>();
  for (const { control, team, open } of counts)
    if (open > 0 && controls.includes(control)) byOwner.set(team, (byOwner.get(team) ?? 0) + open);
  return {
    id,
    title,
    verdict,
    reason: result.reason ?? reasonOf(result, byControl),
    controls: [...controls],
    findings: [...byOwner.values()].reduce((sum, open) => sum + open, 0),
    owners: [...byOwner]
      .sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
      .map(([team, findings]) => ({ owner: team === '' ? null : team, findings })),
  };
}

/** Why a requirement has no verdict: what each of its controls that keep it from one says. */
function reasonOf(
  { verdict, controls }: RequirementResult,
  byControl: ReadonlyMap<string, ControlStanding>,
): string | null {
  if (verdict !== 'not-checked' && verdict !== 'error' && verdict !== 'not-applicable') return null;
  const off = controls.filter((id) => !byControl.has(id));
  const said = controls.flatMap((id) => {
    const { counts, reason } = byControl.get(id) ?? {};
    return reason !== undefined && counts !== undefined && counts[verdict] > 0 ? [reason] : [];
  });
  const notRun = off.length === 0 ? [] : [`${off.join(', ')} ${off.length === 1 ? 'does' : 'do'} not run.`];
  const reasons = [...new Set([...(verdict === 'not-checked' ? notRun : []), ...said])];
  return reasons.length === 0 ? null : reasons.join(' ');
}
