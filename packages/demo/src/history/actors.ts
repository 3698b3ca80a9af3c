/** Who made a change, as the API server's audit log names them. */
export interface DemoActor {
  readonly user: string;
  readonly groups: readonly string[];
  /** The tool, as the field manager or user agent names it. */
  readonly via: string;
  /** Where the request came from. */
  readonly address?: string;
}

function person(name: string, address: string, ...groups: readonly string[]): DemoActor {
  return {
    user: `${name}@hearthside.example`,
    groups: [...groups.map((group) => `hearthside:${group}`), 'system:authenticated'],
    via: 'kubectl',
    address,
  };
}

function account(namespace: string, name: string, via: string): DemoActor {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    via,
  };
}

/** Everybody who changes something in the demo. */
export const ACTORS = {
  mira: person('mira.okafor', '198.51.100.21', 'platform-admins', 'oncall'),
  noor: person('noor.haddad', '198.51.100.34', 'platform-admins', 'security'),
  jonas: person('jonas.lind', '198.51.100.58', 'developers', 'storefront'),
  priya: person('priya.raman', '198.51.100.40', 'developers', 'payments', 'payments-leads'),
  tomasz: person('tomasz.zielinski', '198.51.100.92', 'logistics', 'oncall'),
  lena: person('lena.brandt', '198.51.100.63', 'developers', 'search'),
  sam: person('sam.ortega', '198.51.100.77', 'developers', 'interns'),
  agency: {
    user: 'dev@partners.example',
    groups: ['system:authenticated'],
    via: 'kubectl',
    address: '203.0.113.199',
  },
  argocd: account('gitops', 'argocd-application-controller', 'argocd-controller'),
  runner: { ...account('ci', 'runner', 'kubectl'), address: '10.128.8.31' },
  externalSecrets: account('platform', 'external-secrets', 'external-secrets'),
  autoscaler: account('kube-system', 'horizontal-pod-autoscaler', 'kube-controller-manager'),
  Deployment: account('kube-system', 'deployment-controller', 'kube-controller-manager'),
  ReplicaSet: account('kube-system', 'replicaset-controller', 'kube-controller-manager'),
  StatefulSet: account('kube-system', 'statefulset-controller', 'kube-controller-manager'),
  DaemonSet: account('kube-system', 'daemon-set-controller', 'kube-controller-manager'),
  CronJob: account('kube-system', 'cronjob-controller', 'kube-controller-manager'),
  Job: account('kube-system', 'job-controller', 'kube-controller-manager'),
} as const satisfies Readonly<Record<string, DemoActor>>;
