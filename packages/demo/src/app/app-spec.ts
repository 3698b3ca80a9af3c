import type { TraitName } from './traits.ts';

/**
 * How much was thought of security when an application was written.
 *
 * - `hardened`: everything that the restricted Pod Security Standard asks for, and more: a read-only root, digests.
 * - `sound`: passes the restricted standard.
 * - `plain`: what most charts come with: resources and probes, little else.
 * - `careless`: a first draft that stayed.
 */
export type Care = 'hardened' | 'sound' | 'plain' | 'careless';

/** Which nodes an application runs on. */
export type Pool = 'general' | 'memory' | 'build';

/** An application, in as many words as it takes to write its objects. */
export interface AppSpec {
  readonly name: string;
  /** `Deployment` when absent. */
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob' | 'Pod';
  /** Repository, with the registry where it is not the company's own. */
  readonly image: string;
  readonly tag: string;
  readonly care: Care;
  readonly replicas?: number;
  /** The port on which it serves; without one there is no Service. */
  readonly port?: number;
  /** Second port, for metrics. */
  readonly metrics?: number;
  /** When a CronJob runs. */
  readonly schedule?: string;
  /** A claim for each pod of a StatefulSet, or one of its own. */
  readonly storage?: string;
  /** CPU in thousandths of a core, and memory in MiB, that it asks for. */
  readonly size?: readonly [cpu: number, memory: number];
  /** Environment variables from keys of Secrets: `DB_PASSWORD=payments-db/password`. */
  readonly secrets?: readonly string[];
  /** Secrets that it mounts as files. */
  readonly secretFiles?: readonly string[];
  /** Plain environment variables: `LOG_LEVEL=info`. */
  readonly env?: readonly string[];
  readonly args?: readonly string[];
  /** What it connects to: `namespace/name:port`, or `world:443`. Its network policy allows that. */
  readonly calls?: readonly string[];
  /** Namespaces from which anything may call it, such as that of the ingress controller. */
  readonly calledFrom?: readonly string[];
  /** Service account, where it is not one of its own name; hardened and sound applications have one. */
  readonly account?: string;
  /** Whether it talks to the API server, and so needs a token. */
  readonly usesApi?: boolean;
  readonly pool?: Pool;
  /** More replicas under load, up to so many. */
  readonly scalesTo?: number;
  readonly traits?: readonly TraitName[];
  /** More containers: `name=image:tag`; the first is an init container when it begins with `init:`. */
  readonly sidecars?: readonly string[];
  /** Labels beside the usual ones, on the workload. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A namespace and who answers for it. */
export interface NamespaceSpec {
  readonly name: string;
  readonly team?: string;
  readonly environment?: string;
  readonly criticality?: string;
  /** What the namespace enforces of the Pod Security Standards; it says nothing when absent. */
  readonly enforce?: 'privileged' | 'baseline' | 'restricted';
  /** Directions in which nothing passes that no policy allows. */
  readonly deny?: readonly ('Ingress' | 'Egress')[];
  readonly hasQuota?: boolean;
  readonly hasLimits?: boolean;
  readonly contact?: string;
  /** How many days ago it was made. */
  readonly age: number;
  readonly apps: readonly AppSpec[];
}
