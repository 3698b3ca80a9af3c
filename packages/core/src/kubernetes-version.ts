import { err, ok, type Result } from './result.ts';

/** A minor version of Kubernetes; the major version has always been 1. */
export interface KubernetesVersion {
  readonly minor: number;
  /** `1.34` */
  readonly text: string;
}

/** A version that is not one, or that nothing is known about. */
export interface KubernetesVersionError {
  readonly message: string;
}

/** The versions whose rules are known. */
export const OLDEST_MINOR = 0;
export const NEWEST_MINOR = 37;

const NEWEST: KubernetesVersion = { minor: NEWEST_MINOR, text: `1.${NEWEST_MINOR}` };

const VERSION = /^v?(\d{1,3})\.(\d{1,4})(?:\.\d{1,6})?(?:[-+][\w.+-]{1,100})?$/;

/** Reads `1.34`, `v1.34.4`, `v1.34.4+k3s1`, `v1.29.3-eks-abc` or `latest`, as people say what to judge for. */
export function parseKubernetesVersion(text: string): Result<KubernetesVersion, KubernetesVersionError> {
  if (text === 'latest') return ok(NEWEST);
  const match = VERSION.exec(text);
  if (match === null)
    return err({ message: `"${text.slice(0, 40)}" is not a Kubernetes version such as 1.34` });
  const minor = Number(match[2]);
  if (match[1] !== '1' || minor < OLDEST_MINOR || minor > NEWEST_MINOR)
    return err({
      message: `Kubernetes ${match[1]}.${minor} is not known; known are 1.${OLDEST_MINOR} to 1.${NEWEST_MINOR}`,
    });
  return ok({ minor, text: `1.${minor}` });
}

/** By which version's rules a cluster is judged. */
export interface ClusterRules {
  readonly version: KubernetesVersion;
  /** Why they are not those of the version that it runs, in a sentence; undefined where they are. */
  readonly remark: string | undefined;
}

/**
 * The rules for a cluster that is there. A version that nothing is known about is no reason not to look at it: it is judged by
 * the newest one that is known, and that is said.
 *
 * @param said the version as the API server says it, such as `v1.34.4`; empty where it says none.
 */
export function clusterRules(said: string): ClusterRules {
  const [, major, minor] = /^v?(\d{1,3})\.(\d{1,4})(?!\d)/.exec(said) ?? [];
  const known = parseKubernetesVersion(`${major}.${minor}`);
  if (known.ok) return { version: known.value, remark: undefined };
  const which =
    major === undefined
      ? 'Which version of Kubernetes the cluster runs cannot be read'
      : `Kubernetes ${major}.${minor} is not known`;
  return {
    version: NEWEST,
    remark: `${which}; it is judged by the rules of ${NEWEST.text}, the newest that are known.`,
  };
}
