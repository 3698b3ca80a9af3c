import { Moment, useMoment } from '../../parts/moment.tsx';

const SOON_MS = 30 * 86_400_000;

/** When a certificate ends: in the colour of what is to be done where that is soon, or has been. */
export function End({ at }: { readonly at: string }) {
  const left = Date.parse(at) - useMoment();
  if (left >= SOON_MS) return <Moment at={at} isToCome />;
  return (
    <span style={{ color: left < 0 ? 'var(--high)' : 'var(--medium)' }}>
      {left < 0 && 'ended '}
      <Moment at={at} isToCome />
      {left < 0 && ' ago'}
    </span>
  );
}
