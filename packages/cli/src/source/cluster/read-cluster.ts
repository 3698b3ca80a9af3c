import {
  type Changes,
  type ClusterRules,
  type CoverageEntry,
  clusterRules,
  contentHash,
  hasEnded,
  isControlled,
  type JsonObject,
  LiveSubjects,
  type Resource,
  securityContent,
  toResource,
} from '@bulwark/core';
import {
  accessFromKubeconfig,
  clusterIdentity,
  findAccess,
  type KindState,
  KubeClient,
  type KubeconfigOptions,
  listOnce,
  printAccessProblem,
  SignIns,
  type Sink,
  type Unseen,
} from '@bulwark/kube';
import { UsageError } from '../../exit.ts';
import type { ClusterFlags } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { clusterCoverage } from './cluster-coverage.ts';

/** What a scan judges of a cluster. */
export interface ScannedCluster {
  /** The context's name and the address. */
  readonly name: string;
  /** By which version's rules it is judged, where nobody says otherwise. */
  readonly rules: ClusterRules;
  /** What is judged: owners once, and of pods with equal content one for all. */
  readonly resources: readonly Resource[];
  /** How many objects were read. */
  readonly objects: number;
  readonly coverage: readonly CoverageEntry[];
}

/**
 * Reads a cluster once, and writes nothing to it.
 *
 * @throws UsageError where there is no access, where it does not answer, and where nothing of it may be read.
 */
export async function readCluster(flags: ClusterFlags, io: Io): Promise<ScannedCluster> {
  const client = new KubeClient({ access: accessOf(flags, io), userAgent: `bulwark/${io.version}` });
  const name = `${client.access.name} (${client.access.server.origin})`;
  try {
    const identity = await clusterIdentity(client);
    if (!identity.ok) throw new UsageError(`the cluster ${name} does not answer: ${identity.error.message}`);
    const listed = new Listed(client.access.name);
    await listOnce({ client, sink: listed, namespaces: flags.namespace ?? [] });
    const nothing = listed.whyNothing();
    if (nothing !== undefined) throw new UsageError(`nothing of the cluster ${name} can be read: ${nothing}`);
    return {
      name,
      rules: clusterRules(identity.value.version),
      resources: subjectsOf(listed.resources()),
      objects: listed.resources().length,
      coverage: clusterCoverage(listed.states, listed.unseenThings),
    };
  } finally {
    await client.close();
  }
}

function accessOf(flags: ClusterFlags, { env, isErrorTerminal, writeError }: Io): KubeClient['access'] {
  const { HOME } = env;
  const options: KubeconfigOptions = {
    env,
    path: flags.kubeconfig,
    context: flags.context,
    isInteractive: isErrorTerminal,
    allowInsecure: flags.insecureSkipTlsVerify === true,
    signIns: new SignIns({ env, say: (text) => writeError(`${text}\n`) }),
    ...(HOME !== undefined && { home: HOME }),
  };
  const access = flags.kubeconfig === undefined ? findAccess(options) : accessFromKubeconfig(options);
  if (!access.ok) throw new UsageError(access.error.map(printAccessProblem).join('\n'));
  return access.value;
}

/** What a list of a cluster brings. */
class Listed implements Pick<Sink, 'upsert' | 'state' | 'unseen'> {
  readonly states: KindState[] = [];
  unseenThings: Unseen = { kinds: [], groups: [] };
  private readonly cluster: string;
  private readonly byId = new Map<string, Resource>();

  constructor(cluster: string) {
    this.cluster = cluster;
  }

  async upsert(_groupKind: string, objects: readonly JsonObject[]): Promise<void> {
    for (const object of objects) {
      const resource = toResource(object, { kind: 'cluster', cluster: this.cluster, resourceVersion: '' });
      this.byId.set(resource.id, resource);
    }
  }

  async state(state: KindState): Promise<void> {
    this.states.push(state);
  }

  async unseen(unseen: Unseen): Promise<void> {
    this.unseenThings = unseen;
  }

  resources(): readonly Resource[] {
    return [...this.byId.values()];
  }

  /** The reason where no kind at all was listed. */
  whyNothing(): string | undefined {
    if (this.states.some(({ state }) => state === 'live')) return undefined;
    const failed = this.states.find((state) => state.state === 'denied' || state.state === 'pending');
    return (
      (failed !== undefined && 'reason' in failed ? failed.reason : undefined) ??
      'it serves no kind that is known'
    );
  }
}

function subjectsOf(resources: readonly Resource[]): readonly Resource[] {
  const subjects = new LiveSubjects((pod) => contentHash(securityContent(pod.object).body));
  const { upsert }: Changes = subjects.apply({ upsert: resources });
  // They are not judged; a hub lists and counts them.
  return [...upsert, ...resources.filter(isEndedAlone)];
}

function isEndedAlone(resource: Resource): boolean {
  return resource.groupKind === 'Pod' && hasEnded(resource) && !isControlled(resource);
}
