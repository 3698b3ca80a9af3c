import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import {
  type Control,
  type ControlDefinition,
  containers,
  defineControl,
  kinds,
  type ObjectView,
  workloads,
} from './control.ts';
import { Engine } from './engine.ts';
import { formatPath } from './path.ts';
import { Plan } from './plan.ts';
import type { Outcome } from './verdict.ts';
import { type Analysis, World } from './world.ts';

const TEXT = {
  aliases: [],
  title: 'A title',
  problem: 'do something',
  message: 'Message.',
  severity: 'high',
  profile: 'default',
  since: '0.1.0',
  rationale: '',
  remediation: '',
  references: [],
  attack: [],
} as const;
const VERSION = { minor: 37, text: '1.37' };

const YAML = `
apiVersion: v1
kind: Pod
metadata: { name: pod }
spec:
  securityContext: { runAsUser: 0 }
  containers: [{ name: a }, { name: b }]
---
apiVersion: v1
kind: Service
metadata: { name: service }
`;

function outcomes(
  controls: readonly Control[],
  yaml = YAML,
  minor = 37,
): Record<string, Outcome & { paths: string[] }> {
  const resources = resourcesOf(yaml);
  const engine = new Engine(new Plan(controls), { ...VERSION, minor }, World.of(resources).world);
  const found: Record<string, Outcome & { paths: string[] }> = {};
  for (const resource of resources)
    engine.evaluate(resource, (control, outcome) => {
      const paths = outcome.violations.map(({ path }) => formatPath(resource.object, path));
      found[`${control.id} ${resource.name}`] = { ...outcome, paths };
    });
  return found;
}

const everyContainer = defineControl({
  ...TEXT,
  id: 'every-container',
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate({ at }) {
    yield at('image');
  },
});
const ON_SERVICES: ControlDefinition<'on-services', ObjectView, Readonly<Record<never, never>>> = {
  ...TEXT,
  id: 'on-services',
  appliesTo: kinds('Service'),
  looks: 'object',
  reads: [],
  evaluate: () => [],
};
const onServices = defineControl(ON_SERVICES);
const thrower = defineControl({
  ...TEXT,
  id: 'thrower',
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  evaluate() {
    throw new TypeError('broken');
  },
});

describe('the engine', () => {
  it('asks each control only about what it applies to', () => {
    expect(Object.keys(outcomes([everyContainer, onServices])).sort()).toEqual([
      'every-container pod',
      'on-services service',
    ]);
  });

  it('walks the containers itself', () => {
    expect(outcomes([everyContainer])['every-container pod']?.paths).toEqual([
      'spec.containers[a].image',
      'spec.containers[b].image',
    ]);
  });

  it('turns a control that throws into an error verdict that names it, and goes on', () => {
    const found = outcomes([thrower, everyContainer]);

    expect(found['thrower pod']).toMatchObject({ verdict: 'error', reason: 'thrower failed: broken' });
    expect(found['every-container pod']?.verdict).toBe('fail');
  });

  it('reports a setting that containers inherit once, where it is written', () => {
    const inherited = defineControl({
      ...TEXT,
      id: 'inherited',
      appliesTo: containers,
      looks: 'object',
      reads: [],
      *evaluate({ setting, atSetting }) {
        const found = setting('runAsUser');
        if (found.value === 0) yield atSetting(found);
      },
    });

    expect(outcomes([inherited])['inherited pod']?.paths).toEqual(['spec.securityContext.runAsUser']);
  });

  it.each([
    [{ from: 34 }, 33, 'not-applicable'],
    [{ from: 34 }, 34, 'fail'],
    [{ to: 24 }, 24, 'fail'],
    [{ to: 24 }, 25, 'not-applicable'],
  ])('applies a rule of %j at 1.%i: %s', (kubernetes, minor, verdict) => {
    const versioned = { ...everyContainer, kubernetes };

    expect(outcomes([versioned], YAML, minor)['every-container pod']?.verdict).toBe(verdict);
  });

  it('does not pass a pod of which a part could not be judged', () => {
    const quiet = defineControl({
      ...TEXT,
      id: 'quiet',
      appliesTo: containers,
      looks: 'object',
      reads: [],
      evaluate: () => [],
    });
    const malformed =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: pod }\nspec: { containers: [{ name: a }, 3] }\n';

    expect(outcomes([quiet], malformed)['quiet pod']).toMatchObject({
      verdict: 'not-checked',
      reason: 'spec.containers[1] is not what it must be.',
    });
  });

  it('gives the reason of a control that does not apply', () => {
    const linuxOnly = { ...everyContainer, notApplicable: () => 'It runs on Windows.' };

    expect(outcomes([linuxOnly])['every-container pod']).toMatchObject({
      verdict: 'not-applicable',
      reason: 'It runs on Windows.',
    });
  });

  it('cannot check a control that needs context where there is none', () => {
    const wide = { ...onServices, looks: 'world', reads: ['Pod'] } as const;
    const [, service] = resourcesOf(YAML);
    if (service === undefined) throw new Error('no service');

    expect(new Engine(new Plan([wide]), VERSION).outcome(wide, service).verdict).toBe('not-checked');
  });
});

describe('what a control may read', () => {
  const analysis: Analysis<number> = {
    id: 'pods',
    reads: ['Pod'],
    compute: (world) => world.list('Pod').length,
  };
  const reading = (
    look: 'namespace' | 'world' | 'object',
    reads: readonly ('Pod' | Analysis<number>)[],
    read: (world: Parameters<typeof analysis.compute>[0]) => unknown,
  ) =>
    ({
      ...onServices,
      looks: look,
      reads,
      evaluate({ world }: { world: Parameters<typeof analysis.compute>[0] }) {
        read(world);
        return [];
      },
    }) as Control;

  it.each([
    ['a declared kind', reading('world', ['Pod'], (world) => world.list('Pod')), 'pass'],
    ['a kind it does not declare', reading('world', ['Pod'], (world) => world.list('Secret')), 'error'],
    ['a declared analysis', reading('world', [analysis], (world) => world.get(analysis)), 'pass'],
    ['an analysis it does not declare', reading('world', ['Pod'], (world) => world.get(analysis)), 'error'],
    [
      'its own namespace',
      reading('namespace', ['Pod'], (world) => world.inNamespace('Pod', 'default')),
      'pass',
    ],
    ['cluster-scoped kinds', reading('namespace', ['Pod'], (world) => world.inNamespace('Pod', '')), 'pass'],
    [
      'another namespace',
      reading('namespace', ['Pod'], (world) => world.inNamespace('Pod', 'other')),
      'error',
    ],
    ['all namespaces', reading('namespace', ['Pod'], (world) => world.list('Pod')), 'error'],
    ['the World, looking only at its object', reading('object', [], (world) => world.list('Pod')), 'error'],
  ] as const)('%s', (_name, control, verdict) => {
    expect(outcomes([control])['on-services service']?.verdict).toBe(verdict);
  });

  it('refuses a definition that reads beyond its object without looking there', () => {
    expect(() => defineControl({ ...ON_SERVICES, reads: ['Pod'] })).toThrow('cannot declare reads');
  });
});
