import type { Control, Framework, RequirementCoverage } from '@bulwark/core';
import { CONTROLS, type ControlId } from '../registry.ts';

/**
 * What a control has to do with a technique is said in the control, so it is looked up there and never written twice.
 * A technique without a point also has what belongs to its sub-techniques. The profiles `all` and `opt-in` are left out:
 * opinions, inventories and rules that a team must fill in first do not show an opening for an attacker.
 */
function judged(technique: string): RequirementCoverage<ControlId> {
  const isMeant = (id: string): boolean => id === technique || id.startsWith(`${technique}.`);
  const controls: readonly Control<ControlId>[] = CONTROLS;
  return {
    kind: 'automated',
    controls: controls
      .filter(
        ({ profile, attack }) => (profile === 'default' || profile === 'strict') && attack.some(isMeant),
      )
      .map(({ id }) => id)
      .toSorted(),
  };
}

/**
 * The techniques of MITRE ATT&CK, matrix for containers, version 18.1: what an attacker may do, and the controls whose
 * findings make it easy. A pass means that none of these was found, not that the technique cannot be used. Techniques
 * are done, not configured, so where no control bears on one, the reason says what would show it.
 *
 * Version 19 splits the tactic that T1562 belongs to and gives T1562.001 the number T1685; the controls still name the
 * old numbers. Names of techniques: (c) The MITRE Corporation, reproduced and distributed with its permission.
 */
export const mitreAttackContainers: Framework<ControlId> = {
  id: 'mitre-attack-containers',
  title: 'MITRE ATT&CK, matrix for containers',
  version: '18.1',
  source: 'https://attack.mitre.org/versions/v18/matrices/enterprise/containers/',
  requirements: [
    { id: 'T1036', title: 'Masquerading', coverage: judged('T1036') },
    { id: 'T1036.005', title: 'Match Legitimate Resource Name or Location', coverage: judged('T1036.005') },
    {
      id: 'T1036.010',
      title: 'Masquerade Account Name',
      coverage: {
        kind: 'manual',
        reason:
          'Service accounts and users that are named like those of the system show in the audit log when they are made; whether a name is meant to deceive is for people to say.',
      },
    },
    { id: 'T1046', title: 'Network Service Discovery', coverage: judged('T1046') },
    {
      id: 'T1053',
      title: 'Scheduled Task/Job',
      coverage: {
        kind: 'manual',
        reason:
          'CronJobs are ordinary objects. Those that nobody deployed show in the audit log, or by comparing the cluster with its repository.',
      },
    },
    {
      id: 'T1053.007',
      title: 'Container Orchestration Job',
      coverage: {
        kind: 'manual',
        reason:
          'CronJobs are ordinary objects. Those that nobody deployed show in the audit log, or by comparing the cluster with its repository.',
      },
    },
    {
      id: 'T1059.013',
      title: 'Container CLI/API',
      coverage: {
        kind: 'manual',
        reason:
          "Commands to the container engine show on its node, in its API's log and in the events of processes.",
      },
    },
    { id: 'T1068', title: 'Exploitation for Privilege Escalation', coverage: judged('T1068') },
    {
      id: 'T1069',
      title: 'Permission Groups Discovery',
      coverage: {
        kind: 'manual',
        reason:
          'Requests that ask for rights, such as reviews of access and lists of bindings, show in the audit log.',
      },
    },
    { id: 'T1070', title: 'Indicator Removal', coverage: judged('T1070') },
    { id: 'T1078', title: 'Valid Accounts', coverage: judged('T1078') },
    { id: 'T1078.001', title: 'Default Accounts', coverage: judged('T1078.001') },
    {
      id: 'T1078.003',
      title: 'Local Accounts',
      coverage: {
        kind: 'manual',
        reason: 'Local accounts are those of nodes and images. Their sign-ins show in the logs of the nodes.',
      },
    },
    { id: 'T1098', title: 'Account Manipulation', coverage: judged('T1098') },
    { id: 'T1098.006', title: 'Additional Container Cluster Roles', coverage: judged('T1098.006') },
    {
      id: 'T1110',
      title: 'Brute Force',
      coverage: {
        kind: 'manual',
        reason: 'Many failed sign-ins show in the audit log and at the identity provider.',
      },
    },
    {
      id: 'T1110.001',
      title: 'Password Guessing',
      coverage: {
        kind: 'manual',
        reason: 'Many failed sign-ins to one account show in the audit log and at the identity provider.',
      },
    },
    {
      id: 'T1110.003',
      title: 'Password Spraying',
      coverage: {
        kind: 'manual',
        reason: 'Failed sign-ins to many accounts show in the audit log and at the identity provider.',
      },
    },
    {
      id: 'T1110.004',
      title: 'Credential Stuffing',
      coverage: {
        kind: 'manual',
        reason: 'Sign-ins with credentials that were stolen elsewhere show at the identity provider.',
      },
    },
    { id: 'T1133', title: 'External Remote Services', coverage: judged('T1133') },
    {
      id: 'T1136',
      title: 'Create Account',
      coverage: {
        kind: 'manual',
        reason: 'New accounts show in the audit log when they are made, and at the identity provider.',
      },
    },
    {
      id: 'T1136.001',
      title: 'Local Account',
      coverage: {
        kind: 'manual',
        reason:
          'New accounts of nodes and images show on the nodes, by their files and by the events of processes.',
      },
    },
    { id: 'T1190', title: 'Exploit Public-Facing Application', coverage: judged('T1190') },
    {
      id: 'T1204',
      title: 'User Execution',
      coverage: {
        kind: 'manual',
        reason:
          'That somebody is led to run an image shows only where images are scanned and their signatures verified.',
      },
    },
    {
      id: 'T1204.003',
      title: 'Malicious Image',
      coverage: {
        kind: 'manual',
        reason: 'What an image holds shows where images are scanned and their signatures verified.',
      },
    },
    {
      id: 'T1485',
      title: 'Data Destruction',
      coverage: {
        kind: 'manual',
        reason:
          'Deletions show in the audit log. The inventory rbac-delete-workloads lists roles that allow them, most of which need it.',
      },
    },
    {
      id: 'T1490',
      title: 'Inhibit System Recovery',
      coverage: {
        kind: 'manual',
        reason:
          'Deleted backups and snapshots show in the audit log and in the storage; that recovery works can only be tried.',
      },
    },
    { id: 'T1496', title: 'Resource Hijacking', coverage: judged('T1496') },
    {
      id: 'T1496.001',
      title: 'Compute Hijacking',
      coverage: {
        kind: 'manual',
        reason: 'Unusual load, processes of miners and connections to their pools show at run time only.',
      },
    },
    {
      id: 'T1496.002',
      title: 'Bandwidth Hijacking',
      coverage: {
        kind: 'manual',
        reason: 'Unusual traffic shows at run time only, in the flows of the network.',
      },
    },
    {
      id: 'T1498',
      title: 'Network Denial of Service',
      coverage: {
        kind: 'manual',
        reason:
          'Floods show at run time only, in the flows of the network; limits are set in front of the cluster.',
      },
    },
    { id: 'T1499', title: 'Endpoint Denial of Service', coverage: judged('T1499') },
    { id: 'T1525', title: 'Implant Internal Image', coverage: judged('T1525') },
    { id: 'T1528', title: 'Steal Application Access Token', coverage: judged('T1528') },
    {
      id: 'T1543',
      title: 'Create or Modify System Process',
      coverage: {
        kind: 'manual',
        reason: 'New services on a node show in its files and in the events of processes.',
      },
    },
    {
      id: 'T1543.005',
      title: 'Container Service',
      coverage: {
        kind: 'manual',
        reason:
          'Containers that nodes start by themselves, from static pods or units, show in their files and as pods that no one made.',
      },
    },
    {
      id: 'T1550',
      title: 'Use Alternate Authentication Material',
      coverage: {
        kind: 'manual',
        reason:
          'The use of a stolen token shows in the audit log, by an address or a client that is new for its owner.',
      },
    },
    {
      id: 'T1550.001',
      title: 'Application Access Token',
      coverage: {
        kind: 'manual',
        reason:
          'The use of a stolen token shows in the audit log, by an address or a client that is new for its owner.',
      },
    },
    { id: 'T1552', title: 'Unsecured Credentials', coverage: judged('T1552') },
    { id: 'T1552.001', title: 'Credentials In Files', coverage: judged('T1552.001') },
    { id: 'T1552.007', title: 'Container API', coverage: judged('T1552.007') },
    { id: 'T1562', title: 'Impair Defenses', coverage: judged('T1562') },
    { id: 'T1562.001', title: 'Disable or Modify Tools', coverage: judged('T1562.001') },
    { id: 'T1609', title: 'Container Administration Command', coverage: judged('T1609') },
    { id: 'T1610', title: 'Deploy Container', coverage: judged('T1610') },
    { id: 'T1611', title: 'Escape to Host', coverage: judged('T1611') },
    {
      id: 'T1612',
      title: 'Build Image on Host',
      coverage: {
        kind: 'manual',
        reason: 'Builds on a node show in the log of its container engine and in the events of processes.',
      },
    },
    { id: 'T1613', title: 'Container and Resource Discovery', coverage: judged('T1613') },
  ],
};
