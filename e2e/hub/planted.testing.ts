import type { BuildRecordBody } from '@bulwark/api';

/** Made of parts, so that no scanner takes this file for a leak. Each is recognisable in what people leave lying around. */
export const PLANTED: Readonly<Record<string, string>> = {
  env: ['postgres://shop:', 'Zq7planted1env', '@db.example:5432/shop'].join(''),
  password: ['Xk9', 'planted2password', 'Wm4'].join('-'),
  argument: ['Rt5', 'planted3argument', 'Lp8'].join('-'),
  annotation: ['ghp_', 'planted4annotation0123456789ABCDEFabcdef'].join('').slice(0, 40),
  lastApplied: ['AKIA', 'PLANTED5LAST', 'APPL'].join(''),
  configMap: ['Hv3', 'planted6configmap', 'Qs1'].join('-'),
  secret: ['Jd8', 'planted7secret', 'Nc2'].join('-'),
  header: ['Basic ', 'Fm6', 'planted8header', 'Kt9'].join(''),
  cookie: ['lang=en; session=', 'Bw2', 'planted9cookie', 'Ye7'].join(''),
  login: ['robot:', 'Gs4', 'planted10login', 'Uo1'].join(''),
  word: ['Ky7', 'planted11word', 'Ve3'].join('-'),
  piped: ['Dx5', 'planted12piped', 'Hr2'].join('-'),
  label: ['ghp_', 'planted13label0123456789ABCDEFabcdefgh'].join('').slice(0, 40),
  contact: ['https://hooks.slack.com/services', 'T12345678', 'B12345678', 'planted14contact01234567'].join(
    '/',
  ),
  image: ['ghp_', 'planted15image0123456789ABCDEFabcdefgh'].join('').slice(0, 40),
  build: ['glpat-', 'planted16build012345'].join(''),
  foreign: ['Tn8', 'planted17foreign', 'Wc4'].join('-'),
};
/** The parts that must be nowhere. */
export const TRACES = [
  'Zq7planted1env',
  'planted2password',
  'planted3argument',
  'planted4annotation',
  'PLANTED5LAST',
  'planted6configmap',
  'planted7secret',
  'planted8header',
  'planted9cookie',
  'planted10login',
  'planted11word',
  'planted12piped',
  'planted13label',
  'planted14contact',
  'planted15image',
  'planted16build',
  'planted17foreign',
];
const ENCODED = TRACES.map((text) => Buffer.from(text).toString('base64').replace(/=+$/, '').slice(2, -2));

/** Which of these are in a text, as they are or in base64. */
export function tracesIn(text: string): string[] {
  return [...TRACES, ...ENCODED].filter((trace) => text.includes(trace));
}

/** What a terminal, a page or a query must not take for more than text. */
export const HOSTILE = {
  html: '<img src=x onerror=window.__hostile=1><script>window.__hostile=1</script>',
  sql: "'); drop table finding; --",
  terminal: '\u001b]0;owned\u0007\u001b[31mred',
  // PostgreSQL keeps this character in no text.
  nothing: 'a\u0000b',
  direction: 'abc\u202edef',
};

/** Objects of a namespace `planted` that hold these, the namespace first. */
export function plantedObjects(): [object, ...object[]] {
  const headers = [
    { name: 'Authorization', value: PLANTED['header'] },
    { name: 'Cookie', value: PLANTED['cookie'] },
    { name: 'X-Auth', value: PLANTED['login'] },
  ];
  const container = {
    name: 'main',
    image: 'registry.example/main:1',
    args: [
      `--db-password=${PLANTED['argument'] ?? ''}`,
      '--token',
      PLANTED['argument'],
      ...['-u', PLANTED['login'], '-H', `Authorization: ${PLANTED['header'] ?? ''}`],
    ],
    command: ['sh', '-c', `export PASSWORD=${PLANTED['argument'] ?? ''}; exec main`],
    env: [
      { name: 'DATABASE_URL', value: PLANTED['env'] },
      { name: 'DB_PASSWORD', value: PLANTED['password'] },
      { name: 'API_KEY', value: PLANTED['annotation'] },
      { name: 'AUTHORIZATION', value: PLANTED['header'] },
      { name: 'BASIC_AUTH', value: PLANTED['login'] },
      { name: 'MOT_DE_PASSE', value: PLANTED['foreign'] },
      { name: 'DSN', value: `shop:${PLANTED['word'] ?? ''}@tcp(db:3306)/shop` },
    ],
    readinessProbe: { exec: { command: ['mysql', '-uroot', `-p${PLANTED['word'] ?? ''}`] } },
    livenessProbe: { httpGet: { port: 80, httpHeaders: headers } },
    lifecycle: {
      postStart: { exec: { command: ['sh', '-c', `echo root:${PLANTED['piped'] ?? ''} | chpasswd`] } },
      preStop: { httpGet: { port: 80, httpHeaders: headers } },
    },
    securityContext: { privileged: true },
  };
  const metadata = (name: string) => ({ name, namespace: 'planted', labels: { app: name } });
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'planted', annotations: { note: HOSTILE.html, owner: HOSTILE.sql } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        ...metadata('leaky'),
        labels: { app: 'leaky', 'org.opencontainers.image.revision': PLANTED['label'] },
        annotations: {
          'ci.example/token': PLANTED['annotation'],
          'aws-key': PLANTED['lastApplied'],
          contact: PLANTED['contact'],
        },
      },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'leaky' } },
        template: {
          metadata: { labels: { app: 'leaky' }, annotations: { token: PLANTED['annotation'] } },
          spec: {
            containers: [
              container,
              { name: 'side', image: `registry.example/${PLANTED['image'] ?? ''}/side:1` },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('leaky'),
      data: { 'app.properties': `db.password=${PLANTED['configMap'] ?? ''}`, password: PLANTED['configMap'] },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata('leaky'),
      stringData: { password: PLANTED['secret'] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...metadata('hostile'),
        annotations: {
          html: HOSTILE.html,
          sql: HOSTILE.sql,
          terminal: HOSTILE.terminal,
          direction: HOSTILE.direction,
          nothing: HOSTILE.nothing,
          'app.kubernetes.io/contact': HOSTILE.html,
          owner: HOSTILE.html,
          team: HOSTILE.sql,
        },
      },
      spec: {
        containers: [
          {
            ...container,
            env: [{ name: 'HTML', value: HOSTILE.html }],
            args: [HOSTILE.html, HOSTILE.sql, HOSTILE.terminal, HOSTILE.nothing],
            command: ['main'],
            image: 'registry.example/main:1',
          },
        ],
      },
    },
  ];
}

/** What a build says of itself, by the variables of `bulwark scan --record`, with these in all of it. */
export function plantedBuild() {
  const build = PLANTED['build'] ?? '';
  return {
    BULWARK_BUILD_REPOSITORY: `https://robot:${PLANTED['word'] ?? ''}@git.example/${build}/shop.git`,
    BULWARK_BUILD_COMMIT: 'c0ffee'.padEnd(40, '0'),
    BULWARK_BUILD_REF: `feature/${build}`,
    BULWARK_BUILD_RUN: `https://robot:${PLANTED['word'] ?? ''}@ci.example/runs/1?token=${build}`,
    BULWARK_BUILD_AUTHOR: `Ann ${build}`,
  };
}

/** The same as a client sends it that takes nothing out. */
export function plantedRecord(manifests: readonly object[]): BuildRecordBody {
  const build = PLANTED['build'] ?? '';
  return {
    repository: `git.example/${build}/shop`,
    commit: 'decade'.padEnd(40, '0'),
    ref: `feature/${build}`,
    run: `https://robot:${PLANTED['word'] ?? ''}@ci.example/runs/1?token=${build}`,
    author: `Ann ${build}`,
    system: 'other',
    verdict: 'failed',
    failOn: 'high',
    controls: 1,
    findings: { critical: 0, high: 1, medium: 0, low: 0, info: 0 },
    at: new Date().toISOString(),
    manifests: manifests.map((manifest) => ({ ...manifest })),
    images: [
      { name: `registry.example/${build}/shop`, digest: `sha256:${'a'.repeat(64)}`, made: true },
      {
        name: `registry.example/${PLANTED['image'] ?? ''}/side`,
        digest: `sha256:${'b'.repeat(64)}`,
        made: false,
      },
    ],
  };
}
