import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Judge, Plan, type Resource, toResource, World } from '@bulwark/core';
import { readCases, resourcesOf } from '@bulwark/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from './registry.ts';

const SOURCE = dirname(fileURLToPath(import.meta.url));
const VERSION = { minor: 37, text: '1.37' };
const PLAN = new Plan(CONTROLS);
const RUNS = process.env['BULWARK_PROOF'] === 'full' ? 3000 : 100;

/** Every case of every control as a group of objects that belong together, in two namespaces so that they meet. */
const GROUPS: readonly (readonly Resource[])[] = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.cases.yaml'))
  .sort()
  .flatMap((name) => readCases(readFileSync(join(SOURCE, name), 'utf8')))
  .map(({ subject, context }) => resourcesOf([subject, ...context].join('\n---\n')));

const CLUSTER = { kind: 'cluster', cluster: 'c', resourceVersion: '1' } as const;

function live({ object }: Resource): Resource {
  return toResource(object, CLUSTER);
}

function outcomes(judge: Judge): string[] {
  return [...judge.all()].map(
    ({ resource, control, outcome }) =>
      `${resource.id} ${control.id} ${outcome.verdict} ${outcome.reason ?? ''} ${JSON.stringify(outcome.violations)}`,
  );
}

const CHANGE = fc.record({
  groups: fc.array(fc.nat(GROUPS.length - 1), { minLength: 1, maxLength: 12 }),
  removed: fc.array(fc.nat(200), { maxLength: 4 }),
});

describe('judging every control incrementally', () => {
  it('gives the same outcomes as judging everything anew, so that what controls read is what they declare', () => {
    expect(GROUPS.length).toBeGreaterThan(1000);
    fc.assert(
      fc.property(fc.array(CHANGE, { minLength: 2, maxLength: 5 }), (changes) => {
        const { world } = World.of([]);
        const judge = new Judge(world, PLAN, VERSION);
        for (const { groups, removed } of changes) {
          const there = [...world.resources()].map(({ id }) => id);
          const upsert = new Map(
            groups.flatMap((index) => (GROUPS[index] ?? []).map(live)).map((each) => [each.id, each]),
          );
          const remove = removed
            .flatMap((index) => there[index % Math.max(there.length, 1)] ?? [])
            .filter((id) => !upsert.has(id));
          judge.apply({ upsert: [...upsert.values()], remove });
        }

        const anew = new Judge(World.of(world.resources()).world, PLAN, VERSION);

        const [now, then] = [outcomes(judge).sort(), outcomes(anew).sort()];
        expect(now.filter((line, index) => line !== then[index])).toEqual([]);
        expect(now.length).toBe(then.length);
      }),
      { numRuns: RUNS },
    );
  });
});
