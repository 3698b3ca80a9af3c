import {
  type Framework,
  frameworkResult,
  type RequirementCounts,
  type RequirementResult,
} from '@bulwark/core';
import type { OwnerCount } from '@bulwark/store';
import type { ControlStanding } from './control-standing.ts';

/** How the controls of a scope stand, as far as requirements need it. */
export interface Standing {
  readonly byControl: ReadonlyMap<string, ControlStanding>;
  readonly counts: readonly OwnerCount[];
}

/** What nobody could tell is no verdict. */
const UNDECIDED: readonly string[] = ['manual', 'not-checked', 'error'];

/** A framework by how its controls stand: what is listed of it, and each requirement. */
export function judge(framework: Framework, { byControl }: Pick<Standing, 'byControl'>) {
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

/** Why a requirement has no verdict, null where it has one: what each of its controls that keep it from one says. */
export function reasonOf(
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
