import type { WorkloadView } from '@bulwark/core';

/** The minor version of Kubernetes from which the Pod Security Standards read `spec.os.name`. */
const OS_NAME_COUNTS_FROM = 25;

/**
 * Why a rule about a Linux-only field says nothing about a pod: it declares Windows, and the version honours it.
 */
export function whyNotLinux(field: string): (view: WorkloadView) => string | undefined {
  return ({ isWindows, kubernetes }) =>
    isWindows && kubernetes.minor >= OS_NAME_COUNTS_FROM ? `A Windows pod cannot set ${field}.` : undefined;
}
