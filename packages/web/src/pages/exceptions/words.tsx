import type { ExceptionItem } from '@bulwark/api';

const STATES: Readonly<Record<ExceptionItem['state'], string>> = {
  active: 'active',
  requested: 'asked for',
  expired: 'run out',
  revoked: 'ended',
};

/** How an exception stands, in a word or two; what somebody should look at in the colour of a warning. */
export function Standing({ item }: { readonly item: ExceptionItem }) {
  const { state, approvedBy, request, revokedBecause } = item;
  const isRefused =
    state === 'revoked' && approvedBy === null && (request !== null || revokedBecause !== null);
  const needsLook = state === 'expired' || state === 'requested';
  return (
    <span style={{ color: needsLook ? 'var(--medium)' : undefined }}>
      {isRefused ? 'refused' : STATES[state]}
    </span>
  );
}

/** Who asks for it or made it; of an annotation whose writer is unknown, that it is one. */
export function askerOf({ createdBy, request }: ExceptionItem): string {
  if (createdBy !== null) return `by ${createdBy}`;
  return request === null ? 'by somebody unknown' : 'by an annotation';
}
