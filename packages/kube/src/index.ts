export {
  type AccessProblem,
  type ClientCertificate,
  type ClusterAccess,
  type Credential,
  type Credentials,
  type Impersonation,
  printAccessProblem,
  type ServerTrust,
} from './access/access.ts';
export { isLoopback } from './access/address.ts';
export { fixedCredentials } from './access/credentials.ts';
export { accessInCluster, findAccess, type InClusterOptions, isInCluster } from './access/in-cluster.ts';
export {
  accessFromKubeconfig,
  type ContextSummary,
  contextsOf,
  type KubeconfigOptions,
  kubeconfigFiles,
} from './access/kubeconfig.ts';
export type { IdTokens, OidcPlace } from './access/oidc.ts';
export { proxyFromEnvironment } from './access/proxy-environment.ts';
export { SignIns, type SignInsOptions } from './access/sign-ins.ts';
export { KubeClient, type KubeClientOptions } from './client/client.ts';
export { dispatcherTo, type Route } from './client/dispatcher.ts';
export type { GetOptions, Got } from './client/document.ts';
export type { KubeFailure, KubeFailureKind } from './client/failure.ts';
export type { ListOptions, ListResult, Page } from './client/list.ts';
export type { WatchEnd, WatchEvent, WatchOptions } from './client/watch.ts';
export { type Clock, SYSTEM_CLOCK } from './clock.ts';
export { certificateFacts } from './collect/certificate-facts.ts';
export { type CollectOptions, collect } from './collect/collect.ts';
export {
  isAwaited,
  isSeen,
  isTried,
  type KindSight,
  type KindState,
  type MissingRule,
  printMissingRule,
} from './collect/kind-state.ts';
export { type ListOnceOptions, listOnce } from './collect/list-once.ts';
export { ClusterReplacedError } from './collect/pulse.ts';
export type { KnownObject, ObjectKey, Sink, Unseen } from './collect/sink.ts';
export { discover } from './discovery/discover.ts';
export type { Discovery, ServedKind } from './discovery/served-kind.ts';
export { type ClusterIdentity, clusterIdentity } from './identity.ts';
export { type RbacManifests, type RbacOptions, rbacManifests } from './kinds/rbac-manifests.ts';
export { UNEVALUATED_KINDS } from './kinds/unevaluated.ts';
export { UNWATCHED_KINDS } from './kinds/unwatched.ts';
export type { WatchedKind } from './kinds/watched-kind.ts';
export { WATCHED_KINDS } from './kinds/watched-kinds.ts';
export type { Platform } from './platform.ts';
