/** Who runs a control plane, as far as its version and its address tell. */
export type Platform =
  | 'eks'
  | 'gke'
  | 'aks'
  | 'openshift'
  | 'k3s'
  | 'rke2'
  | 'digitalocean'
  | 'linode'
  | 'oke'
  | 'ibm'
  | 'alibaba'
  | 'unknown';

const BY_VERSION: readonly (readonly [Platform, RegExp])[] = [
  ['eks', /-eks-/],
  ['gke', /-gke\./],
  ['k3s', /\+k3s/],
  ['rke2', /\+rke2/],
  ['ibm', /\+IKS/],
  ['alibaba', /-aliyun/],
];

const BY_HOST: readonly (readonly [Platform, RegExp])[] = [
  ['eks', /\.eks\.amazonaws\.com(\.cn)?$/],
  ['aks', /\.azmk8s\.io$/],
  ['digitalocean', /\.ondigitalocean\.com$/],
  ['linode', /\.linodelke\.net$/],
  ['oke', /\.clusters\.oci\.oraclecloud\.com$/],
  ['openshift', /\.openshiftapps\.com$/],
];

/** Guesses from the version that a server tells and from its host name. */
export function guessPlatform(version: string, host: string): Platform {
  const found =
    BY_VERSION.find(([, pattern]) => pattern.test(version)) ??
    BY_HOST.find(([, pattern]) => pattern.test(host));
  return found?.[0] ?? 'unknown';
}
