/** A generated manifest file. */
export interface CorpusFile {
  readonly name: string;
  readonly text: string;
}

const DOCUMENTS_PER_FILE = 10;

/** A small deterministic generator (mulberry32), so that every run measures the same input. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

class Writer {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = randomFrom(seed);
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[Math.floor(this.random() * items.length)] ?? items[0];
  }

  number(from: number, to: number): number {
    return from + Math.floor(this.random() * (to - from + 1));
  }
}

function indent(text: string, spaces: number): string {
  const pad = ' '.repeat(spaces);
  return text.replaceAll(/^(?=.)/gm, pad);
}

function metadata(kind: string, name: string, namespace: string, team: string): string {
  return `metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/instance: ${name}-${namespace}
    app.kubernetes.io/component: ${kind.toLowerCase()}
    app.kubernetes.io/part-of: shop
    app.kubernetes.io/managed-by: "generator"
    team: ${team}
  annotations:
    example.com/contact: "${team}@example.com"
    example.com/description: >-
      Serves ${name} for the shop. Generated, so that a benchmark has something to read
      that looks like what people write.
`;
}

function securityContext(w: Writer): string {
  if (w.chance(0.45)) return '';
  const lines = ['securityContext:'];
  if (w.chance(0.6)) lines.push('  allowPrivilegeEscalation: false');
  if (w.chance(0.5)) lines.push('  readOnlyRootFilesystem: true');
  if (w.chance(0.5)) lines.push('  runAsNonRoot: true');
  if (w.chance(0.06)) lines.push('  privileged: true');
  if (w.chance(0.5))
    lines.push('  capabilities:', '    drop:', w.chance(0.8) ? '    - ALL' : '    - NET_RAW');
  if (lines.length === 1) lines.push('  runAsUser: 1000');
  return `${lines.join('\n')}\n`;
}

function container(w: Writer, name: string): string {
  const port = w.pick([8080, 3000, 9090, 5432]);
  const env = Array.from({ length: w.number(1, 2) }, (_item, index) =>
    w.chance(0.2)
      ? `- name: SETTING_${index}\n  valueFrom:\n    secretKeyRef:\n      name: ${name}\n      key: setting-${index}`
      : `- name: SETTING_${index}\n  value: "${w.pick(['debug', 'https://api.example.com/v1', '8080', 'true', 'eu-west-1'])}"`,
  ).join('\n');
  return `- name: ${name}
  image: registry.example.com/shop/${name}:${w.number(1, 9)}.${w.number(0, 40)}.${w.number(0, 9)}
  imagePullPolicy: IfNotPresent
  args: ["--port", "${port}", "--log-level=${w.pick(['info', 'warn'])}"]
  ports:
  - name: http
    containerPort: ${port}
    protocol: TCP${w.chance(0.03) ? `\n    hostPort: ${port}` : ''}
  env:
${indent(env, 2)}
  resources:
    requests:
      cpu: ${w.number(1, 9) * 50}m
      memory: ${w.number(1, 8) * 64}Mi
    limits:
      memory: ${w.number(1, 8) * 128}Mi
  livenessProbe:
    httpGet:
      path: /healthz
      port: http
    initialDelaySeconds: 10
    periodSeconds: 15
  readinessProbe:
    httpGet:
      path: /ready
      port: http
  volumeMounts:
  - name: tmp
    mountPath: /tmp
  - name: config
    mountPath: /etc/${name}
    readOnly: true
${indent(securityContext(w), 2)}`;
}

function podTemplate(w: Writer, name: string): string {
  const extra = w.chance(0.1) ? container(w, `${name}-proxy`) : '';
  const init = w.chance(0.1) ? `  initContainers:\n${indent(container(w, `${name}-init`), 2)}` : '';
  const host = w.chance(0.04) ? '  hostNetwork: true\n' : '';
  const pod = w.chance(0.5)
    ? '  securityContext:\n    runAsNonRoot: true\n    seccompProfile:\n      type: RuntimeDefault\n'
    : '';
  return `metadata:
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: shop
spec:
  serviceAccountName: ${name}
${host}${pod}${init}  containers:
${indent(container(w, name), 2)}${indent(extra, 2)}  volumes:
  - name: tmp
    emptyDir: {}
  - name: config
    configMap:
      name: ${name}
${w.chance(0.03) ? '  - name: host\n    hostPath:\n      path: /var/log\n' : ''}`;
}

function selector(name: string): string {
  return `selector:\n  matchLabels:\n    app.kubernetes.io/name: ${name}\n`;
}

type Kind = (w: Writer, id: { name: string; namespace: string; team: string }) => string;

function object(apiVersion: string, kind: string, body: (w: Writer, name: string) => string): Kind {
  return (w, { name, namespace, team }) =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\n${metadata(kind, name, namespace, team)}${body(w, name)}`;
}

function controller(kind: string, head: string): Kind {
  return object(
    'apps/v1',
    kind,
    (w, name) => `spec:\n${indent(head + selector(name), 2)}  template:\n${indent(podTemplate(w, name), 4)}`,
  );
}

const deployment = controller('Deployment', 'replicas: 3\n');
const statefulSet = controller('StatefulSet', 'replicas: 3\nserviceName: data\n');
const daemonSet = controller('DaemonSet', '');
const job = object(
  'batch/v1',
  'Job',
  (w, name) => `spec:\n  backoffLimit: 2\n  template:\n${indent(podTemplate(w, name), 4)}`,
);
const pod: Kind = (w, { name, namespace }) =>
  `apiVersion: v1\nkind: Pod\n${podTemplate(w, name).replace('metadata:\n', `metadata:\n  name: ${name}\n  namespace: ${namespace}\n`)}`;
const service = object(
  'v1',
  'Service',
  (_w, name) => `spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: ${name}
  ports:
  - name: http
    port: 80
    targetPort: http
    protocol: TCP
`,
);
const networkPolicy = object(
  'networking.k8s.io/v1',
  'NetworkPolicy',
  (_w, name) => `spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: ingress
    ports:
    - port: http
  egress:
  - to:
    - ipBlock:
        cidr: 10.0.0.0/8
        except: [10.1.0.0/16]
`,
);
const role = object(
  'rbac.authorization.k8s.io/v1',
  'Role',
  () => `rules:
- apiGroups: [""]
  resources: [configmaps, pods]
  verbs: [get, list, watch]
- apiGroups: [apps]
  resources: [deployments]
  verbs: ["*"]
`,
);
const roleBinding = object(
  'rbac.authorization.k8s.io/v1',
  'RoleBinding',
  (_w, name) => `roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: ${name}
subjects:
- kind: ServiceAccount
  name: ${name}
`,
);
const configMap = object('v1', 'ConfigMap', (w, name) => {
  const lines = Array.from(
    { length: w.number(5, 16) },
    (_item, index) => `    server.option.${index} = ${w.pick(['on', 'off', 'auto'])} # ${name}`,
  );
  return `data:\n  mode: production\n  server.conf: |\n${lines.join('\n')}\n`;
});

/** What a hundred documents are made of, after the mix that public repositories show. */
const MIX: readonly (readonly [Kind, number])[] = [
  [deployment, 32],
  [service, 20],
  [networkPolicy, 10],
  [pod, 8],
  [configMap, 9],
  [daemonSet, 4],
  [job, 5],
  [statefulSet, 4],
  [role, 4],
  [roleBinding, 4],
];
const DECK = MIX.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));

/** Mixed manifests, ten documents a file, the same for the same seed; about 1.4 kB a document. */
export function corpus(documents: number, seed = 1): CorpusFile[] {
  const w = new Writer(seed);
  const files: CorpusFile[] = [];
  let parts: string[] = [];
  for (let index = 0; index < documents; index++) {
    const kind = DECK[Math.floor(w.number(0, DECK.length - 1))] ?? deployment;
    const team = w.pick(['payments', 'search', 'platform', 'orders']);
    parts.push(kind(w, { name: `app-${index}`, namespace: `team-${index % 40}`, team }));
    if (parts.length === DOCUMENTS_PER_FILE || index === documents - 1) {
      files.push({
        name: `manifests-${String(files.length).padStart(5, '0')}.yaml`,
        text: parts.join('---\n'),
      });
      parts = [];
    }
  }
  return files;
}
