import type { Passport } from '@bulwark/api';
import { counted } from '@bulwark/formats';
import type { Surroundings } from '../asked-list.ts';
import { who } from '../changes.ts';
import { findingsCommand } from '../next-command.ts';
import { ageOf, countsText, details, minuteOf, placeOf, sourceOf, worstLabel } from '../words.ts';
import { firstLines, type Line, labelled, type Part } from './text.ts';

const MOST_PODS = 10;
const MOST_PERMISSIONS = 12;
const MOST_DIFFERENCES = 10;
const MOST_EVENTS = 20;

/** The passport of a workload: what, where, how, what it can access, compliant or not, built by, whose, time line. */
export function passportParts(passport: Passport, around: Surroundings): readonly Part[] {
  return [
    headOf(passport, around),
    labelled('WHAT', [...seenLines(passport), ...passport.containers.flatMap(containerLines)]),
    labelled('WHERE', placeLines(passport)),
    labelled('HOW', howLines(passport)),
    labelled('ACCESS', accessLines(passport)),
    labelled('COMPLY', complianceLines(passport, around)),
    labelled('BUILT BY', buildLines(passport, around.now)),
    labelled('HISTORY', firstLines(timeLines(passport), MOST_EVENTS)),
  ];
}

function headOf(passport: Passport, around: Surroundings): Part {
  const { cluster, resource, owner, environment, criticality, worst, findings } = passport;
  return [
    {
      ...worstLabel(worst),
      whole: placeOf(cluster, resource, around),
      text: '',
      tail: countsText(findings) || 'nothing open',
    },
    {
      text: details(
        owner === null ? 'owned by nobody' : `owned by ${owner}`,
        `environment ${environment ?? 'unknown'}`,
        `criticality ${criticality ?? 'unknown'}`,
        `first seen ${ageOf(passport.firstSeen, around.now)} ago`,
        `changed ${ageOf(passport.changed, around.now)} ago`,
      ),
    },
  ];
}

function seenLines({ seenInPods, resource: { kind } }: Passport): readonly string[] {
  if (seenInPods === null) return [];
  const why =
    seenInPods === 'object' ? `No ${kind} of this name is read` : 'It has no pod template that is known';
  return [`${why}: this is put together from the pods that name it as what controls them.`];
}

function containerLines({
  name,
  kind,
  image,
  digest,
  inPods,
  settings,
}: Passport['containers'][number]): Line[] {
  return [
    `${name} (${kind}) ${image}${marked(inPods)}`,
    ...(digest === null || image.endsWith(digest)
      ? []
      : [{ whole: image.includes('@') ? `its pods report another digest: ${digest}` : digest }]),
    ...settings.map(
      (setting) => `- ${setting.name}: ${setting.value} (${setting.from})${marked(setting.inPods)}`,
    ),
  ];
}

/** Where pods are not as their template. */
function marked(inPods: string | null): string {
  return inPods === null ? '' : `; ${inPods}`;
}

function placeLines({ pods, nodes, podList }: Passport): readonly string[] {
  const on =
    nodes.length === 0 ? ', on no node yet' : ` on ${counted(nodes.length, 'node')}: ${nodes.join(', ')}`;
  return [
    pods === 0 ? 'No pod of it is there.' : `${counted(pods, 'pod')}${on}`,
    ...firstLines(
      podList.map(({ name, node, phase, ip }) => `- ${details(name, node, phase, ip)}`),
      MOST_PODS,
    ),
  ];
}

function howLines({ hostAccess, volumes, labels }: Passport): readonly string[] {
  const named = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [
    ...(hostAccess.length === 0 ? ['It asks for nothing of its node.'] : hostAccess),
    ...volumes.map(
      ({ name, type, detail, inPods }) =>
        `${`- volume ${name}: ${type} ${detail}`.trimEnd()}${marked(inPods)}`,
    ),
    ...(named.length === 0 ? [] : [`labels ${named.join(', ')}`]),
  ];
}

function accessLines({ reach, accounts, permissions, secrets }: Passport): readonly string[] {
  return [
    ...(reach.length === 0 ? ['Nothing is known of who reaches it.'] : reach),
    ...accounts.flatMap(({ name, inPods }) => {
      const own = permissions.filter(({ account }) => account === name);
      return [
        `Service account ${name}${inPods === null ? '' : ` (${inPods})`}: ${counted(own.length, 'permission')}`,
        ...firstLines(
          own.map(({ rule, via }) => `- ${rule.replace(/\.$/, '')}, through ${via}`),
          MOST_PERMISSIONS,
        ),
      ];
    }),
    ...(secrets.length === 0
      ? ['It names no secret.']
      : secrets.map(({ name, via, inPods }) => `Secret ${name} by ${via}${marked(inPods)}`)),
  ];
}

function complianceLines(
  { findings, pss, resource, kindInQueries: kind, cluster }: Passport,
  around: Surroundings,
): readonly string[] {
  const { namespace, name } = resource;
  const open = countsText(findings);
  const command = findingsCommand(cluster, { namespace: namespace || null, kind, name }, around);
  return [
    open === '' ? 'Nothing is open.' : `${open}; ${command} shows them`,
    `Pod Security: would pass ${pss.level}${pss.blockedBy.length === 0 ? '' : `; in the way of more: ${pss.blockedBy.join(', ')}`}`,
  ];
}

const BUILD_STATES = {
  same: 'What runs is what the build judged.',
  changed: 'It has changed since the build judged it.',
  never: 'Never seen in a build.',
} as const;

const ONLY_TEMPLATE = 'Its template is what the build judged. Its pods run something else as well.';

function buildLines({ build }: Passport, now: Date): readonly Line[] {
  const { state, record, differences, others, images } = build;
  return [
    others.length > 0 && state === 'same' ? ONLY_TEMPLATE : BUILD_STATES[state],
    ...others.map(
      ({ container, image, inPods }) => `- ${container} runs ${image}, which was not judged here: ${inPods}`,
    ),
    ...(record === null ? [] : recordLines(record, now)),
    ...firstLines(
      differences.map(({ path, change }) => `- ${path} ${change}`),
      MOST_DIFFERENCES,
    ),
    ...images.map(
      ({ digest, record: maker }) => `Image ${digest.slice(0, SHORT_DIGEST)} ${makerText(maker)}`,
    ),
  ];
}

type BuildRecord = NonNullable<Passport['build']['record']>;

function recordLines(record: BuildRecord, now: Date): readonly Line[] {
  const { verdict, findings, controls, failOn, run, author, ref, system } = record;
  const found = countsText(findings);
  return [
    `Built from ${sourceOf(record)} (${details(ref, author, system === 'other' ? '' : system, `${ageOf(record.at, now)} ago`)})`,
    `The scan ${verdict}: ${found === '' ? 'nothing open' : found} against ${counted(controls, 'control')}, ${failOn === 'never' ? 'and would pass whatever it found' : `and fails from ${failOn} on`}.`,
    ...(run === null ? [] : [{ whole: run }]),
  ];
}

const SHORT_DIGEST = 'sha256:'.length + 12;

function makerText(maker: BuildRecord | null): string {
  if (maker === null) return 'was made by no build that is recorded';
  return `was made by ${sourceOf(maker)}${maker.verdict === 'failed' ? ', whose scan failed' : ''}`;
}

/** Changes of it and of its pods with who made them, and what people decided about its findings, newest first. */
function timeLines({ resource, timeline, decisions }: Passport): readonly string[] {
  const podOf = ({ kind, name }: Passport['resource']): string =>
    kind === resource.kind && name === resource.name ? '' : `${kind}/${name} `;
  const events = [
    ...timeline.map((change) => ({
      at: change.at,
      text: details(
        `${change.verb} ${podOf(change.resource)}${who(change)}`,
        change.opened > 0 && `${change.opened} opened`,
        change.resolved > 0 && `${change.resolved} resolved`,
      ),
    })),
    ...decisions.map(({ at, what, by, text, control }) => ({
      at,
      text: `${control} ${what === 'triage' ? (text ?? what) : what}${by === null ? '' : ` by ${by}`}${text === null || what === 'triage' ? '' : `: ${text}`}`,
    })),
  ];
  if (events.length === 0) return ['Nothing has changed since it was first seen.'];
  return events
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .map(({ at, text }) => `${minuteOf(at)} ${text}`);
}
