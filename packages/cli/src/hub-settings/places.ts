import { existsSync } from 'node:fs';
import type { ClusterPlace } from '@bulwark/hub';
import type { KubeconfigOptions, SignIns } from '@bulwark/kube';
import { nearest } from '../exit.ts';
import type { Io } from '../io.ts';
import { auditLogFile, type HubSettings } from './settings.ts';
import type { Told } from './told.ts';

const DEMO = { kind: 'demo' } as const;

/** The clusters to watch, and what is wrong with how they are named. */
export interface Watched {
  readonly places: readonly ClusterPlace[];
  /** Each with the place where it was said: no usable entry in a kubeconfig, or an audit log of no such cluster. */
  readonly faults: readonly string[];
}

/**
 * The clusters that were asked for; else, in the order of kubectl, the current context where there is a kubeconfig, and the
 * cluster of the pod.
 *
 * @param isPod whether there is a service account; by default as it is.
 */
export async function placesOf(told: Told, io: Io, isPod?: boolean): Promise<Watched> {
  const surroundings = await surroundingsOf(io, isPod);
  const places = await allowing(told, chosen(told, surroundings), surroundings.options);
  const missing = missingKubeconfig(told, surroundings);
  if (missing !== undefined) return { places, faults: missing };
  const real = places.filter((place) => place.kind !== 'demo');
  if (real.length === 0) return { places, faults: strangeContexts(told, []) };
  const { accessOf } = await import('@bulwark/hub');
  const names: string[] = [];
  const faults = real.flatMap((place) => {
    try {
      names.push(accessOf(place, io.env).name);
      return [];
    } catch (error) {
      const why = error instanceof Error ? error.message : 'the kubeconfig cannot be read';
      if (isNamed(place)) return [`${told.sourceOf('context')}: ${why}`];
      const isFound = place.kind === 'kubeconfig' && told.settings.kubeconfig === undefined;
      return [isFound ? `${why}\n${OTHERWISE}` : why];
    }
  });
  if (faults.length === 0) faults.push(...strangeContexts(told, names));
  return { places, faults: [...new Set(faults)] };
}

/** What can be done where what was found without being named cannot be used. */
const OTHERWISE = '--context or --kubeconfig names another cluster, and --demo asks for a demonstration.';

function isNamed(place: ClusterPlace): boolean {
  return place.kind === 'kubeconfig' && place.context !== undefined;
}

/** Where clusters are looked for that nobody named. */
interface Surroundings {
  /** Of the kubeconfig, whether they are there or not. */
  readonly files: readonly string[];
  readonly isThere: boolean;
  /** Whether the kubeconfig is there and has a context, or a fault. It has none where the last cluster of kind was deleted. */
  readonly namesClusters: boolean;
  readonly options: Pick<KubeconfigOptions, 'env' | 'home'>;
  readonly isPod: boolean;
}

async function surroundingsOf({ env }: Io, isPod: boolean | undefined): Promise<Surroundings> {
  const { contextsOf, isInCluster, kubeconfigFiles } = await import('@bulwark/kube');
  const { HOME } = env;
  const options = { env, ...(HOME !== undefined && { home: HOME }) };
  const files = kubeconfigFiles(options);
  const isThere = files.some((file) => existsSync(file));
  const contexts = contextsOf(options);
  const namesClusters = isThere && !(contexts.ok && contexts.value.length === 0);
  return { files, isThere, namesClusters, options, isPod: isPod ?? isInCluster({ env }) };
}

/**
 * What is wrong where the kubeconfig is not there or is empty, so that nothing can be looked up in it. kubectl takes `KUBECONFIG` that
 * names no file for an empty kubeconfig; a hub that did so would show a demonstration, or the cluster of its pod, to whoever
 * mistyped a path. Nor does what is made up come into a database that was named, unless somebody asks for it.
 */
function missingKubeconfig(
  { settings, sourceOf }: Told,
  { files, isThere, namesClusters, options, isPod }: Surroundings,
): readonly string[] | undefined {
  const { kubeconfig, context = [], databaseUrl, demo } = settings;
  if (kubeconfig !== undefined)
    return existsSync(kubeconfig) ? undefined : [`${sourceOf('kubeconfig')}: there is no file ${kubeconfig}`];
  if (demo === true || namesClusters) return undefined;
  if (isThere || (options.env?.['KUBECONFIG'] ?? '') === '') {
    if (databaseUrl === undefined || context.length > 0 || isPod) return undefined;
    return [
      `${sourceOf('databaseUrl')}: there is no cluster to keep in it, as no kubeconfig names one; --kubeconfig does, and --demo asks for a demonstration`,
    ];
  }
  return [
    `KUBECONFIG: there is no file ${files.join(' nor ')}; name one that is there, or unset it for ${isPod ? 'the service account of the pod' : '~/.kube/config'}, or say --demo for a demonstration`,
  ];
}

/** How long the current context may take to answer before a demonstration is shown in its place. */
const ANSWERS_WITHIN_MS = 5000;

/**
 * The same places, or a demonstration where nobody chose a cluster and that of the current context does not answer.
 *
 * @param isFirst whether nothing is known yet: what was seen before is shown, however old it is.
 */
export async function answeringPlaces(
  places: readonly ClusterPlace[],
  {
    settings,
    isFirst,
    signIns,
  }: { readonly settings: HubSettings; readonly isFirst: boolean; readonly signIns: SignIns },
  io: Io,
): Promise<{ readonly places: readonly ClusterPlace[]; readonly away?: string }> {
  const { kubeconfig, context = [], databaseUrl } = settings;
  const [place] = places;
  const isChosen = kubeconfig !== undefined || context.length > 0 || databaseUrl !== undefined;
  if (isChosen || !isFirst || place?.kind !== 'kubeconfig') return { places };
  const { whyAway } = await import('@bulwark/hub');
  const away = await whyAway(place, { env: io.env, signIns }, ANSWERS_WITHIN_MS);
  return away === undefined ? { places } : { places: [DEMO], away };
}

/** What is said of a demonstration, by whether it was asked for, and by what is in the way of a cluster. */
export function demoNote({ demo }: HubSettings, away?: string): string {
  if (demo === true) return 'This is a demonstration, as asked for, and nothing in it is real.';
  return away === undefined
    ? 'No kubeconfig names a cluster: so this is a demonstration, and nothing in it is real. --kubeconfig names one.'
    : `The current context does not answer: ${away}\nSo this is a demonstration, and nothing in it is real. --kubeconfig waits for a cluster until it answers.`;
}

/** What is wrong with settings about clusters that are not watched: nothing would ever come of them. */
function strangeContexts({ settings, sourceOf }: Told, names: readonly string[]): readonly string[] {
  const ofLogs = (settings.auditLog ?? []).map((text) => auditLogFile(text)?.cluster ?? '');
  const named = [
    ...ofLogs.map((cluster) => ['auditLog', cluster] as const),
    ...(settings.insecureSkipTlsVerify ?? []).map((cluster) => ['insecureSkipTlsVerify', cluster] as const),
  ];
  return named.flatMap(([setting, cluster]) => {
    if (names.includes(cluster)) return [];
    const near = nearest(cluster, names);
    const known = names.length === 0 ? 'none is' : `these are: ${names.join(', ')}`;
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    return [`${sourceOf(setting)}: no cluster ${cluster} is watched, ${known}${hint}`];
  });
}

/** The places, with which of their servers may go unchecked: those of the contexts that were named for it, and no other. */
async function allowing(
  { settings }: Told,
  places: readonly ClusterPlace[],
  options: KubeconfigOptions,
): Promise<readonly ClusterPlace[]> {
  const { insecureSkipTlsVerify: named = [] } = settings;
  if (named.length === 0) return places;
  const { contextsOf } = await import('@bulwark/kube');
  return places.map((place) => {
    if (place.kind !== 'kubeconfig') return place;
    const { path, context } = place;
    const known = contextsOf({ ...options, path });
    const current = known.ok ? known.value.find(({ isCurrent }) => isCurrent)?.name : undefined;
    return named.includes(context ?? current ?? '') ? { ...place, allowInsecure: true } : place;
  });
}

function chosen({ settings }: Told, { namesClusters, isPod }: Surroundings): readonly ClusterPlace[] {
  const { kubeconfig, context = [], demo } = settings;
  if (demo === true) return [DEMO];
  const at = kubeconfig === undefined ? {} : { path: kubeconfig };
  if (context.length > 0) return context.map((name) => ({ kind: 'kubeconfig', ...at, context: name }));
  if (kubeconfig !== undefined) return [{ kind: 'kubeconfig', path: kubeconfig }];
  if (namesClusters) return [{ kind: 'kubeconfig' }];
  return [isPod ? { kind: 'in-cluster' } : DEMO];
}
