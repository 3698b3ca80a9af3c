import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  arrayAt,
  type Control,
  canonicalJson,
  configureControl,
  get,
  isObject,
  type Json,
  type JsonObject,
  Judge,
  Plan,
  parseKubernetesVersion,
  type Resource,
  stringAt,
  topOwner,
  valueAt,
  World,
  whyNotParam,
} from '@bulwark/core';
import { REPOSITORY, resourcesOf, sharedPath, valuesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { findControls } from './registry.ts';

/** A control that stands for a rule, with the parameters that the rule has built in. */
interface Stand {
  readonly control: Control;
  readonly values: JsonObject;
}

/** How a rule is asked of our controls. */
interface Mapping {
  readonly rule: string;
  readonly stands: readonly Stand[];
  /** Kinds of the objects beside the alert's own that are compared instead, where a rule names who gets a right. */
  readonly related: readonly string[];
  /** What stands beside every case, for controls that ask for more than the case has. */
  readonly beside: readonly Resource[];
  /** Names of objects that our controls are not asked about, as a team would leave them out in its configuration. */
  readonly without: readonly string[];
}

interface Case {
  readonly mapping: Mapping;
  /** `rule/case` */
  readonly id: string;
  readonly folder: string;
}

/** A case in which the rule and our controls differ, and what we think of it. */
interface Difference {
  readonly id: string;
  readonly right: Json | undefined;
  readonly reason: string | undefined;
}

const FOLDER = join(REPOSITORY, 'packages', 'controls', 'conformance');
const rules = sharedPath('conformance', 'kubescape-rules');
const ABSENT = '(skipped where the shared conformance data is absent)';
const EXPECTED_CASES = 320;
const FEWEST_RULES = 90;
const LEAST_AGREEMENT = 0.95;
const SIDES = ['ours', 'theirs', 'open'];

function dataOf(path: string): Json | undefined {
  return valuesOf(readFileSync(path, 'utf8'), path)[0] as Json | undefined;
}

const mappings = Object.entries(dataOf(join(FOLDER, 'kubescape-rules.yaml')) ?? {}).map(([rule, written]) =>
  mappingOf(rule, written as Json),
);
const differences = (dataOf(join(FOLDER, 'kubescape-differences.yaml')) as readonly Json[]).map(
  (entry): Difference => ({
    id: `${stringAt(entry, 'rule')}/${stringAt(entry, 'case')}`,
    right: get(entry, 'right'),
    reason: stringAt(entry, 'reason'),
  }),
);
const listed = new Set(differences.map(({ id }) => id));

function textsAt(written: Json, key: string): string[] {
  return (arrayAt(written, key) ?? []).filter((item): item is string => typeof item === 'string');
}

function mappingOf(rule: string, written: Json): Mapping {
  const controls = Array.isArray(written) ? written : (arrayAt(written, 'controls') ?? []);
  return {
    rule,
    stands: controls.flatMap((entry: Json): Stand[] =>
      isObject(entry)
        ? Object.entries(entry).map(([id, values]) => standOf(id, isObject(values) ? values : {}))
        : typeof entry === 'string'
          ? [standOf(entry, {})]
          : [],
    ),
    related: textsAt(written, 'related'),
    beside: (arrayAt(written, 'beside') ?? []).flatMap((object) => resourcesOf(canonicalJson(object))),
    without: textsAt(written, 'without'),
  };
}

function standOf(id: string, values: JsonObject): Stand {
  const [control] = findControls(id);
  if (control?.id !== id) throw new Error(`there is no control ${id}`);
  return { control, values };
}

/** A parameter as the mapping has it: `{data: [key, ...], else: value}` is what a section of the case's data has there. */
function resolved(written: Json, data: Json | undefined): Json | undefined {
  const path = isObject(written) ? arrayAt(written, 'data') : undefined;
  if (path !== undefined) return fromData(path.map(String), data) ?? get(written, 'else');
  if (!isObject(written)) return written;
  const parts = Object.entries(written).map(([name, part]) => [name, resolved(part ?? null, data)] as const);
  const known = parts.filter((part): part is readonly [string, Json] => part[1] !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

function fromData(path: readonly string[], data: Json | undefined): Json | undefined {
  const steps = path.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const sections = isObject(data) ? Object.values(data) : [];
  return sections
    .map((section) => valueAt(section as JsonObject, steps) as Json | undefined)
    .find((found) => found !== undefined && !isEmptyList(found));
}

/** A list without entries is one that nobody filled in: the parameter stays as it is. */
function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

function controlsOf({ stands, without }: Mapping, data: Json | undefined): Control[] {
  return stands.map(({ control, values }, index) => {
    const known = Object.entries(values).flatMap(([name, written]) => {
      const value = resolved(written ?? null, data);
      return value === undefined ? [] : [[name, fitting(control, name, value)] as const];
    });
    return configureControl(control, {
      id: `${control.id}-${index}`,
      values: Object.fromEntries(known),
      scope: { not: { names: without } },
    });
  });
}

function fitting(control: Control, name: string, value: Json): Json {
  const param = control.params?.[name];
  const wrong = param === undefined ? 'does not exist' : whyNotParam(param, value);
  if (wrong !== undefined) throw new Error(`the parameter ${name} of ${control.id} ${wrong}`);
  return value;
}

const casesOf = (mapping: Mapping): Case[] =>
  rules === undefined || !existsSync(join(rules, mapping.rule, 'test'))
    ? []
    : readdirSync(join(rules, mapping.rule, 'test'))
        .map((name) => ({
          mapping,
          id: `${mapping.rule}/${name}`,
          folder: join(rules, mapping.rule, 'test', name),
        }))
        .filter(({ folder }) => existsSync(join(folder, 'input')));

function worldOf({ folder, mapping }: Case): World {
  const inputs = readdirSync(join(folder, 'input')).map((name) => join(folder, 'input', name));
  const resources = inputs.flatMap((path) => resourcesOf(readFileSync(path, 'utf8'), 'latest', path));
  return World.of([...resources, ...mapping.beside]).world;
}

const named = ({ kind, namespace, name }: Pick<Resource, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace}/${name}`;

/** The object of an alert, as its top owner; alerts leave out namespaces, and give them to objects that have none. */
function alerted(world: World, object: Json): string {
  const kind = stringAt(object, 'kind') ?? '';
  const name = stringAt(object, 'metadata', 'name') ?? stringAt(object, 'name') ?? '';
  const namespace = stringAt(object, 'metadata', 'namespace') ?? stringAt(object, 'namespace');
  const found = [...world.resources()].find(
    (resource) =>
      resource.kind === kind &&
      resource.name === name &&
      (namespace === undefined || resource.namespace === '' || resource.namespace === namespace),
  );
  return named(found === undefined ? { kind, namespace: namespace ?? '', name } : topOwner(world, found));
}

function alertsOf({ mapping, folder }: Case, world: World): string[] {
  const alerts = dataOf(join(folder, 'expected.json')) as readonly Json[] | null;
  const objects = (alerts ?? []).flatMap((alert) => {
    const own = get(alert, 'alertObject');
    const external = get(own, 'externalObjects');
    if (mapping.related.length > 0)
      return [...(arrayAt(external, 'relatedObjects') ?? []), ...beside(alert)].filter((object) =>
        mapping.related.includes(stringAt(object, 'kind') ?? ''),
      );
    const inside = arrayAt(own, 'k8sApiObjects') ?? [];
    return inside.length > 0 || external === undefined ? inside : [external];
  });
  return [...new Set(objects.map((object) => alerted(world, object)))].sort();
}

function beside(alert: Json): Json[] {
  return (arrayAt(alert, 'relatedObjects') ?? []).map((related) => get(related, 'object') ?? null);
}

function findingsOf({ mapping, folder }: Case, world: World): string[] {
  const kubernetes = parseKubernetesVersion('latest');
  if (!kubernetes.ok) throw new Error(kubernetes.error.message);
  const data = join(folder, 'data.json');
  const controls = controlsOf(mapping, existsSync(data) ? dataOf(data) : undefined);
  const found = new Set<string>();
  for (const { resource, control, outcome } of new Judge(world, new Plan(controls), kubernetes.value).all()) {
    if (outcome.verdict === 'error') throw new Error(`${control.id}: ${outcome.reason}`);
    if (outcome.verdict === 'fail') found.add(named(topOwner(world, resource)));
  }
  return [...found].sort();
}

/** What a rule and our controls say differently of a case; undefined when they agree. */
function difference(tried: Case): string | undefined {
  const world = worldOf(tried);
  const [theirs, ours] = [alertsOf(tried, world), findingsOf(tried, world)];
  const [onlyTheirs, onlyOurs] = [
    theirs.filter((name) => !ours.includes(name)),
    ours.filter((name) => !theirs.includes(name)),
  ];
  if (onlyTheirs.length === 0 && onlyOurs.length === 0) return undefined;
  return `${tried.id}: only the rule names [${onlyTheirs.join(', ')}], only we name [${onlyOurs.join(', ')}]`;
}

describe('the mapping of the rules of Kubescape', () => {
  it(`names at least ${FEWEST_RULES} rules, each once and with a control`, () => {
    expect(mappings.length).toBeGreaterThanOrEqual(FEWEST_RULES);
    expect(mappings.filter(({ stands }) => stands.length === 0)).toEqual([]);
  });

  it('says of every difference who is right, and why', () => {
    expect(new Set(differences.map(({ id }) => id)).size).toBe(differences.length);
    expect(differences.filter(({ right }) => !SIDES.some((side) => side === right))).toEqual([]);
    expect(differences.filter(({ reason = '' }) => !/^[A-Z].+\.$/.test(reason))).toEqual([]);
  });
});

describe.skipIf(rules === undefined)(`the rules of Kubescape about plain objects ${ABSENT}`, () => {
  const all = mappings.flatMap(casesOf);

  it.each(mappings)(
    '$rule: our controls name the same objects, but for the listed differences',
    (mapping) => {
      const cases = casesOf(mapping);
      const found = cases.map((tried) => ({ id: tried.id, text: difference(tried) }));

      expect(cases).not.toEqual([]);
      expect(found.filter(({ id, text }) => text !== undefined && !listed.has(id))).toEqual([]);
      expect(found.filter(({ id, text }) => text === undefined && listed.has(id))).toEqual([]);
    },
  );

  it(`has all its ${EXPECTED_CASES} cases, and lists only differences in them`, () => {
    const ids = new Set(all.map(({ id }) => id));

    expect(ids.size).toBe(EXPECTED_CASES);
    expect(differences.filter(({ id }) => !ids.has(id))).toEqual([]);
  });

  it('agrees with our controls in at least 95 of 100 cases', () => {
    expect(all.length - differences.length).toBeGreaterThanOrEqual(LEAST_AGREEMENT * all.length);
  });
});
