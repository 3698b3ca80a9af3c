import { useClusterName } from './limit-fields.tsx';
import { type Limits, limitsText, type Role, sightOf } from './limits.ts';

/** What somebody is limited to; what that comes to on hover. */
export function LimitsCell({ role, limits }: { readonly role: Role; readonly limits: Limits }) {
  const nameOf = useClusterName();
  const isUnlimited = limits.clusters === 'all' && limits.namespaces === 'all';
  return (
    <span title={sightOf(role, limits, nameOf)} className={isUnlimited ? 'quiet' : undefined}>
      {limitsText(limits, nameOf)}
    </span>
  );
}
