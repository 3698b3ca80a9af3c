import type { ExceptionItem } from '@bulwark/api';

const STATES: Readonly<Record<ExceptionItem['state'], string>> = {
  active: 'active',
  requested: 'asked for',
  expired: 'run out',
  revoked: 'ended',
};

/** How an exception stands, in a word or two; what somebody should look at in the colour of a warning. */
export function Standing({ item }: { readonly item: ExceptionItem }) {
  const { state, approvedBy, request } = item;
  const isRefused = state === 'revoked' && request !== null && approvedBy === null;
  const needsLook = state === 'expired' || state === 'requested';
  return (
    <span style={{ color: needsLook ? 'var(--medium)' : undefined }}>
      {isRefused ? 'refused' : STATES[state]}
    </span>
  );
}

/** What an exception covers, in words: of an annotation the object that asks, else the parts of its scope. */
export function coverOf({ request, query, scope }: ExceptionItem): string {
  if (request !== null) return placeOf(request.resource);
  if (query !== null) return `what ${query === '' ? 'everything' : query} found`;
  return Object.entries(scope)
    .map(([part, value]) => `${part}: ${textOf(value)}`)
    .join('; ');
}

function textOf(value: unknown): string {
  if (Array.isArray(value))
    return value.length > 3 ? `${value.length} of them` : value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An object as people call it: Deployment shop/cart. */
export function placeOf({
  kind,
  namespace,
  name,
}: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
