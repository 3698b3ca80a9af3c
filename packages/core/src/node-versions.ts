import { parseKubernetesVersion } from './kubernetes-version.ts';
import {
  CONTAINERD_SUPPORT,
  DISTRIBUTION_SUPPORT,
  type FactSource,
  KUBERNETES_SUPPORT,
} from './support-ends.ts';

/** What a node says of what runs on it (core/v1 NodeSystemInfo). */
export interface NodeVersions {
  readonly kubelet: string;
  /** `containerd://1.7.27` */
  readonly runtime: string;
  /** `Debian GNU/Linux 12 (bookworm)` */
  readonly os: string;
}

/** How the versions of a node stand. */
export interface NodeStanding {
  /** How many minor versions the kubelet is behind the API server; negative where it is ahead, undefined where unknown. */
  readonly behind: number | undefined;
  /** Last days of support, as YYYY-MM-DD; undefined where they are not known. */
  readonly kubernetesEnd: string | undefined;
  readonly runtimeEnd: string | undefined;
  readonly osEnd: string | undefined;
  /** What breaks the version skew policy or is out of support on the day, in sentences. */
  readonly problems: readonly string[];
}

/** From this kubelet on the API server may be three minor versions ahead, before that two. */
const LONGER_SKEW_FROM = 25;

/**
 * How the versions of a node stand to its API server's and to the end of their support. A kubelet must not be newer than the
 * API server, and at most three minor versions older, two before kubelet 1.25
 * (https://kubernetes.io/releases/version-skew-policy/#kubelet).
 *
 * @param apiServer the API server's version; empty where it is not known.
 * @param today YYYY-MM-DD.
 */
export function standingOfNode(node: NodeVersions, apiServer: string, today: string): NodeStanding {
  const kubelet = minorOf(node.kubelet);
  const server = minorOf(apiServer);
  const behind = kubelet === undefined || server === undefined ? undefined : server - kubelet;
  const kubernetesEnd = kubelet === undefined ? undefined : KUBERNETES_SUPPORT.ends[`1.${kubelet}`];
  const runtime = /^containerd:\/\/v?(\d+\.\d+)/.exec(node.runtime)?.[1] ?? '';
  const runtimeEnd = CONTAINERD_SUPPORT.ends[runtime];
  const os = distributionOf(node.os);
  return {
    behind,
    kubernetesEnd,
    runtimeEnd,
    osEnd: os?.end,
    problems: [
      ...skewProblems(kubelet ?? 0, behind),
      ...ended(`Kubernetes 1.${kubelet}`, kubernetesEnd, today),
      ...ended(`containerd ${runtime}`, runtimeEnd, today),
      ...ended(os?.name ?? '', os?.end, today),
    ],
  };
}

/** Where the last days of support of a node's versions are from; undefined where the day is not known. */
export interface SupportSources {
  readonly kubernetes: FactSource | undefined;
  readonly runtime: FactSource | undefined;
  readonly os: FactSource | undefined;
}

/** The publishers' pages that say until when the versions of a node are supported, and when they were read. */
export function supportSourcesOf(node: NodeVersions): SupportSources {
  const { kubernetesEnd, runtimeEnd } = standingOfNode(node, '', '');
  return {
    kubernetes: kubernetesEnd === undefined ? undefined : KUBERNETES_SUPPORT.source,
    runtime: runtimeEnd === undefined ? undefined : CONTAINERD_SUPPORT.source,
    os: distributionOf(node.os)?.source,
  };
}

function minorOf(version: string): number | undefined {
  const parsed = parseKubernetesVersion(version);
  return parsed.ok && version !== 'latest' ? parsed.value.minor : undefined;
}

function skewProblems(kubelet: number, behind: number | undefined): string[] {
  if (behind === undefined) return [];
  const most = kubelet >= LONGER_SKEW_FROM ? 3 : 2;
  if (behind < 0) return ['The kubelet is newer than the API server, which is not supported.'];
  if (behind <= most) return [];
  return [`The kubelet is ${behind} minor versions behind the API server; at most ${most} are supported.`];
}

function ended(what: string, end: string | undefined, today: string): string[] {
  return end === undefined || today <= end ? [] : [`${what} is out of support since ${end}.`];
}

function distributionOf(
  image: string,
): { readonly name: string; readonly end: string; readonly source: FactSource } | undefined {
  for (const { name, image: pattern, ends, source } of DISTRIBUTION_SUPPORT) {
    const version = pattern.exec(image)?.[1] ?? '';
    const end = ends[version];
    if (end !== undefined) return { name: `${name} ${version}`, end, source };
  }
  return undefined;
}
