import { CONTROLS } from '@bulwark/controls';
import type { Exception } from '@bulwark/core';
import { controlsNamed } from '@bulwark/core';
import { describe, expect, it } from 'vitest';

import type { InputFile } from '../source/input.ts';
import type { ExceptionSettings } from './apply-exceptions.ts';
import { type Judged, judge } from './pipeline.ts';

const TODAY = '2026-11-25';

function input(file: string, text: string, more: Partial<InputFile> = {}): InputFile {
  return { file, text, size: text.length, ...more };
}

function judged(files: readonly InputFile[], settings: Partial<ExceptionSettings> = {}): Promise<Judged> {
  return judge({
    files,
    controls: CONTROLS.filter(({ id }) => id === 'host-pid' || id === 'privileged-container'),
    kubernetes: { minor: 37, text: '1.37' },
    namespaces: [],
    exceptions: {
      stored: [],
      annotations: 'accept',
      otherTools: 'accept',
      controlsNamed: (name) => controlsNamed(name, CONTROLS).map(({ id }) => id),
      today: TODAY,
      ...settings,
    },
    wantVerdicts: false,
    threads: 1,
    workerUrl: undefined,
    onProgress: () => undefined,
  });
}

/** Every finding: its place, and where the exception is written that accepts it. */
function accepted({ findings }: Judged): unknown[] {
  return findings.map(({ file, region, exception }) => [`${file}:${region?.line}`, exception?.source]);
}

function stored(scope: Exception['scope']): Exception {
  return { origin: 'configuration', source: 'bulwark.yaml:3', reason: 'Why', scope };
}

const EXCEPT = 'annotations: {bulwark.dev/except.host-pid: Why}';
const SPEC = '{hostPID: true, containers: [{name: a, image: x}]}';

describe('an exception in an object', () => {
  it.each<[string, string, string]>([
    [
      'a second one of the same generateName',
      `{apiVersion: v1, kind: Pod, metadata: {generateName: job-, ${EXCEPT}}, spec: ${SPEC}}`,
      `{apiVersion: v1, kind: Pod, metadata: {generateName: job-}, spec: ${SPEC}}`,
    ],
    [
      'one of the same kind and name in another group',
      `{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: s, namespace: shop, ${EXCEPT}}, spec: {template: {spec: ${SPEC}}}}`,
      `{apiVersion: other.dev/v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {template: {spec: ${SPEC}}}}`,
    ],
    [
      'a second copy of it',
      `{apiVersion: v1, kind: Pod, metadata: {name: p, ${EXCEPT}}, spec: ${SPEC}}`,
      `{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: ${SPEC}}`,
    ],
  ])('does not cover %s', async (_name, excepted, other) => {
    expect(accepted(await judged([input('a.yaml', `${excepted}\n---\n${other}\n`)]))).toEqual([
      ['a.yaml:3', undefined],
      ['a.yaml:1', 'a.yaml:1'],
    ]);
    expect(accepted(await judged([input('a.yaml', `${other}\n---\n${excepted}\n`)]))).toEqual([
      ['a.yaml:1', undefined],
      ['a.yaml:3', 'a.yaml:3'],
    ]);
    expect(
      accepted(
        await judged([input('l.yaml', `apiVersion: v1\nkind: List\nitems:\n- ${excepted}\n- ${other}\n`)]),
      ),
    ).toEqual([
      ['l.yaml:5', undefined],
      ['l.yaml:4', 'l.yaml:4'],
    ]);
  });

  it('that a list carries covers none of its items', async () => {
    const list = `apiVersion: v1\nkind: List\nmetadata: {${EXCEPT}}\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: ${SPEC}}\n`;

    expect(accepted(await judged([input('a.yaml', list)]))).toEqual([['a.yaml:5', undefined]]);
  });

  it('that only one set of values of a chart makes does not accept what the others make', async () => {
    const lineMap = Uint32Array.of(7, 7);
    const pod = (more: string): string =>
      `{apiVersion: v1, kind: Pod, metadata: {name: p${more}}, spec: ${SPEC}}`;
    const files = [
      input('t.yaml', pod(`, ${EXCEPT}`), { lineMap }),
      input('t.yaml', pod(`${' '.repeat(EXCEPT.length)}  `), { lineMap, variant: 'prod.yaml' }),
    ];

    for (const order of [files, files.toReversed()]) {
      const all = await judged(order);
      expect(accepted(all)).toEqual([['t.yaml:7', undefined]]);
      expect(all.uses.map(({ findings }) => findings.length)).toEqual([1]);
    }
    expect(accepted(await judged([files[0] as InputFile, files[0] as InputFile]))).toEqual([
      ['t.yaml:7', 't.yaml:7'],
    ]);
  });

  it('is the same from a JSON file', async () => {
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'p',
        annotations: { 'bulwark.dev/except.host-pid': 'Why', note: '# trivy:ignore:KSV-0017' },
      },
      spec: { hostPID: true, containers: [{ name: 'a', securityContext: { privileged: true } }] },
    });

    expect(accepted(await judged([input('a.json', text)]))).toEqual([
      ['a.json:1', undefined],
      ['a.json:1', 'a.json:1'],
    ]);
  });
});

describe('an exception in a controller and what it owns', () => {
  const object = (kind: string, name: string, spec: string, annotations: string, owner = ''): string =>
    `{apiVersion: ${kind === 'Pod' ? 'v1' : 'apps/v1'}, kind: ${kind}, metadata: {name: ${name}, annotations: {${annotations}}${owner}}, spec: ${spec}}`;
  const owned = (kind: string, name: string): string =>
    `, ownerReferences: [{apiVersion: apps/v1, kind: ${kind}, name: ${name}, controller: true}]`;
  const bundle = (ofOwner: string, ofPods: string): InputFile =>
    input(
      'dump.yaml',
      [
        object(
          'Deployment',
          'web',
          `{template: {metadata: {annotations: {${ofOwner}}}, spec: {containers: [{name: a}]}}}`,
          '',
        ),
        object(
          'ReplicaSet',
          'web-1',
          `{template: {metadata: {annotations: {${ofOwner}}}, spec: {containers: [{name: a}]}}}`,
          '',
          owned('Deployment', 'web'),
        ),
        object('Pod', 'web-1-a', SPEC, ofPods, owned('ReplicaSet', 'web-1')),
        object('Pod', 'web-1-b', SPEC, ofOwner, owned('ReplicaSet', 'web-1')),
      ].join('\n---\n'),
    );
  const WORDS = 'bulwark.dev/except.host-pid: Why';

  it('covers what is found in its pods, and is one exception, however often it was copied', async () => {
    const { findings, uses, coverage } = await judged([bundle(WORDS, WORDS)]);

    expect(findings.map(({ resource, exception }) => [resource.kind, exception?.source])).toEqual([
      ['Deployment', 'dump.yaml:1'],
    ]);
    expect(uses.map(({ exception }) => exception.source)).toEqual(['dump.yaml:1']);
    expect(coverage.filter(({ code }) => code === 'invalid-exception')).toEqual([]);
  });

  it('accepts nothing where only one of the pods has it, and says so', async () => {
    const { findings, uses, coverage } = await judged([bundle('', WORDS)]);

    expect(findings.map(({ exception }) => exception)).toEqual([undefined]);
    expect(uses).toEqual([]);
    expect(coverage).toContainEqual(
      expect.objectContaining({
        code: 'invalid-exception',
        line: 5,
        reason: 'Pod/web-1-a belongs to Deployment/web, and so do its findings; accept them there.',
      }),
    );
  });

  it.each<[string, Exception['scope'], boolean]>([
    ['the image that the pod runs', { images: ['x'] }, false],
    ['its owner', { kinds: ['Deployment'], names: ['web'] }, true],
    ['itself', { kinds: ['Pod'] }, false],
  ])('is decided by %s', async (_name, scope, isAccepted) => {
    const { findings } = await judged([bundle('', '')], { stored: [stored(scope)] });

    expect(findings.map(({ exception }) => exception !== undefined)).toEqual([isAccepted]);
  });
});

describe('an exception by labels or image', () => {
  const web = (environment: string): string =>
    `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {env: ${environment}}}, spec: {template: {spec: {containers: [{name: a, image: "x:${environment}", securityContext: {privileged: true}}]}}}}`;
  const files = [input('dev/d.yaml', web('dev')), input('prod/d.yaml', web('prod'))];

  it.each<[string, Exception['scope'], string]>([
    ['the label of the first', { labels: { env: 'dev' } }, 'dev/d.yaml'],
    ['the label of the second', { labels: { env: 'prod' } }, 'prod/d.yaml'],
    ['the image of the first', { images: ['x:dev'] }, 'dev/d.yaml'],
    ['the image of the second', { images: ['*:prod'] }, 'prod/d.yaml'],
    ['the file of the second', { paths: ['prod/*'] }, 'prod/d.yaml'],
  ])('is asked of each object of a name on its own: %s', async (_name, scope, file) => {
    const { findings, uses } = await judged(files, { stored: [stored(scope)] });

    expect(
      findings.filter(({ exception }) => exception !== undefined).map((finding) => finding.file),
    ).toEqual([file]);
    expect(uses.map((use) => use.findings.map((finding) => finding.file))).toEqual([[file]]);
  });
});

describe('a comment for another tool', () => {
  it('that cannot be read accepts nothing and says so, if it is about a control at all', async () => {
    const text = `# trivy:ignore:KSV-0010:exp:2027-13-45\n# trivy:ignore:DS-0002:exp:tomorrow\n{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: ${SPEC}}\n`;
    const { findings, coverage } = await judged([input('a.yaml', text)]);

    expect(findings.map(({ exception }) => exception)).toEqual([undefined]);
    expect(coverage).toEqual([
      {
        code: 'invalid-exception',
        kind: 'note',
        file: 'a.yaml',
        line: 1,
        column: 1,
        reason: 'The comment for trivy: what follows exp is not a day such as 2027-01-31.',
      },
    ]);
  });

  it('is told without the secrets that stand in its reason', async () => {
    const text = `# checkov:skip=CKV_K8S_17:See https://a:w0nderland@b/c\n{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: ${SPEC}}\n`;
    const { findings } = await judged([input('a.yaml', text)]);

    expect(findings.map(({ exception }) => exception?.reason)).toEqual(['See https://a:[redacted]@b/c']);
  });

  it.each([
    ['2026-11-26', true],
    // Trivy stops to ignore when the day begins.
    [TODAY, false],
  ])('that ends on %s holds today or not', async (day, holds) => {
    const text = `# trivy:ignore:KSV-0010:exp:${day}\n{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: ${SPEC}}\n`;
    const { findings, uses } = await judged([input('a.yaml', text)]);

    expect(findings.map(({ exception }) => exception !== undefined)).toEqual([holds]);
    expect(uses.map((use) => use.findings.length)).toEqual([1]);
  });
});
