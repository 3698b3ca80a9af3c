import type { LeaseState } from '@bulwark/store';
import type { OperationSettings } from './handlers/operations.ts';

/** What only one hub on a database does, and which one does it. */
export interface Duty {
  /** The cluster that is watched; undefined for what is of none: sending messages, retention, backups. */
  readonly cluster?: string;
  readonly state: LeaseState;
}

/** What is said when a duty changed hands, or no hub can have it; undefined for the first hub on a database, which does everything. */
export function announcement(duty: Duty, before: LeaseState): string | undefined {
  const { state } = duty;
  const name = nameOf(duty);
  return isNews(state, before)
    ? `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${detailOf(duty)}`
    : undefined;
}

function isNews(state: LeaseState, before: LeaseState): boolean {
  if (state.kind === 'taken')
    return before.kind !== 'taken' || before.holder !== state.holder || before.isOwn !== state.isOwn;
  const why = before.kind === 'unknown' ? before.reason : undefined;
  if (state.kind === 'unknown') return state.reason !== undefined && state.reason !== why;
  return before.kind === 'taken' || why !== undefined;
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
  if (cluster !== undefined && state.isOwn)
    return 'done for another context of this hub, which is the same cluster; this one stands by.';
  const who = state.holder === '' ? '' : ` (${state.holder.replace(' ', ', process ')})`;
  return `done by another hub${who}; this one stands by.`;
}
