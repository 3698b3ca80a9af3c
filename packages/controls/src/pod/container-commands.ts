import { arrayAt, type ContainerView, type Path } from '@bulwark/core';

/** A command that a container is started with, or that the kubelet runs in it. */
export interface ContainerCommand {
  /** The list of its words, from the container. */
  readonly path: Path;
  readonly words: readonly unknown[];
  /** Whether the first word is the program; of arguments it is only where no command stands before them. */
  readonly startsWithProgram: boolean;
}

function commandAt({ container }: ContainerView, path: Path, startsWithProgram = true): ContainerCommand {
  return { path, words: arrayAt(container.spec, ...path) ?? [], startsWithProgram };
}

/** What a container is started with, and its lifecycle hooks. */
export function startCommands(view: ContainerView): readonly ContainerCommand[] {
  const command = commandAt(view, ['command']);
  return [
    command,
    commandAt(view, ['args'], command.words.length === 0),
    commandAt(view, ['lifecycle', 'postStart', 'exec', 'command']),
    commandAt(view, ['lifecycle', 'preStop', 'exec', 'command']),
  ];
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** The commands of a container's probes. */
export function probeCommands(view: ContainerView): readonly ContainerCommand[] {
  return PROBES.map((probe) => commandAt(view, [probe, 'exec', 'command']));
}
