import { API_KINDS, type KindHistory } from './api-versions.ts';
import { type GroupKind, groupKindOf, groupOf } from './group-kind.ts';

/** What is known about a kind in one API version, seen from one minor version of Kubernetes. */
export interface ApiLife {
  /**
   * `never-existed`: the group is built in, but no release served that kind in that version of it.
   * `unknown`: in no built-in group, such as a custom resource, or among those of which no table tells.
   */
  readonly state: 'served' | 'deprecated' | 'removed' | 'not-yet' | 'never-existed' | 'unknown';
  /** Minor versions; `removed` may be one that is only announced. */
  readonly introduced?: number;
  readonly deprecated?: number;
  readonly removed?: number;
  /**
   * What to write instead, as `apps/v1 Deployment`: served at that minor version, and not deprecated where there is a
   * choice. Absent where the version is served, or where nothing takes or took its place.
   */
  readonly replacement?: string;
}

interface Entry {
  readonly groupKind: GroupKind;
  readonly introduced: number;
  readonly deprecated: number;
  readonly removed: number;
  /** Made once, for nearly every object gets it. */
  readonly served: ApiLife;
}

const UNKNOWN: ApiLife = Object.freeze({ state: 'unknown' });
const NEVER_EXISTED: ApiLife = Object.freeze({ state: 'never-existed' });
const BEFORE_ALL = -1;
const NEVER = Number.POSITIVE_INFINITY;

function toEntry(
  groupKind: GroupKind,
  [introduced, deprecated, removed]: KindHistory['versions'][string],
): Entry {
  const dates = {
    ...(introduced !== null && { introduced }),
    ...(deprecated !== undefined && deprecated !== null && { deprecated }),
    ...(removed !== undefined && { removed }),
  };
  return {
    groupKind,
    introduced: introduced ?? BEFORE_ALL,
    deprecated: deprecated ?? NEVER,
    removed: removed ?? NEVER,
    served: Object.freeze({ state: 'served', ...dates }),
  };
}

/** A kind's own name and the group it is in. */
function splitGroupKind(groupKind: GroupKind): { group: string; kind: string } {
  const group = groupOf(groupKind);
  return { group, kind: group === '' ? groupKind : groupKind.slice(group.length + 1) };
}

function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** By `apiVersion` and kind, so that the common answer costs two look-ups and no new string. */
const BY_API_VERSION = new Map<string, Map<string, Entry>>();
/** The groups in which a kind of this name is or was built in. */
const HOMES = new Map<string, GroupKind[]>();
const GROUPS = new Set<string>();

for (const [groupKind, { versions }] of Object.entries(API_KINDS)) {
  const { group, kind } = splitGroupKind(groupKind);
  GROUPS.add(group);
  HOMES.set(kind, [...(HOMES.get(kind) ?? []), groupKind]);
  for (const [version, history] of Object.entries(versions)) {
    const apiVersion = apiVersionOf(group, version);
    let byKind = BY_API_VERSION.get(apiVersion);
    if (byKind === undefined) {
      byKind = new Map();
      BY_API_VERSION.set(apiVersion, byKind);
    }
    byKind.set(kind, toEntry(groupKind, history));
  }
}

/**
 * The life of a kind in an API version at a minor version of Kubernetes, from 1.0 to 1.37.
 *
 * @param group the group of `apiVersion`, empty for the core group.
 */
export function lifecycleOf(group: string, kind: string, apiVersion: string, minor: number): ApiLife {
  const entry = BY_API_VERSION.get(apiVersion)?.get(kind);
  if (entry === undefined) return outsideTable(group, kind, minor);
  if (minor >= entry.removed)
    return away(entry, 'removed', replacementOf(entry.groupKind, entry.introduced, minor));
  if (minor < entry.introduced) return away(entry, 'not-yet', preferred(entry.groupKind, BEFORE_ALL, minor));
  if (minor >= entry.deprecated)
    return away(entry, 'deprecated', replacementOf(entry.groupKind, entry.introduced, minor));
  return entry.served;
}

function away(entry: Entry, state: ApiLife['state'], replacement: string | undefined): ApiLife {
  return { ...entry.served, state, ...(replacement !== undefined && { replacement }) };
}

/** The types that API machinery has in every group, and requests: some can be sent, none is kept. */
const OF_EVERY_GROUP =
  /(?:List|Options|Review)$|^(?:Status|WatchEvent|APIGroup|APIVersions|Table|PartialObjectMetadata|Patch|DeploymentRollback|ReplicationControllerDummy|PodStatusResult|SerializedReference|RangeAllocation)$/;
/** What other programs call `v1`: files of clients and components, and the first API of OpenShift, which had no groups. */
const OF_OTHERS =
  /^(?:Config|Policy|EncryptionConfig|Template|TemplateInstance|BrokerTemplateInstance|Route|DeploymentConfig|DeploymentConfigRollback|DeploymentRequest|Build|BuildConfig|BuildRequest|Image|ImageSignature|ImageStream\w{0,10}|Project|ProjectRequest|User|Group|Identity|UserIdentityMapping|OAuth\w{0,30}|SecurityContextConstraints|ClusterNetwork|HostSubnet|NetNamespace|EgressNetworkPolicy|ClusterResourceQuota|AppliedClusterResourceQuota|RoleBindingRestriction|PolicyBinding|ClusterPolicy|ClusterPolicyBinding)$/;

/** What no built-in version and kind answers to: either no release ever served it, or nothing is known about it. */
function outsideTable(group: string, kind: string, minor: number): ApiLife {
  if (!GROUPS.has(group)) return UNKNOWN;
  const homes = HOMES.get(kind);
  if (homes === undefined) {
    const isForeign = OF_EVERY_GROUP.test(kind) || (group === '' && OF_OTHERS.test(kind));
    return isForeign ? UNKNOWN : NEVER_EXISTED;
  }
  const own = homes.find((home) => home === groupKindOf(group, kind));
  const replacement =
    own === undefined
      ? homes.map((home) => preferred(home, BEFORE_ALL, minor)).find((found) => found !== undefined)
      : replacementOf(own, BEFORE_ALL, minor);
  return replacement === undefined ? NEVER_EXISTED : { ...NEVER_EXISTED, replacement };
}

/** A later version of the same kind, else the kind that took over. */
function replacementOf(groupKind: GroupKind, after: number, minor: number): string | undefined {
  const later = preferred(groupKind, after, minor);
  const successor = API_KINDS[groupKind]?.successor;
  return later ?? (successor === undefined ? undefined : replacementOf(successor, BEFORE_ALL, minor));
}

/** The version to prefer among those that came later and are served; a deprecated one only for want of another. */
function preferred(groupKind: GroupKind, after: number, minor: number): string | undefined {
  const { group, kind } = splitGroupKind(groupKind);
  let second: string | undefined;
  for (const version of Object.keys(API_KINDS[groupKind]?.versions ?? {})) {
    const name = apiVersionOf(group, version);
    const entry = BY_API_VERSION.get(name)?.get(kind);
    if (entry === undefined || entry.introduced <= after) continue;
    if (minor < entry.introduced || minor >= entry.removed) continue;
    if (minor < entry.deprecated) return `${name} ${kind}`;
    second ??= `${name} ${kind}`;
  }
  return second;
}
