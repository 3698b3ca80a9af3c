import { CONTROLS } from '@bulwark/controls';
import {
  annotatedExceptions,
  contentHash,
  type Finding,
  Judge,
  LiveFindings,
  LiveSubjects,
  Plan,
  type ResourceRef,
  type Severity,
  securityContent,
  toResource,
  World,
} from '@bulwark/core';
import { describe, expect, it } from 'vitest';
import { demoShop } from '../history/demo-history.ts';

const ORIGIN = { kind: 'cluster', cluster: 'demo', resourceVersion: '1' } as const;
const KUBERNETES = { minor: 34, text: '1.34' };
const SETTINGS = {
  annotations: 'accept',
  otherTools: 'ignore',
  controlsNamed: (name: string) => CONTROLS.filter(({ id }) => id === name).map(({ id }) => id),
} as const;

/** Findings of the default profile as the hub has them, those under an annotation apart. */
function judged() {
  const resources = demoShop({ seed: 'judged', now: Date.UTC(2026, 10, 26, 9, 30) }).map((object) =>
    toResource(object, ORIGIN),
  );
  const { world } = World.of([]);
  const plan = new Plan(CONTROLS.filter(({ profile }) => profile === 'default'));
  const live = new LiveFindings(world, new Judge(world, plan, KUBERNETES));
  const subjects = new LiveSubjects((pod) => contentHash(securityContent(pod.object).body));
  live.apply(subjects.apply({ upsert: resources }));
  const read = resources.map((resource) => annotatedExceptions(resource, SETTINGS));
  const excepted = new Set(
    read.flatMap(({ exceptions }) =>
      exceptions.flatMap(({ scope }) =>
        (scope.controls ?? []).map((control) => `${control} ${nameOf(scope.object)}`),
      ),
    ),
  );
  const isAccepted = ({ control, resource }: Finding): boolean =>
    excepted.has(`${control} ${nameOf(resource)}`);
  const findings = [...live.all()];
  return {
    problems: read.flatMap((each) => each.problems),
    open: findings.filter((finding) => !isAccepted(finding)),
    accepted: findings.filter(isAccepted),
  };
}

function nameOf(ref: ResourceRef | undefined): string {
  return ref === undefined ? '' : `${ref.kind} ${ref.namespace}/${ref.name}`;
}

describe('the demo shop, judged by the default profile', () => {
  const { open, accepted, problems } = judged();
  const of = (severity: Severity) => open.filter((finding) => finding.severity === severity);

  it('shows a few critical findings, some high ones, and many medium ones', () => {
    const [critical, high, medium] = [of('critical'), of('high'), of('medium')].map(({ length }) => length);

    expect(critical).toBeGreaterThanOrEqual(4);
    expect(critical).toBeLessThanOrEqual(10);
    expect(high).toBeGreaterThanOrEqual(12);
    expect(high).toBeLessThanOrEqual(30);
    expect(medium).toBeGreaterThan(80);
    expect(medium).toBeLessThan(250);
  });

  it('is varied: no control takes over, and many speak', () => {
    const controls = new Set(open.map(({ control }) => control));
    const severe = new Set([...of('critical'), ...of('high')].map(({ control }) => control));

    expect(controls.size).toBeGreaterThan(25);
    expect(severe.size).toBeGreaterThan(14);
  });

  it('has namespaces without any finding, and no namespace without any workload done well', () => {
    const touched = new Set(open.map(({ resource }) => resource.namespace));

    expect(['payments', 'accounts'].filter((namespace) => touched.has(namespace))).toEqual([]);
    expect(touched.has('warehouse')).toBe(true);
  });

  it('has agents of nodes under exceptions that can be read, with owners', () => {
    expect(problems).toEqual([]);
    expect(accepted.map(({ control }) => control)).toEqual(
      expect.arrayContaining(['privileged-container', 'cluster-admin-binding', 'host-pid']),
    );
  });
});
