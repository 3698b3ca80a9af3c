import { arrayAt, defineControl, mayBreak, stringAt, workloads } from '@bulwark/core';

/** Safe sysctls, and the minor version of Kubernetes whose standard first has them. */
const SAFE_FROM = new Map<string, number>([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_notsent_lowat', 37],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
]);

export const unsafeSysctls = defineControl({
  id: 'unsafe-sysctls',
  aliases: ['trivy:KSV-0026', 'kubescape:C-0211', 'kube-linter:unsafe-sysctls', 'kyverno:restrict-sysctls'],
  title: 'Pods must set only safe sysctls',
  problem: 'set unsafe sysctls',
  message: '{resource} sets the sysctl {sysctl}, which is not safe in Kubernetes {version}.',
  severity: 'medium',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'A sysctl is a setting of the kernel. Those outside the safe list are not kept apart between pods, so one pod can weaken or stop its whole node, and some, such as kernel.core_pattern, have let attackers run programs as root on the node.',
  remediation:
    'Remove the sysctl from securityContext.sysctls. Where the node needs it, set it on the node; which ones are safe grows with the version of Kubernetes.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/',
  ],
  attack: ['T1611', 'T1499'],
  fix: {
    ...mayBreak('A program that was tuned by the setting runs with the default of the node.'),
    edits: ({ path }) => [{ op: 'remove', path: path.at(-1) === 'name' ? path.slice(0, -1) : path }],
  },
  appliesTo: workloads,
  looks: 'object',
  reads: [],
  *evaluate({ spec, kubernetes, at }) {
    for (const [index, item] of (arrayAt(spec, 'securityContext', 'sysctls') ?? []).entries()) {
      const sysctl = stringAt(item, 'name') ?? '';
      if (kubernetes.minor >= (SAFE_FROM.get(sysctl) ?? Number.POSITIVE_INFINITY)) continue;
      const path = ['securityContext', 'sysctls', index];
      yield at(sysctl === '' ? path : [...path, 'name'], { sysctl, version: kubernetes.text });
    }
  },
});
