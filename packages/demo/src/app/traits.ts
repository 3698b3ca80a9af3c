import { isObject, type JsonObject } from '@bulwark/core';

/** A pod's spec and the one container that a trait is about. */
interface Pod {
  readonly spec: JsonObject;
  readonly container: JsonObject;
}

type Trait = (pod: Pod) => Pod;

function context(added: JsonObject): Trait {
  return ({ spec, container }) => {
    const known = container['securityContext'];
    return {
      spec,
      container: { ...container, securityContext: { ...(isObject(known) ? known : {}), ...added } },
    };
  };
}

function inSpec(added: JsonObject): Trait {
  return ({ spec, container }) => ({ spec: { ...spec, ...added }, container });
}

function appended(object: JsonObject, list: string, item: JsonObject): JsonObject {
  const known = object[list];
  return { ...object, [list]: [...(Array.isArray(known) ? known : []), item] };
}

function hostPath(
  name: string,
  path: string,
  options: { readonly isReadOnly?: boolean; readonly at?: string } = {},
): Trait {
  return ({ spec, container }) => ({
    spec: appended(spec, 'volumes', { name, hostPath: { path, type: '' } }),
    container: appended(container, 'volumeMounts', {
      name,
      mountPath: options.at ?? path,
      ...(options.isReadOnly === true && { readOnly: true }),
    }),
  });
}

function variable(name: string, value: string): Trait {
  return ({ spec, container }) => ({ spec, container: appended(container, 'env', { name, value }) });
}

const NOT_CONFINED = { runAsNonRoot: false, runAsUser: 0 };

/** What an application does besides the usual, by name; mostly what it should not do, or must do as an agent of a node. */
const TRAITS = {
  privileged: context({ privileged: true, allowPrivilegeEscalation: true }),
  root: context(NOT_CONFINED),
  'host-network': inSpec({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }),
  'host-pid': inSpec({ hostPID: true }),
  'host-logs': hostPath('varlog', '/var/log', { isReadOnly: true }),
  'host-root': hostPath('host', '/', { isReadOnly: true, at: '/host' }),
  'host-sys': hostPath('sys', '/sys', { isReadOnly: true, at: '/host/sys' }),
  'host-kubelet': hostPath('kubelet', '/var/lib/kubelet'),
  'host-volumes': hostPath('volumes', '/var/lib/backup-staging'),
  'host-cni': hostPath('cni-conf', '/etc/cni/net.d'),
  'host-devices': hostPath('usb', '/dev/bus/usb'),
  'host-data': hostPath('data', '/srv/wms-data', { at: '/data' }),
  'net-admin': context({ capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] } }),
  'sys-ptrace': context({ capabilities: { add: ['SYS_PTRACE'] } }),
  'bind-low-port': context({ capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] } }),
  'keeps-escalation': context({ allowPrivilegeEscalation: true }),
  'password-in-env': variable('DB_PASSWORD', 'Wr7-harbour-Kestrel-19'),
  'token-in-env': variable('MAILER_API_TOKEN', 'hs7fK2pQ9vT4xZ1mN8bL3cR6'),
  'no-limits': ({ spec, container: { resources: _none, ...container } }) => ({ spec, container }),
  'all-nodes': inSpec({ tolerations: [{ operator: 'Exists' }] }),
  'system-critical': inSpec({ priorityClassName: 'system-node-critical' }),
} as const satisfies Readonly<Record<string, Trait>>;

/** What an application can have besides the usual. */
export type TraitName = keyof typeof TRAITS;

/** A pod's spec and container with an application's traits. */
export function withTraits(pod: Pod, traits: readonly TraitName[]): Pod {
  return traits.reduce((changed, name) => TRAITS[name](changed), pod);
}
