import type { Severity } from '@bulwark/core';

const LETTERS: Readonly<Record<Severity, string>> = {
  critical: 'C',
  high: 'H',
  medium: 'M',
  low: 'L',
  info: 'I',
};

function Shape({ severity }: { readonly severity: Severity }) {
  const color = `var(--${severity})`;
  switch (severity) {
    case 'critical':
      return <path d="M8 0 16 8 8 16 0 8Z" fill={color} />;
    case 'high':
      return <path d="M8 1 16 15H0Z" fill={color} />;
    case 'medium':
      return <circle cx="8" cy="8" r="7" fill={color} />;
    case 'low':
      return <circle cx="8" cy="8" r="6" fill="none" stroke={color} strokeWidth="2.5" />;
    case 'info':
      return <circle cx="8" cy="8" r="3.5" fill={color} />;
  }
}

/** A severity as shape and letter as well as colour. */
export function SeverityMark({
  severity,
  withName = false,
}: {
  readonly severity: Severity;
  readonly withName?: boolean;
}) {
  return (
    <span className="severity">
      <svg width="14" height="14" viewBox="0 0 16 16" role="img" aria-label={severity}>
        <Shape severity={severity} />
      </svg>
      <span style={{ color: `var(--${severity})`, fontWeight: 600 }} aria-hidden="true">
        {withName ? severity : LETTERS[severity]}
      </span>
    </span>
  );
}
