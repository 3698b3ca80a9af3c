import { resourcesOf } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { type AnnotationSettings, annotatedExceptions } from './annotated-exceptions.ts';
import type { Resource } from './resource.ts';

const IDS: Readonly<Record<string, readonly string[]>> = {
  'host-pid': ['host-pid'],
  'kube-linter:host-pid': ['host-pid'],
  'kube-linter:*': ['host-pid', 'host-ipc'],
  'checkov:CKV_K8S_17': ['host-pid'],
  'checkov:*': ['host-pid', 'host-ipc'],
  'polaris:hostPIDSet': ['host-pid'],
  'polaris:*': ['host-pid', 'host-ipc'],
  'kube-score:container-resources': ['memory-limit-missing'],
  'kube-score:container-ephemeral-storage-request-and-limit': ['ephemeral-storage'],
  'kube-score:pod-probes': ['probes'],
  'kube-score:*': ['memory-limit-missing', 'probes'],
};

const SETTINGS: AnnotationSettings = {
  annotations: 'accept',
  otherTools: 'accept',
  controlsNamed: (name) => IDS[name] ?? [],
};

function one(yaml: string): Resource {
  const [resource] = resourcesOf(yaml, 'latest', 'a.yaml');
  if (resource === undefined) throw new Error('no resource');
  return resource;
}

function read(annotations: string, settings: Partial<AnnotationSettings> = {}) {
  const pod = one(
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    ${annotations}\nspec: {}\n`,
  );
  return annotatedExceptions(pod, { ...SETTINGS, ...settings });
}

describe('an annotation', () => {
  it.each<[string, readonly string[]]>([
    ['bulwark.dev/except.host-pid: Why', ['host-pid']],
    ['kube-linter.io/ignore-all: ""', ['host-pid', 'host-ipc']],
    ['ignore-check.kube-linter.io/host-pid: ""', ['host-pid']],
    ['checkov.io/skip1: CKV_K8S_17=Why', ['host-pid']],
    ['checkov.io/skip#: CKV_K8S_17', ['host-pid']],
    ['bridgecrew.io/skip2: CKV_K8S_17', ['host-pid']],
    ['polaris.fairwinds.com/exempt: "true"', ['host-pid', 'host-ipc']],
    ['polaris.fairwinds.com/exempt: "True"', ['host-pid', 'host-ipc']],
    ['polaris.fairwinds.com/hostPIDSet-exempt: "true"', ['host-pid']],
    ['kube-score/ignore: other, pod-probes', ['probes']],
    ['kube-score/ignore: container-resources', ['memory-limit-missing', 'ephemeral-storage']],
    ['kube-score/ignore: "*"', ['memory-limit-missing', 'probes']],
    ['kube-score/skip: "true"', ['memory-limit-missing', 'probes']],
  ])('%s accepts what its tool leaves out', (annotation, controls) => {
    const { exceptions, problems } = read(annotation);

    expect(exceptions.map(({ scope }) => scope.controls)).toEqual([controls]);
    expect(problems).toEqual([]);
  });

  it.each([
    'ignore-check.kube-linter.io/*: x',
    'ignore-check.kube-linter.io/other: x',
    'checkov.io/skip1: "*=Why"',
    'checkov.io/skip1: CKV_K8S_99',
    'polaris.fairwinds.com/exempt: "false"',
    'polaris.fairwinds.com/notexempt: "true"',
    'polaris.fairwinds.com/*-exempt: "true"',
    'kube-score/ignore: constructor',
    'kube-score/skip: "false"',
    'example.com/except.host-pid: x',
    'bulwark.dev/owner: payments',
    'bulwark.dev/contact: pay@example.com',
    'bulwark.dev/environment: production',
    'bulwark.dev/criticality: high',
  ])('%s accepts nothing, like its tool', (annotation) => {
    expect(read(annotation)).toEqual({ exceptions: [], problems: [], redacted: [] });
  });

  it.each([
    ['bulwark.dev/except.host-pidd: Why', 'there is no control host-pidd'],
    ['bulwark.dev/except.: Why', 'there is no control'],
    ['bulwark.dev/except.kube-linter:*: Why', 'there is no control kube-linter:*'],
    ['bulwark.dev/exception.host-pid: Why', 'an exception is written bulwark.dev/except.CONTROL'],
    ['bulwark.dev/ignore: Why', 'an exception is written bulwark.dev/except.CONTROL'],
    ['bulwark.dev/except-host-pid: Why', 'an exception is written bulwark.dev/except.CONTROL'],
    ['bulwark.dev/except.host-pid: ""', 'the reason is missing'],
    ['bulwark.dev/except.host-pid: " ; until=2027-01-01"', 'the reason is missing'],
    ['bulwark.dev/except.host-pid: owner=me', 'the reason is missing'],
    ['bulwark.dev/except.host-pid: "\\u200b\\u2060; owner=me"', 'the reason is missing'],
    ['bulwark.dev/except.host-pid: "because; owner=\\u200b"', 'is neither until=YYYY-MM-DD nor owner=NAME'],
    ['bulwark.dev/except.host-pid: Why; until=2027-02-30', 'is not a day'],
    ['bulwark.dev/except.host-pid: Why; until=', 'is neither until=YYYY-MM-DD nor owner=NAME'],
    ['bulwark.dev/except.host-pid: Why; until=2026-01-01; until=2099-01-01', 'until is given twice'],
    ['bulwark.dev/except.host-pid: Why; owner=a; owner=b', 'owner is given twice'],
    ['bulwark.dev/except.host-pid: Why; Until=2027-01-01', 'is neither'],
    [`bulwark.dev/except.host-pid: Why; ${'x'.repeat(99)}`, `"${'x'.repeat(40)}..." is neither`],
    [
      `bulwark.dev/except.host-pid: Why; see https://a:${'w0nderland'.repeat(5)}@b.example/c`,
      '"see https://a:[redacted]@b.example/c" is neither',
    ],
    ['bulwark.dev/except.host-pid: "[redacted]"', 'its text is not there'],
    ['ignore-check.kube-linter.io/host-pid: "[redacted]"', 'its text is not there'],
    ['bulwark.dev/except.host-pid:', 'is not a text'],
    ['bulwark.dev/except.host-pid: true', 'is not a text'],
    ['polaris.fairwinds.com/exempt: true', 'is not a text; it has to be quoted'],
  ])('%s is said to be unreadable', (annotation, reason) => {
    const { exceptions, problems } = read(annotation);

    expect(exceptions).toEqual([]);
    expect(problems).toMatchObject([
      { line: 6, column: 5, reason: expect.stringContaining(reason) as string },
    ]);
  });

  it('has its reason first and the rest in any order', () => {
    expect(
      read('bulwark.dev/except.host-pid: " It watches.;owner = platform ; until = 2027-01-31; "').exceptions,
    ).toEqual([
      expect.objectContaining({
        reason: 'It watches.',
        owner: 'platform',
        until: '2027-01-31',
        source: 'a.yaml:6',
      }),
    ]);
  });

  it('is told without the secrets that stand in its reason and its owner', () => {
    const text = 'See https://a:w0nderland@b/c; owner=https://c:l00king9lass@d/e; until=2027-01-31';

    expect(read(`bulwark.dev/except.host-pid: "${text}"`).exceptions).toMatchObject([
      { reason: 'See https://a:[redacted]@b/c', owner: 'https://c:[redacted]@d/e', until: '2027-01-31' },
    ]);
  });

  it.each([
    ['as long as it may be', 2000, 'x'.repeat(2000)],
    ['longer', 2001, `${'x'.repeat(1993)}… [cut]`],
    ['far longer', 200_000, `${'x'.repeat(1993)}… [cut]`],
  ])('keeps of a reason that is %s no more than where one is given in the hub', (_what, length, kept) => {
    const owner = length > 2000 ? 'y'.repeat(201) : 'y'.repeat(200);

    expect(
      read(`bulwark.dev/except.host-pid: "${'x'.repeat(length)}; owner=${owner}"`).exceptions,
    ).toMatchObject([{ reason: kept, owner: length > 2000 ? `${'y'.repeat(193)}… [cut]` : owner }]);
  });

  it('is told without a secret that is cut in two', () => {
    const text = `${'x'.repeat(1960)} https://a:${'w0nderland'.repeat(9)}@b.example/c`;
    const [exception] = read(`bulwark.dev/except.host-pid: "${text}"`).exceptions;

    expect(exception?.reason).not.toContain('w0nder');
  });

  it('is shown as asked for, or not read at all, where the settings say so', () => {
    const both = 'bulwark.dev/except.host-pid: Why\n    kube-linter.io/ignore-all: Why';

    expect(read(both, { annotations: 'request' }).exceptions.map(({ isRequest }) => isRequest)).toEqual([
      true,
      undefined,
    ]);
    expect(read(both, { annotations: 'ignore' }).exceptions).toMatchObject([{ origin: 'tool:kube-linter' }]);
    expect(read('bulwark.dev/except.nope: Why', { annotations: 'ignore' }).problems).toEqual([]);
  });

  it.each([
    ['its own metadata', 0],
    ['the metadata of its jobs', 1],
    ['the metadata of their pods', 2],
  ])('of a CronJob is read in %s', (_place, place) => {
    const [own, job, pods] = [0, 1, 2].map((each) =>
      each === place ? '{name: a, annotations: {bulwark.dev/except.host-pid: Why}}' : '{name: a}',
    );
    const cronJob = one(
      `{apiVersion: batch/v1, kind: CronJob, metadata: ${own}, spec: {jobTemplate: {metadata: ${job}, spec: {template: {metadata: ${pods}, spec: {containers: []}}}}}}`,
    );

    const { exceptions } = annotatedExceptions(cronJob, SETTINGS);

    expect(exceptions.map(({ scope }) => scope.object)).toEqual([cronJob]);
  });
});
