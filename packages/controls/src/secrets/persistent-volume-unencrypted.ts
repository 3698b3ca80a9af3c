import { defineControl, get, kinds, mayBreak, type ObjectView, setValue, stringAt } from '@bulwark/core';

/** Drivers that encrypt a volume only when its class asks for it, and the parameter that does. */
const SWITCHES: readonly (readonly [driver: RegExp, parameter: string])[] = [
  [/^(?:ebs\.csi\.aws\.com|kubernetes\.io\/aws-ebs|ebs\.csi\.eks\.amazonaws\.com)$/, 'encrypted'],
  [/^driver\.longhorn\.io$/, 'encrypted'],
  [/(?:^|\.)(?:rbd|cephfs)\.csi\.ceph\.com$/, 'encrypted'],
  [/^linodebs\.csi\.linode\.com$/, 'linodebs.csi.linode.com/luks-encrypted'],
];

function switchOf({ resource }: ObjectView): string | undefined {
  const driver = stringAt(resource.object, 'provisioner') ?? '';
  return SWITCHES.find(([pattern]) => pattern.test(driver))?.[1];
}

export const persistentVolumeUnencrypted = defineControl({
  id: 'persistent-volume-unencrypted',
  aliases: ['kubescape:C-0264'],
  title: 'Storage classes must encrypt the volumes they make',
  problem: 'make volumes that are not encrypted',
  message: '{resource} makes volumes without encryption: {parameter} is not "true".',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Volumes outlive pods: as disks, snapshots and backups, which are read by other ways than the cluster. Without encryption whoever gets a copy has the data.',
  remediation:
    'Make a class with this parameter set to "true", and move the data; a class that exists cannot be changed. If the account or the storage encrypts everything by itself, setting it changes nothing and says so.',
  references: ['https://kubernetes.io/docs/concepts/storage/storage-classes/'],
  attack: ['T1530'],
  appliesTo: kinds('storage.k8s.io/StorageClass'),
  looks: 'object',
  reads: [],
  fix: setValue(
    'true',
    mayBreak('A class that exists has to be deleted and made anew, and volumes that exist stay as they are.'),
  ),
  notApplicable: (view) =>
    switchOf(view) === undefined ? 'Whether this driver encrypts is not decided by its classes.' : undefined,
  *evaluate(view) {
    const parameter = switchOf(view) ?? '';
    const value = get(view.resource.object, 'parameters', parameter);
    if (typeof value === 'string' && /^true$/i.test(value)) return;
    yield view.at(['parameters', parameter], { parameter });
  },
});
