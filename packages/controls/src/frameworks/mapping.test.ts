import { readFileSync } from 'node:fs';
import {
  type Control,
  countOutcome,
  Engine,
  type Framework,
  frameworkResult,
  Plan,
  parseKubernetesVersion,
  type RequirementState,
  type Verdict,
  World,
  withExcepted,
} from '@bulwark/core';
import { splitDocuments } from '@bulwark/formats';
import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from '../registry.ts';
import { cisKubernetes } from './cis-kubernetes-2.0.1.ts';
import { nsaCisa } from './nsa-cisa-1.2.ts';
import { owaspKubernetes } from './owasp-kubernetes-2025.ts';

/** The frameworks whose mapping is our own reading, by the short names that the cases use. */
const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  cis: cisKubernetes,
  nsa: nsaCisa,
  owasp: owaspKubernetes,
};

/** Objects that break some requirements in the sense of their titles, and leave others alone that are taken for them. */
interface MappingCase {
  readonly name: string;
  readonly fails: readonly string[];
  readonly spares: readonly string[];
  readonly yaml: string;
}

const AUTOMATED = Object.entries(FRAMEWORKS).flatMap(([short, { requirements }]) =>
  requirements
    .filter(({ coverage }) => coverage.kind === 'automated')
    .map(({ id, title }) => ({ key: `${short}/${id}`, title })),
);
const CONTROL_IDS = new Set(
  Object.values(FRAMEWORKS).flatMap(({ requirements }) =>
    requirements.flatMap(({ coverage }) => (coverage.kind === 'automated' ? coverage.controls : [])),
  ),
);
const PLAN = new Plan((CONTROLS as readonly Control[]).filter(({ id }) => CONTROL_IDS.has(id)));

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

/** Each case is headed by `# case:`, `# fails:` and `# spares:`; a document headed `# with` belongs to the case before. */
function readMappingCases(text: string): MappingCase[] {
  const cases: MappingCase[] = [];
  for (const { start, end } of splitDocuments(text)) {
    const yaml = text.slice(start, end).replace(/^---[^\n]*\n/, '');
    const value = (key: string): string => new RegExp(`^# ${key}: (.+)$`, 'm').exec(yaml)?.[1] ?? '';
    const words = (key: string): string[] => value(key).split(' ').filter(Boolean);
    const last = cases.at(-1);
    if (yaml.startsWith('# with\n') && last !== undefined)
      cases[cases.length - 1] = { ...last, yaml: `${last.yaml}\n---\n${yaml}` };
    else cases.push({ name: value('case'), fails: words('fails'), spares: words('spares'), yaml });
  }
  return cases;
}

/** The verdict on every requirement, by `cis/5.1.1`. */
function verdictsOn(yaml: string): Map<string, RequirementState> {
  const kubernetes = parseKubernetesVersion('1.35');
  if (!kubernetes.ok) throw new Error(kubernetes.error.message);
  const resources = resourcesOf(yaml, '1.35');
  const engine = new Engine(PLAN, kubernetes.value, World.of(resources).world);
  const counts = new Map<string, Record<Verdict, number>>();
  for (const resource of resources)
    engine.evaluate(resource, ({ id }, outcome) => {
      if (outcome.verdict === 'error') throw new Error(`${id}: ${outcome.reason}`);
      countOutcome(counts, id, outcome);
    });
  return new Map(
    Object.entries(FRAMEWORKS).flatMap(([short, framework]) =>
      frameworkResult(framework, withExcepted(counts, []), { ran: CONTROL_IDS }).requirements.map(
        ({ id, verdict }): [string, RequirementState] => [`${short}/${id}`, verdict],
      ),
    ),
  );
}

const cases = readMappingCases(read('./mapping.bad.yaml'));

describe('the cases of the mappings', () => {
  it('break every requirement that is judged automatically', () => {
    const broken = new Set(cases.flatMap(({ fails }) => fails));

    expect(AUTOMATED.map(({ key }) => key).filter((key) => !broken.has(key))).toEqual([]);
  });

  it('name only requirements that are judged automatically', () => {
    const keys = new Set(AUTOMATED.map(({ key }) => key));

    for (const { name, fails, spares } of cases) {
      expect(name).not.toBe('');
      expect(fails).not.toEqual([]);
      expect([...fails, ...spares].filter((key) => !keys.has(key))).toEqual([]);
    }
  });
});

const judged = cases.map((given) => ({ ...given, verdicts: verdictsOn(given.yaml) }));

describe.each(judged)('$name', ({ fails, verdicts }) => {
  it.each(fails)('fails %s', (key) => {
    expect(verdicts.get(key)).toBe('fail');
  });
});

describe('what requirements can be mistaken for', () => {
  it.each(judged.filter(({ spares }) => spares.length > 0))(
    'is not failed by: $name',
    ({ spares, verdicts }) => {
      expect(spares.filter((key) => verdicts.get(key) === 'fail')).toEqual([]);
    },
  );
});

describe('a cluster in which all is well', () => {
  const verdicts = verdictsOn(read('./mapping.good.yaml'));

  it.each(AUTOMATED)('passes $key: $title', ({ key }) => {
    expect(verdicts.get(key)).toBe('pass');
  });
});

describe('an input without any object', () => {
  const verdicts = verdictsOn('');

  it('passes nothing', () => {
    expect([...verdicts].filter(([, verdict]) => verdict === 'pass')).toEqual([]);
    expect(AUTOMATED.filter(({ key }) => verdicts.get(key) !== 'not-checked')).toEqual([]);
  });
});

describe('a pod alone', () => {
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: app, image: a }] }';
  const verdicts = verdictsOn(pod);

  it.each([
    'cis/5.1.1',
    'cis/5.1.2',
    'nsa/auth-least-privilege',
    'nsa/pod-enforcement',
    'owasp/K02',
    'owasp/K04',
  ])('leaves %s unchecked, which is about objects that were not read', (key) => {
    expect(verdicts.get(key)).toBe('not-checked');
  });
});
