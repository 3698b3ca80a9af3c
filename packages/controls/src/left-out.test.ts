import { severityRank } from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from './registry.ts';

const byId = new Map(CONTROLS.map((control) => [control.id as string, control]));

describe('what a control leaves out of reports for people', () => {
  it.each(
    CONTROLS.flatMap(({ id, severity, refines = [], covers = [] }) =>
      [...refines, ...covers].map((other) => ({ id, severity, other })),
    ),
  )('$id leaves out $other, which exists and is not worse', ({ id, severity, other }) => {
    const left = byId.get(other);

    expect(left).toBeDefined();
    expect(other).not.toBe(id);
    expect(severityRank(severity)).toBeLessThanOrEqual(severityRank(left?.severity ?? 'critical'));
  });
});
