import type { BuildRecordBody } from '@bulwark/api';
import {
  type Finding,
  imageNameOf,
  type Manifest,
  manifestOf,
  openFindings,
  type Resource,
  SEVERITIES,
  type Severity,
} from '@bulwark/core';
import { UsageError } from '../exit.ts';
import type { ScanFlags } from '../flags.ts';
import { connectionTo, type HubConnection } from '../hub-client/connection.ts';
import type { Io } from '../io.ts';
import { type BuildSource, buildSource } from './build-variables.ts';

type Image = BuildRecordBody['images'][number];

/** A build that is to be recorded once it is judged. */
interface Recording {
  readonly hub: HubConnection;
  readonly source: BuildSource;
  /** Those that the build made. */
  readonly images: readonly Image[];
}

const IMAGE = /^([^@\s]+)@(sha(?:256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128}))$/;
/** What the hub takes of one build. */
const MOST_MANIFESTS = 5000;
const MOST_IMAGES = 2000;

/**
 * Makes sure before the scan that its record can be sent, so that a mistake costs no waiting.
 *
 * @returns what sends the record, and says in one line what became of it.
 * @throws UsageError for whatever is missing or does not go together.
 */
export function recorder(flags: ScanFlags, io: Io): (outcome: Outcome, at: Date) => Promise<string> {
  if (flags.cluster === true)
    throw new UsageError('--record says what a build has judged; what --cluster judges runs already');
  if (flags.writeBaseline !== undefined)
    throw new UsageError(
      '--record and --write-baseline do not go together: a baseline accepts whatever is found',
    );
  const recording = {
    hub: connectionTo(flags, io),
    source: buildSource(io.env),
    images: (flags.image ?? []).map(imageOf),
  };
  return (outcome, at) => sendRecord(recording, outcome, at);
}

function imageOf(written: string): Image {
  const [, name = '', digest] = IMAGE.exec(written) ?? [];
  if (digest === undefined)
    throw new UsageError(
      `--image takes NAME@DIGEST, such as registry.example.com/shop/web@sha256:..., not "${written}"`,
    );
  return { name: imageNameOf(name), digest, made: true };
}

/** What a scan came to. */
interface Outcome {
  /** What was judged, of the namespaces that were asked for. */
  readonly resources: readonly Resource[];
  readonly findings: readonly Finding[];
  readonly controls: number;
  readonly failOn: Severity | 'never';
  readonly hasPassed: boolean;
}

async function sendRecord(
  { hub, source, images: made }: Recording,
  outcome: Outcome,
  at: Date,
): Promise<string> {
  const workloads = outcome.resources.filter((resource) => resource.workloads.length > 0);
  const manifests = distinct(workloads.flatMap(({ object }) => manifestOf(object) ?? []));
  const images = [...made, ...namedIn(manifests, made)];
  refuseTooMany(manifests, images);
  const body: BuildRecordBody = {
    ...source,
    verdict: outcome.hasPassed ? 'passed' : 'failed',
    failOn: outcome.failOn,
    controls: outcome.controls,
    findings: countsOf(outcome.findings),
    at: at.toISOString(),
    manifests: manifests.map(({ content }) => ({ ...content })),
    images: [...images],
  };
  const { id, created, objects } = await hub.call('createBuildRecord', { body });
  const unnamed = workloads.filter(({ object }) => manifestOf(object) === undefined).length;
  return [
    `${created ? 'Recorded' : 'Was recorded already'} at ${hub.url} as build ${id}:`,
    `${counted(objects, 'object')} that ${objects === 1 ? 'runs' : 'run'} pods, ${counted(images.length, 'image')} by digest; the scan ${body.verdict}.`,
    ...(unnamed === 0 ? [] : [`${counted(unnamed, 'object')} without a name could not be recorded.`]),
  ].join(' ');
}

function refuseTooMany(manifests: readonly Manifest[], images: readonly Image[]): void {
  for (const [count, most, what] of [
    [manifests.length, MOST_MANIFESTS, 'objects that run pods'],
    [images.length, MOST_IMAGES, 'images'],
  ] as const)
    if (count > most)
      throw new UsageError(
        `--record: the hub takes ${most} ${what} of one build, and these are ${count}; scan parts of it`,
      );
}

/** A chart rendered twice may give the same object twice. */
function distinct(manifests: readonly Manifest[]): readonly Manifest[] {
  return [...new Map(manifests.map((manifest) => [manifest.fingerprint, manifest])).values()];
}

/** The images that manifests name by digest and the build has not made. */
function namedIn(manifests: readonly Manifest[], made: readonly Image[]): readonly Image[] {
  const known = new Set(made.map(({ name, digest }) => `${name}@${digest}`));
  const named = new Map<string, Image>();
  for (const written of manifests.flatMap(({ images }) => images)) {
    const [, reference = '', digest] = IMAGE.exec(written) ?? [];
    if (digest === undefined) continue;
    const name = imageNameOf(reference);
    const key = `${name}@${digest}`;
    if (!known.has(key)) named.set(key, { name, digest, made: false });
  }
  return [...named.values()];
}

function countsOf(findings: readonly Finding[]): BuildRecordBody['findings'] {
  const open = openFindings(findings);
  const entries = SEVERITIES.map((severity) => [
    severity,
    open.filter((each) => each.severity === severity).length,
  ]);
  return Object.fromEntries(entries) as BuildRecordBody['findings'];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
