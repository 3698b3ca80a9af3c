import type { ExceptionItem } from '@bulwark/api';
import { isRefused } from './acted.ts';

const STATES: Readonly<Record<ExceptionItem['state'], string>> = {
  active: 'active',
  requested: 'asked for',
  expired: 'run out',
  revoked: 'ended',
};

/** How an exception stands, in a word or two; what somebody should look at in the colour of a warning. */
export function Standing({ item }: { readonly item: ExceptionItem }) {
  const { state } = item;
  const needsLook = state === 'expired' || state === 'requested';
  return (
    <span style={{ color: needsLook ? 'var(--medium)' : undefined }}>
      {isRefused(item) ? 'refused' : STATES[state]}
    </span>
  );
}
