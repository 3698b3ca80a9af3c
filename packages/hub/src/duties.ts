import type { LeaseState } from '@bulwark/store';
import type { OperationSettings } from './handlers/operations.ts';

/** What only one hub on a database does, and which one does it. */
export interface Duty {
  /** The cluster that is watched; undefined for what is of none: sending messages, retention, backups. */
  readonly cluster?: string;
  readonly state: LeaseState;
}

/** What is said when a duty changed hands; undefined for the first hub on a database, which does everything. */
export function announcement(duty: Duty, before: LeaseState): string | undefined {
  const { state } = duty;
  const isNews =
    state.kind === 'taken'
      ? before.kind !== 'taken' || before.holder !== state.holder
      : state.kind === 'held' && before.kind === 'taken';
  const name = nameOf(duty);
  return isNews ? `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${detailOf(duty)}` : undefined;
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
    return `not yet: waits for the database${cluster === undefined ? '' : ' and the cluster'} to answer.`;
  const who = state.holder === '' ? '' : ` (${state.holder.replace(' ', ', process ')})`;
  return `done by another hub${who}; this one stands by.`;
}
