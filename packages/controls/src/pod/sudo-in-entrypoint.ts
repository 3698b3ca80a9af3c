import { containers, defineControl } from '@bulwark/core';
import { type ContainerCommand, startCommands } from './container-commands.ts';

const PROGRAM = /^(?:\/\S*\/)?sudo$/;
/** In the text of a shell: at its start or after a separator, with something to run behind it. */
const IN_SHELL = /(?:^|[\s;&|(`])(?:\/\S*\/)?sudo\s+\S/;

export const sudoInEntrypoint = defineControl({
  id: 'sudo-in-entrypoint',
  aliases: ['kubescape:C-0062'],
  title: 'Containers must not start with sudo',
  problem: 'start with sudo',
  message: 'Container {container} of {resource} runs sudo in {field}.',
  severity: 'medium',
  profile: 'strict',
  since: '0.1.0',
  rationale:
    'Where sudo works, its user becomes root without a password, and so does an attacker who is that user. It works only in a container that may gain privileges, so allowPrivilegeEscalation cannot be turned off either.',
  remediation:
    'Run the container as the user that the program needs, prepare files in an init container or in the image, and remove sudo from the image. Then set allowPrivilegeEscalation: false.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  attack: ['T1548.003'],
  appliesTo: containers,
  looks: 'object',
  reads: [],
  *evaluate(view) {
    for (const command of startCommands(view)) {
      const index = command.words.findIndex((word, position) => runsSudo(word, position, command));
      if (index >= 0) yield view.at([...command.path, index], { field: command.path.join('.') });
    }
  },
});

function runsSudo(word: unknown, position: number, { startsWithProgram }: ContainerCommand): boolean {
  if (typeof word !== 'string') return false;
  return IN_SHELL.test(word) || (position === 0 && startsWithProgram && PROGRAM.test(word));
}
