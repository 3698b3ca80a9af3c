import { stringAt } from '@bulwark/core';
import { z } from 'zod';
import { defineRoute } from './contract.ts';
import {
  count,
  counts,
  idParams,
  inPods,
  listQuery,
  moment,
  pageOf,
  rowIdInDigits,
  severity,
  storedCount,
} from './vocabulary.ts';

/** What runs builds, as `bulwark scan --record` tells it from its variables. */
export const BUILD_SYSTEMS = [
  'github-actions',
  'gitlab-ci',
  'jenkins',
  'circleci',
  'azure-pipelines',
  'buildkite',
  'tekton',
  'other',
] as const;

const MOST_MANIFESTS = 5000;
const MOST_IMAGES = 2000;
const MOST_NESTING = 100;

/** A text without controls, which it would show by and nobody wants in a list. */
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}]+$/u, 'must be one line');

/** Nesting is looked at before anything walks an object, and without recursion. */
function isShallow(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_NESTING) return false;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return true;
}

/**
 * Most characters of what names an object: Kubernetes takes none that is longer, nor does an index. An API version is a group
 * and a version.
 */
const NAMES = [
  { path: ['apiVersion'], most: 253 + 1 + 63 },
  { path: ['kind'], most: 63 },
  { path: ['metadata', 'namespace'], most: 63 },
  { path: ['metadata', 'name'], most: 253 },
] as const;

/** What runs pods, as somebody wrote it. */
const manifest = z
  .record(z.string(), z.unknown())
  .refine(isShallow, 'is nested too deep')
  .superRefine((object, context) => {
    for (const { path, most: maximum } of NAMES) {
      const input = stringAt(object, ...path);
      if (input !== undefined && input.length > maximum)
        context.addIssue({
          code: 'too_big',
          origin: 'string',
          maximum,
          inclusive: true,
          path: [...path],
          input,
        });
    }
  });

export const imageRecord = z.strictObject({
  name: line(500).describe('Registry and repository, without tag and digest.'),
  digest: z.string().regex(/^sha(256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})$/),
  made: z.boolean().describe('Whether the build made it; else a manifest names it.'),
});

const record = {
  repository: line(500)
    .regex(/^[^@\s]+$/, 'must be without a name and a password')
    .describe('As host and path: github.com/acme/shop.'),
  commit: z.string().regex(/^[0-9a-f]{7,64}$/),
  ref: line(500).nullable().describe('Branch or tag.'),
  run: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullable()
    .describe('Address of the run.'),
  author: line(300).nullable(),
  system: z.enum(BUILD_SYSTEMS),
  verdict: z.enum(['passed', 'failed']),
  failOn: z.union([severity, z.literal('never')]).describe('From which severity on it fails.'),
  controls: storedCount.describe('How many controls judged it.'),
  findings: counts.extend({
    critical: storedCount,
    high: storedCount,
    medium: storedCount,
    low: storedCount,
    info: storedCount,
  }),
  at: moment.describe("When it was judged, by the build's clock."),
};

const buildRecord = z
  .strictObject({
    id: z.int().positive(),
    ...record,
    received: moment,
    objects: count,
    images: count,
  })
  .describe('What a build says of what it judged.');
export type BuildRecordItem = z.output<typeof buildRecord>;

export const buildRecordBody = z.strictObject({
  ...record,
  manifests: z.array(manifest).max(MOST_MANIFESTS).describe('What runs pods, as written, secrets redacted.'),
  images: z.array(imageRecord).max(MOST_IMAGES),
});
export type BuildRecordBody = z.input<typeof buildRecordBody>;

/** Whether what runs is what a build has judged. */
export const workloadBuild = z
  .strictObject({
    state: z
      .enum(['same', 'changed', 'never'])
      .describe('Of its template: as it was built, changed since then, or never seen in a build.'),
    record: buildRecord.nullable(),
    differences: z
      .array(z.strictObject({ path: z.string(), change: z.enum(['changed', 'missing', 'added']) }))
      .describe('Where it differs from its manifest; the first fifty.'),
    others: z
      .array(z.strictObject({ container: z.string(), image: z.string(), inPods }))
      .describe('What its pods run and its template does not name: no build has judged that it runs here.'),
    images: z
      .array(z.strictObject({ digest: z.string(), record: buildRecord.nullable() }))
      .describe('The images that run, by digest, and the build that made each.'),
  })
  .describe('Who built a workload, and whether that is what runs.');
export type WorkloadBuild = z.output<typeof workloadBuild>;

export const buildRoutes = {
  createBuildRecord: defineRoute({
    id: 'createBuildRecord',
    method: 'POST',
    path: '/api/v1/build-records',
    permission: 'record',
    tag: 'builds',
    summary: 'Records what a build has judged; the same again is the same record.',
    mostBody: 16 * 1024 * 1024,
    body: buildRecordBody,
    response: z.strictObject({
      id: z.int().positive(),
      created: z.boolean().describe('False where it was there already.'),
      objects: count,
    }),
  }),
  listBuildRecords: defineRoute({
    id: 'listBuildRecords',
    method: 'GET',
    path: '/api/v1/build-records',
    permission: 'view',
    tag: 'builds',
    summary: 'Lists build records, newest first.',
    query: listQuery.omit({ cluster: true, namespace: true, sort: true }),
    response: pageOf(buildRecord),
  }),
  getBuildRecord: defineRoute({
    id: 'getBuildRecord',
    method: 'GET',
    path: '/api/v1/build-records/:id',
    permission: 'view',
    tag: 'builds',
    summary: 'Gives a build record with its objects and images.',
    params: idParams,
    response: buildRecord.omit({ objects: true, images: true }).extend({
      objects: z.array(
        z.strictObject({
          kind: z.string(),
          namespace: z.string().describe('As written; empty where it was left open.'),
          name: z.string(),
          fingerprint: z.string(),
        }),
      ),
      images: z.array(imageRecord),
    }),
  }),
  getWorkloadBuild: defineRoute({
    id: 'getWorkloadBuild',
    method: 'GET',
    path: '/api/v1/clusters/:cluster/workloads/:kind/:namespace/:name/build',
    permission: 'view',
    tag: 'builds',
    summary: 'Says who built a workload, and whether what runs is what was judged.',
    params: z.strictObject({
      cluster: rowIdInDigits,
      kind: z.string().describe('Kind, with its API group after a dot: Deployment.apps.'),
      namespace: z.string().describe('Namespace; - for cluster-scoped kinds.'),
      name: z.string(),
    }),
    query: z.strictObject({ asOf: moment.optional() }),
    response: workloadBuild,
  }),
} as const;
