import type { FieldChangeItem } from '@bulwark/api';
import { Written } from './written.tsx';

/** Fields that two versions do not have in common: what was, and what is. */
export function FieldChanges({ fields }: { readonly fields: readonly FieldChangeItem[] }) {
  return (
    <div className="fields">
      {fields.map(({ path, before, after }) => (
        <div key={path}>
          <div className="field-path">
            <Written>{path}</Written>
          </div>
          {before !== null && <Value sign="−" spoken="was" kind="removed" value={before} />}
          {after !== null && <Value sign="+" spoken="is" kind="added" value={after} />}
        </div>
      ))}
    </div>
  );
}

function Value({
  sign,
  spoken,
  kind,
  value,
}: {
  readonly sign: string;
  readonly spoken: string;
  readonly kind: 'added' | 'removed';
  readonly value: string;
}) {
  return (
    <div className="field-value" data-diff={kind}>
      <span className="diff-sign" aria-hidden>
        {sign}
      </span>
      <span>
        <span className="spoken">{spoken} </span>
        <Written>{value}</Written>
      </span>
    </div>
  );
}

/** What happened to an object, as a word with a sign. */
export function Verb({ verb }: { readonly verb: 'created' | 'changed' | 'deleted' }) {
  const sign = { created: '+', changed: '~', deleted: '−' }[verb];
  return (
    <span className="verb" data-verb={verb}>
      <span aria-hidden>{sign}</span> {verb}
    </span>
  );
}

/** How many findings something opened and resolved. */
export function Effect({ opened, resolved }: { readonly opened: number; readonly resolved: number }) {
  return (
    <span className="number">
      {opened > 0 && (
        <span style={{ color: 'var(--high)' }} title={`${opened} opened`}>
          +{opened}{' '}
        </span>
      )}
      {resolved > 0 && (
        <span style={{ color: 'var(--good)' }} title={`${resolved} resolved`}>
          −{resolved}
        </span>
      )}
    </span>
  );
}
