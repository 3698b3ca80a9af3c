import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as analyses from '@bulwark/analyses';
import {
  ANY_WORKLOAD,
  type Analysis,
  isObject,
  type JsonObject,
  Judge,
  joinContent,
  Plan,
  type Read,
  securityContent,
  toResource,
  World,
} from '@bulwark/core';
import { readCases, resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from './registry.ts';

const SOURCE = dirname(fileURLToPath(import.meta.url));
const VERSION = { minor: 37, text: '1.37' };
const CLUSTER = { kind: 'cluster', cluster: 'c', resourceVersion: '1' } as const;
const PLAN = new Plan(CONTROLS);

/** The objects of every case of every control, as groups that belong together. */
const GROUPS: readonly (readonly JsonObject[])[] = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.cases.yaml'))
  .sort()
  .flatMap((name) => readCases(readFileSync(join(SOURCE, name), 'utf8')))
  .map(({ subject, context }) =>
    resourcesOf([subject, ...context].join('\n---\n')).map(({ object }) => object),
  );

/** Controls that look for what must never be stored: values of Secrets and ConfigMaps, and secrets in any text. */
const OF_VALUES = [
  'configmap-secret',
  'configmap-sensitive-content',
  'example-credential-in-env',
  'example-credential-in-secret',
  'secret-data-in-last-applied',
  'secret-in-annotation',
  'secret-in-command',
  'secret-in-custom-resource',
  'secret-in-helm-values',
  'secret-in-probe',
  'secret-literal-in-env',
  'weak-credential-in-env',
  'weak-credential-in-secret',
];

/** What each control says of objects, by the control, and how their risk is judged. */
function outcomes(objects: readonly JsonObject[]): { control: string; said: string }[] {
  const { world } = World.of(objects.map((object) => toResource(object, CLUSTER)));
  const verdicts = [...new Judge(world, PLAN, VERSION).all()].map(({ resource, control, outcome }) => ({
    control: control.id,
    said: `${control.id} of ${resource.id}: ${JSON.stringify(outcome)}`,
  }));
  const risk = analyses.workloadRisk.id;
  const risks = world.list(ANY_WORKLOAD).map((resource) => ({
    control: risk,
    said: `${risk} of ${resource.id}: ${JSON.stringify(world.get(analyses.workloadRisk).of(resource))}`,
  }));
  return [...verdicts, ...risks];
}

function closure(reads: readonly Read[]): string[] {
  return reads.flatMap((read) => (typeof read === 'object' ? [read.id, ...closure(read.reads)] : []));
}

function isAnalysis(value: unknown): value is Analysis<unknown> {
  return isObject(value) && typeof value['compute'] === 'function';
}

describe('what is stored of objects', () => {
  it('leads every control to the same outcomes as the objects themselves, but those about values, and to the same risks', () => {
    expect(GROUPS.length).toBeGreaterThan(1000);
    const different = new Map<string, string>();
    for (const objects of GROUPS) {
      const stored = outcomes(objects.map((object) => joinContent(securityContent(object))));
      for (const [index, { control, said }] of outcomes(objects).entries())
        if (said !== stored[index]?.said) different.set(control, said);
    }

    expect([...different].filter(([control]) => !OF_VALUES.includes(control))).toEqual([]);
    expect([...different.keys()].sort()).toEqual(OF_VALUES);
  });

  it('is asked for by a control or a risk through every analysis, so that the same holds for each of them', () => {
    const read = new Set([
      ...CONTROLS.flatMap(({ reads }) => closure(reads)),
      ...closure([analyses.workloadRisk]),
    ]);
    const exported = Object.values<unknown>(analyses).filter(isAnalysis);

    expect(exported.length).toBeGreaterThan(15);
    expect(exported.map(({ id }) => id).filter((id) => !read.has(id))).toEqual([]);
  });
});
