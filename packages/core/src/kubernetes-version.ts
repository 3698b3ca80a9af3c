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

/** The versions whose rules are known; others are refused rather than judged by nothing. */
export const OLDEST_MINOR = 0;
export const NEWEST_MINOR = 37;

const VERSION = /^v?(\d{1,3})\.(\d{1,4})(?:\.\d{1,6})?(?:[-+][\w.+-]{1,100})?$/;

/** Reads `1.34`, `v1.34.4`, `v1.34.4+k3s1`, `v1.29.3-eks-abc` or `latest`. */
export function parseKubernetesVersion(text: string): Result<KubernetesVersion, KubernetesVersionError> {
  if (text === 'latest') return ok({ minor: NEWEST_MINOR, text: `1.${NEWEST_MINOR}` });
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
