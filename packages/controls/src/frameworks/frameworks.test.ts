import { readFileSync } from 'node:fs';
import type { Control, Framework, RequirementCoverage } from '@bulwark/core';
import { sharedPath } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { CONTROLS, type ControlId } from '../registry.ts';
import { cisKubernetes } from './cis-kubernetes-2.0.1.ts';
import { FRAMEWORKS } from './index.ts';
import { mitreAttackContainers } from './mitre-attack-containers.ts';
import { nsaCisa } from './nsa-cisa-1.2.ts';
import { owaspKubernetes } from './owasp-kubernetes-2025.ts';

const controls: readonly Control<ControlId>[] = CONTROLS;

function controlsOf(coverage: RequirementCoverage<ControlId>): readonly ControlId[] {
  return coverage.kind === 'automated' ? coverage.controls : [];
}

function coverageOf({ requirements }: Framework<ControlId>, id: string): RequirementCoverage<ControlId> {
  const found = requirements.find((requirement) => requirement.id === id);
  if (found === undefined) throw new Error(`no requirement ${id}`);
  return found.coverage;
}

/** Whether a control can judge anything before somebody sets its parameters. */
function isReady({ profile, params = {} }: Control): boolean {
  return profile !== 'opt-in' || Object.values(params).every((param) => param.default !== undefined);
}

describe('the frameworks', () => {
  it('have ids of their own', () => {
    const ids = FRAMEWORKS.map(({ id }) => id);

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z0-9.]+)*$/);
  });
});

describe.each(FRAMEWORKS)('the framework $id', ({ requirements, source, version, title }) => {
  it('has complete text', () => {
    expect([title, version].every((text) => text.trim() !== '')).toBe(true);
    expect(source).toMatch(/^https:\/\//);
    for (const requirement of requirements) expect(requirement.title).toMatch(/^\S.{5,}[^.]$/);
  });

  it('names each requirement once', () => {
    const ids = requirements.map(({ id }) => id);

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('names each control of a requirement once', () => {
    for (const { id, coverage } of requirements) {
      const ids = controlsOf(coverage);

      expect({ id, twice: ids.filter((name, index) => ids.indexOf(name) !== index) }).toEqual({
        id,
        twice: [],
      });
    }
  });

  it('gives controls or a whole sentence for every requirement', () => {
    for (const { id, coverage } of requirements)
      if (coverage.kind === 'automated') expect([id, coverage.controls.length]).not.toEqual([id, 0]);
      else expect(coverage.reason).toMatch(/^\S.{15,}\.$/s);
  });

  it('can judge without parameters what it calls automated', () => {
    const ready = new Set(controls.filter(isReady).map(({ id }) => id));

    for (const { id, coverage } of requirements)
      expect({ id, waiting: controlsOf(coverage).filter((name) => !ready.has(name)) }).toEqual({
        id,
        waiting: [],
      });
  });
});

describe('the CIS Kubernetes Benchmark 2.0.1', () => {
  const ids = cisKubernetes.requirements.map(({ id }) => id);
  // Version 2.0 kept the numbers of 1.12 and changed two remedies.
  const files = ['master', 'etcd', 'controlplane', 'node', 'policies'].map((name) =>
    sharedPath('conformance', 'cis', 'cis-1.12', `${name}.yaml`),
  );

  it('has 131 recommendations', () => {
    const counts = ['1', '2', '3', '4', '5'].map(
      (section) => ids.filter((id) => id.startsWith(`${section}.`)).length,
    );

    expect(counts).toEqual([60, 7, 5, 25, 34]);
    expect(ids).toHaveLength(131);
  });

  it.skipIf(files.includes(undefined))(
    'has the numbers of kube-bench, in its order (skipped where the shared conformance data is absent)',
    () => {
      const numbers = files.flatMap((file) =>
        [...readFileSync(file ?? '', 'utf8').matchAll(/^ +- id: "?(\d+(?:\.\d+)+)"?\s*$/gm)].map(
          ([, number = '']) => number,
        ),
      );
      // A group is numbered as its checks are, and is above them.
      const checks = numbers.filter((number) => !numbers.some((other) => other.startsWith(`${number}.`)));

      expect(checks).toHaveLength(131);
      expect(ids).toEqual(checks);
    },
  );

  it('leaves what manifests do not hold unchecked, and only that', () => {
    const kinds = (section: RegExp): Set<string> =>
      new Set(
        cisKubernetes.requirements.filter(({ id }) => section.test(id)).map(({ coverage }) => coverage.kind),
      );

    expect(kinds(/^[124]\./)).toEqual(new Set(['not-checked']));
    expect(kinds(/^3\.1\./)).toEqual(new Set(['manual']));
    expect(kinds(/^5\.2\./)).toEqual(new Set(['automated']));
  });

  it('demands DenyServiceExternalIPs, which versions before 1.7 forbade', () => {
    expect(cisKubernetes.requirements.find(({ id }) => id === '1.2.3')?.title).toMatch(
      /DenyServiceExternalIPs is on$/,
    );
  });
});

describe('what other tools map wrongly', () => {
  const table: readonly {
    readonly framework: Framework<ControlId>;
    readonly id: string;
    readonly has: ControlId;
    readonly not: readonly ControlId[];
  }[] = [
    {
      framework: nsaCisa,
      id: 'pod-host-pid',
      has: 'host-pid',
      not: ['host-ipc', 'host-network'],
    },
    { framework: nsaCisa, id: 'pod-host-ipc', has: 'host-ipc', not: ['host-pid', 'host-network'] },
    { framework: nsaCisa, id: 'pod-host-network', has: 'host-network', not: ['host-pid', 'host-ipc'] },
    {
      framework: nsaCisa,
      id: 'pod-selinux',
      has: 'selinux-custom-options',
      not: ['apparmor-unconfined', 'seccomp-unconfined'],
    },
    {
      framework: nsaCisa,
      id: 'pod-apparmor',
      has: 'apparmor-unconfined',
      not: ['selinux-custom-options', 'seccomp-unconfined'],
    },
    {
      framework: nsaCisa,
      id: 'pod-seccomp',
      has: 'seccomp-unconfined',
      not: ['selinux-custom-options', 'apparmor-unconfined'],
    },
    { framework: cisKubernetes, id: '5.2.3', has: 'host-pid', not: ['host-ipc', 'host-network'] },
    { framework: cisKubernetes, id: '5.2.4', has: 'host-ipc', not: ['host-pid', 'host-network'] },
    { framework: cisKubernetes, id: '5.2.5', has: 'host-network', not: ['host-pid', 'host-ipc'] },
  ];

  it.each(table)('$framework.id $id is about $has', ({ framework, id, has, not }) => {
    const ids = controlsOf(coverageOf(framework, id));

    expect(ids).toContain(has);
    expect(ids.filter((name) => not.includes(name))).toEqual([]);
  });

  it('RBAC as such is not what roles allow: the arguments of the API server decide it', () => {
    expect(coverageOf(nsaCisa, 'auth-rbac').kind).toBe('not-checked');
  });
});

describe('the matrix of MITRE ATT&CK', () => {
  const techniques = new Set(mitreAttackContainers.requirements.map(({ id }) => id));

  it('has the techniques and sub-techniques of the platform Containers', () => {
    const ids = [...techniques];

    expect(ids.filter((id) => id.includes('.'))).toHaveLength(19);
    expect(ids).toHaveLength(48);
    expect(ids).toEqual(ids.toSorted());
  });

  it.each(controls.filter(({ profile }) => profile === 'default' || profile === 'strict'))(
    'holds $id under each technique that it names, and its parent, where they are in the matrix',
    ({ id, attack }) => {
      const parents = attack.map((technique) => technique.replace(/\..*$/, ''));
      const named = [...new Set([...attack, ...parents])].filter((technique) => techniques.has(technique));
      const held = mitreAttackContainers.requirements
        .filter(({ coverage }) => controlsOf(coverage).includes(id))
        .map((requirement) => requirement.id);

      expect(held).toEqual(named.toSorted());
    },
  );

  it('calls nothing manual that a control of these profiles names', () => {
    const named = new Set(
      controls
        .filter(({ profile }) => profile === 'default' || profile === 'strict')
        .flatMap(({ attack }) => attack),
    );
    const manual = mitreAttackContainers.requirements.filter(({ coverage }) => coverage.kind !== 'automated');

    expect(manual.map(({ id }) => id).filter((id) => named.has(id))).toEqual([]);
  });
});

/** Controls of the default profile that are about whether objects work; no framework here asks that. */
const ABOUT_CORRECTNESS: readonly ControlId[] = [
  'annotation-invalid',
  'container-port-invalid',
  'env-duplicate',
  'env-reference-order',
  'gateway-backend-port-missing',
  'ingress-port-missing',
  'label-invalid',
  'pdb-policy-missing',
  'probe-port-name-unknown',
  'request-above-limit',
  'restart-policy',
  'rollout-strategy-invalid',
  'selector-mismatch',
  'service-target-port-invalid',
  'service-target-port-missing',
  'volume-mount-dangling',
];

it('every control of the default profile that is about security helps to decide a requirement', () => {
  const used = new Set(
    [nsaCisa, owaspKubernetes, mitreAttackContainers].flatMap(({ requirements }) =>
      requirements.flatMap(({ coverage }) => controlsOf(coverage)),
    ),
  );
  const unused = controls.filter(({ id, profile }) => profile === 'default' && !used.has(id));

  expect(unused.map(({ id }) => id).toSorted()).toEqual(ABOUT_CORRECTNESS);
});
