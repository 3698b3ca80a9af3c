import type { AppSpec, Care, NamespaceSpec } from '../app/app-spec.ts';
import type { TraitName } from '../app/traits.ts';
import type { SeededRandom } from '../seeded/random.ts';

const AREAS = [
  ...[
    'billing',
    'booking',
    'catalog',
    'claims',
    'content',
    'delivery',
    'devices',
    'feeds',
    'finance',
    'fleet',
  ],
  ...['gateway', 'identity', 'inbox', 'ledger', 'loans', 'media', 'metrics', 'mobile', 'orders', 'partners'],
  ...[
    'planning',
    'pricing',
    'profile',
    'quotes',
    'ratings',
    'reports',
    'risk',
    'routing',
    'search',
    'tickets',
  ],
];
const PLACES = ['eu', 'us', 'ap', 'dev', 'test', 'stage', 'core', 'batch'];
const PARTS = [
  ...['api', 'worker', 'web', 'sync', 'events', 'cache', 'proxy', 'export', 'import', 'scheduler', 'rules'],
  ...['mailer', 'audit', 'index', 'view', 'stream', 'jobs', 'hooks', 'admin', 'docs', 'limits', 'vault'],
];
const CARES: readonly Care[] = ['hardened', 'sound', 'sound', 'plain', 'plain', 'plain', 'careless'];
const TRAITS: readonly TraitName[] = [
  ...(['root', 'root', 'password-in-env', 'no-limits', 'keeps-escalation'] as const),
  ...(['host-network', 'host-logs', 'privileged', 'sys-ptrace', 'net-admin'] as const),
];

/** How many applications of each kind a cluster has. */
export interface KindCounts {
  readonly Deployment: number;
  readonly StatefulSet: number;
  readonly DaemonSet: number;
  readonly CronJob: number;
}

/** Namespaces with applications made up at random, as many of each kind as asked for, spread over the namespaces. */
export function randomNamespaces(random: SeededRandom, count: number, kinds: KindCounts): NamespaceSpec[] {
  const apps = Array.from({ length: count }, (): AppSpec[] => []);
  let index = 0;
  for (const kind of ['DaemonSet', 'Deployment', 'StatefulSet', 'CronJob'] as const)
    for (let made = 0; made < kinds[kind]; made++) {
      // Every namespace gets something; what is left over goes where chance puts it.
      const at = index < count ? index : random.integer(0, count - 1);
      apps[at]?.push(randomApp(random, kind, index));
      index++;
    }
  return apps.map((own, position) => randomNamespace(random, position, own));
}

function randomNamespace(random: SeededRandom, position: number, apps: readonly AppSpec[]): NamespaceSpec {
  const area = AREAS[position % AREAS.length] ?? 'area';
  const place = PLACES[Math.floor(position / AREAS.length) % PLACES.length] ?? 'core';
  const round = Math.floor(position / (AREAS.length * PLACES.length));
  const isTest = place === 'dev' || place === 'test' || place === 'stage';
  return {
    name: round === 0 ? `${area}-${place}` : `${area}-${place}-${round + 1}`,
    ...(random.chance(0.85) && { team: `team-${area}` }),
    ...(random.chance(0.8) && { environment: isTest ? 'test' : 'production' }),
    ...(random.chance(0.5) && { criticality: random.pick(['non-critical', 'standard', 'critical']) }),
    ...(random.chance(0.6) && { enforce: random.pick(['baseline', 'restricted', 'privileged'] as const) }),
    ...(random.chance(0.55) && { deny: random.pick([['Ingress'], ['Ingress', 'Egress']] as const) }),
    hasQuota: random.chance(0.7),
    hasLimits: random.chance(0.4),
    age: random.integer(40, 900),
    apps,
  };
}

function randomApp(random: SeededRandom, kind: keyof KindCounts, index: number): AppSpec {
  const part = random.pick(PARTS);
  const area = random.pick(AREAS);
  const name = `${area}-${part}-${index}`;
  const care = random.pick(CARES);
  const isServed = kind === 'StatefulSet' || (kind === 'Deployment' && random.chance(0.8));
  return {
    name,
    kind,
    image: `${area}/${part}`,
    tag: `${random.integer(0, 9)}.${random.integer(0, 40)}.${random.integer(0, 15)}`,
    care,
    ...(isServed && { port: random.pick([8080, 8443, 9000, 3000]) }),
    ...(random.chance(0.4) && { metrics: 9102 }),
    ...(kind === 'StatefulSet' && { storage: '20Gi', replicas: random.integer(1, 3) }),
    ...(kind === 'CronJob' && { schedule: `${random.integer(0, 59)} ${random.integer(0, 23)} * * *` }),
    env: Array.from(
      { length: random.integer(2, 12) },
      (_item, number) => `SETTING_${number}=value-${number}`,
    ),
    ...(random.chance(0.5) && { secrets: [`DB_PASSWORD=${name}-db/password`] }),
    ...(random.chance(0.1) && { usesApi: true }),
    ...(kind === 'DaemonSet' && { traits: ['all-nodes', 'host-logs'] as const }),
    ...(kind !== 'DaemonSet' && random.chance(0.12) && { traits: [random.pick(TRAITS)] }),
    ...(random.chance(0.25) && { sidecars: ['proxy=docker.io/envoyproxy/envoy:v1.35.0'] }),
  };
}
