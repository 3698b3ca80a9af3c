import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { type Control, containers, defineControl, workloads } from './control.ts';
import { get } from './json.ts';
import { Judge } from './judge.ts';
import { Plan } from './plan.ts';
import { groupFindings } from './report.ts';
import type { Resource } from './resource.ts';
import { World } from './world.ts';

const TEXT = {
  aliases: [],
  title: 'A title',
  problem: 'do something',
  message: '{resource}.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale: '',
  remediation: '',
  references: [],
  attack: [],
  looks: 'object',
  reads: [],
} as const;

/** Blames every container that has `field`, there. */
function ofContainers(
  id: string,
  field: string,
  more: Partial<Pick<Control, 'covers' | 'refines' | 'severity'>> = {},
): Control {
  return defineControl({
    ...TEXT,
    ...more,
    id,
    appliesTo: containers,
    *evaluate({ container, at }) {
      if (get(container.spec, field) !== undefined) yield at(field);
    },
  });
}

function ofPods(
  id: string,
  field: string,
  more: Partial<Pick<Control, 'covers' | 'refines' | 'severity'>> = {},
): Control {
  return defineControl({
    ...TEXT,
    ...more,
    id,
    appliesTo: workloads,
    *evaluate({ spec, at }) {
      if (spec[field] !== undefined) yield at(field);
    },
  });
}

const PODS = `
apiVersion: v1
kind: Pod
metadata: { name: one }
spec:
  hostNetwork: true
  containers:
    - { name: strong, privileged: true, added: NET_ADMIN, port: 80 }
    - { name: weak, added: NET_ADMIN, port: 81 }
---
apiVersion: v1
kind: Pod
metadata: { name: two }
spec: { containers: [{ name: strong, added: NET_ADMIN, port: 80 }] }
`;

/** What is left of the findings of each control: `Pod/name container`. */
function shown(...controls: readonly Control[]): Record<string, string[]> {
  return shownOf(resourcesOf(PODS), controls);
}

function shownOf(resources: readonly Resource[], controls: readonly Control[]): Record<string, string[]> {
  const { world } = World.of(resources);
  const findings = new Judge(world, new Plan(controls), { minor: 37, text: '1.37' }).findings();
  return Object.fromEntries(
    groupFindings(findings, controls).map(({ control, findings: left }) => [
      control.id,
      left.map(({ resource, container }) => `${resource.name} ${container ?? ''}`.trim()),
    ]),
  );
}

describe('the groups of a report', () => {
  const added = ofContainers('added', 'added');

  it('leave out what a more precise finding says at the same place', () => {
    expect(shown(added, ofContainers('precise', 'added', { refines: ['added'] }))).toEqual({
      precise: ['one strong', 'one weak', 'two strong'],
    });
  });

  it('keep what a more precise control says at another place', () => {
    expect(shown(added, ofContainers('precise', 'privileged', { refines: ['added'] }))).toEqual({
      precise: ['one strong'],
      added: ['one strong', 'one weak', 'two strong'],
    });
  });

  it('leave out what is covered in the same container, and keep it in the others', () => {
    expect(shown(added, ofContainers('privileged', 'privileged', { covers: ['added'] }))).toEqual({
      privileged: ['one strong'],
      added: ['one weak', 'two strong'],
    });
  });

  it('leave out what a finding about the pod covers, in all containers of that pod', () => {
    expect(
      shown(ofContainers('port', 'port'), ofPods('network', 'hostNetwork', { covers: ['port'] })),
    ).toEqual({ network: ['one'], port: ['two strong'] });
  });

  it('keep what another object of the same name does in another file', () => {
    const pod = (container: string) =>
      `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [${container}]}}`;
    const both = [
      ...resourcesOf(pod('{name: app, privileged: true, added: x}'), 'latest', 'dev.yaml'),
      ...resourcesOf(pod('{name: app, added: x}'), 'latest', 'prod.yaml'),
    ];

    expect(shownOf(both, [added, ofContainers('privileged', 'privileged', { covers: ['added'] })])).toEqual({
      added: ['web app'],
      privileged: ['web app'],
    });
  });
});
