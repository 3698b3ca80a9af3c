import type { ImageRef } from '@bulwark/core';

/** Registries that everybody uses. */
const REGISTRIES = [
  'cgr.dev',
  'container-registry.oracle.com',
  'docker.elastic.co',
  'docker.io',
  'docker.pkg.dev',
  'gcr.io',
  'ghcr.io',
  'icr.io',
  'lscr.io',
  'mcr.microsoft.com',
  'nvcr.io',
  'public.ecr.aws',
  'quay.io',
  'registry.access.redhat.com',
  'registry.gitlab.com',
  'registry.k8s.io',
  'registry.redhat.io',
  'registry.suse.com',
];

/** Publishers on Docker Hub. */
const PUBLISHERS = [
  ...[
    'apache',
    'aquasec',
    'bitnami',
    'bitnamilegacy',
    'calico',
    'cilium',
    'confluentinc',
    'datadog',
    'elastic',
  ],
  ...['envoyproxy', 'falcosecurity', 'fluxcd', 'gitlab', 'grafana', 'hashicorp', 'istio', 'jaegertracing'],
  ...['jenkins', 'kubernetesui', 'linuxserver', 'mattermost', 'nextcloud', 'nginxinc', 'openpolicyagent'],
  ...['percona', 'portainer', 'prom', 'rancher', 'sonatype', 'strimzi', 'traefik', 'velero', 'weaveworks'],
];

/** Official images of Docker Hub. */
const OFFICIAL = [
  ...[
    'alpine',
    'amazonlinux',
    'busybox',
    'caddy',
    'cassandra',
    'centos',
    'consul',
    'couchdb',
    'debian',
    'docker',
  ],
  ...[
    'drupal',
    'eclipse-temurin',
    'elasticsearch',
    'fedora',
    'ghost',
    'golang',
    'gradle',
    'haproxy',
    'httpd',
  ],
  ...[
    'influxdb',
    'jenkins',
    'joomla',
    'kibana',
    'kong',
    'logstash',
    'mariadb',
    'maven',
    'memcached',
    'mongo',
  ],
  ...[
    'mongo-express',
    'mysql',
    'nats',
    'neo4j',
    'nextcloud',
    'nginx',
    'node',
    'openjdk',
    'perl',
    'php',
    'postgres',
  ],
  ...[
    'python',
    'rabbitmq',
    'redis',
    'registry',
    'rocket.chat',
    'rockylinux',
    'ruby',
    'rust',
    'solr',
    'sonarqube',
  ],
  ...['telegraf', 'tomcat', 'traefik', 'ubuntu', 'vault', 'wordpress', 'zookeeper'],
];

/** Shorter names differ from each other by one letter without any harm. */
const LONG_ENOUGH = 6;
const LONG_HOST = 9;

/** A name that another one looks like, and what both name. */
export interface LookAlike {
  readonly what: 'registry' | 'publisher' | 'official image';
  readonly name: string;
  readonly known: string;
}

/** The well-known name that an image's registry, publisher or name is almost, but not quite. */
export function lookAlikeOf({ registry, repository }: ImageRef): LookAlike | undefined {
  const host = registry.toLowerCase();
  const known = imitated(host, REGISTRIES, LONG_HOST);
  if (known !== undefined) return { what: 'registry', name: host, known };
  if (host !== 'docker.io') return undefined;
  const [publisher = '', image = '', ...more] = repository.split('/');
  if (more.length > 0) return undefined;
  const isOfficial = publisher === 'library';
  const [name, names] = isOfficial ? [image, OFFICIAL] : [publisher, PUBLISHERS];
  const like = imitated(name, names, LONG_ENOUGH);
  return like === undefined
    ? undefined
    : { what: isOfficial ? 'official image' : 'publisher', name, known: like };
}

function imitated(name: string, known: readonly string[], longEnough: number): string | undefined {
  if (known.includes(name)) return undefined;
  return known.find(
    (other) =>
      Math.abs(other.length - name.length) <= 1 &&
      (isSwap(name, other) ||
        folded(name) === folded(other) ||
        (other.length >= longEnough && isOneEdit(name, other) && !isOther(name, other))),
  );
}

/** A digit at the end makes another name on purpose: `python3`. */
function isOther(name: string, known: string): boolean {
  return /\d$/.test(name) && name.startsWith(known);
}

/** Text with the characters that the eye takes for each other made one. */
function folded(name: string): string {
  return name.replaceAll('0', 'o').replaceAll(/[1i]/g, 'l').replaceAll('rn', 'm').replaceAll('vv', 'w');
}

/** Whether two neighbouring characters changed places. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = firstDifference(a, b);
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/** Whether one character was added, left out or replaced. */
function isOneEdit(a: string, b: string): boolean {
  const at = firstDifference(a, b);
  const [fromA, fromB] = [a.length >= b.length ? 1 : 0, b.length >= a.length ? 1 : 0];
  return a.slice(at + fromA) === b.slice(at + fromB);
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
