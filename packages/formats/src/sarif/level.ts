import type { Severity } from '@bulwark/core';

/** How bad a result is for a SARIF viewer. */
export type Level = 'error' | 'warning' | 'note';

export const LEVELS: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/**
 * Scores from which GitHub makes a severity again: over 9.0 critical, from 7.0 high, from 4.0 medium, the rest low.
 * Without a score it shows the level, which is right for what is only informative.
 */
export const SECURITY_SEVERITY: Readonly<Record<Severity, string | undefined>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: undefined,
};
