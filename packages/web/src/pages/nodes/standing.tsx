import { amount } from '../../parts/amount.ts';

/** How many versions a kubelet is behind the API server. */
export function Skew({ by }: { readonly by: number | null }) {
  if (by === null) return <span className="quiet">unknown</span>;
  if (by === 0) return <span className="quiet">no</span>;
  return <>{by < 0 ? `${-by} ahead` : amount(by, 'version')}</>;
}

/** A last day of support: in words and in the colour of what is to be done where it has passed. */
export function End({ on, problems }: { readonly on: string | null; readonly problems: readonly string[] }) {
  if (on === null) return <span className="quiet">unknown</span>;
  if (!problems.some((each) => each.endsWith(`since ${on}.`))) return <>{on}</>;
  return <span style={{ color: 'var(--high)' }}>{on}, ended</span>;
}
