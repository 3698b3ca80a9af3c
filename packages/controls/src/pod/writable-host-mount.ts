import { hostVolumesByName } from '@bulwark/analyses';
import { arrayAt, containers, defineControl, get, mayBreak, setValue, stringAt } from '@bulwark/core';
import { whyNotOwnComponent } from './cluster-components.ts';

/** What is not a file system, so that a read-only mount protects nothing. */
const NOT_FILES = new Set(['Socket', 'CharDevice', 'BlockDevice']);

export const writableHostMount = defineControl({
  id: 'writable-host-mount',
  aliases: ['kubescape:C-0045', 'kube-linter:writable-host-mount', 'kyverno:ensure-readonly-hostpath'],
  title: 'Containers must mount paths of the host read-only',
  problem: 'mount a path of the host so that they can write to it',
  message: 'Container {container} of {resource} can write to {hostPath} of the host through volume {volume}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'What a container writes on its node outlives it and is read there by other processes, often as root. A writable path lets an attacker stay on the node, fill its disk, and plant files or links that another program follows.',
  remediation:
    'Set readOnly: true on the volumeMount. Where the program has to write, give it an emptyDir or a PersistentVolumeClaim instead.',
  references: ['https://kubernetes.io/docs/concepts/storage/volumes/#hostpath'],
  attack: ['T1611'],
  fix: setValue(true, mayBreak('A program that writes below this mount fails.')),
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: whyNotOwnComponent,
  *evaluate({ container, spec, at }) {
    const volumes = hostVolumesByName(spec);
    if (volumes.size === 0) return;
    for (const [index, mount] of (arrayAt(container.spec, 'volumeMounts') ?? []).entries()) {
      const volume = volumes.get(stringAt(mount, 'name') ?? '');
      if (volume === undefined || get(mount, 'readOnly') === true) continue;
      if (NOT_FILES.has(volume.type ?? '') || volume.path.endsWith('.sock')) continue;
      yield at(['volumeMounts', index, 'readOnly'], { volume: volume.name, hostPath: volume.path });
    }
  },
});
