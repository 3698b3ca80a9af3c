import { readFileSync } from 'node:fs';
import {
  accessFromKubeconfig,
  accessInCluster,
  type ClusterAccess,
  type IdTokens,
  kubeconfigFiles,
  printAccessProblem,
} from '@bulwark/kube';

/** Where a cluster is: a context of a kubeconfig, or the cluster around this pod. */
export type ClusterPlace =
  | {
      readonly kind: 'kubeconfig';
      readonly path?: string;
      readonly context?: string;
      /** Whether its server may go unchecked, where the kubeconfig says so. */
      readonly allowInsecure?: boolean;
    }
  | { readonly kind: 'in-cluster' }
  /** A shop that is made up. */
  | { readonly kind: 'demo' };

/** A cluster that can be reached. */
export type RealPlace = Exclude<ClusterPlace, { readonly kind: 'demo' }>;

/** Tokens of OpenID providers, as they are written when they are renewed: whoever has the sign-ins reads them anew by itself. */
const RENEWED =
  /(?<![\w-])(["']?)(?:id|refresh)-token\1[ \t]*:[ \t]*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,}]*)\s*,?\s*/g;

/** Variables of the environment: where kubeconfigs and proxies are, and what credential plugins need. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param signIns what has the tokens of users of OpenID providers; one for all clusters of a hub.
 * @throws Error with every problem of the kubeconfig, each with its place.
 */
export function accessOf(place: RealPlace, env: Environment, signIns?: IdTokens): ClusterAccess {
  const access =
    place.kind === 'in-cluster'
      ? accessInCluster({ env })
      : accessFromKubeconfig({ env, signIns, ...optionsOf(place) });
  if (access.ok) return access.value;
  throw new Error([access.error].flat().map(printAccessProblem).join('\n'));
}

function optionsOf({
  path,
  context,
  allowInsecure = false,
}: Extract<RealPlace, { readonly kind: 'kubeconfig' }>) {
  return { ...(path !== undefined && { path }), ...(context !== undefined && { context }), allowInsecure };
}

/** The address of a cluster, as it is kept. */
export function addressOf({ server }: Pick<ClusterAccess, 'server'>): string {
  return server.href.replace(/\/$/, '');
}

/** The addresses to which places lead now; of one of which the kubeconfig has a fault, none. */
export function addressesOf(places: readonly ClusterPlace[], env: Environment): readonly string[] {
  return places.flatMap((place) => {
    try {
      return place.kind === 'demo' ? [] : [addressOf(accessOf(place, env))];
    } catch {
      // Whoever watches there says so.
      return [];
    }
  });
}

/**
 * The way to a cluster. Tokens and certificates in files of their own are read anew by the access itself; what stands in the
 * kubeconfig, such as a new authority or client certificate, is read anew here, when asked. The context stays the one that
 * was current at first, whatever others make current since.
 */
export class Way {
  private place: RealPlace;
  private readonly env: Environment;
  private readonly signIns: IdTokens | undefined;
  private read = '';

  /** @throws Error with every problem of the kubeconfig, each with its place. */
  constructor(place: RealPlace, env: Environment, signIns?: IdTokens) {
    this.env = env;
    this.signIns = signIns;
    this.place = place;
    const { name } = accessOf(place, env);
    if (place.kind === 'kubeconfig') this.place = { ...place, context: name };
  }

  /** The name of the context, or `in-cluster`. */
  get name(): string {
    return this.place.kind === 'kubeconfig' ? (this.place.context ?? '') : this.place.kind;
  }

  /** The access as it is now. @throws Error as the constructor does. */
  access(): ClusterAccess {
    const access = accessOf(this.place, this.env, this.signIns);
    this.read = this.text();
    return access;
  }

  /** Whether the kubeconfig says something else than it did when it was last read. */
  isOutdated(): boolean {
    return this.text() !== this.read;
  }

  private text(): string {
    if (this.place.kind !== 'kubeconfig') return '';
    return kubeconfigFiles({ env: this.env, ...optionsOf(this.place) })
      .map((file) => {
        try {
          return readFileSync(file, 'utf8').replaceAll(RENEWED, '');
        } catch {
          return '';
        }
      })
      .join('\n');
  }
}
