import type { LeaseState } from '@bulwark/store';
import type { OperationSettings } from './handlers/operations.ts';

/** Who does what only one may do. `yielded`: a context of this hub that is named earlier leads to the same cluster. */
export type DutyState = LeaseState | { readonly kind: 'yielded'; readonly to: string };

/** What only one hub on a database does, and which one does it. */
export interface Duty {
  /** The cluster that is watched; undefined for what is of none: sending messages, retention, backups. */
  readonly cluster?: string;
  readonly state: DutyState;
}

/** What is said when a duty changed hands, or no hub can have it; undefined for the first hub on a database, which does everything. */
export function announcement(duty: Duty, before: DutyState): string | undefined {
  const { state } = duty;
  const name = nameOf(duty);
  return isNews(state, before)
    ? `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${detailOf(duty)}`
    : undefined;
}

function isNews(state: DutyState, before: DutyState): boolean {
  if (state.kind === 'yielded') return before.kind !== 'yielded' || before.to !== state.to;
  if (state.kind === 'taken')
    return before.kind !== 'taken' || before.holder !== state.holder || before.isOwn !== state.isOwn;
  const why = before.kind === 'unknown' ? before.reason : undefined;
  if (state.kind === 'unknown') return state.reason !== undefined && state.reason !== why;
  return before.kind === 'taken' || before.kind === 'yielded' || why !== undefined;
}

/** How a duty stands, for health. A hub that stands by is as it should be. */
export function checkOf(duty: Duty): ReturnType<OperationSettings['checks']>[number] {
  const status = duty.state.kind === 'unknown' ? 'degraded' : 'ok';
  return { name: nameOf(duty), status, detail: detailOf(duty) };
}

function nameOf({ cluster }: Duty): string {
  return cluster === undefined ? 'messages and upkeep' : `watching ${cluster}`;
}

function detailOf({ cluster, state }: Duty): string {
  if (state.kind === 'held') return 'done by this hub.';
  if (state.kind === 'unknown')
    return `not yet: ${state.reason ?? `waits for the database${cluster === undefined ? '' : ' and the cluster'} to answer.`}`;
  if (state.kind === 'yielded')
    return `done for ${state.to} of this hub, which is the same cluster and named earlier; this one stands by.`;
  if (cluster !== undefined && state.isOwn)
    return 'done for another context of this hub, which is the same cluster; this one stands by.';
  const who = state.holder === '' ? '' : ` (${state.holder.replace(' ', ', process ')})`;
  return `done by another hub${who}; this one stands by.`;
}
