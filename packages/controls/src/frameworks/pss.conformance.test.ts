import { readFileSync } from 'node:fs';
import { Engine, type Framework, Plan, parseKubernetesVersion } from '@bulwark/core';
import { resourcesOf, sharedPath } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { findControls } from '../registry.ts';
import { pssBaseline } from './pss-baseline.ts';
import { pssRestricted } from './pss-restricted.ts';

/** A pod of the standard's own test suite and what the API server says of it at a level and version. */
interface Fixture {
  readonly level: 'baseline' | 'restricted';
  /** `v1.34` */
  readonly version: string;
  readonly verdict: 'pass' | 'fail';
  /** The check it is about, and a number. Unique only with level, version and verdict. */
  readonly name: string;
  readonly yaml: string;
}

const FRAMEWORKS: Readonly<Record<Fixture['level'], Framework>> = {
  baseline: pssBaseline,
  restricted: pssRestricted,
};

/** The controls that stand for each check of the suite: a pod must not fail for another reason alone. */
const CONTROLS_OF_CHECK: Readonly<Record<string, readonly string[]>> = {
  allowprivilegeescalation: ['allow-privilege-escalation'],
  apparmorprofile: ['apparmor-unconfined'],
  capabilities_baseline: ['capabilities-baseline'],
  capabilities_restricted: ['capabilities-drop-all'],
  hostnamespaces: ['host-ipc', 'host-network', 'host-pid'],
  hostpathvolumes: ['hostpath-volume'],
  hostports: ['host-port'],
  hostprobesandhostlifecycle: ['host-probe-or-lifecycle-host'],
  privileged: ['privileged-container'],
  procmount: ['proc-mount-unmasked'],
  procmount_restricted: ['proc-mount-restricted'],
  restrictedvolumes: ['restricted-volume-types'],
  runasnonroot: ['run-as-non-root'],
  runasuser: ['run-as-user-root'],
  seccompprofile_baseline: ['seccomp-unconfined'],
  seccompprofile_restricted: ['seccomp-profile-required'],
  selinuxoptions: ['selinux-custom-options'],
  sysctls: ['unsafe-sysctls'],
  windowshostprocess: ['windows-host-process'],
};

const file = sharedPath('conformance', 'pss-fixtures.ndjson');
const fixtures = file === undefined ? [] : readFixtures(readFileSync(file, 'utf8'));
const EXPECTED = 4537;

function readFixtures(text: string): Fixture[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Fixture);
}

function planOf(framework: Framework): Plan {
  const ids = framework.requirements.flatMap(({ coverage }) =>
    coverage.kind === 'automated' ? coverage.controls : [],
  );
  return new Plan(ids.flatMap((id) => findControls(id)));
}

const PLANS = { baseline: planOf(pssBaseline), restricted: planOf(pssRestricted) };

/** The ids of the controls that fail, or that could not tell, which must not happen here. */
function failing({ level, version, yaml }: Fixture): string[] {
  const kubernetes = parseKubernetesVersion(version);
  if (!kubernetes.ok) throw new Error(kubernetes.error.message);
  const engine = new Engine(PLANS[level], kubernetes.value);
  const found: string[] = [];
  for (const resource of resourcesOf(yaml, version))
    engine.evaluate(resource, ({ id }, { verdict, reason }) => {
      if (verdict === 'fail') found.push(id);
      if (verdict === 'error' || verdict === 'not-checked') throw new Error(`${id}: ${reason}`);
    });
  return found;
}

/** What is wrong about our verdict on a fixture; undefined when it is right, for the right reason. */
function whyWrong(fixture: Fixture): string | undefined {
  const { verdict, name } = fixture;
  const failed = failing(fixture);
  if (verdict === 'pass')
    return failed.length === 0 ? undefined : `${name} must pass, fails ${failed.join(', ')}`;
  if (failed.length === 0) return `${name} must fail, passes`;
  const controls = CONTROLS_OF_CHECK[name.replace(/\d+$/, '')] ?? [];
  return failed.some((id) => controls.includes(id))
    ? undefined
    : `${name} must fail ${controls.join(' or ')}, fails ${failed.join(', ')}`;
}

describe('the Pod Security Standards', () => {
  it.each(Object.values(FRAMEWORKS))('$id names only controls that exist', ({ requirements }) => {
    const ids = requirements.flatMap(({ coverage }) =>
      coverage.kind === 'automated' ? coverage.controls : [],
    );

    expect(ids.filter((id) => findControls(id)[0]?.id !== id)).toEqual([]);
  });

  it.skipIf(file === undefined)(
    'have all their official fixtures (skipped where the shared conformance data is absent)',
    () => {
      expect(fixtures).toHaveLength(EXPECTED);
    },
  );
});

const groups = [...new Set(fixtures.map(({ level, version }) => `${level} ${version}`))].map((group) => {
  const members = fixtures.filter(({ level, version }) => `${level} ${version}` === group);
  return {
    group,
    members,
    count: members.length,
    passing: members.filter(({ verdict }) => verdict === 'pass').length,
  };
});

describe.skipIf(file === undefined)('the official fixtures of the Pod Security Standards', () => {
  it.each(groups)('$group: judges all $count pods as the API server does', ({ members, count, passing }) => {
    const wrong = members.map(whyWrong).filter((reason) => reason !== undefined);

    expect(wrong).toEqual([]);
    expect(passing).toBeGreaterThan(0);
    expect(passing).toBeLessThan(count);
  });
});
