import {
  arrayAt,
  type ContainerView,
  containers,
  defineControl,
  type Edit,
  get,
  isBuiltInGroup,
  type Json,
  safe,
  valueAt,
} from '@bulwark/core';
import { isPlaceholder } from './placeholders.ts';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const LONGEST_NAME = 15;
/** An IANA service name: letters, digits and single hyphens between them, with at least one letter. */
const NAME = /^(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/;
const HIGHEST_PORT = 65_535;
const DIGITS = /^\d{1,5}$/;

interface Fault {
  readonly field: 'containerPort' | 'name' | 'protocol' | 'hostPort';
  readonly fault: string;
}

function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}

function nameFault(name: Json | undefined, earlier: ReadonlySet<Json>): string | undefined {
  if (!isPresent(name) || isPlaceholder(name)) return undefined;
  if (typeof name !== 'string' || !NAME.test(name)) return 'has a name that is no service name';
  if (name.length > LONGEST_NAME) return `has a name of more than ${LONGEST_NAME} characters`;
  return earlier.has(name) ? 'has the name of another port of the container' : undefined;
}

/** Some custom resources, such as Knative's, have a default for a missing number. */
function isPortNumber(number: Json | undefined, { resource }: ContainerView): boolean {
  if (isPlaceholder(number)) return true;
  if (!isPresent(number)) return !isBuiltInGroup(resource.group);
  return typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= HIGHEST_PORT;
}

function* faultsOf(port: Json, earlier: ReadonlySet<Json>, view: ContainerView): Iterable<Fault> {
  const number = get(port, 'containerPort');
  if (!isPortNumber(number, view))
    yield { field: 'containerPort', fault: `has no number from 1 to ${HIGHEST_PORT}` };
  const fault = nameFault(get(port, 'name'), earlier);
  if (fault !== undefined) yield { field: 'name', fault };
  const protocol = get(port, 'protocol');
  if (isPresent(protocol) && !isPlaceholder(protocol) && !PROTOCOLS.some((known) => known === protocol))
    yield { field: 'protocol', fault: 'has a protocol other than TCP, UDP and SCTP' };
  const hostPort = get(port, 'hostPort');
  if (view.spec['hostNetwork'] === true && isPresent(hostPort) && hostPort !== 0 && hostPort !== number)
    yield { field: 'hostPort', fault: "has another hostPort in the host's network" };
}

export const containerPortInvalid = defineControl({
  id: 'container-port-invalid',
  aliases: [],
  title: 'Container ports must be valid',
  problem: 'declare ports that the API server refuses',
  message: 'In {resource}, port {index} of the container {container} {fault}.',
  severity: 'low',
  profile: 'default',
  since: '0.1.0',
  rationale:
    'The API server refuses the whole object, often only when it is rolled out. A name that two ports of a container share makes probes and Services go to the wrong one.',
  remediation:
    'Give each port a number from 1 to 65535 and a name of at most 15 lower-case letters, digits and single hyphens that no other port of the container has. The protocol is TCP, UDP or SCTP. In the network of the host, leave hostPort out.',
  references: ['https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports'],
  attack: [],
  fix: {
    ...safe('The API server refuses the object as it is.'),
    edits: ({ path }, { object }): readonly Edit[] => {
      if (path.at(-1) === 'hostPort') return [{ op: 'remove', path }];
      const value = String(valueAt(object, path)).toUpperCase();
      if (path.at(-1) === 'protocol' && PROTOCOLS.includes(value)) return [{ op: 'set', path, value }];
      const isQuoted = path.at(-1) === 'containerPort' && DIGITS.test(value) && Number(value) <= HIGHEST_PORT;
      return isQuoted && Number(value) > 0 ? [{ op: 'set', path, value: Number(value) }] : [];
    },
  },
  appliesTo: containers,
  looks: 'object',
  reads: [],
  notApplicable: ({ container }) =>
    container.type === 'ephemeral' ? 'An ephemeral container cannot have ports.' : undefined,
  *evaluate(view) {
    const names = new Set<Json>();
    for (const [index, port] of (arrayAt(view.container.spec, 'ports') ?? []).entries()) {
      for (const { field, fault } of faultsOf(port, names, view))
        yield view.at(['ports', index, field], { index: index + 1, fault });
      const name = get(port, 'name');
      if (name !== undefined) names.add(name);
    }
  },
});
