import type { Secret } from '@bulwark/core';
import { holdLease, type LeaseState } from '@bulwark/store';
import type { DutyState } from '../duties.ts';

/** Which hub records a cluster, and for which of its contexts. */
export interface ClusterRole {
  /** As the kubeconfig calls it. */
  readonly name: string;
  readonly state: DutyState;
}

export interface LeadOptions {
  readonly databaseUrl: Secret<string>;
  readonly cluster: number;
  readonly signal: AbortSignal;
  readonly onState: (state: LeaseState) => void;
}

/** A lease while it is held. */
export interface Lead {
  /** Aborts when another hub has it, or when everything stops. */
  readonly signal: AbortSignal;
  /** The session that holds it now. */
  readonly session: () => number;
  /** Whom to tell when it is held in another session: the database may be another one behind the same address, or have gone back. */
  readonly onAnew: (tell: () => void) => void;
}

/** Waits until this hub may record a cluster, and does something once; gives the lease back at its end. */
export async function whileLeading(
  { databaseUrl, cluster, signal, onState }: LeadOptions,
  act: (lead: Lead) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  let session = 0;
  let begin: () => void = () => undefined;
  let tellAnew: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    begin = resolve;
    ending.signal.addEventListener('abort', () => resolve(), { once: true });
    if (ending.signal.aborted) resolve();
  });
  const lease = holdLease(databaseUrl, {
    duty: cluster,
    onChange: (state) => {
      onState(state);
      if (state.kind === 'held') {
        const isAnew = session !== 0;
        session = state.session;
        if (isAnew) tellAnew();
        else begin();
      } else if (session !== 0) end();
    },
  });
  try {
    await held;
    const onAnew = (tell: () => void): void => {
      tellAnew = tell;
    };
    if (!ending.signal.aborted) await act({ signal: ending.signal, session: () => session, onAnew });
  } finally {
    signal.removeEventListener('abort', end);
    // Before another one has it: two are not said to.
    if (lease.state.kind === 'held') onState({ kind: 'unknown' });
    await lease.release();
  }
}
