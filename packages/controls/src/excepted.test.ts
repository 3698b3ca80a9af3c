import { Judge, Plan, securityContent, World } from '@bulwark/core';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from './registry.ts';

const REASON = 'It talks to the API server; until=2027-03-31';

/** An object with an exception from each of some names. */
function excepted(keys: readonly string[]) {
  const annotations = keys.map((key) => `    ${key}: ${JSON.stringify(REASON)}\n`).join('');
  return resourcesOf(
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: excepted\n  annotations:\n${annotations}`,
  );
}

const KEYS = [
  ...CONTROLS.map(({ id }) => `bulwark.dev/except.${id}`),
  'ignore-check.kube-linter.io/access-to-secrets',
  'polaris.fairwinds.com/automountServiceAccountToken-exempt',
];

describe('an annotation that excepts from a control', () => {
  it('holds no secret, whatever the control is called', () => {
    const plan = new Plan(CONTROLS.filter(({ id }) => id === 'secret-in-annotation'));

    expect(new Judge(World.of(excepted(KEYS)).world, plan, { minor: 37, text: '1.37' }).findings()).toEqual(
      [],
    );
  });

  it('keeps its text where the object is stored', () => {
    for (const { object } of excepted(KEYS))
      expect(JSON.stringify(securityContent(object))).not.toContain('[redacted]');
  });
});
