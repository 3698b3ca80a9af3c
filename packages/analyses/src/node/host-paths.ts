import {
  arrayAt,
  isObject,
  type JsonObject,
  objectAt,
  oncePerObject,
  stringAt,
  type Workload,
  type WorkloadView,
} from '@bulwark/core';

/** A `hostPath` volume of a pod. */
export interface HostVolume {
  /** Its place in the pod's `volumes`. */
  readonly index: number;
  readonly name: string;
  /** The path on the node, in its simplest form. */
  readonly path: string;
  readonly type: string | undefined;
}

/** The `hostPath` volumes of a pod; each of many containers may ask. */
export const hostVolumes = oncePerObject((spec: JsonObject): readonly HostVolume[] =>
  (arrayAt(spec, 'volumes') ?? []).flatMap((volume, index) => {
    const hostPath = objectAt(volume, 'hostPath');
    if (hostPath === undefined) return [];
    const name = stringAt(volume, 'name') ?? `#${index}`;
    const path = simplePath(stringAt(hostPath, 'path') ?? '');
    return [{ index, name, path, type: stringAt(hostPath, 'type') }];
  }),
);

/** The same by their names. */
export const hostVolumesByName = oncePerObject(
  (spec: JsonObject): ReadonlyMap<string, HostVolume> =>
    new Map(hostVolumes(spec).map((volume) => [volume.name, volume])),
);

/** A path without repeated slashes and dots; `/var/run` is a link to `/run` on every node. */
export function simplePath(path: string): string {
  if (!path.startsWith('/')) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  if (parts[0] === 'var' && parts[1] === 'run') parts.shift();
  return `/${parts.join('/')}`;
}

/** Whether any container of the pod mounts a volume so that it can write to it. */
export function isMountedWritable(workload: Workload, volume: string): boolean {
  return writableMounts(workload).has(volume);
}

const writableMounts = oncePerObject(
  ({ containers }: Workload): ReadonlySet<unknown> =>
    new Set(
      containers.flatMap(({ spec }) =>
        (arrayAt(spec, 'volumeMounts') ?? []).flatMap((mount) =>
          isObject(mount) && mount['readOnly'] !== true ? [mount['name']] : [],
        ),
      ),
    ),
);

const SOCKET = /(?:^|[/\\])(?:docker|dockershim|cri-dockerd|containerd|crio|podman)\.sock(?:\.ttrpc)?$/;
const PIPE = /^[/\\]{1,2}\.?[/\\]pipe[/\\](?:docker_engine|containerd-containerd|cri-dockerd)$/i;
const SOCKET_DIRECTORIES = new Set([
  '/run',
  '/run/containerd',
  '/run/crio',
  '/run/docker',
  '/run/k0s',
  '/run/k3s',
  '/run/k3s/containerd',
  '/run/podman',
  '/var/snap/microk8s/common/run',
]);

/** Whether a path is the socket of a container runtime, or a directory in which one lies. */
export function holdsRuntimeSocket(path: string): boolean {
  return SOCKET.test(path) || PIPE.test(path) || SOCKET_DIRECTORIES.has(path);
}

/** Where the keys of the node, of the control plane and of other pods lie. */
const CREDENTIALS = [
  '/etc/kubernetes',
  '/etc/rancher',
  '/etc/shadow',
  '/root',
  '/var/lib/containerd',
  '/var/lib/containers',
  '/var/lib/docker',
  '/var/lib/etcd',
  '/var/lib/k0s',
  '/var/lib/kubelet',
  '/var/lib/minikube',
  '/var/lib/rancher/k3s/server',
  '/var/lib/rancher/rke2/server',
];
/** Parts of them in which no keys lie: sockets for plugins, logs, profiles. */
const WITHOUT_CREDENTIALS = [
  '/var/lib/docker/containers',
  '/var/lib/kubelet/device-plugins',
  '/var/lib/kubelet/plugins',
  '/var/lib/kubelet/plugins_registry',
  '/var/lib/kubelet/pod-resources',
  '/var/lib/kubelet/seccomp',
];
/** What the node runs as root, or takes orders from. */
const EXECUTED = [
  '/bin',
  '/boot',
  '/etc/containerd',
  '/etc/cron.d',
  '/etc/cron.daily',
  '/etc/cron.hourly',
  '/etc/crontab',
  '/etc/docker',
  '/etc/init.d',
  '/etc/ld.so.conf.d',
  '/etc/ld.so.preload',
  '/etc/pam.d',
  '/etc/passwd',
  '/etc/profile.d',
  '/etc/ssh',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/systemd',
  '/etc/udev',
  '/lib',
  '/lib64',
  '/opt/cni/bin',
  '/proc',
  '/sbin',
  '/sys/fs/cgroup',
  '/sys/kernel',
  '/usr/bin',
  '/usr/lib',
  '/usr/libexec',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  '/var/spool/cron',
];
/** Network plugins and tracers mount these as a matter of course; the general control about host paths names them. */
const NOT_EXECUTED = [
  '/lib/modules',
  '/sys/kernel/debug',
  '/sys/kernel/security',
  '/sys/kernel/tracing',
  '/usr/lib/modules',
];

function isWithin(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => path === directory || path.startsWith(`${directory}/`));
}

function isAround(path: string, directories: readonly string[]): boolean {
  const start = path === '/' ? '/' : `${path}/`;
  return directories.some((directory) => directory.startsWith(start));
}

function touches(path: string, directories: readonly string[], except: readonly string[]): boolean {
  if (isAround(path, directories)) return true;
  return isWithin(path, directories) && !isWithin(path, except);
}

/** Certificates and authorities are public. */
const PUBLIC = /\.(?:crt|pub)$/;

/** What makes a host path a way to the node, in words that follow the path; undefined where nothing does. */
export function hostPathDanger(
  { workload }: Pick<WorkloadView, 'workload'>,
  {
    path,
    name,
    isReadOnly = false,
  }: Pick<HostVolume, 'path' | 'name'> & {
    /** Whether no container can write to it, whatever it asks for. */
    readonly isReadOnly?: boolean;
  },
): string | undefined {
  if (path === '/home' || (touches(path, CREDENTIALS, WITHOUT_CREDENTIALS) && !PUBLIC.test(path)))
    return 'where keys of the node or the cluster lie';
  if (touches(path, EXECUTED, NOT_EXECUTED) && !isReadOnly && isMountedWritable(workload, name))
    return 'which the node runs or obeys and a container can write';
  return undefined;
}
